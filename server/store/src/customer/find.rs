//! Finding a customer at the desk by the end of the phone number, by name or by pinyin initials (DESK-2). Every way in
//! is a prefix of an index, so that the cost does not grow with the number of customers.

use super::tags;
use crate::{
    Result,
    catalog::Catalog,
    sql,
    sql::vals,
    time::{day_of, local_ms},
};
use chrono::{DateTime, Utc};
use domain::{BookingId, CustomerId, Phone, customer::CustomerHit, phone::mask};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// Most hits shown.
const HITS: usize = 10;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    phone: Option<String>,
    level: Option<String>,
    care: Option<String>,
    visits: i64,
    last_visit: Option<i64>,
    no_shows: i64,
    booking_id: Option<Uuid>,
    booking_ms: Option<i64>,
}

/// At most ten customers of the chain; those who are expected in this branch today first. `q` is checked.
pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    q: &str,
    now: DateTime<Utc>,
) -> Result<Vec<CustomerHit>> {
    let (column, from, full) = way_in(q);
    let among = format!(
        "SELECT id, name, phone, level, care FROM customer \
         WHERE {column} >= $3 AND {column} < $4 AND ($5 = '' OR phone LIKE $6) ORDER BY {column}, id LIMIT 40"
    );
    let to = format!("{from}\u{10ffff}");
    let today = day_of(catalog.tz(), now);
    let values = vals![catalog.branch.id.0, today, from, to, full.as_str(), format!("%{full}")];
    hits(db, catalog, &among, values).await
}

/// One customer, as [`find`] shows them.
pub(crate) async fn hit<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    id: CustomerId,
    now: DateTime<Utc>,
) -> Result<Option<CustomerHit>> {
    let among = "SELECT id, name, phone, level, care FROM customer WHERE id = $3";
    let values = vals![catalog.branch.id.0, day_of(catalog.tz(), now), id.0];
    Ok(hits(db, catalog, among, values).await?.pop())
}

/// What is shown of the customers `among` selects; `$1` is the branch, `$2` the day.
async fn hits<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    among: &str,
    values: Vec<sea_orm::Value>,
) -> Result<Vec<CustomerHit>> {
    let open =
        "b.customer_id = c.id AND b.branch_id = $1 AND b.day = $2 AND b.state IN ('booked', 'confirmed')";
    let sql = format!(
        "SELECT c.id, c.name, c.phone, c.level, c.care, \
         (SELECT COUNT(*) FROM visit v WHERE v.customer_id = c.id AND v.state = 'done') AS visits, \
         (SELECT MAX(v.arrived_at) FROM visit v WHERE v.customer_id = c.id AND v.state = 'done') AS last_visit, \
         (SELECT COUNT(*) FROM booking n WHERE n.customer_id = c.id AND n.state = 'no_show') AS no_shows, \
         (SELECT b.id FROM booking b WHERE {open} ORDER BY b.from_ms, b.id LIMIT 1) AS booking_id, \
         (SELECT MIN(b.from_ms) FROM booking b WHERE {open}) AS booking_ms \
         FROM ({among}) c \
         ORDER BY CASE WHEN (SELECT MIN(b.from_ms) FROM booking b WHERE {open}) IS NULL THEN 1 ELSE 0 END, \
         (SELECT COUNT(*) FROM visit v WHERE v.customer_id = c.id AND v.state = 'done') DESC, c.name, c.id LIMIT {HITS}"
    );
    let rows: Vec<Row> = sql::all(db, &sql, values).await?;
    let tz = catalog.tz();
    Ok(rows
        .into_iter()
        .map(|row| CustomerHit {
            id: CustomerId(row.id),
            name: row.name,
            phone_masked: row.phone.as_deref().map(mask).unwrap_or_default(),
            tags: tags(row.level.as_deref(), row.care.as_deref(), row.visits == 0, false),
            last_visit: row.last_visit.map(|ms| local_ms(tz, ms)),
            visits: u32::try_from(row.visits).unwrap_or(0),
            no_shows: u32::try_from(row.no_shows).unwrap_or(0),
            booking_today: row
                .booking_id
                .zip(row.booking_ms)
                .map(|(id, ms)| (BookingId(id), local_ms(tz, ms))),
        })
        .collect())
}

/// The column to look in, its prefix, and the end that a whole number must have (empty: any).
fn way_in(q: &str) -> (&'static str, String, String) {
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    let is_number = !digits.is_empty() && q.chars().all(|c| c.is_ascii_digit() || " -+".contains(c));
    if is_number {
        // Up to four digits are the end of the number, more are compared with the whole of it.
        // A whole number may come with a country code.
        let digits =
            Phone::parse(q).map_or(digits, |phone| phone.reveal().trim_start_matches('+').to_owned());
        return match digits.len() {
            ..=4 => ("phone_tail", digits, String::new()),
            n => ("phone_tail", digits[n - 4..].to_owned(), digits),
        };
    }
    if !q.is_ascii() {
        return ("name", q.to_owned(), String::new());
    }
    let letters: String = q.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    // Whole syllables have vowels after the first letter; initials hardly ever spell one.
    let syllables =
        letters.len() > 4 || (letters.len() > 1 && letters[1..].contains(['a', 'e', 'i', 'o', 'u', 'v']));
    (if syllables { "pinyin" } else { "initials" }, letters, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2716", "phone_tail", "2716", "")]
    #[case("138 0000 2716", "phone_tail", "2716", "13800002716")]
    #[case("+86 138 0000 2716", "phone_tail", "2716", "13800002716")]
    #[case("王雅", "name", "王雅", "")]
    #[case("wyq", "initials", "wyq", "")]
    #[case("wang ya", "pinyin", "wangya", "")]
    #[case("li", "pinyin", "li", "")]
    fn ways_in(#[case] q: &str, #[case] column: &str, #[case] from: &str, #[case] full: &str) {
        assert_eq!(way_in(q), (column, from.to_owned(), full.to_owned()));
    }
}

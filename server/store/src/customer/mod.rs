//! Customers as the other areas need them: found or added by telephone number.

mod find;
mod tags;

pub(crate) use find::{find, hit};
pub(crate) use tags::tags;

use crate::{
    Error, Result, Tx, connection::Connection, crew::Told, entity::customer, lookup::Keyed, sql, sql::vals,
};
use domain::{CustomerId, Lang, Phone};
use pinyin::ToPinyin;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Customers by their id.
pub(crate) struct Customers;

impl Keyed for Customers {
    type Key = Uuid;
    type Thing = customer::Model;

    async fn ask(&self, db: &Connection, ids: Vec<Uuid>) -> Told<Vec<(Uuid, customer::Model)>> {
        let found = customer::Entity::find().filter(customer::Column::Id.is_in(ids)).all(db).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// The customer with this number; added when there is none. Of two at once, one is added. The name given last is kept,
/// since the customer has just proved to own the number or stands at the desk.
pub(crate) async fn ensure(tx: &Tx, name: &str, phone: &Phone, lang: Lang) -> Result<CustomerId> {
    let (pinyin, initials) = sound(name);
    let sql = "INSERT INTO customer (id, name, pinyin, initials, phone, phone_tail, lang, marketing, created_at, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, 1) \
               ON CONFLICT (phone) DO UPDATE SET name = excluded.name, pinyin = excluded.pinyin, \
               initials = excluded.initials, version = customer.version + 1 RETURNING id";
    let values =
        vals![Uuid::now_v7(), name, pinyin, initials, phone.reveal(), phone.tail(), lang.tag(), tx.now_ms()];
    let row = sql::row(tx, sql, values).await?.ok_or_else(|| Error::internal("no customer came back"))?;
    Ok(CustomerId(row.try_get_by_index(0)?))
}

/// The customer with this number, without a change to the name when known; a new one is called by the masked number
/// until a booking tells the name.
pub(crate) async fn ensure_by_phone(tx: &Tx, phone: &Phone, lang: Lang) -> Result<CustomerId> {
    let sql = "SELECT id FROM customer WHERE phone = $1";
    match sql::row(tx, sql, vals![phone.reveal()]).await? {
        Some(row) => Ok(CustomerId(row.try_get_by_index(0)?)),
        None => ensure(tx, &phone.masked(), phone, lang).await,
    }
}

/// A name's full pinyin and initials, lower case, as the desk types them: 王雅琴 → `wangyaqin`, `wyq`. Other letters
/// stay as they are.
#[must_use]
pub fn sound(name: &str) -> (String, String) {
    let (mut full, mut initials) = (String::new(), String::new());
    let mut new_word = true;
    for c in name.chars() {
        if let Some(sound) = c.to_pinyin() {
            let plain = sound.plain();
            full.push_str(plain);
            initials.extend(plain.chars().next());
            new_word = true;
        } else if c.is_alphanumeric() {
            full.extend(c.to_lowercase());
            if new_word {
                initials.extend(c.to_lowercase());
            }
            new_word = false;
        } else {
            new_word = true;
        }
    }
    (full, initials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("王雅琴", "wangyaqin", "wyq")]
    #[case("Mary O'Neil", "maryoneil", "mon")]
    #[case("李 Anna", "lianna", "la")]
    fn sounds(#[case] name: &str, #[case] full: &str, #[case] initials: &str) {
        assert_eq!(sound(name), (full.to_owned(), initials.to_owned()));
    }
}

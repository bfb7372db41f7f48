//! What customers are told about their bookings (BOOK-12), through the outbox and inside the transaction.

use super::{
    view::{arrive_early, precautions},
    write::Rows,
};
use crate::{
    Result, Tx,
    catalog::Catalog,
    entity::customer,
    notify::{self, Message},
    time::{at, local_ms},
};
use chrono::{DateTime, Duration, Utc};
use domain::{
    CustomerId, Lang, StaffId, Text,
    notify::{Channel, MessageParams, Template},
};
use sea_orm::EntityTrait;

/// To whom messages about a booking go.
pub(super) struct Reader {
    pub customer: CustomerId,
    pub phone: String,
    pub name: String,
    pub lang: Lang,
}

/// Whom messages about a booking reach; `None` when there is no number.
pub(super) async fn reader(tx: &Tx, rows: &Rows) -> Result<Option<Reader>> {
    let Some(id) = rows.booking.customer_id else { return Ok(None) };
    let customer = customer::Entity::find_by_id(id).one(tx).await?;
    Ok(customer.and_then(|c| {
        let lang = Lang::from_tag(&c.lang);
        c.phone.map(|phone| Reader { customer: CustomerId(c.id), phone, name: c.name, lang })
    }))
}

/// Says `what` now, and reminds before the time, as far as that is still to come. Reminders of an earlier time have to
/// be removed before.
pub(super) async fn tell(
    tx: &Tx,
    catalog: &Catalog,
    rows: &Rows,
    reader: &Reader,
    what: Template,
) -> Result<()> {
    say(tx, catalog, rows, reader, what, tx.now()).await?;
    if what == Template::BookingCancelled {
        return Ok(());
    }
    let policy = &catalog.branch.policy;
    for (template, before) in
        [(Template::ReminderDay, policy.remind_first), (Template::ReminderHours, policy.remind_last)]
    {
        let due = at(rows.booking.from_ms) - Duration::minutes(i64::from(before));
        if before > 0 && due > tx.now() {
            say(tx, catalog, rows, reader, template, due).await?;
        }
    }
    Ok(())
}

async fn say(
    tx: &Tx,
    catalog: &Catalog,
    rows: &Rows,
    reader: &Reader,
    template: Template,
    due: DateTime<Utc>,
) -> Result<()> {
    let message = Message {
        channel: Channel::Sms,
        recipient: reader.phone.clone(),
        template,
        lang: reader.lang,
        params: params(catalog, rows, &reader.name)?,
        // A booking that was moved is told of again: the version is part of the key.
        key: format!("booking:{}:{}:{}", rows.id(), rows.booking.version, template.code()),
        due,
        customer: Some(reader.customer),
        booking: Some(rows.id()),
        branch: Some(rows.branch()),
    };
    notify::queue(tx, message).await?;
    Ok(())
}

fn params(catalog: &Catalog, rows: &Rows, name: &str) -> Result<serde_json::Value> {
    let (branch, b) = (&catalog.branch, &rows.booking);
    let early = i64::from(arrive_early(catalog, rows)) * 60_000;
    let staff = rows.items.first().and_then(|item| catalog.person(StaffId(item.staff_id)));
    let params = MessageParams {
        brand: branch.brand.clone(),
        branch: branch.name.clone(),
        address: branch.address.clone(),
        phone: branch.phone.clone(),
        name: name.to_owned(),
        number: b.number.clone(),
        services: rows.items.iter().map(|i| Text::new(&*i.name_zh, &*i.name_en)).collect(),
        staff: staff.map(|person| person.name.clone()).unwrap_or_default(),
        at: Some(local_ms(catalog.tz(), b.from_ms)),
        arrive_at: Some(local_ms(catalog.tz(), b.from_ms - early)),
        precautions: precautions(catalog, rows),
        checkin_code: b.checkin_code.clone(),
        link: Some(format!("/b/{}", b.token)),
        ..MessageParams::default()
    };
    Ok(serde_json::to_value(params)?)
}

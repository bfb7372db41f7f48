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
    time::local_ms,
};
use chrono::{DateTime, Utc};
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

impl Reader {
    /// `None` for who has left no number.
    pub fn of(customer: customer::Model) -> Option<Self> {
        let lang = Lang::from_tag(&customer.lang);
        let phone = customer.phone?;
        Some(Self { customer: CustomerId(customer.id), phone, name: customer.name, lang })
    }
}

/// Whom messages about a booking reach; `None` when there is no number.
pub(super) async fn reader(tx: &Tx, rows: &Rows) -> Result<Option<Reader>> {
    let Some(id) = rows.booking.customer_id else { return Ok(None) };
    Ok(customer::Entity::find_by_id(id).one(tx).await?.and_then(Reader::of))
}

/// Says `what` now.
pub(super) fn tell(tx: &Tx, catalog: &Catalog, rows: &Rows, reader: &Reader, what: Template) -> Result<()> {
    let params = serde_json::to_string(&params(catalog, rows, &reader.name))?;
    notify::queue(tx, message(rows, reader, what, tx.now(), params));
    Ok(())
}

/// One message for all sessions of a series, given by its first booking that is told of.
pub(super) fn say_times(
    tx: &Tx,
    catalog: &Catalog,
    first: &Rows,
    reader: &Reader,
    times: &[i64],
) -> Result<()> {
    let mut params = params(catalog, first, &reader.name);
    params.times = times.iter().map(|time| local_ms(catalog.tz(), *time)).collect();
    let message = message(first, reader, Template::SeriesTimes, tx.now(), serde_json::to_string(&params)?);
    notify::queue(tx, message);
    Ok(())
}

fn message(rows: &Rows, reader: &Reader, template: Template, due: DateTime<Utc>, params: String) -> Message {
    Message {
        channel: Channel::Sms,
        recipient: reader.phone.clone(),
        template,
        lang: reader.lang,
        params,
        // A booking that was moved is told of again: the version is part of the key.
        key: format!("booking:{}:{}:{}", rows.id(), rows.booking.version, template.code()),
        due,
        customer: Some(reader.customer),
        booking: Some(rows.id()),
        branch: Some(rows.branch()),
    }
}

/// What a message about these rows says.
pub(super) fn params(catalog: &Catalog, rows: &Rows, name: &str) -> MessageParams {
    let (branch, b) = (&catalog.branch, &rows.booking);
    let early = i64::from(arrive_early(catalog, rows)) * 60_000;
    let staff = rows.items.first().and_then(|item| catalog.person(StaffId(item.staff_id)));
    MessageParams {
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
    }
}

//! What customers are told of their re-check.

use crate::{
    Result, Tx,
    catalog::Catalog,
    entity::{customer, recheck},
    notify::{Message, queue},
    time::{at, local_ms},
};
use domain::{
    CustomerId, Lang, Text,
    notify::{Channel, MessageParams, Template},
};
use sea_orm::EntityTrait;

/// Says it now, once for each `mark`; nothing for customers without a number.
pub(super) async fn say(
    tx: &Tx,
    catalog: &Catalog,
    row: &recheck::Model,
    service: Text,
    template: Template,
    mark: &str,
) -> Result<()> {
    let Some(customer) = customer::Entity::find_by_id(row.customer_id).one(tx).await? else { return Ok(()) };
    let Some(phone) = customer.phone else { return Ok(()) };
    let params = MessageParams {
        brand: catalog.branch.brand.clone(),
        branch: catalog.branch.name.clone(),
        phone: catalog.branch.phone.clone(),
        name: customer.name,
        services: vec![service],
        // The last moment of the last day: what is shown of it is the day.
        at: Some(local_ms(catalog.tz(), row.until_at - 1)),
        link: Some(format!("/c/{}", row.token)),
        ..MessageParams::default()
    };
    let message = Message {
        channel: Channel::Sms,
        recipient: phone,
        template,
        lang: Lang::from_tag(&customer.lang),
        params: serde_json::to_string(&params)?,
        key: format!("recheck:{}:{mark}", row.id.as_simple()),
        due: at(tx.now_ms()),
        customer: Some(CustomerId(row.customer_id)),
        booking: None,
        branch: Some(catalog.branch.id),
    };
    queue(tx, message);
    Ok(())
}

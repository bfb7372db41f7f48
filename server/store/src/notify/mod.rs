//! The outbox: messages are written in the transaction that causes them and sent afterwards, each once (CRM-5, C-24).

mod lease;
mod list;

pub use lease::{Leased, claim, failed, sent};
pub use list::{OutboxRow, outbox};

use crate::{Result, Tx, catalog::Catalog, sql, sql::vals, time::ms};
use chrono::{DateTime, Utc};
use domain::{
    BookingId, BranchId, CustomerId, Lang, MessageId,
    notify::{Channel, Template},
};

/// A message to be sent. Texts are rendered when it is sent, from the template and the parameters.
#[derive(Clone, Debug)]
pub struct Message {
    pub channel: Channel,
    /// Phone number or address.
    pub recipient: String,
    pub template: Template,
    pub lang: Lang,
    /// What the template needs, as JSON: texts, `*_ms` instants, `link` as a path (`/b/<token>`).
    pub params: String,
    /// At most one message with this key is ever sent: `booking:<id>:confirmed`.
    pub key: String,
    /// Not before.
    pub due: DateTime<Utc>,
    pub customer: Option<CustomerId>,
    pub booking: Option<BookingId>,
    pub branch: Option<BranchId>,
}

/// Puts a message into the outbox as part of the transaction; gone with it when that is rolled back. A key that is
/// there already stays as it is.
pub(crate) fn queue(tx: &Tx, message: Message) {
    let sql = "INSERT INTO outbox (id, at, due_at, channel, recipient, template, lang, params, key, customer_id, \
               booking_id, branch_id, state, attempts) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', 0) ON CONFLICT (key) DO NOTHING";
    let values = vals![
        MessageId::new().0,
        tx.now_ms(),
        ms(message.due),
        message.channel.code(),
        message.recipient,
        message.template.code(),
        message.lang.tag(),
        message.params,
        message.key,
        message.customer.map(|id| id.0),
        message.booking.map(|id| id.0),
        message.branch.map(|id| id.0),
    ];
    tx.later(sql, values);
    if let Some(branch) = message.branch {
        tx.changed(branch, domain::live::Topic::Outbox);
    }
}

/// How the manager of a branch is reached: at the address in the setting `manager_email`, else by SMS to the branch.
pub(crate) async fn manager(tx: &Tx, catalog: &Catalog) -> Result<(Channel, String)> {
    let sql = "SELECT value FROM setting WHERE key = 'manager_email' AND branch_id = $1";
    let email: Option<String> = match sql::row(tx, sql, vals![catalog.branch.id.0]).await? {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    };
    Ok(match email.filter(|address| !address.is_empty()) {
        Some(address) => (Channel::Email, address),
        None => (Channel::Sms, catalog.branch.phone.clone()),
    })
}

/// BOOK-12: cancelling removes what has not been sent yet; rescheduling does too and queues anew.
pub(crate) async fn cancel_for_booking(tx: &Tx, booking: BookingId) -> Result<u64> {
    let sql = "UPDATE outbox SET state = 'cancelled', lease_until = NULL, lease_token = NULL \
               WHERE booking_id = $1 AND state = 'pending'";
    tx.run(sql, vals![booking.0]).await
}

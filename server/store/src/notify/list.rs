//! The outbox as it is looked at.

use crate::{Error, OpContext, Result, entity::outbox, time::local_ms};
use chrono_tz::Tz;
use domain::{
    BookingId, BranchId, Lang, LocalTime, MessageId, Page,
    notify::{Channel, MessageState, Template},
    permission::{Action, Scope},
    phone::mask,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

const PAGE: usize = 30;

/// A message; the text is rendered from template and parameters where it is shown.
#[derive(Clone, Debug)]
pub struct OutboxRow {
    pub id: MessageId,
    pub channel: Channel,
    pub template: Template,
    pub lang: Lang,
    /// Masked.
    pub to: String,
    pub params: serde_json::Value,
    pub branch: Option<BranchId>,
    pub booking: Option<BookingId>,
    pub state: MessageState,
    pub due: LocalTime,
    pub sent: Option<LocalTime>,
}

/// The newest messages first: of the actor's branch, or of the whole chain. Times by the clock of the actor's branch.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn outbox(cx: &OpContext, cursor: Option<&str>) -> Result<Page<OutboxRow>> {
    let branch = match &cx.actor {
        domain::Actor::Staff { branch, .. } => *branch,
        _ => None,
    };
    let scope = branch.map_or_else(Scope::none, Scope::branch);
    cx.allow(Action::SeeOutbox, &scope)?;
    // Real messages hold codes and links that are nobody's but the customer's.
    if !cx.store.demo() {
        return Err(Error::NotFound);
    }
    let tz = match branch {
        Some(id) => cx.store.catalog(id).await?.tz(),
        None => Tz::Asia__Shanghai,
    };
    let mut query = outbox::Entity::find();
    if let Some(branch) = branch {
        // Codes for signing in belong to no branch; whoever tries the demo needs them.
        let of_none = outbox::Column::BranchId.is_null();
        query = query.filter(Condition::any().add(outbox::Column::BranchId.eq(branch.0)).add(of_none));
    }
    // Ids are in the order of time.
    if let Some(id) = cursor.and_then(|cursor| cursor.parse::<Uuid>().ok()) {
        query = query.filter(outbox::Column::Id.lt(id));
    }
    let rows = query.order_by_desc(outbox::Column::Id).limit(PAGE as u64 + 1).all(cx.db()).await?;
    let rows = rows.into_iter().filter_map(|row| to_row(row, tz)).collect();
    Ok(Page::cut(rows, PAGE, |row: &OutboxRow| row.id.to_string()))
}

fn to_row(row: outbox::Model, tz: Tz) -> Option<OutboxRow> {
    Some(OutboxRow {
        id: MessageId(row.id),
        channel: Channel::from_code(&row.channel)?,
        template: Template::from_code(&row.template)?,
        lang: Lang::from_tag(&row.lang),
        to: mask(&row.recipient),
        params: serde_json::from_str(&row.params).unwrap_or_default(),
        branch: row.branch_id.map(BranchId),
        booking: row.booking_id.map(BookingId),
        state: MessageState::from_code(&row.state)?,
        due: local_ms(tz, row.due_at),
        sent: row.sent_at.map(|at| local_ms(tz, at)),
    })
}

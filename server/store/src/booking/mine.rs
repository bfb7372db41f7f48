//! A customer's own bookings, newest first.

use super::change::load;
use crate::{
    Error, OpContext, Result,
    entity::{booking, booking_item},
    time::local_ms,
};
use domain::{
    BranchId, Fen, Page, StaffId, Text,
    booking::{BookingLine, BookingState, BookingView},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

const PAGE: usize = 20;

/// A booking by its link.
///
/// # Errors
/// `NotFound`.
pub async fn view(cx: &OpContext, token: &str) -> Result<BookingView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let rows = load(cx.db(), token).await?;
    let catalog = super::hold::catalog_of(cx, &rows).await?;
    super::view::booking(cx, &catalog, rows).await
}

/// The signed-in customer's bookings.
///
/// # Errors
/// `SignedOut`, `Forbidden` for staff, `NotFound` for a cursor that is none.
pub async fn mine(cx: &OpContext, cursor: Option<String>) -> Result<Page<BookingLine>> {
    let me = cx.actor.customer();
    cx.allow(Action::SeeOwnBookings, &me.map_or_else(Scope::none, Scope::customer))?;
    let me = me.ok_or(Error::Forbidden)?;
    let mut find = booking::Entity::find().filter(booking::Column::CustomerId.eq(me.0));
    // A time that is offered to somebody who waits is no booking yet.
    find = find.filter(booking::Column::State.is_not_in(["held", "expired"]));
    if let Some(cursor) = cursor {
        let (from, id) = cursor.split_once('.').ok_or(Error::NotFound)?;
        let (from, id): (i64, Uuid) =
            (from.parse().map_err(|_| Error::NotFound)?, id.parse().map_err(|_| Error::NotFound)?);
        let same = Condition::all().add(booking::Column::FromMs.eq(from)).add(booking::Column::Id.lt(id));
        find = find.filter(Condition::any().add(booking::Column::FromMs.lt(from)).add(same));
    }
    let rows = find
        .order_by_desc(booking::Column::FromMs)
        .order_by_desc(booking::Column::Id)
        .limit(PAGE as u64 + 1)
        .all(cx.db())
        .await?;
    let page = Page::cut(rows, PAGE, |b| format!("{}.{}", b.from_ms, b.id.as_simple()));
    let items = booking_item::Entity::find()
        .filter(booking_item::Column::BookingId.is_in(page.items.iter().map(|b| b.id)))
        .order_by_asc(booking_item::Column::Position)
        .all(cx.db())
        .await?;
    let mut lines = Vec::with_capacity(page.items.len());
    for b in page.items {
        let own: Vec<_> = items.iter().filter(|item| item.booking_id == b.id).collect();
        lines.push(line(cx, b, &own).await?);
    }
    Ok(Page { items: lines, next: page.next })
}

async fn line(cx: &OpContext, b: booking::Model, items: &[&booking_item::Model]) -> Result<BookingLine> {
    let catalog = cx.store.catalog(BranchId(b.branch_id)).await?;
    let staff = items.first().and_then(|item| catalog.person(StaffId(item.staff_id)));
    Ok(BookingLine {
        state: BookingState::from_code(&b.state)
            .ok_or_else(|| Error::internal("unknown state of a booking"))?,
        token: b.token,
        number: b.number,
        branch_name: catalog.branch.name.clone(),
        services: items.iter().map(|i| Text::new(&*i.name_zh, &*i.name_en)).collect(),
        staff: staff.map(|p| p.name.clone()).unwrap_or_default(),
        from: local_ms(catalog.tz(), b.from_ms),
        to: local_ms(catalog.tz(), b.to_ms),
        price: Fen(b.price_fen),
    })
}

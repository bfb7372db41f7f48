//! Bookings as pages show them.

use super::{
    remind::reminders,
    write::{Rows, state_of},
};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    entity::{booking, booking_event, booking_item, outbox, visit},
    time::{at, local_ms},
};
use domain::{
    Fen, ResourceId, ServiceId, StaffId, Text,
    booking::{BookingView, HistoryLine, HoldView, ItemView, MessageLine, Qr},
    phone::mask,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

pub(super) fn item(catalog: &Catalog, item: &booking_item::Model) -> ItemView {
    let person = catalog.person(StaffId(item.staff_id));
    let minutes = item.active_min + item.processing_min + item.finish_min;
    ItemView {
        name: Text::new(&*item.name_zh, &*item.name_en),
        minutes: u32::try_from(minutes).unwrap_or(0),
        price: Fen(item.price_fen),
        from: local_ms(catalog.tz(), item.from_ms),
        to: local_ms(catalog.tz(), item.to_ms),
        staff: StaffId(item.staff_id),
        staff_name: person.map(|p| p.name.clone()).unwrap_or_default(),
        staff_title: person.map(|p| p.title.clone()).unwrap_or_default(),
        room: item.room_id.and_then(|id| catalog.room(ResourceId(id))).map(|room| room.name.clone()),
    }
}

pub(super) fn hold(cx: &OpContext, catalog: &Catalog, rows: &Rows) -> HoldView {
    let (tz, booking) = (catalog.tz(), &rows.booking);
    let until = booking.held_until.unwrap_or(booking.created_at);
    let left = (at(until) - cx.now()).num_seconds().max(0);
    HoldView {
        token: booking.token.clone(),
        branch: catalog.branch.info(cx.now()),
        items: rows.items.iter().map(|i| item(catalog, i)).collect(),
        from: local_ms(tz, booking.from_ms),
        to: local_ms(tz, booking.to_ms),
        price: Fen(booking.price_fen),
        until: local_ms(tz, until),
        left: u32::try_from(left).unwrap_or(0),
        code_sent_to: booking.contact_phone.as_deref().map(mask),
        name: booking.contact_name.clone().unwrap_or_default(),
        phone: booking.contact_phone.clone().unwrap_or_default(),
        services: rows.services(),
    }
}

/// Minutes to come earlier: what the most demanding of the services asks for.
pub(super) fn arrive_early(catalog: &Catalog, rows: &Rows) -> u32 {
    services(catalog, rows).map(|s| s.arrive_early).max().unwrap_or(0)
}

/// What to mind before coming, each said once.
pub(super) fn precautions(catalog: &Catalog, rows: &Rows) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    for service in services(catalog, rows) {
        if !service.precautions.is_empty() && !out.contains(&service.precautions) {
            out.push(service.precautions.clone());
        }
    }
    out
}

fn services<'a>(catalog: &'a Catalog, rows: &'a Rows) -> impl Iterator<Item = &'a crate::catalog::Service> {
    rows.items.iter().filter_map(|item| catalog.service(ServiceId(item.service_id)))
}

/// Everything about a booking, as its customer may see it.
pub(super) async fn booking(cx: &OpContext, catalog: &Catalog, rows: Rows) -> Result<BookingView> {
    let (tz, state, b) = (catalog.tz(), rows.state()?, &rows.booking);
    let policy = &catalog.branch.policy;
    let (start, now, phone) = (at(b.from_ms), cx.now(), &*catalog.branch.phone);
    let changes = u8::try_from(b.changes).unwrap_or(u8::MAX);
    let owner = match b.customer_id {
        Some(id) => cx.store.customers.find(id).await?,
        None => None,
    };
    let visit = visit::Entity::find().filter(visit::Column::BookingId.eq(b.id)).one(cx.db()).await?;
    let early = arrive_early(catalog, &rows);
    Ok(BookingView {
        token: b.token.clone(),
        number: b.number.clone(),
        state,
        branch: catalog.branch.info(now),
        customer_name: owner.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
        phone_masked: owner.and_then(|c| c.phone).map(|phone| mask(&phone)).unwrap_or_default(),
        items: rows.items.iter().map(|i| item(catalog, i)).collect(),
        from: local_ms(tz, b.from_ms),
        to: local_ms(tz, b.to_ms),
        price: Fen(b.price_fen),
        arrive_early: early,
        arrive_at: local_ms(tz, b.from_ms - i64::from(early) * 60_000),
        precautions: precautions(catalog, &rows),
        checkin_code: b.checkin_code.clone(),
        qr: Qr::default(),
        change_until: crate::time::local(tz, policy.change_until(start)),
        may_confirm: state == domain::booking::BookingState::Booked && start > now,
        may_cancel: policy.may_change(state, start, now, phone).is_ok(),
        may_reschedule: policy.may_reschedule(state, start, changes, now, phone).is_ok(),
        series: super::series::place(cx.db(), b.id).await?,
        messages: messages(cx, catalog, b).await?,
        history: history(cx, catalog, b.id).await?,
        visit: visit.map(|v| v.token),
        services: rows.services(),
    })
}

/// BOOK-12: what was and will be told.
pub(super) async fn messages(
    cx: &OpContext,
    catalog: &Catalog,
    booking: &booking::Model,
) -> Result<Vec<MessageLine>> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::BookingId.eq(booking.id))
        .filter(outbox::Column::State.is_in(["pending", "sent"]))
        .order_by_asc(outbox::Column::DueAt)
        .all(cx.db())
        .await?;
    let line = |row: outbox::Model| {
        let sent = row.sent_at.filter(|_| row.state == "sent");
        let at = local_ms(catalog.tz(), sent.unwrap_or(row.due_at));
        MessageLine { template: row.template, at, sent: sent.is_some() }
    };
    let open = state_of(booking)?.is_open();
    let to_come = reminders(booking).all().filter(|_| open).map(|(at, template)| MessageLine {
        template: template.code().to_owned(),
        at: local_ms(catalog.tz(), at),
        sent: false,
    });
    Ok(rows.into_iter().map(line).chain(to_come).collect())
}

/// Who changed what when (BOOK-5).
pub(super) async fn history(cx: &OpContext, catalog: &Catalog, id: uuid::Uuid) -> Result<Vec<HistoryLine>> {
    let rows = booking_event::Entity::find()
        .filter(booking_event::Column::BookingId.eq(id))
        .order_by_asc(booking_event::Column::At)
        .order_by_asc(booking_event::Column::Id)
        .all(cx.db())
        .await?;
    let line = |row: booking_event::Model| {
        let by = match &*row.by_kind {
            "staff" => "salon",
            "system" => "system",
            // Whoever has the link acts for the customer.
            _ => "customer",
        };
        HistoryLine { at: local_ms(catalog.tz(), row.at), kind: row.kind, by: by.into(), reason: row.reason }
    };
    Ok(rows.into_iter().map(line).collect())
}

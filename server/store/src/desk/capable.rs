//! Who may do what a waiting customer needs next, and who has the time for it (DESK-3, CERT).

use super::{occupy::from_now, today::Today};
use crate::{entity::visit_service, time::date};
use domain::{booking::slots::Span, desk::Capable};
use uuid::Uuid;

/// Everybody here who has learnt it, with a certificate that is valid today.
pub(super) fn capable(today: &Today, item: &visit_service::Model) -> Vec<Capable> {
    let day = date(today.day);
    let people = today.catalog.people.iter().filter(|p| p.works_here() && p.holds(&item.qualification, day));
    let spans = spans(today, item);
    let others = today.taken.iter().filter(|t| t.visit_service_id != Some(item.id));
    let clashes: Vec<_> =
        others.filter(|t| spans.iter().any(|span| t.from_ms < span.to && span.from < t.to_ms)).collect();
    let busy_from = |person: Uuid| {
        let own = clashes.iter().filter(|t| t.resource_id == person);
        own.map(|t| t.from_ms).min().map(|from| today.local(from))
    };
    people.map(|person| Capable { staff: person.id, busy_from: busy_from(person.id.0) }).collect()
}

/// What assigning takes of whoever is asked: the booked time goes with the customer, all others begin now.
fn spans(today: &Today, item: &visit_service::Model) -> Vec<Span> {
    let own = today.taken.iter().filter(|t| {
        item.booked_from_ms.is_some()
            && t.visit_service_id == Some(item.id)
            && Some(t.resource_id) == item.staff_id
    });
    let own: Vec<Span> = own.filter_map(|t| Span::new(t.from_ms, t.to_ms)).collect();
    if !own.is_empty() {
        return own;
    }
    let (_, person) = from_now(item, today.now);
    person
}

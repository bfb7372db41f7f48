//! Rows of a booking and of a visit.

use super::{
    names::NOTES,
    place::{Plan, blocks},
    world::{MINUTE, World},
};
use crate::entity::*;
use domain::{
    booking::BookingState,
    desk::VisitState,
    treat::{ServiceState, StepState},
};
use rand::Rng;
use uuid::Uuid;

/// Records at the chair are kept for so many days back; before that, only what the figures need.
const RECORD_DAYS: i32 = 30;

/// A booking that was made.
pub(super) struct Made {
    pub booking: Uuid,
    pub items: Vec<Uuid>,
}

/// How a visit went, as far as it has come.
#[derive(Clone, Default)]
pub(super) struct Course {
    pub arrived: i64,
    pub contact: Option<i64>,
    /// Beginning and end of each service that was begun.
    pub runs: Vec<(i64, Option<i64>)>,
    pub assigned: bool,
    pub told: Option<i64>,
    pub reason: Option<&'static str>,
}

/// A booking with its services; the resources are taken as long as it stands.
pub(super) fn booking(
    w: &mut World,
    plan: &Plan,
    day: i32,
    customer: usize,
    state: BookingState,
    changed_at: i64,
) -> Made {
    let created = (plan.from() - w.rng.random_range(3 * 60..12 * 24 * 60) * MINUTE).min(w.now - 7 * MINUTE);
    let changed_at = changed_at.max(created);
    w.heard_of(customer, created - MINUTE);
    let channel = w.pick(&["online", "online", "online", "online", "phone", "desk"]);
    let (id, (token, token_hash), number) = (w.id(created), w.link(), w.number(day));
    let checkin_code = format!("{:04}", w.rng.random_range(0..10_000));
    let house = &w.houses[plan.house];
    let (branch_id, faulty) = (house.id, [7, 23, 9][house.index]);
    let fault = state != BookingState::Booked && plan.from() < w.now && w.chance(faulty);
    let salon_error = fault.then(|| w.pick(&["time", "time", "service", "person", "person", "double"]));
    let own = state == BookingState::CancelledByCustomer;
    let reason = own.then(|| w.pick(&["plans_changed", "plans_changed", "unwell", "booked_twice", "other"]));
    let reason = reason.or((state == BookingState::CancelledBySalon).then_some("salon_cannot"));
    let price = plan.parts.iter().map(|part| w.menu[part.item].row.price_fen).sum();
    w.rows.booking.push(booking::Model {
        id,
        branch_id,
        customer_id: Some(w.rows.customer[customer].id),
        state: state.code().into(),
        channel: channel.into(),
        number,
        token_hash,
        token,
        checkin_code,
        from_ms: plan.from(),
        to_ms: plan.to(),
        day,
        price_fen: price,
        held_until: None,
        remind_at: None,
        remind_last: None,
        changes: i32::from(w.rng.random_range(0..20) == 0),
        salon_error: salon_error.map(Into::into),
        cancel_reason: reason.map(Into::into),
        cancel_note: None,
        contact_name: None,
        contact_phone: None,
        key: None,
        created_at: created,
        updated_at: changed_at,
        version: 2,
    });
    history(w, id, customer, state, created, changed_at);
    let wished = w.chance(380);
    let mut items = Vec::new();
    for (position, part) in plan.parts.iter().enumerate() {
        let item = w.id(created);
        let row = &w.menu[part.item].row;
        w.rows.booking_item.push(booking_item::Model {
            id: item,
            booking_id: id,
            position: position as i32,
            service_id: row.id,
            name_zh: row.name_zh.clone(),
            name_en: row.name_en.clone(),
            price_fen: row.price_fen,
            prepare_min: row.prepare_min,
            active_min: row.active_min,
            processing_min: row.processing_min,
            finish_min: row.finish_min,
            cleanup_min: row.cleanup_min,
            staff_id: w.people[plan.person].id,
            room_id: part.room,
            wished,
            from_ms: part.served.from,
            to_ms: part.served.to,
        });
        items.push(item);
    }
    Made { booking: id, items }
}

fn history(
    w: &mut World,
    booking: Uuid,
    customer: usize,
    state: BookingState,
    created: i64,
    changed_at: i64,
) {
    let by = w.rows.customer[customer].id;
    let mut add = |at: i64, kind: &str, by_kind: &str, by_id: Option<Uuid>| {
        let id = w.id(at);
        w.rows.booking_event.push(booking_event::Model {
            id,
            booking_id: booking,
            at,
            kind: kind.into(),
            by_kind: by_kind.into(),
            by_id,
            reason: None,
            detail: None,
        });
    };
    match state {
        BookingState::Booked => add(created, "booked", "staff", None),
        BookingState::Confirmed => add(created, "confirmed", "customer", Some(by)),
        BookingState::CancelledByCustomer => {
            add(created, "confirmed", "customer", Some(by));
            add(changed_at, state.code(), "customer", Some(by));
        }
        _ => {
            add(created, "confirmed", "customer", Some(by));
            add(
                changed_at,
                state.code(),
                if state == BookingState::NoShow { "system" } else { "staff" },
                None,
            );
        }
    }
}

/// What a plan takes: for a booking, for a visit without one, or for both.
pub(super) fn allocations(w: &mut World, plan: &Plan, made: Option<&Made>, services: &[Uuid], active: bool) {
    for (i, part) in plan.parts.iter().enumerate() {
        for (resource, span) in part.takes.clone() {
            let id = w.id(span.from);
            w.rows.allocation.push(allocation::Model {
                id,
                resource_id: resource,
                from_ms: span.from,
                to_ms: span.to,
                active,
                booking_item_id: made.map(|made| made.items[i]),
                visit_service_id: services.get(i).copied(),
            });
        }
    }
}

/// A visit with its services, record, rating. Tickets are given when the day is complete.
pub(super) fn visit(
    w: &mut World,
    plan: &Plan,
    day: i32,
    customer: usize,
    made: Option<&Made>,
    course: &Course,
) -> Vec<Uuid> {
    w.heard_of(customer, course.arrived - MINUTE);
    let planned = made.map(|_| plan.from());
    let ready = planned.map_or(course.arrived, |planned| planned.max(course.arrived));
    let finished = course.runs.len() == plan.parts.len() && course.runs.iter().all(|(_, end)| end.is_some());
    let state = match (finished, course.runs.is_empty(), course.assigned) {
        (true, ..) => VisitState::Done,
        (false, false, _) => VisitState::InService,
        (false, true, true) => VisitState::Assigned,
        (false, true, false) => VisitState::Waiting,
    };
    let finished_at = course.runs.last().and_then(|(_, end)| *end).filter(|_| finished);
    let (id, (token, token_hash)) = (w.id(course.arrived), w.link());
    let known = made.is_some() || course.assigned || !course.runs.is_empty();
    let staff = w.people[plan.person].id;
    w.rows.visit.push(visit::Model {
        id,
        branch_id: w.houses[plan.house].id,
        customer_id: w.rows.customer[customer].id,
        booking_id: made.map(|made| made.booking),
        day,
        state: state.code().into(),
        ticket: String::new(),
        token_hash,
        token,
        planned_ms: planned,
        arrived_at: course.arrived,
        ready_at: ready,
        assigned_staff_id: (state != VisitState::Waiting).then_some(staff),
        assigned_at: (state != VisitState::Waiting).then(|| course.contact.unwrap_or(w.now - MINUTE)),
        first_contact_at: course.contact,
        started_at: course.runs.first().map(|(start, _)| *start),
        finished_at,
        told_at: course.told,
        breach_reason: course.reason.map(Into::into),
        breach_note: None,
        walk_in: made.is_none(),
        key: None,
        version: 1,
    });
    let mut ids = Vec::new();
    for (i, part) in plan.parts.iter().enumerate() {
        let run = course.runs.get(i).copied();
        let service = service(w, plan, i, day, id, known, run, made.is_some());
        ids.push(service);
        if day >= w.today - RECORD_DAYS
            && let Some((start, end)) = run
        {
            record(w, plan.person, part.item, service, start, end);
        }
    }
    if let Some(finished_at) = finished_at {
        super::history::rating(
            w,
            plan.house,
            id,
            customer,
            finished_at,
            course.contact.map_or(0, |c| c - ready),
        );
    }
    ids
}

#[allow(clippy::too_many_arguments)] // One row and all it is made of.
fn service(
    w: &mut World,
    plan: &Plan,
    position: usize,
    day: i32,
    visit: Uuid,
    known: bool,
    run: Option<(i64, Option<i64>)>,
    booked: bool,
) -> Uuid {
    let part = &plan.parts[position];
    let id = w.id(run.map_or(w.now, |(start, _)| start));
    let (menu, person) = (&w.menu[part.item], &w.people[plan.person]);
    let state = match run {
        Some((_, Some(_))) => ServiceState::Done,
        Some((_, None)) => ServiceState::InService,
        None => ServiceState::Waiting,
    };
    let row = &menu.row;
    w.rows.visit_service.push(visit_service::Model {
        id,
        visit_id: visit,
        branch_id: w.houses[plan.house].id,
        day,
        position: position as i32,
        service_id: row.id,
        name_zh: row.name_zh.clone(),
        name_en: row.name_en.clone(),
        prepare_min: row.prepare_min,
        active_min: row.active_min,
        processing_min: row.processing_min,
        finish_min: row.finish_min,
        cleanup_min: row.cleanup_min,
        price_fen: row.price_fen,
        qualification: row.qualification.clone(),
        staff_id: known.then_some(person.id),
        wished_staff_id: None,
        room_id: part.room.filter(|_| known),
        state: state.code().into(),
        booked_from_ms: booked.then_some(part.served.from),
        started_at: run.map(|(start, _)| start),
        finished_at: run.and_then(|(_, end)| end),
        credential_id: run.and_then(|_| person.credentials.get(menu.qualification).copied()),
        version: 1,
    });
    id
}

/// The checklist with what is ticked, a note now and then, aftercare told.
fn record(w: &mut World, person: usize, item: usize, service: Uuid, start: i64, end: Option<i64>) {
    let until = end.unwrap_or(w.now);
    let length = i64::from(blocks(w, item).customer()) * MINUTE;
    let steps = super::menu::steps(w.menu[item].qualification);
    let by = w.people[person].user;
    for (position, (phase, text, mandatory, minutes)) in steps.iter().enumerate() {
        let at = start + length * (position as i64 * 2 + 1) / (steps.len() as i64 * 2);
        let at = if end.is_some() { at.min(until) } else { at };
        let state = match at <= until {
            true if !mandatory && w.chance(60) => StepState::Skipped,
            true => StepState::Done,
            false => StepState::Open,
        };
        let ticked = state != StepState::Open;
        let id = w.id(start);
        w.rows.treatment_step.push(treatment_step::Model {
            id,
            visit_service_id: service,
            position: position as i32,
            phase: phase.code().into(),
            text_zh: text.0.into(),
            text_en: text.1.into(),
            mandatory: *mandatory,
            minutes: *minutes,
            state: state.code().into(),
            done_by: by.filter(|_| ticked),
            done_at: ticked.then_some(at),
            reason: None,
        });
    }
    if w.chance(260) {
        let (id, at) = (w.id(until), start + length / 2);
        let (text, name) = (w.pick(&NOTES), w.people[person].seed.name);
        w.rows.treatment_note.push(treatment_note::Model {
            id,
            visit_service_id: service,
            at: at.min(until),
            by_user: by,
            by_zh: name.0.into(),
            by_en: name.1.into(),
            text: text.into(),
            key: format!("demo-{}", id.simple()),
        });
    }
    if let Some(end) = end {
        for advice in w.menu[item].advice.clone() {
            if w.chance(900) {
                let told = aftercare_told::Model {
                    visit_service_id: service,
                    aftercare_id: advice,
                    told_at: end,
                    by_user: by,
                };
                w.rows.aftercare_told.push(told);
            }
        }
    }
}

//! What the tests of bookings share: asking, holding, booking, all through public verbs.
#![allow(dead_code)] // Each test binary uses a part of it.

pub use store::testing::{Harness, fixture};

use domain::{
    BookingId, Phone, Refusal, ServiceId, StaffId,
    booking::{
        Book, BookingView, Cancel, CancelReason, Contact, Enter, Hold, HoldView, Reschedule, SlotCard,
        SlotSearch,
    },
    desk::WalkInCustomer,
};
use store::{Error, OpContext, booking};

pub const ANYONE: Option<StaffId> = None;

/// A key that nobody has used.
pub fn key() -> String {
    BookingId::new().to_string()
}

pub fn hold_of(services: &[ServiceId], who: Option<StaffId>, wall: &str) -> Hold {
    Hold { branch: "jingan".into(), services: services.to_vec(), who, at: fixture::at(wall), key: key() }
}

pub async fn hold(cx: &OpContext, services: &[ServiceId], who: Option<StaffId>, wall: &str) -> HoldView {
    booking::hold(cx, hold_of(services, who, wall)).await.unwrap()
}

pub fn contact(hold: &HoldView, name: &str, phone: &str) -> Contact {
    Contact { hold: hold.token.clone(), name: name.into(), phone: Phone::parse(phone).unwrap() }
}

/// Name and phone, then the code as it came.
pub async fn ready(h: &Harness, held: &HoldView, name: &str, phone: &str) -> Book {
    let contact = contact(held, name, phone);
    booking::send_code(&h.stranger(), contact.clone()).await.unwrap();
    Book { contact, code: h.latest_code(phone).await, key: key() }
}

/// The whole way of a customer.
pub async fn book(h: &Harness, services: &[ServiceId], who: Option<StaffId>, wall: &str) -> BookingView {
    let held = hold(&h.stranger(), services, who, wall).await;
    let cmd = ready(h, &held, "王雅琴", fixture::WANG_PHONE).await;
    booking::book(&h.stranger(), cmd).await.unwrap().0
}

/// Entered by the desk, for when codes would only be in the way.
pub async fn enter(h: &Harness, services: &[ServiceId], who: Option<StaffId>, wall: &str) -> BookingView {
    booking::enter(&h.desk(), fixture::JINGAN, enter_of(services, who, wall)).await.unwrap()
}

pub fn enter_of(services: &[ServiceId], who: Option<StaffId>, wall: &str) -> Enter {
    let customer = WalkInCustomer::Known(fixture::LI);
    Enter {
        customer,
        services: services.to_vec(),
        who,
        at: fixture::at(wall),
        told: false,
        note: None,
        key: key(),
    }
}

pub fn cancel_of(view: &BookingView) -> Cancel {
    Cancel { token: view.token.clone(), reason: CancelReason::PlansChanged, note: None }
}

pub fn move_of(view: &BookingView, who: Option<StaffId>, wall: &str) -> Reschedule {
    Reschedule { token: view.token.clone(), who, at: fixture::at(wall), key: key() }
}

pub fn search(services: &[ServiceId], who: Option<StaffId>, day: &str) -> SlotSearch {
    SlotSearch {
        branch: "jingan".into(),
        services: services.to_vec(),
        who,
        day: Some(day.parse().unwrap()),
        moving: None,
    }
}

pub async fn slots(h: &Harness, services: &[ServiceId], who: Option<StaffId>, day: &str) -> Vec<SlotCard> {
    booking::day_slots(&h.stranger(), search(services, who, day)).await.unwrap()
}

/// The free times of a day, as the clock on the wall shows them.
pub async fn free(h: &Harness, services: &[ServiceId], who: Option<StaffId>, day: &str) -> Vec<String> {
    let slots = slots(h, services, who, day).await;
    slots.into_iter().filter(|s| s.free).map(|s| s.at.hhmm()).collect()
}

/// The refusal of a verb that has to refuse.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[track_caller]
pub fn taken<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<String> {
    match refusal(answer) {
        Refusal::SlotTaken { nearest } => {
            nearest.iter().map(|time| time.wall.format("%d %H:%M").to_string()).collect()
        }
        other => panic!("not taken: {other:?}"),
    }
}

/// What is taken of everything now.
pub async fn allocations(h: &Harness) -> i64 {
    h.number("SELECT COUNT(*) FROM allocation WHERE active").await
}

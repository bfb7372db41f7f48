//! What the tests of visits share: arriving, being handed over, asserting refusals.
#![allow(dead_code)] // Each test binary uses a part of it.

pub use store::testing::{Harness, fixture};

use domain::{
    BookingId, CustomerId, Phone, Refusal, ServiceId, StaffId, VisitId, VisitServiceId,
    booking::Enter,
    desk::{WalkIn, WalkInCustomer},
    treat::{StepState, StepTick, Treatment},
};
use fixture::JINGAN;
use std::fmt::Debug;
use store::{Error, OpContext, desk, treat};

pub fn key() -> String {
    BookingId::new().to_string()
}

pub fn at_ms(wall: &str) -> i64 {
    fixture::at(wall).timestamp_millis()
}

/// A booking of 李娜, entered by the desk.
pub async fn enter(h: &Harness, services: &[ServiceId], who: Option<StaffId>, wall: &str) {
    let customer = WalkInCustomer::Known(fixture::LI);
    let cmd = Enter {
        customer,
        services: services.to_vec(),
        who,
        at: fixture::at(wall),
        told: false,
        note: None,
        key: key(),
    };
    store::booking::enter(&h.desk(), JINGAN, cmd).await.unwrap();
}

pub fn known(customer: CustomerId, services: &[ServiceId]) -> WalkIn {
    WalkIn { customer: WalkInCustomer::Known(customer), services: services.to_vec(), who: None, key: key() }
}

pub fn newcomer(name: &str, phone: &str, services: &[ServiceId]) -> WalkIn {
    let customer = WalkInCustomer::New { name: name.into(), phone: Phone::parse(phone).unwrap() };
    WalkIn { customer, services: services.to_vec(), who: None, key: key() }
}

pub async fn walk_in(h: &Harness, customer: CustomerId, services: &[ServiceId]) -> VisitId {
    desk::walk_in(&h.desk(), JINGAN, known(customer, services)).await.unwrap().visit
}

pub async fn first_expected(h: &Harness) -> BookingId {
    desk::board(&h.desk(), JINGAN).await.unwrap().expected[0].booking
}

/// The version that the desk sees.
pub async fn version(h: &Harness, visit: VisitId) -> i32 {
    let board = desk::board(&h.desk(), JINGAN).await.unwrap();
    board.waiting.iter().find(|w| w.visit == visit).unwrap().version
}

pub async fn assign(h: &Harness, visit: VisitId, staff: StaffId) {
    desk::assign(&h.desk(), visit, staff, version(h, visit).await).await.unwrap();
}

/// The service next in the day list of whoever asks.
pub async fn next(cx: &OpContext) -> VisitServiceId {
    treat::my_day(cx, None).await.unwrap().next.unwrap().item.unwrap()
}

/// Ticks every mandatory step.
pub async fn tick_all(cx: &OpContext, item: VisitServiceId) -> Treatment {
    let mut view = treat::treatment(cx, item).await.unwrap();
    for step in view.steps.clone().iter().filter(|s| s.mandatory && s.state == StepState::Open) {
        view =
            treat::tick(cx, StepTick { step: step.id, state: StepState::Done, reason: None }).await.unwrap();
    }
    view
}

/// A whole visit of somebody without a booking, served by 林: waits so many minutes, takes an hour.
pub async fn whole_visit(h: &Harness, customer: CustomerId, waits: i64) -> (VisitId, String) {
    let visit = walk_in(h, customer, &[fixture::HYDRATE]).await;
    h.advance(chrono::Duration::minutes(waits));
    assign(h, visit, fixture::LIN).await;
    let item = next(&h.lin()).await;
    treat::start(&h.lin(), item).await.unwrap();
    tick_all(&h.lin(), item).await;
    h.advance(chrono::Duration::minutes(60));
    let view = treat::finish(&h.lin(), item).await.unwrap();
    let link = view.survey.unwrap().0;
    h.advance(chrono::Duration::minutes(15));
    (visit, link.strip_prefix("/r/").unwrap().to_owned())
}

#[track_caller]
pub fn refused<T: Debug>(answer: Result<T, Error>, want: Refusal) {
    match answer {
        Err(Error::Refused(refusal)) => assert_eq!(refusal, want),
        other => panic!("{want:?} expected, got {other:?}"),
    }
}

#[track_caller]
pub fn wrong_state<T: Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Refused(Refusal::WrongState { .. }))), "{answer:?}");
}

/// Busy, and free again at this time by the wall clock.
#[track_caller]
pub fn busy<T: Debug>(answer: Result<T, Error>, until: Option<&str>) {
    match answer {
        Err(Error::Refused(Refusal::PersonBusy { until: known })) => {
            assert_eq!(known.map(|t| t.hhmm()).as_deref(), until);
        }
        other => panic!("busy expected, got {other:?}"),
    }
}

#[track_caller]
pub fn not_found<T: Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
}

#[track_caller]
pub fn forbidden<T: Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Forbidden | Error::NotFound)), "{answer:?}");
}

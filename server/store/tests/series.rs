//! Several sessions booked as one (BOOK-11), through the public verbs, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod booking_help;

use booking_help::*;
use domain::{
    Refusal,
    booking::{
        BookingState,
        series::{SeriesBook, SeriesShift, SeriesView, SeriesWish},
    },
    desk::WalkInCustomer,
};
use store::{booking, both_databases, series};

fn wish(first: &str, minute: i32, sessions: u32) -> SeriesWish {
    let first = first.parse().unwrap();
    SeriesWish { services: vec![fixture::LIGHT], who: None, first, minute, every: 7, sessions }
}

fn cmd(times: &[&str]) -> SeriesBook {
    SeriesBook {
        services: vec![fixture::LIGHT],
        who: None,
        times: times.iter().map(|wall| fixture::at(wall)).collect(),
        customer: WalkInCustomer::Known(fixture::WANG),
        key: key(),
    }
}

fn shift_of(token: &str, day: &str, minute: i32, alone: bool) -> SeriesShift {
    SeriesShift { token: token.into(), day: day.parse().unwrap(), minute, alone, key: key() }
}

async fn look(h: &Harness, id: domain::SeriesId) -> SeriesView {
    series::view(&h.desk(), fixture::JINGAN, id).await.unwrap()
}

fn times(view: &SeriesView) -> Vec<String> {
    view.sessions.iter().map(|s| s.from.wall.format("%m-%d %H:%M").to_string()).collect()
}

const THREE: &[&str] = &["2026-06-13 11:00", "2026-06-20 11:00", "2026-06-27 11:00"];

async fn bookings(h: &Harness) -> i64 {
    h.number("SELECT COUNT(*) FROM booking").await
}

/// Bookings whose customers will be reminded.
async fn reminded(h: &Harness) -> i64 {
    h.number("SELECT COUNT(*) FROM booking WHERE state IN ('booked', 'confirmed') AND remind_at IS NOT NULL")
        .await
}

both_databases! {
    async fn every_session_is_shown_before_anything_is_written(h: Harness) {
        enter(&h, &[fixture::LIGHT], ANYONE, "2026-06-20 11:00").await;
        let before = bookings(&h).await;
        let preview = series::preview(&h.desk(), fixture::JINGAN, wish("2026-06-13", 660, 3)).await.unwrap();
        let free: Vec<bool> = preview.sessions.iter().map(|s| s.free).collect();
        assert_eq!(free, [true, false, true]);
        let near = &preview.sessions[1].nearest;
        assert!(!near.is_empty());
        assert!(near.iter().all(|at| at.date().to_string() == "2026-06-20" && at.hhmm() != "11:00"), "{near:?}");
        assert_eq!((bookings(&h).await, preview.minutes), (before, 40));
        let away = series::preview(&h.manager_elsewhere(), fixture::JINGAN, wish("2026-06-13", 660, 3)).await;
        assert!(matches!(away, Err(store::Error::Forbidden)));
    }

    async fn all_or_none(h: Harness) {
        enter(&h, &[fixture::LIGHT], ANYONE, "2026-06-20 11:00").await;
        let before = (bookings(&h).await, allocations(&h).await, reminded(&h).await);
        let refused = series::book(&h.desk(), fixture::JINGAN, cmd(THREE)).await;
        assert!(!taken(refused).is_empty(), "with the nearest times");
        assert_eq!((bookings(&h).await, allocations(&h).await, reminded(&h).await), before, "nothing of it");
        let moved = cmd(&["2026-06-13 11:00", "2026-06-20 15:00", "2026-06-27 11:00"]);
        let id = series::book(&h.desk(), fixture::JINGAN, moved.clone()).await.unwrap();
        assert_eq!(series::book(&h.desk(), fixture::JINGAN, moved).await.unwrap(), id, "the same key");
        let view = look(&h, id).await;
        assert_eq!(times(&view), ["06-13 11:00", "06-20 15:00", "06-27 11:00"]);
        assert_eq!(bookings(&h).await, before.0 + 3);
        let second = booking::view(&h.stranger(), &view.sessions[1].token).await.unwrap();
        assert_eq!(second.series.map(|s| (s.position, s.of)), Some((2, 3)));
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'series_times'").await, 1, "told once");
        assert_eq!(reminded(&h).await, before.2 + 3, "of each");
        assert_eq!(h.overlaps().await, 0);
    }

    async fn one_or_the_rest_are_moved(h: Harness) {
        let id = series::book(&h.desk(), fixture::JINGAN, cmd(THREE)).await.unwrap();
        let view = look(&h, id).await;
        let alone = shift_of(&view.sessions[0].token, "2026-06-14", 690, true);
        series::shift(&h.desk(), fixture::JINGAN, alone.clone()).await.unwrap();
        series::shift(&h.desk(), fixture::JINGAN, alone).await.unwrap();
        assert_eq!(times(&look(&h, id).await), ["06-14 11:30", "06-20 11:00", "06-27 11:00"]);
        // A quarter of an hour later overlaps their own former times: those count as free.
        let rest = shift_of(&view.sessions[1].token, "2026-06-20", 675, false);
        series::shift(&h.desk(), fixture::JINGAN, rest).await.unwrap();
        assert_eq!(times(&look(&h, id).await), ["06-14 11:30", "06-20 11:15", "06-27 11:15"]);
        // Somebody is in the way of the last one: none is moved.
        enter(&h, &[fixture::LIGHT], ANYONE, "2026-06-28 15:00").await;
        let reminders = reminded(&h).await;
        let rest = shift_of(&view.sessions[1].token, "2026-06-21", 900, false);
        assert!(!taken(series::shift(&h.desk(), fixture::JINGAN, rest).await).is_empty());
        assert_eq!(times(&look(&h, id).await), ["06-14 11:30", "06-20 11:15", "06-27 11:15"]);
        assert_eq!(reminded(&h).await, reminders);
        assert_eq!(h.overlaps().await, 0);
    }

    async fn the_rest_is_cancelled(h: Harness) {
        let id = series::book(&h.desk(), fixture::JINGAN, cmd(THREE)).await.unwrap();
        let view = look(&h, id).await;
        series::cancel_rest(&h.desk(), fixture::JINGAN, &view.sessions[1].token).await.unwrap();
        let states: Vec<_> = look(&h, id).await.sessions.iter().map(|s| s.state).collect();
        assert_eq!(states, [BookingState::Booked, BookingState::CancelledByCustomer, BookingState::CancelledByCustomer]);
        assert_eq!(reminded(&h).await, 1, "of the first only");
        let again = series::cancel_rest(&h.desk(), fixture::JINGAN, &view.sessions[1].token).await;
        assert!(matches!(refusal(again), Refusal::WrongState { .. }));
        let elsewhere = series::view(&h.owner(), fixture::XUHUI, id).await;
        assert!(matches!(elsewhere, Err(store::Error::NotFound)));
    }

    /// Two desks book series that cross in the middle: one gets all of it, the other nothing.
    async fn of_two_that_cross_one_is_booked(h: Harness) {
        let other = ["2026-06-14 11:00", "2026-06-20 11:00", "2026-06-28 11:00"];
        let second = store::OpContext { store: h.second().await, ..h.desk() };
        let both = [(h.desk(), cmd(THREE)), (second, cmd(&other))]
            .map(|(cx, cmd)| tokio::spawn(async move { series::book(&cx, fixture::JINGAN, cmd).await }));
        let mut booked = 0;
        for one in both {
            match one.await.unwrap() {
                Ok(_) => booked += 1,
                Err(store::Error::Refused(Refusal::SlotTaken { .. })) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((booked, bookings(&h).await, h.overlaps().await), (1, 3, 0));
    }

    /// BOOK-12: the customer says to come; reminders follow the branch's settings and go with the booking.
    async fn reminders_follow_the_settings(h: Harness) {
        h.sql(r#"UPDATE branch SET policy = '{"remind_first":2880,"remind_last":0}' WHERE slug = 'jingan'"#).await;
        let view = enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 11:00").await;
        let due = h.number("SELECT remind_at FROM booking WHERE remind_last IS NULL").await;
        assert_eq!(due, fixture::at("2026-06-18 11:00").timestamp_millis());
        assert_eq!(reminded(&h).await, 1);
        assert!(view.may_confirm);
        let said = booking::confirm(&h.stranger(), &view.token).await.unwrap();
        assert_eq!((said.state, said.may_confirm), (BookingState::Confirmed, false));
        booking::confirm(&h.stranger(), &view.token).await.unwrap();
        let said = booking::view(&h.stranger(), &view.token).await.unwrap();
        assert_eq!(said.history.iter().filter(|line| line.kind == "confirmed").count(), 1, "once");
        booking::cancel(&h.desk(), cancel_of(&view)).await.unwrap();
        assert_eq!(reminded(&h).await, 0);
        assert!(matches!(refusal(booking::confirm(&h.stranger(), &view.token).await), Refusal::WrongState { .. }));
    }
}

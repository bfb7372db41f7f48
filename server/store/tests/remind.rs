//! Reminders of bookings (BOOK-12), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod booking_help;

use booking_help::*;
use domain::booking::BookingView;
use store::{Error, OpContext, booking, both_databases};

/// Runs the job; gives how many bookings it looked at.
async fn job(h: &Harness) -> u64 {
    booking::remind_due(&h.system()).await.unwrap()
}

/// How many messages there are of a day before, and of the hours before.
async fn said(h: &Harness) -> (i64, i64) {
    let of = |template: &str| {
        format!("SELECT COUNT(*) FROM outbox WHERE template = '{template}' AND state = 'pending'")
    };
    (h.number(&of("reminder_day")).await, h.number(&of("reminder_hours")).await)
}

/// What is shown as still to come.
fn to_come(view: &BookingView) -> Vec<String> {
    let lines = view.messages.iter().filter(|m| !m.sent && m.template.starts_with("reminder"));
    lines.map(|m| m.at.wall.format("%d %H:%M").to_string()).collect()
}

async fn look(h: &Harness, of: &BookingView) -> BookingView {
    booking::view(&h.stranger(), &of.token).await.unwrap()
}

both_databases! {
    async fn a_day_before_and_two_hours_before(h: Harness) {
        let booked = book(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 11:00").await;
        assert_eq!(to_come(&booked), ["19 11:00", "20 09:00"]);
        h.set_local("2026-06-19 10:59");
        assert_eq!((job(&h).await, said(&h).await), (0, (0, 0)));
        h.set_local("2026-06-19 11:00");
        assert_eq!((job(&h).await, job(&h).await, said(&h).await), (1, 0, (1, 0)));
        assert_eq!(to_come(&look(&h, &booked).await), ["19 11:00", "20 09:00"], "queued, and to come");
        // The customer has got another number since.
        let wang = h.uuid_literal(fixture::WANG.0);
        h.sql(&format!("UPDATE customer SET phone = '13900009999' WHERE id = {wang}")).await;
        h.set_local("2026-06-20 09:00");
        assert_eq!((job(&h).await, job(&h).await, said(&h).await), (1, 0, (1, 1)));
        assert_eq!(h.text("SELECT recipient FROM outbox WHERE template = 'reminder_hours'").await, "13900009999");
        h.set_local("2026-06-20 11:30");
        assert_eq!((job(&h).await, said(&h).await), (0, (1, 1)));
        assert_eq!(h.number("SELECT COUNT(*) FROM booking WHERE remind_at IS NOT NULL").await, 0);
    }

    /// C-21: the server was away, or its clock has jumped.
    async fn too_late_for_both_one_is_enough(h: Harness) {
        enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 11:00").await;
        enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 13:30").await;
        enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 10:15").await;
        h.set_local("2026-06-20 10:30");
        assert_eq!((job(&h).await, said(&h).await), (3, (1, 1)), "the third has begun");
        h.set_local("2026-06-19 12:00");
        assert_eq!((job(&h).await, said(&h).await), (0, (1, 1)), "set back again");
        h.set_local("2026-06-20 11:30");
        assert_eq!((job(&h).await, said(&h).await), (1, (1, 2)));
    }

    async fn who_has_cancelled_or_moved_is_not_reminded_of_the_old_time(h: Harness) {
        let gone = enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 11:00").await;
        let moved = enter(&h, &[fixture::HYDRATE], ANYONE, "2026-06-20 13:30").await;
        booking::cancel(&h.desk(), cancel_of(&gone)).await.unwrap();
        assert_eq!(to_come(&look(&h, &gone).await), [""; 0]);
        h.set_local("2026-06-19 14:00");
        assert_eq!((job(&h).await, said(&h).await), (1, (1, 0)));
        let moved = booking::reschedule(&h.desk(), move_of(&moved, ANYONE, "2026-06-22 10:30")).await.unwrap();
        assert_eq!((said(&h).await, to_come(&moved)), ((0, 0), vec!["21 10:30".to_owned(), "22 08:30".to_owned()]));
        h.set_local("2026-06-20 14:00");
        assert_eq!(job(&h).await, 0);
        h.set_local("2026-06-21 10:30");
        assert_eq!((job(&h).await, said(&h).await), (1, (1, 0)), "again, of the new time");
    }

    async fn several_processes_remind_once(h: Harness) {
        for day in 20..26 {
            enter(&h, &[fixture::HYDRATE], ANYONE, &format!("2026-06-{day} 11:00")).await;
        }
        h.set_local("2026-06-26 09:30");
        h.sql("UPDATE booking SET from_ms = from_ms + 864000000, to_ms = to_ms + 864000000").await;
        let other = OpContext::system(h.second().await);
        let this = h.system();
        let (a, b) = tokio::join!(booking::remind_due(&this), booking::remind_due(&other));
        assert_eq!((a.unwrap() + b.unwrap(), said(&h).await), (6, (0, 6)));
        assert!(matches!(booking::remind_due(&h.owner()).await, Err(Error::Forbidden)));
    }
}

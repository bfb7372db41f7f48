//! The staff's schedule and what they do to bookings there (BOOK-9, BOOK-12, BOOK-13), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod booking_help;

use booking_help::*;
use chrono::Duration;
use domain::{
    BookingId, Refusal, StaffId,
    booking::{BookingState, BookingView, CancelReason},
    schedule::{
        BlockKind, ChangeReason, LaneKind, NewSearch, SalonError, Schedule, ScheduleSearch, Sheet, Span,
        StaffCancel, StaffMove, Standing,
    },
};
use fixture::{BUBBLE, CHEN, HYDRATE, JINGAN, LI, LIGHT, LIN, WANG, ZHOU};
use store::{Error, OpContext, booking, both_databases, schedule};

const DAY: &str = "2026-06-13";

async fn id_of(h: &Harness, view: &BookingView) -> BookingId {
    BookingId(h.id(&format!("SELECT id FROM booking WHERE number = '{}'", view.number)).await)
}

fn to(booking: BookingId, version: i32, who: StaffId, time: (u32, u32)) -> StaffMove {
    StaffMove {
        booking,
        version,
        who,
        from: None,
        day: DAY.parse().unwrap(),
        minute: time.0 * 60 + time.1,
        reason: None,
        note: None,
        wished: false,
        key: key(),
    }
}

fn because(cmd: StaffMove, reason: ChangeReason) -> StaffMove {
    StaffMove { reason: Some(reason), ..cmd }
}

async fn day(cx: &OpContext, day: &str, kind: LaneKind) -> Sheet {
    let search = ScheduleSearch { span: Span::Day, day: Some(day.parse().unwrap()), kind, who: None };
    match schedule::page(cx, JINGAN, search).await.unwrap() {
        Schedule::Sheet(sheet) => sheet,
        other => panic!("no sheet: {other:?}"),
    }
}

/// The bookings in somebody's lane, as `(minute, kind)`.
fn lane(sheet: &Sheet, who: StaffId) -> Vec<(u32, BlockKind)> {
    let lane = sheet.lanes.iter().find(|lane| lane.resource == who.into()).unwrap();
    let booked = lane.blocks.iter().filter(|block| block.kind.code() != "break");
    booked.map(|block| (block.from, block.kind)).collect()
}

#[track_caller]
fn field<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Invalid(fields)) => fields[0].field.clone(),
        other => panic!("not invalid: {other:?}"),
    }
}

both_databases! {
    async fn a_day_shows_who_does_what_when(h: Harness) {
        enter(&h, &[BUBBLE], Some(LIN), "2026-06-13 14:30").await;
        book(&h, &[LIGHT], Some(LIN), "2026-06-13 16:00").await;
        hold(&h.stranger(), &[HYDRATE], Some(ZHOU), "2026-06-13 12:15").await;
        let sheet = day(&h.desk(), DAY, LaneKind::People).await;
        assert_eq!((sheet.open, sheet.close), (600, 1260));
        assert_eq!(sheet.lanes.len(), 3);
        assert_eq!(lane(&sheet, LIN), [(870, BlockKind::Booked), (960, BlockKind::Confirmed)]);
        assert_eq!(lane(&sheet, ZHOU), [(735, BlockKind::Held)]);
        let lin = &sheet.lanes[0];
        let bubble = lin.blocks.iter().find(|block| block.from == 870).unwrap();
        assert_eq!((bubble.free, bubble.clean, bubble.len), (Some((20, 15)), 5, 50), "the person is free meanwhile");
        assert_eq!((bubble.name.as_str(), bubble.wished, bubble.open), ("李娜", true, true));
        let rest: Vec<_> = lin.blocks.iter().filter(|b| b.kind.code() == "break").map(|b| (b.kind, b.from, b.len)).collect();
        assert!(rest.contains(&(BlockKind::Break, 780, 60)) && rest.contains(&(BlockKind::Off, 1140, 120)), "{rest:?}");
        assert_eq!((lin.bookings, lin.load), (2, Some((30 + 40) * 100 / 480)));
        let rooms = day(&h.desk(), DAY, LaneKind::Rooms).await;
        assert_eq!(rooms.lanes.iter().map(|lane| lane.bookings).sum::<u32>(), 3);
        let devices = day(&h.desk(), DAY, LaneKind::Devices).await;
        assert_eq!((devices.lanes.len(), devices.lanes[0].bookings), (1, 1));

        h.advance(Duration::minutes(6));
        let sheet = day(&h.desk(), DAY, LaneKind::People).await;
        assert!(lane(&sheet, ZHOU).is_empty(), "a hold that has run out");
        let leave = day(&h.desk(), "2026-06-15", LaneKind::People).await;
        assert!(leave.lanes[1].blocks.iter().any(|block| block.kind == BlockKind::Leave));
        assert_eq!(leave.lanes[1].load, None);
    }

    async fn a_week_and_a_month_tell_how_full_it_is(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await;
        enter(&h, &[HYDRATE], Some(ZHOU), "2026-06-13 14:30").await;
        let search = |span, who| ScheduleSearch { span, day: Some(DAY.parse().unwrap()), kind: LaneKind::People, who };
        let Schedule::Week(week) = schedule::page(&h.desk(), JINGAN, search(Span::Week, None)).await.unwrap() else { panic!() };
        assert_eq!((week.days.len(), week.days[0].to_string()), (7, "2026-06-08".to_owned()));
        assert_eq!((week.rows[0].cells[5].bookings, week.rows[0].cells[5].working_min), (1, 480));
        assert_eq!((week.sums[5].bookings, week.sums[4].bookings), (2, 0));
        let Schedule::Month(months) = schedule::page(&h.owner(), JINGAN, search(Span::Month, None)).await.unwrap() else { panic!() };
        assert_eq!((months.branches.len(), months.branches[0].days.len()), (2, 30));
        assert_eq!((months.branches[0].days[12].1.bookings, months.branches[0].days[12].1.booked_min), (2, 120));
        let Schedule::Sheet(own) = schedule::page(&h.desk(), JINGAN, search(Span::Week, Some(LIN))).await.unwrap() else { panic!() };
        assert_eq!(own.lanes.len(), 7);
        assert_eq!(own.lanes.iter().map(|lane| lane.bookings).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 1, 0]);
    }

    async fn another_branch_is_not_known(h: Harness) {
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await).await;
        let away = h.manager_elsewhere();
        assert!(matches!(schedule::page(&away, JINGAN, ScheduleSearch::default()).await, Err(Error::Forbidden)));
        assert!(matches!(booking::sheet(&away, id, (None, None)).await, Err(Error::NotFound)));
        assert!(matches!(booking::move_by_staff(&away, to(id, 1, LIN, (16, 0))).await, Err(Error::NotFound)));
        let first = DAY.parse().unwrap();
        assert!(matches!(booking::places(&away, id, first, first).await, Err(Error::NotFound)));
        let cancel = StaffCancel { booking: id, version: 1, reason: CancelReason::Other, error: None, note: None };
        assert!(matches!(booking::cancel_by_staff(&away, cancel.clone()).await, Err(Error::NotFound)));
        let mark = SalonError { booking: id, version: 1, error: ChangeReason::WrongTime, note: None };
        assert!(matches!(booking::mark_salon_error(&away, mark).await, Err(Error::NotFound)));
        assert!(matches!(booking::cancel_by_staff(&h.lin(), cancel.clone()).await, Err(Error::Forbidden)));
        assert!(matches!(booking::cancel_by_staff(&h.stranger(), cancel).await, Err(Error::SignedOut)));
        assert!(matches!(booking::sheet(&h.desk(), BookingId::new(), (None, None)).await, Err(Error::NotFound)));
    }

    async fn moving_frees_the_old_time_and_tells_the_customer(h: Harness) {
        let view = enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await;
        let id = id_of(&h, &view).await;
        let before = allocations(&h).await;
        let cmd = to(id, 1, LIN, (16, 0));
        assert_eq!(booking::move_by_staff(&h.desk(), cmd.clone()).await.unwrap(), 2);
        assert_eq!(booking::move_by_staff(&h.desk(), cmd).await.unwrap(), 2, "the same key again");
        assert_eq!(allocations(&h).await, before);
        assert!(free(&h, &[HYDRATE], Some(LIN), DAY).await.contains(&"14:30".to_owned()));
        let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!((sheet.from.hhmm(), sheet.wished, sheet.version), ("16:00".into(), Some(LIN), 2));
        assert_eq!(sheet.history.last().unwrap().kind, "rescheduled");
        assert_eq!(sheet.history.last().unwrap().who.as_ref().unwrap().zh, "小何");
        assert!(sheet.messages.iter().any(|line| line.template == "booking_moved"));
        assert_eq!(sheet.price, view.price, "BOOK-8");
        assert_eq!(refusal(booking::move_by_staff(&h.desk(), to(id, 1, LIN, (17, 0))).await), Refusal::Stale);
        let taken_by = enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await;
        let other = id_of(&h, &taken_by).await;
        assert!(!taken(booking::move_by_staff(&h.desk(), to(other, 1, LIN, (16, 15))).await).is_empty());
        assert_eq!(h.overlaps().await, 0);
    }

    async fn a_reason_is_asked_for_when_the_customer_cannot_agree(h: Harness) {
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await).await;
        // Somebody else than asked for.
        assert_eq!(field(booking::move_by_staff(&h.desk(), to(id, 1, ZHOU, (14, 30))).await), "reason");
        assert_eq!(field(booking::move_by_staff(&h.desk(), to(id, 1, ZHOU, (17, 30))).await), "reason");
        let cmd = because(to(id, 1, ZHOU, (17, 30)), ChangeReason::StaffAway);
        booking::move_by_staff(&h.desk(), cmd).await.unwrap();
        let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!((sheet.wished, sheet.history.last().unwrap().reason.as_deref()), (None, Some("staff_away")));
        // After the customer's cut-off.
        h.set_local("2026-06-13 15:31");
        assert_eq!(field(booking::move_by_staff(&h.desk(), to(id, 2, ZHOU, (18, 45))).await), "reason");
        let wrong = because(to(id, 2, ZHOU, (18, 45)), ChangeReason::WrongTime);
        assert_eq!(booking::move_by_staff(&h.desk(), wrong).await.unwrap(), 4, "moved and marked");
        let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!(sheet.salon_error.as_deref(), Some("time"), "ACCURACY");
    }

    async fn another_person_at_the_same_time_keeps_the_room(h: Harness) {
        let id = id_of(&h, &enter(&h, &[HYDRATE], None, "2026-06-13 14:15").await).await;
        let room = |sheet: &domain::schedule::BookingSheet| sheet.items[0].room.clone();
        let before = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        let other = if before.items[0].staff == ZHOU { LIN } else { ZHOU };
        assert_eq!(booking::move_by_staff(&h.desk(), to(id, 1, other, (14, 15))).await.unwrap(), 2, "nobody was asked for");
        let after = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!((after.items[0].staff, room(&after)), (other, room(&before)));
        assert_eq!(after.history.last().unwrap().kind, "reassigned");
        assert_eq!(h.overlaps().await, 0);
        // Busy, on a break, without the certificate, without having learnt it.
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 17:00").await;
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(ZHOU), "2026-06-13 17:15").await).await;
        let reason = ChangeReason::StaffAway;
        let near = taken(booking::move_by_staff(&h.desk(), because(to(id, 1, LIN, (17, 15)), reason)).await);
        assert!(!near.is_empty(), "told where else that person is free");
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(ZHOU), "2026-06-13 13:00").await).await;
        assert_eq!(refusal(booking::move_by_staff(&h.desk(), because(to(id, 1, LIN, (13, 0)), reason)).await), Refusal::NotOnShift);
        let id = id_of(&h, &enter(&h, &[LIGHT], Some(LIN), "2026-06-13 11:00").await).await;
        assert_eq!(refusal(booking::move_by_staff(&h.desk(), because(to(id, 1, CHEN, (11, 0)), reason)).await), Refusal::NotCertified);
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(LIN), "2026-07-03 11:00").await).await;
        let cmd = StaffMove { day: "2026-07-03".parse().unwrap(), ..because(to(id, 1, CHEN, (11, 0)), reason) };
        assert_eq!(refusal(booking::move_by_staff(&h.desk(), cmd).await), Refusal::NotCertified, "it ends on 30 June");
        assert_eq!(h.overlaps().await, 0);
    }

    async fn where_it_can_be_put_is_where_it_stays(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        let id = id_of(&h, &enter(&h, &[HYDRATE], None, "2026-06-13 15:00").await).await;
        let first = DAY.parse().unwrap();
        let places = booking::places(&h.desk(), id, first, first).await.unwrap();
        assert_eq!(places.iter().map(|place| place.staff).collect::<Vec<_>>(), [LIN, ZHOU, CHEN]);
        let lin = &places[0];
        assert!(!lin.times.contains(&615) && lin.times.contains(&690) && !lin.times.contains(&780));
        let mut version = 1;
        for minute in [lin.times[0], *lin.times.last().unwrap()] {
            let cmd = StaffMove { minute, ..to(id, version, LIN, (0, 0)) };
            version = booking::move_by_staff(&h.desk(), cmd).await.unwrap();
        }
        let week = booking::places(&h.desk(), id, first, first + Duration::days(30)).await.unwrap();
        assert_eq!(week.len(), 21, "at most a week");
    }

    async fn cancelling_by_the_staff_keeps_the_row(h: Harness) {
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await).await;
        let cmd = |version| StaffCancel { booking: id, version, reason: CancelReason::SalonCannot, error: Some(ChangeReason::DoubleBooked), note: Some("约重了".into()) };
        assert_eq!(refusal(booking::cancel_by_staff(&h.desk(), cmd(7)).await), Refusal::Stale);
        booking::cancel_by_staff(&h.desk(), cmd(1)).await.unwrap();
        let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!((sheet.state, sheet.may_change), (BookingState::CancelledBySalon, false));
        assert_eq!((sheet.salon_error.as_deref(), sheet.cancel_note.as_deref()), (Some("double"), Some("约重了")));
        assert_eq!(allocations(&h).await, 0);
        assert!(lane(&day(&h.desk(), DAY, LaneKind::People).await, LIN).is_empty());
        let again = StaffCancel { error: None, ..cmd(sheet.version) };
        assert!(matches!(refusal(booking::cancel_by_staff(&h.desk(), again).await), Refusal::WrongState { .. }));
    }

    /// C-4: moves, hand-overs and cancelling at once: one winner, the old time freed once, nothing twice.
    async fn of_several_at_once_one_wins(h: Harness) {
        for round in 0..4 {
            let id = id_of(&h, &enter(&h, &[HYDRATE], None, "2026-06-13 11:00").await).await;
            let tries = (0..8).map(|n| {
                let cx = h.desk();
                tokio::spawn(async move {
                    let reason = ChangeReason::CustomerAsked;
                    match n % 3 {
                        0 => booking::move_by_staff(&cx, because(to(id, 1, LIN, (10 + n, 30)), reason)).await.map(|_| ()),
                        1 => booking::move_by_staff(&cx, because(to(id, 1, CHEN, (11, 0)), reason)).await.map(|_| ()),
                        _ => {
                            let cmd = StaffCancel { booking: id, version: 1, reason: CancelReason::Other, error: None, note: None };
                            booking::cancel_by_staff(&cx, cmd).await
                        }
                    }
                })
            });
            let answers: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
            for answer in &answers {
                assert!(!matches!(answer, Err(Error::Internal(_) | Error::Unavailable(_))), "round {round}: {answer:?}");
            }
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "round {round}: {answers:?}");
            assert_eq!(h.overlaps().await, 0);
            let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
            if sheet.may_change {
                let cmd = StaffCancel { booking: id, version: sheet.version, reason: CancelReason::Other, error: None, note: None };
                booking::cancel_by_staff(&h.desk(), cmd).await.unwrap();
            }
            assert_eq!(allocations(&h).await, 0, "round {round}");
        }
    }

    async fn booking_for_a_customer(h: Harness) {
        let search = NewSearch { q: "1234".into(), customer: Some(LI), services: vec![HYDRATE], who: Some(LIN), day: Some(fixture::today()) };
        let page = booking::new_page(&h.desk(), JINGAN, search.clone()).await.unwrap();
        assert_eq!((page.hits.len(), page.customer.unwrap().id, page.minutes, page.arrive_early), (1, LI, 60, 10));
        assert!(page.times.iter().any(|slot| slot.free && slot.at.hhmm() == "10:15"), "inside the notice");
        assert!(page.categories.iter().flat_map(|c| &c.services).any(|s| !s.online), "what is not online, too");
        assert!(matches!(booking::new_page(&h.lin(), JINGAN, search).await, Err(Error::Forbidden)));

        let cmd = domain::booking::Enter { told: true, note: Some("走楼梯不方便".into()), ..enter_of(&[HYDRATE], Some(LIN), "2026-06-13 14:30") };
        let view = booking::enter(&h.desk(), JINGAN, cmd).await.unwrap();
        let sheet = booking::sheet(&h.desk(), id_of(&h, &view).await, (None, None)).await.unwrap();
        let kinds: Vec<_> = sheet.history.iter().map(|line| &*line.kind).collect();
        assert_eq!(kinds, ["booked", "told"], "BOOK-12");
        assert_eq!(sheet.history[0].note.as_deref(), Some("走楼梯不方便"));
        assert_eq!(sheet.phone, "13900001234");
        assert_eq!(booking::sheet(&h.lin(), sheet.id, (None, None)).await.unwrap().phone, "139 **** 1234", "masked");
    }

    async fn not_coming_is_counted(h: Harness) {
        for n in 0..3 {
            enter(&h, &[HYDRATE], Some(LIN), &format!("2026-06-1{} 14:30", 3 + n)).await;
            h.set_local(&format!("2026-06-1{} 15:30", 3 + n));
            booking::mark_no_shows(&h.system()).await.unwrap();
            h.set_local(&format!("2026-06-1{} 09:00", 4 + n));
        }
        let id = id_of(&h, &enter(&h, &[HYDRATE], Some(LIN), "2026-06-20 14:30").await).await;
        let sheet = booking::sheet(&h.desk(), id, (None, None)).await.unwrap();
        assert_eq!((sheet.no_shows, sheet.standing), (3, Standing::Often));
        let missed = day(&h.desk(), DAY, LaneKind::People).await;
        assert_eq!(lane(&missed, LIN), [(870, BlockKind::NoShow)]);
    }

    async fn a_private_calendar(h: Harness) {
        let lin = h.lin();
        assert_eq!(schedule::feed(&lin).await.unwrap().address, None);
        assert!(matches!(schedule::feed(&h.desk()).await, Err(Error::NotFound)), "cannot be booked");
        assert!(matches!(schedule::feed(&h.customer(WANG)).await, Err(Error::Forbidden)));
        let first = schedule::feed_renew(&lin).await.unwrap().address.unwrap();
        assert_eq!(schedule::feed(&lin).await.unwrap().address, Some(first.clone()), "shown again");
        let token = |address: &str| address.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
        let stored = h.number(&format!("SELECT COUNT(*) FROM calendar_feed WHERE token_hash = '{}'", token(&first))).await;
        assert_eq!(stored, 0, "only its hash is kept");

        let view = enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 14:30").await;
        enter(&h, &[HYDRATE], Some(ZHOU), "2026-06-13 14:30").await;
        let entries = schedule::feed_entries(&h.stranger(), &token(&first)).await.unwrap();
        assert_eq!(entries.len(), 1, "one's own only");
        assert_eq!((entries[0].surname.as_str(), entries[0].from.hhmm()), ("李", "14:30".into()));
        assert!(!entries[0].confirmed && entries[0].room.is_some());
        assert!(schedule::feed(&lin).await.unwrap().seen.is_some());
        let id = id_of(&h, &view).await;
        booking::move_by_staff(&h.desk(), to(id, 1, LIN, (16, 0))).await.unwrap();
        let moved = schedule::feed_entries(&h.stranger(), &token(&first)).await.unwrap();
        assert_eq!((moved[0].id, moved[0].from.hhmm()), (entries[0].id, "16:00".into()));
        assert!(moved[0].version > entries[0].version);

        let second = schedule::feed_renew(&lin).await.unwrap().address.unwrap();
        assert_ne!(first, second);
        assert!(matches!(schedule::feed_entries(&h.stranger(), &token(&first)).await, Err(Error::NotFound)));
        booking::cancel_by_staff(&h.desk(), StaffCancel { booking: id, version: 2, reason: CancelReason::Other, error: None, note: None }).await.unwrap();
        assert!(schedule::feed_entries(&h.stranger(), &token(&second)).await.unwrap().is_empty(), "gone when cancelled");
        schedule::feed_revoke(&lin).await.unwrap();
        assert_eq!(schedule::feed(&lin).await.unwrap().address, None);
        assert!(matches!(schedule::feed_entries(&h.stranger(), &token(&second)).await, Err(Error::NotFound)));
    }
}

//! What the manager sets (BOOK-1, BOOK-2, STAFF-5) and the bookings that a change strands, through public verbs on both
//! databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod booking_help;

use booking_help::*;
use domain::{
    BookingId, CredentialId, FieldCode, Refusal, ResourceId, StaffId,
    booking::{
        BookingState,
        stranded::{Brief, Cause, Resolve},
    },
    branch::{
        hours::{HoursForm, PolicyForm, SetHours, SetSpecial, SpecialForm},
        menu::{CategoryForm, ServiceForm, ServiceQuery, SetService},
        place::{DownForm, PlaceForm, SetDown},
    },
    staff::{CopyForm, CredentialForm, LeaveForm, PersonForm, SetPerson, ShiftForm},
};
use fixture::{
    BUBBLE, CHEN, FACIAL_ROOM_1, HYDRATE, IPL, JINGAN, LIGHT, LIGHT_ROOM, LIN, MASSAGE, XUHUI, ZHOU,
};
use store::{
    Error, booking, both_databases,
    branch::{hours, menu, place},
    staff,
};

const DAY: &str = "2026-06-16";

/// Why saving was refused: how many bookings, and the reason for the first.
#[track_caller]
fn strands<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u32, Cause) {
    match refusal(answer) {
        Refusal::WouldStrand { count, first } => (count, first.first().map(|b: &Brief| b.cause).unwrap()),
        other => panic!("would strand nothing: {other:?}"),
    }
}

async fn stranded(h: &Harness) -> Vec<(BookingId, Vec<Cause>)> {
    let page = booking::stranded::list(&h.manager(), JINGAN, None).await.unwrap();
    assert_eq!(page.count as usize, page.list.items.len());
    page.list.items.into_iter().map(|line| (line.booking, line.causes)).collect()
}

async fn causes(h: &Harness) -> Vec<Cause> {
    stranded(h).await.into_iter().flat_map(|(_, causes)| causes).collect()
}

async fn hours_now(h: &Harness) -> SetHours {
    let page = hours::page(&h.manager(), JINGAN).await.unwrap();
    SetHours { days: page.week.try_into().unwrap(), version: page.version, confirm: false }
}

async fn special(h: &Harness, hours: &str, confirm: bool) -> SetSpecial {
    let version = hours::page(&h.manager(), JINGAN).await.unwrap().version;
    let form = SpecialForm {
        day: DAY.into(),
        hours: hours.into(),
        version: version.to_string(),
        confirm: if confirm { "yes" } else { "" }.into(),
        ..SpecialForm::default()
    };
    form.check().unwrap()
}

async fn person(h: &Harness, id: StaffId, change: impl FnOnce(&mut PersonForm)) -> SetPerson {
    let mut form = staff::page(&h.manager(), JINGAN, Some(id)).await.unwrap().form;
    change(&mut form);
    form.check().unwrap()
}

async fn service(h: &Harness, id: domain::ServiceId, change: impl FnOnce(&mut ServiceForm)) -> SetService {
    let mut form = menu::page(&h.manager(), JINGAN, Some(id)).await.unwrap().form;
    change(&mut form);
    form.check().unwrap()
}

fn shift(staff: StaffId, day: &str, shifts: &str, version: i32) -> ShiftForm {
    ShiftForm {
        staff: staff.to_string(),
        day: day.into(),
        shifts: shifts.into(),
        version: version.to_string(),
        ..ShiftForm::default()
    }
}

fn down(id: ResourceId, act: &str, from: &str, to: &str, version: i32) -> SetDown {
    let form = DownForm {
        id: id.to_string(),
        act: act.into(),
        from_day: from.into(),
        to_day: to.into(),
        version: version.to_string(),
        ..DownForm::default()
    };
    form.check().unwrap()
}

both_databases! {
    /// Hours shortened, a day closed: asked back first, listed afterwards, gone once the hours are back.
    async fn closing_strands_what_is_booked(h: Harness) {
        let cx = h.manager();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        enter(&h, &[HYDRATE], Some(ZHOU), "2026-06-16 19:00").await;
        let mut cmd = hours_now(&h).await;
        cmd.days[1] = vec![(600, 1140)];
        assert_eq!(strands(hours::set_hours(&cx, JINGAN, cmd.clone()).await), (1, Cause::Closed));
        assert_eq!(hours_now(&h).await.days[1], [(600, 1260)], "nothing has happened");
        assert_eq!(booking::stranded::count(&cx, JINGAN).await.unwrap(), 0);

        cmd.confirm = true;
        hours::set_hours(&cx, JINGAN, cmd.clone()).await.unwrap();
        assert_eq!(causes(&h).await, [Cause::Closed]);
        assert_eq!(booking::stranded::count(&cx, JINGAN).await.unwrap(), 1);
        assert_eq!(refusal(hours::set_hours(&cx, JINGAN, cmd).await), Refusal::Stale, "C-11");

        // What was stranded before is not asked about again.
        assert_eq!(strands(hours::set_special(&cx, JINGAN, special(&h, "", false).await).await), (1, Cause::Closed));
        hours::set_special(&cx, JINGAN, special(&h, "", true).await).await.unwrap();
        assert_eq!(causes(&h).await, [Cause::Closed; 2]);
        assert!(free(&h, &[HYDRATE], ANYONE, DAY).await.is_empty());
        hours::set_special(&cx, JINGAN, special(&h, "10:00-21:00", false).await).await.unwrap();
        assert_eq!(causes(&h).await, []);
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'branch.%'").await, 3);
    }

    async fn a_day_off_is_seen_in_the_rota_and_in_the_list(h: Harness) {
        let cx = h.manager();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        let form = shift(LIN, DAY, "", 0);
        assert_eq!(strands(staff::save_shift(&cx, JINGAN, form.clone().check().unwrap()).await), (1, Cause::OffDuty));
        let confirmed = ShiftForm { confirm: "yes".into(), ..form };
        staff::save_shift(&cx, JINGAN, confirmed.clone().check().unwrap()).await.unwrap();
        assert_eq!(causes(&h).await, [Cause::OffDuty]);
        let page = staff::shift(&cx, JINGAN, LIN, DAY.parse().unwrap()).await.unwrap();
        assert!(page.cell.shifts.is_empty() && page.cell.breaks.is_empty());
        assert_eq!((page.version, page.cell.booked), (1, 75), "with preparation and clean-up");
        assert_eq!(refusal(staff::save_shift(&cx, JINGAN, confirmed.check().unwrap()).await), Refusal::Stale);
        let mut back = shift(LIN, DAY, "10:00-19:00", 1);
        back.breaks = "13:00-14:00".into();
        staff::save_shift(&cx, JINGAN, back.check().unwrap()).await.unwrap();
        assert_eq!(causes(&h).await, []);
        let past = shift(LIN, "2026-06-11", "10:00-12:00", 2).check().unwrap();
        assert!(matches!(staff::save_shift(&cx, JINGAN, past).await, Err(Error::Invalid(f)) if f[0].code == FieldCode::Past));
    }

    async fn leave_strands_and_can_be_taken_back(h: Harness) {
        let cx = h.manager();
        enter(&h, &[HYDRATE], Some(CHEN), "2026-06-17 11:00").await;
        let form = LeaveForm {
            staff: CHEN.to_string(),
            from: DAY.into(),
            to: "2026-06-18".into(),
            kind: "holiday".into(),
            note: "回老家".into(),
            ..LeaveForm::default()
        };
        assert_eq!(strands(staff::save_leave(&cx, JINGAN, form.clone().check().unwrap()).await), (1, Cause::OffDuty));
        let form = LeaveForm { confirm: "yes".into(), ..form };
        staff::save_leave(&cx, JINGAN, form.check().unwrap()).await.unwrap();
        assert_eq!(causes(&h).await, [Cause::OffDuty]);
        let week = staff::week(&cx, JINGAN, Some(DAY.parse().unwrap())).await.unwrap();
        let row = week.people.iter().find(|row| row.staff == CHEN).unwrap();
        let away: Vec<bool> = row.days.iter().map(|cell| cell.leave.is_some()).collect();
        assert_eq!(away, [false, true, true, true, false, false, false]);
        assert_eq!(week.cover[2].people, 2, "the others; 周琪 is back from Monday");
        let leave = week.leave.iter().find(|l| l.staff == CHEN).unwrap();
        assert_eq!(leave.note.as_deref(), Some("回老家"));
        staff::drop_leave(&cx, JINGAN, CHEN, leave.id, leave.version).await.unwrap();
        assert_eq!(causes(&h).await, []);
    }

    async fn rooms_and_devices_out_of_service(h: Harness) {
        let cx = h.manager();
        enter(&h, &[LIGHT], Some(LIN), "2026-06-16 11:00").await;
        let device = down(IPL, "down", DAY, DAY, 0);
        assert_eq!(strands(place::set_down(&cx, JINGAN, device.clone()).await), (1, Cause::DeviceDown));
        place::set_down(&cx, JINGAN, SetDown { confirm: true, ..device }).await.unwrap();
        assert_eq!(causes(&h).await, [Cause::DeviceDown]);
        assert!(free(&h, &[LIGHT], ANYONE, DAY).await.is_empty(), "not offered while it is down");
        assert!(!free(&h, &[LIGHT], ANYONE, "2026-06-17").await.is_empty());
        place::set_down(&cx, JINGAN, down(IPL, "up", "", "", 1)).await.unwrap();
        assert_eq!(causes(&h).await, []);
        let retired = down(LIGHT_ROOM, "retire", "", "", 0);
        assert_eq!(strands(place::set_down(&cx, JINGAN, retired).await), (1, Cause::RoomDown));
        // Until further notice, from tomorrow on.
        place::set_down(&cx, JINGAN, down(FACIAL_ROOM_1, "down", "2026-06-13", "", 0)).await.unwrap();
        let page = place::page(&cx, JINGAN).await.unwrap();
        let room = page.places.iter().find(|p| p.id == FACIAL_ROOM_1).unwrap();
        assert!(!room.down_now && room.down.len() == 1 && room.down[0].to.is_none());
        let form = PlaceForm {
            kind: "room".into(),
            type_code: "facial".into(),
            name_zh: "护理间 3".into(),
            ..PlaceForm::default()
        };
        place::save(&cx, JINGAN, form.check().unwrap()).await.unwrap();
        assert_eq!(place::page(&cx, JINGAN).await.unwrap().places.len(), 6);
    }

    async fn people_certificates_and_skills(h: Harness) {
        let cx = h.manager();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        let cmd = person(&h, LIN, |form| form.skills = "light".into()).await;
        assert_eq!(strands(staff::save(&cx, JINGAN, cmd).await), (1, Cause::NotSkilled));
        let cmd = person(&h, LIN, |form| form.bookable = String::new()).await;
        assert_eq!(strands(staff::save(&cx, JINGAN, cmd).await), (1, Cause::PersonGone));
        let cmd = person(&h, LIN, |form| form.left = "2026-06-15".into()).await;
        assert_eq!(strands(staff::save(&cx, JINGAN, cmd).await), (1, Cause::OffDuty), "gone from that day on");
        let cmd = person(&h, LIN, |form| form.left = "2026-06-17".into()).await;
        staff::save(&cx, JINGAN, cmd).await.unwrap();
        assert!(free(&h, &[LIGHT], Some(LIN), "2026-06-18").await.is_empty());

        let ends = CredentialForm {
            staff: LIN.to_string(),
            id: fixture::LIN_FACIAL.to_string(),
            qualification: "facial".into(),
            number: "SH-61".into(),
            from: "2026-01-01".into(),
            to: "2026-06-15".into(),
            version: "1".into(),
            ..CredentialForm::default()
        };
        assert_eq!(strands(staff::save_credential(&cx, JINGAN, ends.clone().check().unwrap()).await), (1, Cause::NotCertified));
        let new = CredentialForm { id: String::new(), to: "2028-01-01".into(), ..ends };
        staff::save_credential(&cx, JINGAN, new.check().unwrap()).await.unwrap();
        assert_eq!(staff::page(&cx, JINGAN, Some(LIN)).await.unwrap().credentials.len(), 3);

        let form = PersonForm {
            name_zh: "高媛".into(),
            title_zh: "美容师".into(),
            position: "9".into(),
            bookable: "true".into(),
            skills: "facial".into(),
            ..PersonForm::default()
        };
        let new = staff::save(&cx, JINGAN, form.check().unwrap()).await.unwrap();
        let all = staff::list(&cx, JINGAN).await.unwrap();
        assert_eq!(all.iter().find(|p| p.id == new).map(|p| p.certified_until), Some(None), "no certificate yet");
    }

    /// BOOK-8: a service may change; what is booked keeps its price and minutes.
    async fn services_are_changed_retired_and_brought_back(h: Harness) {
        let cx = h.manager();
        let view = enter(&h, &[MASSAGE], Some(CHEN), "2026-06-16 11:00").await;
        let cmd = service(&h, MASSAGE, |form| {
            form.price = "398".into();
            form.active = "90".into();
            form.name_en = "Neck and shoulders, long".into();
        })
        .await;
        menu::save(&cx, JINGAN, cmd.clone()).await.unwrap();
        assert_eq!(refusal(menu::save(&cx, JINGAN, cmd).await), Refusal::Stale);
        let kept = booking::view(&cx, &view.token).await.unwrap();
        assert_eq!((kept.price, kept.items[0].minutes), (view.price, 60));
        let card = h.store.catalog(JINGAN).await.unwrap().service(MASSAGE).unwrap().card();
        assert_eq!((card.minutes, card.price.0), (90, 39_800));

        menu::retire(&cx, JINGAN, MASSAGE, 2, false).await.unwrap();
        assert_eq!(causes(&h).await, [], "what is booked is kept");
        let list = |retired| ServiceQuery { retired, ..ServiceQuery::default() };
        assert_eq!(menu::list(&cx, JINGAN, list(true)).await.unwrap().list.items.len(), 1);
        assert_eq!(menu::list(&cx, JINGAN, list(false)).await.unwrap().list.items.len(), 3);
        menu::retire(&cx, JINGAN, MASSAGE, 3, true).await.unwrap();
        let found = ServiceQuery { q: "LIGHT".into(), ..ServiceQuery::default() };
        assert_eq!(menu::list(&cx, JINGAN, found).await.unwrap().list.items[0].id, LIGHT);

        let cmd = service(&h, MASSAGE, |form| form.branches = String::new()).await;
        assert_eq!(strands(menu::save(&cx, JINGAN, cmd).await), (1, Cause::NotOffered));
        let cmd = service(&h, MASSAGE, |form| form.qualification = "stones".into()).await;
        assert_eq!(strands(menu::save(&cx, JINGAN, cmd).await), (1, Cause::NotSkilled));
    }

    async fn what_branches_share_is_the_owners(h: Harness) {
        let cx = h.manager();
        let mut cmd = service(&h, BUBBLE, |_| ()).await;
        cmd.branches = vec![JINGAN, XUHUI];
        menu::save(&h.owner(), JINGAN, cmd).await.unwrap();
        let page = menu::page(&cx, JINGAN, Some(BUBBLE)).await.unwrap();
        assert!(page.shared && !page.may_edit);
        // The manager takes it off the own menu and changes nothing else.
        let cmd = service(&h, BUBBLE, |form| {
            form.price = "1".into();
            form.branches = String::new();
        })
        .await;
        menu::save(&cx, JINGAN, cmd).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM service WHERE price_fen = 100").await, 0);
        assert_eq!(h.number("SELECT COUNT(*) FROM service_branch").await, 4, "still offered elsewhere");
        assert!(matches!(menu::retire(&cx, JINGAN, BUBBLE, 3, false).await, Err(Error::Forbidden)));
        let heading = CategoryForm { name_zh: "手部".into(), position: "3".into(), ..CategoryForm::default() };
        let heading = heading.check().unwrap();
        assert!(matches!(menu::save_category(&cx, JINGAN, heading.clone()).await, Err(Error::Forbidden)));
        menu::save_category(&h.owner(), JINGAN, heading).await.unwrap();
        let page = menu::list(&cx, JINGAN, ServiceQuery::default()).await.unwrap();
        assert_eq!((page.categories.len(), page.version), (3, 1));
    }

    /// The rota of a week is copied; overlapping shifts are refused by the database itself.
    async fn weeks_are_copied(h: Harness) {
        let cx = h.manager();
        let night = shift(LIN, "2026-06-21", "18:00-02:00", 0).check().unwrap();
        staff::save_shift(&cx, JINGAN, night).await.unwrap();
        let week = staff::week(&cx, JINGAN, Some(DAY.parse().unwrap())).await.unwrap();
        let copy = |who: &str, to: &str, weeks: &str, stamp: i64| {
            let form = CopyForm {
                week: DAY.into(),
                who: who.into(),
                to: to.into(),
                weeks: weeks.into(),
                stamp: stamp.to_string(),
                ..CopyForm::default()
            };
            form.check().unwrap()
        };
        staff::copy_week(&cx, JINGAN, copy("", "", "2", week.stamp)).await.unwrap();
        assert_eq!(refusal(staff::copy_week(&cx, JINGAN, copy("", "", "2", week.stamp)).await), Refusal::Stale);
        let cells = |page: &domain::staff::RotaPage, who: StaffId| {
            page.people.iter().find(|row| row.staff == who).unwrap().days.clone()
        };
        for day in ["2026-06-28", "2026-07-05"] {
            let next = staff::week(&cx, JINGAN, Some(day.parse().unwrap())).await.unwrap();
            let sunday = &cells(&next, LIN)[6];
            assert_eq!((&sunday.shifts, sunday.breaks.len()), (&vec![(1080, 1560)], 0), "{day}");
            assert_eq!(cells(&next, CHEN)[0].breaks, [(840, 900)]);
        }
        let stamp = staff::week(&cx, JINGAN, None).await.unwrap().stamp;
        staff::copy_week(&cx, JINGAN, copy(&LIN.to_string(), &ZHOU.to_string(), "", stamp)).await.unwrap();
        let week = staff::week(&cx, JINGAN, Some(DAY.parse().unwrap())).await.unwrap();
        assert_eq!(
            cells(&week, ZHOU).iter().map(|c| c.shifts.clone()).collect::<Vec<_>>(),
            cells(&week, LIN).iter().map(|c| c.shifts.clone()).collect::<Vec<_>>(),
        );

        let row = |from: &str, to: &str| format!(
            "INSERT INTO rota (id, staff_id, branch_id, kind, from_ms, to_ms) VALUES ({}, {}, {}, 'shift', {}, {})",
            h.uuid_literal(CredentialId::new().0), h.uuid_literal(LIN.0), h.uuid_literal(JINGAN.0),
            fixture::at(from).timestamp_millis(), fixture::at(to).timestamp_millis(),
        );
        assert!(h.try_sql(&row("2026-06-16 18:59", "2026-06-16 20:00")).await.is_err());
        assert!(h.try_sql(&row("2027-06-16 08:00", "2027-06-17 08:01")).await.is_err(), "longer than a day");
        h.try_sql(&row("2026-06-16 19:00", "2026-06-16 20:00")).await.unwrap();
        // A night that runs into the next morning's shift is refused in words.
        let late = shift(CHEN, "2026-06-18", "18:00-11:00", 3).check().unwrap();
        let version = staff::shift(&cx, JINGAN, CHEN, "2026-06-18".parse().unwrap()).await.unwrap().version;
        let late = domain::staff::SetShift { version, ..late };
        assert_eq!(refusal(staff::save_shift(&cx, JINGAN, late).await), Refusal::ShiftsOverlap);
    }

    /// C-22: Berlin's clocks go forward on 29 March 2026; copied shifts keep their times on the wall.
    async fn a_copied_week_survives_the_changing_of_clocks(h: Harness) {
        h.sql("UPDATE branch SET tz = 'Europe/Berlin'").await;
        h.sql("DELETE FROM rota").await;
        h.clock.set("2026-03-16T08:00:00Z".parse().unwrap());
        h.store.forget_kept();
        let cx = h.manager();
        for (version, day) in (0..).zip(["2026-03-21", "2026-03-22"]) {
            staff::save_shift(&cx, JINGAN, shift(LIN, day, "20:00-04:00", version).check().unwrap()).await.unwrap();
        }
        let form = CopyForm {
            week: "2026-03-16".into(),
            weeks: "2".into(),
            stamp: "2".into(),
            ..CopyForm::default()
        };
        staff::copy_week(&cx, JINGAN, form.check().unwrap()).await.unwrap();
        for day in ["2026-03-28", "2026-04-05"] {
            let page = staff::shift(&cx, JINGAN, LIN, day.parse().unwrap()).await.unwrap();
            assert_eq!(page.cell.shifts, [(1200, 1680)], "{day}");
        }
        let hours = "SELECT COUNT(*) FROM rota WHERE to_ms - from_ms = 25200000";
        assert_eq!(h.number(hours).await, 1, "one night has seven hours");
    }

    /// The ways out of a stranded booking: offered, taken once, or given up.
    async fn stranded_bookings_are_resolved(h: Harness) {
        let cx = h.manager();
        let one = enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        let two = enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 15:00").await;
        let off = ShiftForm { confirm: "yes".into(), ..shift(LIN, DAY, "", 0) };
        staff::save_shift(&cx, JINGAN, off.check().unwrap()).await.unwrap();
        let found = stranded(&h).await;
        assert_eq!(found.len(), 2);
        let page = booking::stranded::resolve_page(&cx, JINGAN, found[0].0).await.unwrap();
        assert!(!page.settled);
        let best = &page.offers[0];
        assert!(best.same_time, "{:?}", page.offers);
        assert_eq!(best.staff[0].zh, "陈静", "周琪 begins at noon");
        assert!(page.offers.iter().any(|offer| offer.same_person), "{:?}", page.offers);
        let cmd = Resolve { booking: found[0].0, at: best.at.utc, who: best.who, version: page.version, key: key() };
        booking::stranded::resolve(&cx, JINGAN, cmd.clone()).await.unwrap();
        booking::stranded::resolve(&cx, JINGAN, cmd.clone()).await.unwrap();
        let stale = Resolve { key: key(), ..cmd };
        assert_eq!(refusal(booking::stranded::resolve(&cx, JINGAN, stale).await), Refusal::Stale);
        let moved = booking::view(&cx, &one.token).await.unwrap();
        assert_eq!((moved.items[0].staff, moved.from), (CHEN, one.from));
        assert_eq!(stranded(&h).await.len(), 1);
        assert!(booking::stranded::resolve_page(&cx, JINGAN, found[0].0).await.unwrap().settled);

        let page = booking::stranded::resolve_page(&cx, JINGAN, found[1].0).await.unwrap();
        booking::stranded::give_up(&cx, JINGAN, found[1].0, page.version, Some("林晓雯当天请假".into())).await.unwrap();
        let gone = booking::view(&cx, &two.token).await.unwrap();
        assert_eq!(gone.state, BookingState::CancelledBySalon);
        assert_eq!(booking::stranded::count(&cx, JINGAN).await.unwrap(), 0);
        assert_eq!(h.overlaps().await, 0);
    }

    /// C-35: nobody sets anything in another branch, nor of one.
    async fn another_branch_is_out_of_reach(h: Harness) {
        let away = h.manager_elsewhere();
        let cmd = hours_now(&h).await;
        assert!(matches!(hours::set_hours(&away, JINGAN, cmd).await, Err(Error::Forbidden)));
        assert!(matches!(staff::list(&away, JINGAN).await, Err(Error::Forbidden)));
        assert!(matches!(booking::stranded::list(&away, JINGAN, None).await, Err(Error::Forbidden)));
        // Ids of the other branch, named in the own one.
        let off = shift(LIN, DAY, "", 0).check().unwrap();
        assert!(matches!(staff::save_shift(&away, XUHUI, off).await, Err(Error::NotFound)));
        assert!(matches!(place::set_down(&away, XUHUI, down(IPL, "retire", "", "", 0)).await, Err(Error::NotFound)));
        assert!(matches!(staff::page(&away, XUHUI, Some(LIN)).await, Err(Error::NotFound)));
        let view = enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        let id = BookingId(h.id("SELECT id FROM booking").await);
        assert!(matches!(booking::stranded::resolve_page(&away, XUHUI, id).await, Err(Error::NotFound)));
        assert!(matches!(booking::stranded::give_up(&away, XUHUI, id, 1, None).await, Err(Error::NotFound)));
        assert_eq!(booking::view(&away, &view.token).await.unwrap().state, view.state);
        for cx in [h.desk(), h.lin(), h.stranger()] {
            assert!(hours::page(&cx, JINGAN).await.is_err());
            assert!(staff::week(&cx, JINGAN, None).await.is_err());
        }
    }

    async fn rules_are_kept_per_branch_and_heard_elsewhere(h: Harness) {
        let other = h.second().await;
        let _ = other.catalog(JINGAN).await.unwrap();
        let cx = h.manager();
        let page = hours::page(&cx, JINGAN).await.unwrap();
        let form = PolicyForm { notice: "30".into(), remind_first: "0".into(), ..PolicyForm::of(&page.policy, page.version) };
        hours::set_policy(&cx, JINGAN, form.check().unwrap()).await.unwrap();
        assert_eq!(h.store.catalog(JINGAN).await.unwrap().branch.policy.notice, 30);
        assert_eq!(h.store.catalog(XUHUI).await.unwrap().branch.policy.notice, 120);
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-16 11:00").await;
        assert_eq!(h.number("SELECT COUNT(*) FROM booking WHERE remind_at < remind_last").await, 0, "only the last one");
        let again = HoursForm { version: page.version.to_string(), ..HoursForm::default() };
        assert_eq!(refusal(hours::set_hours(&cx, JINGAN, again.check().unwrap()).await), Refusal::Stale);
        if h.store.backend() == sea_orm::DbBackend::Postgres {
            let heard = async {
                while other.catalog(JINGAN).await.unwrap().branch.policy.notice != 30 {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            };
            tokio::time::timeout(std::time::Duration::from_secs(10), heard).await.unwrap();
        }
    }
}

//! C-35: every server function, asked by every role of either branch, a customer and a stranger, with ids that belong to
//! 静安店. Whoever may not gets 401, 403 or 404 and no data. A function that is missing here makes the test fail.

use crate::support::{Site, Visitor, fixture};
use domain::{
    Actor, BranchId, Role, StaffId, UserId,
    permission::{Action, Scope, allows},
};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
};
use store::both_databases;

/// Who may.
#[derive(Clone, Copy)]
enum Rule {
    Anyone,
    /// Who may book for themselves: all but the staff.
    ForSelf,
    /// Whoever has the link; this one leads nowhere.
    DeadLink,
    SignedIn,
    Customer,
    Staff,
    Owner,
    /// By the table of permissions, on what belongs to …
    May(Action, On),
}

#[derive(Clone, Copy)]
enum On {
    /// the actor's own branch (the owner looks at the first).
    OwnBranch,
    /// 静安店.
    Jingan,
    /// 林晓雯 of 静安店.
    Lin,
    /// whoever asks, in the own branch.
    Own,
}

/// What the calls are about.
struct Ids {
    booking: String,
    visit: String,
    item: String,
    question: String,
    call: String,
    handover: String,
    band: String,
}

type Fields = Vec<(&'static str, String)>;

struct Call {
    name: &'static str,
    rule: Rule,
    fields: fn(&Ids) -> Fields,
}

const fn call(name: &'static str, rule: Rule, fields: fn(&Ids) -> Fields) -> Call {
    Call { name, rule, fields }
}

fn none(_: &Ids) -> Fields {
    vec![]
}

fn dead(_: &Ids) -> Fields {
    vec![("token", "no-such-token".into())]
}

fn item(ids: &Ids) -> Fields {
    vec![("item", ids.item.clone())]
}

fn visit(ids: &Ids) -> Fields {
    vec![("visit", ids.visit.clone())]
}

fn question(ids: &Ids) -> Fields {
    vec![
        ("question", ids.question.clone()),
        ("version", "99".into()),
        ("to", fixture::MANAGER.to_string()),
        ("outcome", "说好了".into()),
    ]
}

fn dead_door(_: &Ids) -> Fields {
    vec![
        ("slug", "jingan".into()),
        ("link", "no-such-token".into()),
        ("tail", "2716".into()),
        ("number", "1234".into()),
        ("name", "孙悦".into()),
        ("phone", "13700009999".into()),
        ("services[0]", fixture::HYDRATE.to_string()),
        ("key", "walk".into()),
    ]
}

fn dead_hold(_: &Ids) -> Fields {
    vec![
        ("hold", "no-such-token".into()),
        ("name", "孙悦".into()),
        ("phone", "13700009999".into()),
        ("code", "123456".into()),
        ("key", "walk".into()),
    ]
}

fn code(_: &Ids) -> Fields {
    vec![("phone", "13700009998".into()), ("code", "000000".into())]
}

/// A wish to be told of a free time.
fn wait() -> Fields {
    vec![
        ("services", fixture::HYDRATE.to_string()),
        ("first", "2026-06-20".into()),
        ("last", "2026-06-20".into()),
        ("morning", "on".into()),
        ("key", "wait".into()),
    ]
}

/// The order matters only at the end: the last ones end sessions.
fn calls() -> Vec<Call> {
    use Action as A;
    use On::{Jingan, Lin, Own, OwnBranch};
    use Rule::{Anyone, Customer, DeadLink, ForSelf, May, Owner, SignedIn, Staff};
    vec![
        call("account/me", Anyone, none),
        call("account/sign_in", Anyone, |_| vec![("username", "nobody".into()), ("password", "x".into())]),
        call("account/branches", Staff, none),
        call("account/look_at", Owner, |_| vec![("branch", fixture::JINGAN.to_string())]),
        call("account/factor_begin", Staff, none),
        call("account/factor_confirm", Staff, |_| vec![("code", "123456".into())]),
        call("account/factor_disable", Staff, |_| vec![("password", "x".into())]),
        call("account/change_password", Staff, |_| {
            vec![("old", "x".into()), ("new", "a new and long password".into())]
        }),
        call("booking/page", Anyone, |_| vec![("branch", "jingan".into())]),
        call("booking/times", Anyone, |_| {
            vec![
                ("branch", "jingan".into()),
                ("services", fixture::HYDRATE.to_string()),
                ("day", "2026-06-20".into()),
                ("days", "31".into()),
            ]
        }),
        call("booking/hold", ForSelf, |_| {
            vec![
                ("branch", "jingan".into()),
                ("services", fixture::HYDRATE.to_string()),
                ("at", fixture::at("2026-06-20 11:00").timestamp_millis().to_string()),
                ("key", "walk".into()),
            ]
        }),
        call("booking/held", DeadLink, dead),
        call("booking/release", DeadLink, |_| {
            vec![("token", "no-such-token".into()), ("branch", "jingan".into())]
        }),
        call("booking/send_code", DeadLink, dead_hold),
        call("booking/book", DeadLink, dead_hold),
        call("booking/view", DeadLink, dead),
        call("booking/cancel", DeadLink, |_| {
            vec![("token", "no-such-token".into()), ("reason", "unwell".into())]
        }),
        call("booking/confirm", DeadLink, dead),
        call("booking/move_page", DeadLink, dead),
        call("booking/reschedule", DeadLink, |_| {
            vec![
                ("token", "no-such-token".into()),
                ("at", fixture::at("2026-06-20 11:00").timestamp_millis().to_string()),
                ("key", "walk".into()),
            ]
        }),
        call("branch/chain", Anyone, none),
        call("branch/salon", Anyone, |_| vec![("slug", "jingan".into())]),
        call("care/recheck", DeadLink, dead),
        call("care/book_recheck", DeadLink, |_| {
            vec![
                ("token", "no-such-token".into()),
                ("at", fixture::at("2026-06-20 11:00").timestamp_millis().to_string()),
                ("key", "walk".into()),
            ]
        }),
        call("care/decline", DeadLink, dead),
        call("care/outcome", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("outcome", "fine".into()), ("version", "1".into())]
        }),
        call("care/calls", May(A::FollowUp, Own), none),
        call("care/record_call", DeadLink, |_| {
            vec![
                ("call", fixture::LIN.to_string()),
                ("outcome", "fine".into()),
                ("version", "1".into()),
                ("key", "walk".into()),
            ]
        }),
        call("care/take_concern", DeadLink, |_| {
            vec![("concern", fixture::LIN.to_string()), ("version", "1".into())]
        }),
        call("care/close_concern", DeadLink, |_| {
            vec![("concern", fixture::LIN.to_string()), ("note", "x".into()), ("version", "1".into())]
        }),
        call("care/of_booking", Anyone, dead),
        call("care/set_calls", Customer, none),
        call("sop/list", May(A::EditSop, OwnBranch), none),
        call("sop/page", May(A::EditSop, Jingan), |_| vec![("service", fixture::HYDRATE.to_string())]),
        call("sop/edit", May(A::EditSop, Jingan), |_| {
            vec![
                ("service", fixture::HYDRATE.to_string()),
                ("version", "0".into()),
                ("act", "add".into()),
                ("phase", "after".into()),
                ("zh", "送到门口".into()),
                ("en", "See to the door".into()),
            ]
        }),
        call("sop/publish", May(A::EditSop, Jingan), |_| {
            vec![
                ("service", fixture::HYDRATE.to_string()),
                ("version", "99".into()),
                ("note", "加一步".into()),
            ]
        }),
        call("sop/discard", May(A::EditSop, Jingan), |_| {
            vec![("service", fixture::HYDRATE.to_string()), ("version", "99".into())]
        }),
        call("sop/advice", May(A::EditSop, Jingan), |_| {
            vec![
                ("service", fixture::HYDRATE.to_string()),
                ("act", "save".into()),
                ("zh", "多喝水".into()),
                ("en", "Drink water".into()),
            ]
        }),
        call("care/save_policy", May(A::EditSop, Jingan), |_| {
            vec![
                ("service", fixture::HYDRATE.to_string()),
                ("recheck_days", "7".into()),
                ("recheck_minutes", "20".into()),
                ("remind_day", "5".into()),
                ("call_days", "1,3,7".into()),
                ("tries", "3".into()),
            ]
        }),
        call("care/save_script", May(A::EditSop, Jingan), |_| {
            vec![("service", fixture::HYDRATE.to_string()), ("day", "1".into())]
        }),
        call("ops/baths", May(A::ReadBaths, OwnBranch), none),
        call("ops/read_bath", DeadLink, |_| {
            vec![("area", fixture::LIN.to_string()), ("water", "40".into()), ("key", "walk".into())]
        }),
        call("ops/bath_work", DeadLink, |_| {
            vec![("job", fixture::LIN.to_string()), ("note", "x".into()), ("version", "1".into())]
        }),
        call("ops/bath_limits", May(A::SetBathLimits, OwnBranch), |_| {
            [
                ("water_low", "36"),
                ("water_high", "42"),
                ("sauna_low", "70"),
                ("sauna_high", "95"),
                ("ph_low", "7.0"),
                ("ph_high", "7.8"),
                ("chlorine_low", "0.3"),
                ("chlorine_high", "1.0"),
                ("humidity_low", "10"),
                ("humidity_high", "100"),
                ("every_hours", "2"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec()
        }),
        call("customer/mine", Customer, none),
        call("customer/pending_phone", Anyone, none),
        call("customer/send_code", Anyone, code),
        call("customer/other_phone", Anyone, none),
        call("customer/sign_in", Anyone, code),
        call("customer/queue", DeadLink, dead),
        call("desk/board", May(A::SeeBoard, OwnBranch), none),
        call("desk/find", May(A::FindCustomer, OwnBranch), |_| vec![("q", "王".into())]),
        call("desk/check_in", May(A::CheckIn, Jingan), |ids| vec![("booking", ids.booking.clone())]),
        call("desk/walk_in_page", May(A::AddWalkIn, OwnBranch), none),
        call("desk/walk_in", May(A::AddWalkIn, OwnBranch), |_| {
            vec![
                ("customer", fixture::LI.to_string()),
                ("services[0]", fixture::HYDRATE.to_string()),
                ("key", "walk-in".into()),
            ]
        }),
        call("desk/ticket", DeadLink, dead),
        call("desk/told", May(A::AssignVisit, Jingan), visit),
        call("desk/reason", May(A::AssignVisit, Jingan), |ids| {
            vec![("visit", ids.visit.clone()), ("reason", "other".into())]
        }),
        call("desk/assign", May(A::AssignVisit, Jingan), |ids| {
            vec![("visit", ids.visit.clone()), ("staff", fixture::LIN.to_string()), ("version", "99".into())]
        }),
        call("desk/call_next", May(A::AssignVisit, OwnBranch), none),
        call("desk/ask", May(A::KeepDesk, OwnBranch), |_| {
            vec![("text", "要发票".into()), ("key", "walk".into())]
        }),
        call("desk/hand", May(A::KeepDesk, Jingan), question),
        call("desk/accept", May(A::KeepDesk, Jingan), question),
        call("desk/close", May(A::KeepDesk, Jingan), question),
        call("desk/phone_page", May(A::KeepDesk, OwnBranch), none),
        call("desk/log_call", May(A::KeepDesk, OwnBranch), |_| {
            vec![
                ("rings", "2".into()),
                ("answered", "yes".into()),
                ("matter", "price".into()),
                ("key", "walk".into()),
            ]
        }),
        call("desk/called_back", May(A::KeepDesk, Jingan), |ids| {
            vec![("call", ids.call.clone()), ("version", "99".into())]
        }),
        call("desk/bands_page", May(A::KeepDesk, OwnBranch), none),
        call("desk/give_band", May(A::KeepDesk, Jingan), |ids| {
            vec![("visit", ids.visit.clone()), ("band", "001".into()), ("key", "walk".into())]
        }),
        call("desk/band_back", May(A::KeepDesk, Jingan), |ids| {
            vec![("out", ids.band.clone()), ("version", "99".into())]
        }),
        call("desk/band_found", May(A::KeepDesk, OwnBranch), |_| vec![("band", "999".into())]),
        call("desk/register_bands", May(A::SetUpDesk, OwnBranch), |_| {
            vec![("kind", "locker".into()), ("from", "1".into()), ("to", "3".into())]
        }),
        call("desk/handover_page", May(A::KeepDesk, OwnBranch), none),
        call("desk/handover", May(A::KeepDesk, Jingan), |ids| vec![("id", ids.handover.clone())]),
        call("desk/give_shift", May(A::KeepDesk, OwnBranch), |_| vec![("key", "walk".into())]),
        call("desk/take_shift", May(A::KeepDesk, Jingan), |ids| {
            vec![("handover", ids.handover.clone()), ("version", "99".into())]
        }),
        call("desk/scripts", May(A::SeeBoard, OwnBranch), none),
        call("desk/save_script", May(A::SetUpDesk, OwnBranch), |_| {
            vec![
                ("moment", "waiting".into()),
                ("title_zh", "等".into()),
                ("title_en", "Wait".into()),
                ("text_zh", "请稍等".into()),
                ("text_en", "One moment".into()),
            ]
        }),
        call("desk/usual_scripts", May(A::SetUpDesk, OwnBranch), none),
        call("desk/links", May(A::SetUpDesk, OwnBranch), none),
        call("desk/renew_link", May(A::SetUpDesk, OwnBranch), |_| {
            vec![("kind", "arrive".into()), ("anew", "true".into())]
        }),
        call("desk/screen", DeadLink, dead),
        call("customer/arrive_page", DeadLink, dead_door),
        call("customer/arrive", DeadLink, dead_door),
        call("customer/here", DeadLink, dead),
        call("customer/take_ticket", DeadLink, dead_door),
        call("promise/wall", Anyone, |_| vec![("slug", "jingan".into())]),
        call("promise/records", Anyone, |_| vec![("slug", "jingan".into()), ("code", "WAIT".into())]),
        call("schedule/page", May(A::SeeBoard, OwnBranch), none),
        call("schedule/booking", May(A::SeeBoard, Jingan), |ids| vec![("booking", ids.booking.clone())]),
        call("schedule/places", May(A::OverrideBooking, Jingan), |ids| {
            vec![("booking", ids.booking.clone()), ("from", "2026-06-13".into()), ("to", "2026-06-13".into())]
        }),
        call("schedule/move", May(A::OverrideBooking, Jingan), |ids| {
            vec![
                ("booking", ids.booking.clone()),
                ("version", "99".into()),
                ("who", fixture::LIN.to_string()),
                ("day", "2026-06-13".into()),
                ("time", "16:00".into()),
                ("key", "walk".into()),
            ]
        }),
        call("schedule/cancel", May(A::OverrideBooking, Jingan), |ids| {
            vec![("booking", ids.booking.clone()), ("version", "99".into()), ("reason", "other".into())]
        }),
        call("schedule/error", May(A::OverrideBooking, Jingan), |ids| {
            vec![("booking", ids.booking.clone()), ("version", "99".into()), ("error", "wrong_time".into())]
        }),
        call("schedule/new_page", May(A::AddWalkIn, OwnBranch), none),
        call("schedule/enter", May(A::AddWalkIn, OwnBranch), |_| {
            vec![
                ("customer", fixture::LI.to_string()),
                ("services", fixture::HYDRATE.to_string()),
                ("at", fixture::at("2026-06-14 11:00").timestamp_millis().to_string()),
                ("key", "walk-enter".into()),
            ]
        }),
        call("schedule/feed", Staff, none),
        call("schedule/feed_renew", Staff, none),
        call("schedule/feed_revoke", Staff, none),
        call("series/plan", May(A::AddWalkIn, OwnBranch), none),
        call("series/book", May(A::AddWalkIn, OwnBranch), |_| {
            vec![
                ("customer", fixture::LI.to_string()),
                ("services", fixture::HYDRATE.to_string()),
                ("times[0]", fixture::at("2026-06-21 11:00").timestamp_millis().to_string()),
                ("times[1]", fixture::at("2026-06-22 11:00").timestamp_millis().to_string()),
                ("key", "series".into()),
            ]
        }),
        call("series/view", DeadLink, |_| vec![("series", fixture::LI.to_string())]),
        call("series/shift", DeadLink, |_| {
            vec![
                ("token", "no-such-token".into()),
                ("day", "2026-06-21".into()),
                ("time", "12:00".into()),
                ("key", "shift".into()),
            ]
        }),
        call("series/cancel", DeadLink, dead),
        call("survey/page", DeadLink, dead),
        call("survey/answer", DeadLink, |_| {
            vec![("token", "no-such-token".into()), ("overall", "5".into()), ("key", "walk".into())]
        }),
        call("treat/my_day", May(A::SeeDayList, Lin), |_| vec![("who", fixture::LIN.to_string())]),
        call("treat/treatment", May(A::Treat, Lin), item),
        call("treat/greet", May(A::Treat, Lin), item),
        call("treat/start", May(A::Treat, Lin), item),
        call("treat/tick", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("step", fixture::LIN.to_string()), ("state", "done".into())]
        }),
        call("treat/note", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("text", "皮肤偏干".into()), ("key", "walk".into())]
        }),
        call("treat/late_tick", May(A::Treat, Lin), |ids| {
            let key = ("key", "walk".into());
            vec![
                ("item", ids.item.clone()),
                ("step", fixture::LIN.to_string()),
                ("state", "done".into()),
                key,
            ]
        }),
        call("treat/late_note", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("text", "皮肤偏干".into()), ("key", "walk".into())]
        }),
        call("treat/aftercare", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("told[0]", fixture::LIN.to_string())]
        }),
        call("consult/facts", May(A::RecordFacts, Lin), item),
        call("consult/answer", May(A::RecordFacts, Lin), |ids| {
            vec![
                ("item", ids.item.clone()),
                ("answers[0][kind]", "allergy".into()),
                ("answers[0][answer]", "none".into()),
                ("key", "walk".into()),
            ]
        }),
        call("consult/allow", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("reason", "试过一小块".into())]
        }),
        call("treat/prepare", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("what", "room".into()), ("state", "done".into())]
        }),
        call("treat/feel", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("reactions[0]", "heat".into()), ("key", "walk".into())]
        }),
        call("treat/incident", May(A::Treat, Lin), |ids| {
            vec![
                ("item", ids.item.clone()),
                ("severity", "mild".into()),
                ("what", "发红".into()),
                ("key", "walk".into()),
            ]
        }),
        call("treat/first_aid", DeadLink, |_| {
            vec![("incident", fixture::LIN.to_string()), ("steps[0]", "rinse".into())]
        }),
        call("treat/use_product", May(A::Treat, Lin), |ids| {
            vec![
                ("item", ids.item.clone()),
                ("product", fixture::LIN.to_string()),
                ("batch", "B1".into()),
                ("amount", "1".into()),
                ("key", "walk".into()),
            ]
        }),
        call("treat/use_device", May(A::Treat, Lin), |ids| {
            vec![
                ("item", ids.item.clone()),
                ("device", fixture::IPL.to_string()),
                ("settings[0][code]", "energy".into()),
                ("settings[0][value]", "14".into()),
                ("key", "walk".into()),
            ]
        }),
        call("treat/unuse", DeadLink, |ids| {
            vec![("item", ids.item.clone()), ("used", fixture::LIN.to_string())]
        }),
        call("treat/same_again", May(A::Treat, Lin), item),
        call("treat/advise", May(A::Treat, Lin), |ids| {
            vec![
                ("item", ids.item.clone()),
                ("kind", "diet".into()),
                ("words", "多喝水".into()),
                ("key", "walk".into()),
            ]
        }),
        call("treat/offer", May(A::Treat, Lin), |ids| {
            vec![("item", ids.item.clone()), ("weeks", "4".into())]
        }),
        call("treat/book_next", May(A::Treat, Lin), |ids| {
            let at = fixture::at("2026-07-10 15:00").timestamp_millis().to_string();
            vec![("item", ids.item.clone()), ("at", at), ("key", "walk-next".into())]
        }),
        call("treat/record", May(A::Treat, Lin), item),
        call("treat/deviations", May(A::ReviewDeviations, OwnBranch), none),
        call("treat/acknowledge", DeadLink, |_| vec![("deviation", fixture::LIN.to_string())]),
        call("treat/incidents", May(A::HandleIncidents, OwnBranch), none),
        call("treat/incident_page", DeadLink, |_| vec![("id", fixture::LIN.to_string())]),
        call("treat/incident_act", DeadLink, |_| {
            vec![
                ("incident", fixture::LIN.to_string()),
                ("step", "note".into()),
                ("text", "看过了".into()),
                ("version", "1".into()),
            ]
        }),
        call("treat/finish", May(A::Treat, Lin), item),
        call("branch/hours", May(A::ManageBranch, OwnBranch), none),
        call("branch/save_hours", May(A::ManageBranch, OwnBranch), |_| vec![("version", "99".into())]),
        call("branch/save_special", May(A::ManageBranch, OwnBranch), |_| {
            vec![("day", "2026-06-20".into()), ("version", "99".into())]
        }),
        call("branch/save_policy", May(A::ManageBranch, OwnBranch), |_| {
            let policy = domain::booking::rules::BookingPolicy::default();
            let typed = domain::branch::hours::PolicyForm::of(&policy, 99);
            vec![
                ("notice", typed.notice),
                ("horizon_days", typed.horizon_days),
                ("step", typed.step),
                ("hold", typed.hold),
                ("cut_off", typed.cut_off),
                ("max_changes", typed.max_changes),
                ("no_show_after", typed.no_show_after),
                ("max_services", typed.max_services),
                ("remind_first", typed.remind_first),
                ("remind_last", typed.remind_last),
                ("offer", typed.offer),
                ("quiet_from", typed.quiet_from),
                ("quiet_to", typed.quiet_to),
                ("version", typed.version),
            ]
        }),
        call("branch/services", May(A::ManageBranch, OwnBranch), none),
        call("branch/service", May(A::ManageBranch, OwnBranch), |_| {
            vec![("id", fixture::HYDRATE.to_string())]
        }),
        call("branch/save_service", May(A::ManageBranch, OwnBranch), |_| {
            vec![
                ("id", fixture::HYDRATE.to_string()),
                ("category", "face".into()),
                ("name_zh", "补水".into()),
                ("price", "458".into()),
                ("active", "50".into()),
                ("qualification", "facial".into()),
                ("version", "99".into()),
            ]
        }),
        call("branch/retire_service", May(A::ManageBranch, Jingan), |_| {
            vec![("id", fixture::HYDRATE.to_string()), ("version", "99".into())]
        }),
        call("branch/save_category", Owner, |_| {
            vec![("name_zh", "手部".into()), ("position", "9".into()), ("version", "99".into())]
        }),
        call("branch/places", May(A::ManageBranch, OwnBranch), none),
        call("branch/save_place", May(A::ManageBranch, Jingan), |_| {
            vec![
                ("id", fixture::LIGHT_ROOM.to_string()),
                ("kind", "room".into()),
                ("type_code", "light".into()),
                ("name_zh", "光电室".into()),
                ("version", "99".into()),
            ]
        }),
        call("branch/place_state", May(A::ManageBranch, Jingan), |_| {
            vec![("id", fixture::LIGHT_ROOM.to_string()), ("act", "retire".into()), ("version", "99".into())]
        }),
        call("staff/people", May(A::ManageBranch, OwnBranch), none),
        call("staff/person", May(A::ManageBranch, Jingan), |_| vec![("id", fixture::LIN.to_string())]),
        call("staff/save_person", May(A::ManageBranch, Jingan), |_| {
            vec![
                ("id", fixture::LIN.to_string()),
                ("name_zh", "林晓雯".into()),
                ("title_zh", "美容师".into()),
                ("position", "1".into()),
                ("version", "99".into()),
            ]
        }),
        call("staff/save_credential", May(A::ManageBranch, Jingan), |_| {
            vec![
                ("staff", fixture::LIN.to_string()),
                ("qualification", "facial".into()),
                ("number", "SH-9".into()),
                ("from", "2026-01-01".into()),
                ("to", "2027-01-01".into()),
                ("version", "99".into()),
            ]
        }),
        call("staff/rota", May(A::ManageBranch, OwnBranch), none),
        call("staff/shift", May(A::ManageBranch, Jingan), |_| {
            vec![("staff", fixture::LIN.to_string()), ("day", "2026-06-20".into())]
        }),
        call("staff/save_shift", May(A::ManageBranch, Jingan), |_| {
            vec![("staff", fixture::LIN.to_string()), ("day", "2026-06-20".into()), ("version", "99".into())]
        }),
        call("staff/copy_week", May(A::ManageBranch, Jingan), |_| {
            vec![
                ("week", "2026-06-20".into()),
                ("who", fixture::LIN.to_string()),
                ("weeks", "1".into()),
                ("stamp", "99".into()),
            ]
        }),
        call("staff/save_leave", May(A::ManageBranch, Jingan), |_| {
            vec![
                ("staff", fixture::LIN.to_string()),
                ("from", "2026-06-20".into()),
                ("kind", "sick".into()),
                ("version", "99".into()),
            ]
        }),
        call("staff/drop_leave", May(A::ManageBranch, Jingan), |_| {
            vec![("staff", fixture::LIN.to_string()), ("id", fixture::LIN.to_string())]
        }),
        call("booking/stranded", May(A::ManageBranch, OwnBranch), none),
        call("booking/resolve_page", May(A::ManageBranch, Jingan), |ids| {
            vec![("booking", ids.booking.clone())]
        }),
        call("booking/resolve", May(A::ManageBranch, Jingan), |ids| {
            vec![
                ("booking", ids.booking.clone()),
                ("to", fixture::at("2026-06-20 11:00").timestamp_millis().to_string()),
                ("version", "99".into()),
                ("key", "walk-resolve".into()),
            ]
        }),
        call("booking/give_up", May(A::ManageBranch, Jingan), |ids| {
            vec![("booking", ids.booking.clone()), ("version", "99".into())]
        }),
        call("waitlist/page", Anyone, |_| {
            vec![("branch", "jingan".into()), ("services", fixture::HYDRATE.to_string())]
        }),
        call("waitlist/join", ForSelf, |_| {
            [("branch", "jingan".into()), ("phone", "13700009997".into()), ("name", "孙悦".into())]
                .into_iter()
                .chain(wait())
                .collect()
        }),
        call("waitlist/entry", DeadLink, dead),
        call("waitlist/send_code", DeadLink, dead),
        call("waitlist/verify", DeadLink, |_| {
            vec![("token", "no-such-token".into()), ("code", "123456".into())]
        }),
        call("waitlist/accept", DeadLink, dead),
        call("waitlist/decline", DeadLink, dead),
        call("waitlist/leave", DeadLink, dead),
        call("waitlist/mine", Customer, none),
        call("waitlist/list", May(A::AddWalkIn, OwnBranch), none),
        call("waitlist/menu", May(A::AddWalkIn, OwnBranch), none),
        call("waitlist/enter", May(A::AddWalkIn, OwnBranch), |_| {
            [("customer", fixture::LI.to_string())].into_iter().chain(wait()).collect()
        }),
        call("waitlist/remove", DeadLink, dead),
        call("wall/wall", May(A::SeeWall, OwnBranch), none),
        call("wall/records", May(A::SeeRecords, Jingan), |_| {
            vec![("code", "WAIT".into()), ("branch", "jingan".into())]
        }),
        call("wall/outbox", May(A::SeeOutbox, OwnBranch), none),
        call("desk/left", May(A::AssignVisit, Jingan), visit),
        call("account/sign_out_everywhere", SignedIn, none),
        call("account/sign_out", Anyone, none),
    ]
}

/// Somebody who asks.
struct Asker {
    who: String,
    visitor: Visitor,
    actor: Actor,
    /// The branch worked in or looked at.
    branch: Option<BranchId>,
}

impl Asker {
    fn allowed(&self, rule: Rule) -> bool {
        let staff = matches!(self.actor, Actor::Staff { .. });
        match rule {
            Rule::Anyone => true,
            Rule::ForSelf => allows(&self.actor, Action::BookForSelf, &Scope::none()),
            Rule::DeadLink => false,
            Rule::SignedIn => self.actor != Actor::Stranger,
            Rule::Customer => matches!(self.actor, Actor::Customer { .. }),
            Rule::Staff => staff,
            Rule::Owner => self.actor.role() == Some(Role::Owner),
            Rule::May(action, on) => {
                let scope = match on {
                    On::OwnBranch => self.branch.map_or_else(Scope::none, Scope::branch),
                    On::Jingan => Scope::branch(fixture::JINGAN),
                    On::Own => Scope { branch: self.branch, staff: self.actor.staff(), customer: None },
                    On::Lin => Scope::staff(fixture::JINGAN, fixture::LIN),
                };
                staff && allows(&self.actor, action, &scope)
            }
        }
    }
}

/// Each from an address of its own: signing in is counted per address.
fn visitor(site: &Site, n: u8) -> Visitor {
    site.visitor().at_address(IpAddr::V4(Ipv4Addr::new(198, 51, 100, n)))
}

async fn staff(
    site: &Site,
    n: u8,
    role: Role,
    branch: Option<BranchId>,
    username: &str,
    person: Option<StaffId>,
) -> Asker {
    let visitor = visitor(site, n);
    let reply =
        visitor.api("account/sign_in", &[("username", username), ("password", fixture::PASSWORD)]).await;
    assert_eq!(reply.status, 200, "{username}: {}", reply.text());
    let actor = Actor::Staff { user: UserId::new(), staff: person, role, branch };
    let branch = branch.or(Some(fixture::JINGAN));
    Asker { who: username.to_owned(), visitor, actor, branch }
}

async fn askers(site: &Site) -> Vec<Asker> {
    let mut all = vec![Asker {
        who: "stranger".into(),
        visitor: visitor(site, 1),
        actor: Actor::Stranger,
        branch: None,
    }];
    let wang = site.customer(fixture::WANG_PHONE).await;
    all.push(Asker {
        who: "customer".into(),
        visitor: wang,
        actor: Actor::Customer { id: fixture::WANG },
        branch: None,
    });
    let mut n = 2;
    for (branch, place) in [(fixture::JINGAN, "jingan"), (fixture::XUHUI, "xuhui")] {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Owner) {
            let username = format!("{place}-{}", role.code().replace('_', "-"));
            let new = store::account::NewUser {
                username: username.clone(),
                password: fixture::PASSWORD.to_owned(),
                role,
                branch: Some(branch),
                staff: None,
                name: domain::Text::new("某人", "Someone"),
            };
            store::account::add_user(&site.harness.system(), new).await.unwrap();
            all.push(staff(site, n, role, Some(branch), &username, None).await);
            n += 1;
        }
    }
    all.push(staff(site, n, Role::Beautician, Some(fixture::JINGAN), "lin", Some(fixture::LIN)).await);
    all.push(staff(site, n + 1, Role::Beautician, Some(fixture::JINGAN), "zhou", Some(fixture::ZHOU)).await);
    all.push(staff(site, n + 2, Role::Owner, None, "owner", None).await);
    all
}

/// A booking that can be checked in, and a visit whose service is 林晓雯's.
async fn arrange(site: &Site) -> Ids {
    crate::calendar::book(site, &site.visitor(), "2026-06-12 15:30").await;
    // The board shows who comes within two hours.
    site.harness.set_local("2026-06-12 14:10");
    let desk = site.staff("desk").await;
    let board = desk.api("desk/board", &[]).await.json();
    let booking = find(&board, "booking").expect("a booking on the board");
    let (service, lin) = (fixture::LIGHT.to_string(), fixture::LIN.to_string());
    let fields = [
        ("name", "孙悦"),
        ("phone", "13900007777"),
        ("services[0]", &service),
        ("who", &lin),
        ("key", "arrange"),
    ];
    let ticket = desk.api("desk/walk_in", &fields).await;
    assert_eq!(ticket.status, 200, "{}", ticket.text());
    let visit = ticket.json()["visit"].as_str().unwrap().to_owned();
    let assigned = desk
        .api("desk/assign", &[("visit", &visit), ("staff", &lin), ("version", &version(&desk, &visit).await)])
        .await;
    assert_eq!(assigned.status, 200, "{}", assigned.text());
    let day = site.staff("lin").await.api("treat/my_day", &[]).await.json();
    let item = find(&day, "item").expect("a service on the day's list");
    let (question, call, handover, band) = books(site, &visit).await;
    Ids { booking, visit, item, question, call, handover, band }
}

/// Something in each of the desk's books.
async fn books(site: &Site, visit: &str) -> (String, String, String, String) {
    let (desk, manager) = (site.staff("desk").await, site.staff("manager").await);
    let done = async |who: &Visitor, name: &str, fields: &[(&str, &str)]| {
        let reply = who.api(name, fields).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.text());
    };
    done(&desk, "desk/ask", &[("text", "要发票"), ("key", "arrange")]).await;
    let call = [
        ("rings", "7"),
        ("answered", "no"),
        ("phone", "13700009999"),
        ("matter", "price"),
        ("key", "arrange"),
    ];
    done(&desk, "desk/log_call", &call).await;
    done(&manager, "desk/register_bands", &[("kind", "band"), ("from", "1"), ("to", "3")]).await;
    done(&desk, "desk/give_band", &[("visit", visit), ("band", "001"), ("key", "arrange")]).await;
    done(&desk, "desk/give_shift", &[("note", "一切正常"), ("key", "arrange")]).await;
    let id = async |name: &str, list: &str| {
        let page = desk.api(name, &[]).await.json();
        find(&page[list], "id").unwrap_or_else(|| panic!("nothing in {list} of {name}"))
    };
    let question = id("desk/board", "questions").await;
    let call = id("desk/phone_page", "due").await;
    (question, call, id("desk/handover_page", "waiting").await, id("desk/bands_page", "out").await)
}

async fn version(desk: &Visitor, visit: &str) -> String {
    let board = desk.api("desk/board", &[]).await.json();
    let waiting = board["waiting"].as_array().unwrap();
    waiting.iter().find(|card| card["visit"] == visit).expect("the visit waits")["version"].to_string()
}

/// The first text under this key, anywhere.
fn find(value: &serde_json::Value, key: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(map) => map
            .get(key)
            .and_then(|found| found.as_str().map(str::to_owned))
            .or_else(|| map.values().find_map(|inner| find(inner, key))),
        serde_json::Value::Array(list) => list.iter().find_map(|inner| find(inner, key)),
        _ => None,
    }
}

#[test]
fn every_server_function_is_in_the_table() {
    // Linked in by the router, which names the app.
    let _ = server::http::router;
    let known: BTreeSet<String> = calls().iter().map(|call| format!("/api/{}", call.name)).collect();
    let registered: BTreeSet<String> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let missing: Vec<_> = registered.difference(&known).collect();
    let gone: Vec<_> = known.difference(&registered).collect();
    assert!(missing.is_empty(), "not in the table of tests/server/walk.rs: {missing:?}");
    assert!(gone.is_empty(), "in the table but not in the app: {gone:?}");
}

both_databases! {
    async fn nobody_gets_what_is_not_theirs(h: Harness) {
        let site = Site::new(h);
        let ids = arrange(&site).await;
        let askers = askers(&site).await;
        let mut wrong = Vec::new();
        for call in calls() {
            let fields = (call.fields)(&ids);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            for asker in &askers {
                let reply = asker.visitor.api(call.name, &fields).await;
                let refused = [401, 403, 404].contains(&reply.status);
                let fine = match (call.rule, asker.allowed(call.rule)) {
                    _ if reply.status >= 500 => false,
                    // A link that leads nowhere gives nothing to anyone.
                    (Rule::DeadLink, _) => (400..500).contains(&reply.status),
                    (_, true) => ![401, 403].contains(&reply.status),
                    (_, false) if asker.actor == Actor::Stranger => [401, 404].contains(&reply.status),
                    (_, false) => refused,
                };
                if !fine {
                    wrong.push(format!("{} as {}: {} {:.200}", call.name, asker.who, reply.status, reply.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
    }
}

//! `/desk`: the live board of the day (DESK-1). Lanes change by themselves; minutes run on the device.

use super::{
    acts::{ActNote, Acts, Can, Desk},
    api,
    done::{DoneLane, MissedLane, TodayCard},
    expected::ExpectedLane,
    filter::{AlertLinks, FilterBar, use_filter},
    find::FindBox,
    keys::{KeysHelp, use_keys},
    questions::{CallbacksLane, QuestionsLane},
    scripts::ScriptsPop,
    serving::ServingLane,
    strip::Strip,
    waiting::WaitingLane,
};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr,
    ui::{
        Icon, IconName, TopBar, format,
        fresh::{Fresh, LiveMark, use_clock},
        use_toasts,
    },
};
use domain::{account::StaffMe, desk::Board};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn BoardPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| api::board());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, board: Board) -> AnyView {
    view! { <BoardView me board/> }.into_any()
}

#[component]
fn BoardView(me: StaffMe, board: Board) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, desk.title);
    let sub = format!("{} · {}", me.branch_name.get(lang), format::day_weekday(lang, board.now.date()));
    let fresh = Fresh::new(board);
    let data = fresh.data();
    let state = fresh.keep(format!("/live/branch/{}", me.branch), api::board);
    let clock = use_clock(Signal::derive(move || data.with(|board| board.now)));
    let acts = Acts::new();
    let filter = use_filter();
    let desk = Desk { lang, data, clock, acts, can: Can::of(&me), me: me.user, filter };
    use_keys();
    acts.forget_errors_on_next();
    // one's own acts show at once, without waiting for the stream
    Effect::new(move |before: Option<usize>| {
        let answered = acts.answered();
        if before.is_some_and(|before| before != answered) {
            fresh.ask(api::board());
        }
        answered
    });
    let toasts = use_toasts();
    Effect::new(move || match acts.next.value().get() {
        Some(Ok(Some(called))) => {
            toasts.show(tr!(lang, books.next.called, ticket = called.ticket, name = called.name));
        }
        Some(Ok(None)) => toasts.show(tr!(lang, books.next.nobody)),
        _ => {}
    });
    Effect::new(move || {
        if let Some(Ok(ticket)) = acts.check_in.value().get() {
            toasts.show(tr!(lang, desk.checked_in, name = ticket.name, ticket = ticket.ticket));
        }
    });
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub>
                {desk.can.find.then(|| view! { <FindBox desk/> })}
                <LiveMark state clock/>
                <ScriptsPop/>
                <KeysHelp desk/>
                {desk
                    .can
                    .walk_in
                    .then(|| {
                        view! {
                            <a class="btn" data-kind="primary" href="/desk/walk-in">
                                <Icon name=IconName::UserPlus/>
                                {tr!(lang, desk.walk_in.act)}
                            </a>
                        }
                    })}
            </TopBar>
            <main class="page" id="main">
                <ActNote acts/>
                <AlertLinks desk/>
                <Strip desk/>
                <FilterBar desk/>
                <div class="board">
                    <Lane desk state="expected">
                        <ExpectedLane desk/>
                    </Lane>
                    <Lane desk state="waiting">
                        <WaitingLane desk/>
                    </Lane>
                    <Lane desk state="serving">
                        <ServingLane desk/>
                    </Lane>
                    <div class="lane lane-rest">
                        <CallbacksLane desk/>
                        <QuestionsLane desk/>
                        <Lane desk state="done">
                            <DoneLane desk/>
                        </Lane>
                        <Lane desk state="no_show">
                            <MissedLane desk/>
                        </Lane>
                        <TodayCard desk/>
                    </div>
                </div>
            </main>
        </StaffFrame>
    }
}

/// A lane, unless the filter hides it.
#[component]
fn Lane(desk: Desk, state: &'static str, children: Children) -> impl IntoView {
    let hidden = move || !desk.filter.with(|filter| filter.shows(state));
    view! {
        <div class="lane-box" hidden=hidden>
            {children()}
        </div>
    }
}

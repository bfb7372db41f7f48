//! `/desk/handover`: the shift is handed over (DESK-9): what is open, notes, two signatures; past ones below. One of
//! them at `/desk/handover/<id>`, to read and to print.

use super::{books, done_once, links::PrintButton};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Blank, FormErrors, FormNote, Icon, IconName, Pager, RowLink, Status, SubmitButton, TextArea,
        Tone, TopBar, format,
        fresh::{Fresh, LiveMark, use_clock},
    },
};
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    desk::handover::{HandoverLine, HandoverPage as Page, HandoverView, MatterKind, OpenMatter},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn HandoverPage() -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let data = crate::ui::resource(
        move || after.get(),
        |after| async move { books::handover_page(after.clone()).await.map(|page| (after, page)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (after, page): (Option<String>, Page)) -> AnyView {
    view! { <Shift me after page/> }.into_any()
}

fn kind_of(lang: Lang, kind: MatterKind) -> (IconName, &'static str) {
    match kind {
        MatterKind::Callback => (IconName::PhoneBack, tr!(lang, books.handover.kind.callback)),
        MatterKind::Question => (IconName::Help, tr!(lang, books.handover.kind.question)),
        MatterKind::LongWait => (IconName::Timer, tr!(lang, books.handover.kind.long_wait)),
        MatterKind::Band => (IconName::Tap, tr!(lang, books.handover.kind.band)),
    }
}

fn when(lang: Lang, at: &LocalTime) -> String {
    format!("{} {}", format::day(lang, at.date()), at.hhmm())
}

fn matters(lang: Lang, all: Vec<OpenMatter>) -> AnyView {
    if all.is_empty() {
        return view! {
            <p class="card soft">
                <Icon name=IconName::CheckCircle/>
                " "
                {tr!(lang, books.handover.nothing)}
            </p>
        }
        .into_any();
    }
    let rows = all
        .into_iter()
        .map(|matter| {
            let (icon, kind) = kind_of(lang, matter.kind);
            view! {
                <li class="row">
                    <Icon name=icon/>
                    <span class="row-main">
                        <span class="row-title">{matter.what}</span>
                        <span class="row-sub">
                            {[kind.to_owned(), matter.note].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")}
                        </span>
                    </span>
                    <span class="row-end">
                        {if matter.overdue {
                            view! {
                                <Status tone=Tone::Stop icon=IconName::Stop small=true>
                                    {matter.at.hhmm()}
                                </Status>
                            }
                                .into_any()
                        } else {
                            matter.at.hhmm().into_any()
                        }}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

#[component]
fn Shift(me: StaffMe, after: Option<String>, page: Page) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, books.handover.title);
    let fresh = Fresh::new(page);
    let data = fresh.data();
    let mine = after.clone();
    let state = fresh
        .keep(format!("/live/branch/{}?topic=board", me.branch), move || books::handover_page(mine.clone()));
    let clock = use_clock(Signal::derive(move || data.with(|page| page.branch.now)));
    let give = ServerAction::<books::GiveShift>::new();
    let take = ServerAction::<books::TakeShift>::new();
    Effect::new(move |before: Option<usize>| {
        let answered = give.version().get() + take.version().get();
        if before.is_some_and(|before| before != answered) {
            fresh.ask(books::handover_page(after.clone()));
        }
        answered
    });
    let user = me.user;
    // Drawn anew only when it is another one: what is being typed stays.
    let which = Memo::new(move |_| data.with(|page| page.waiting.as_ref().map(|view| view.id)));
    let waiting = move || {
        which.get().and_then(|_| data.with_untracked(|page| page.waiting.clone())).map(|view| {
            let own = view.given_by == user;
            view! { <Waiting view own take/> }
        })
    };
    let none_waits = move || data.with(|page| page.waiting.is_none());
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk">
                <LiveMark state clock/>
            </TopBar>
            <main class="page stack" id="main" data-gap="5">
                {waiting}
                <Show when=none_waits>
                    <div class="two-sides">
                        <section aria-labelledby="open-title">
                            <div class="card-head">
                                <h2 id="open-title">{tr!(lang, books.handover.open)}</h2>
                                <small class="num">
                                    {move || tr_n!(lang, books.handover.n, data.with(|page| page.matters.len()))}
                                </small>
                            </div>
                            {move || matters(lang, data.with(|page| page.matters.clone()))}
                        </section>
                        <Give give/>
                    </div>
                </Show>
                <section aria-labelledby="past-title">
                    <h2 id="past-title" class="mb-4">
                        {tr!(lang, books.handover.past)}
                    </h2>
                    {move || past(lang, data.with(|page| page.past.items.clone()))}
                    {move || view! { <Pager href="/desk/handover" next=data.with(|page| page.past.next.clone())/> }}
                </section>
            </main>
        </StaffFrame>
    }
}

#[component]
fn Give(give: ServerAction<books::GiveShift>) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || give.value().get());
    let key = done_once(give, "#give-form");
    let first = key.get_untracked();
    view! {
        <aside class="card" aria-labelledby="give-title">
            <h2 id="give-title">{tr!(lang, books.handover.give)}</h2>
            <p class="small muted mb-4">{tr!(lang, books.handover.give_note)}</p>
            <ActionForm action=give attr:class="form" attr:id="give-form">
                <input type="hidden" name="key" value=first prop:value=move || key.get()/>
                <FormNote errors/>
                <TextArea
                    name="note"
                    label=tr!(lang, books.handover.note)
                    rows=4
                    maxlength=1000
                    optional=true
                    error=errors.field("note")
                />
                <TextArea
                    name="cash_note"
                    label=tr!(lang, books.handover.cash)
                    rows=2
                    maxlength=500
                    optional=true
                    error=errors.field("cash_note")
                />
                <SubmitButton wide=true pending=give.pending()>
                    <Icon name=IconName::Sign/>
                    {tr!(lang, books.handover.sign)}
                </SubmitButton>
            </ActionForm>
        </aside>
    }
}

/// Given and not yet taken: everybody but the giver can take it.
#[component]
fn Waiting(view: HandoverView, own: bool, take: ServerAction<books::TakeShift>) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || take.value().get());
    let head =
        tr!(lang, books.handover.given, name = view.given_name.get(lang), time = when(lang, &view.given_at));
    let (id, version) = (view.id.to_string(), view.version.to_string());
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="waiting-title">
            <div class="card-head">
                <h2 id="waiting-title">{tr!(lang, books.handover.waits)}</h2>
                <small>{head}</small>
            </div>
            {notes(lang, &view)}
            {matters(lang, view.matters)}
            {if own {
                view! {
                    <Banner tone=Tone::Info icon=IconName::Info>
                        {tr!(lang, books.handover.own)}
                    </Banner>
                }
                    .into_any()
            } else {
                view! {
                    <ActionForm action=take attr:class="form">
                        <FormNote errors/>
                        <input type="hidden" name="handover" value=id/>
                        <input type="hidden" name="version" value=version/>
                        <TextArea
                            name="note"
                            id="take-note"
                            label=tr!(lang, books.handover.take_note)
                            rows=2
                            maxlength=500
                            optional=true
                            error=errors.field("note")
                        />
                        <SubmitButton pending=take.pending()>
                            <Icon name=IconName::Sign/>
                            {tr!(lang, books.handover.take)}
                        </SubmitButton>
                    </ActionForm>
                }
                    .into_any()
            }}
        </section>
    }
}

fn notes(lang: Lang, view: &HandoverView) -> AnyView {
    let notes = [
        (tr!(lang, books.handover.note), view.note.clone()),
        (tr!(lang, books.handover.cash), view.cash_note.clone()),
        (tr!(lang, books.handover.take_note), view.take_note.clone()),
    ];
    let notes = notes
        .into_iter()
        .filter_map(|(name, text)| text.map(|text| (name, text)))
        .map(|(name, text)| {
            view! {
                <dt>{name}</dt>
                <dd class="pre-line">{text}</dd>
            }
        })
        .collect_view();
    view! { <dl class="facts handover-notes">{notes}</dl> }.into_any()
}

fn past(lang: Lang, lines: Vec<HandoverLine>) -> AnyView {
    if lines.is_empty() {
        let (title, text) = (tr!(lang, books.handover.none), tr!(lang, books.handover.none_text));
        return view! { <div class="card"><Blank title text/></div> }.into_any();
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            let taken = line.taken_name.as_ref().map(|name| name.get(lang).to_owned()).unwrap_or_default();
            let title = format!("{} → {}", line.given_name.get(lang), taken);
            let sub =
                format!("{} · {}", when(lang, &line.given_at), tr_n!(lang, books.handover.n, line.matters));
            view! {
                <li>
                    <RowLink href=format!("/desk/handover/{}", line.id) title sub/>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

#[component]
pub fn HandoverRead() -> impl IntoView {
    let params = use_params_map();
    let data = crate::ui::resource(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        books::handover,
    );
    view! { <StaffPage data view=show_one/> }
}

fn show_one(me: StaffMe, view: HandoverView) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, books.handover.one, time = when(lang, &view.given_at));
    let branch = view.branch.name.get(lang).to_owned();
    let taken = match (&view.taken_name, &view.taken_at) {
        (Some(name), Some(at)) => {
            tr!(lang, books.handover.taken, name = name.get(lang), time = when(lang, at))
        }
        _ => tr!(lang, books.handover.not_taken).to_owned(),
    };
    let given =
        tr!(lang, books.handover.given, name = view.given_name.get(lang), time = when(lang, &view.given_at));
    view! {
        <Title text=title.clone()/>
        <StaffFrame me>
            <TopBar title sub=branch back="/desk/handover">
                <PrintButton/>
            </TopBar>
            <main class="page stack" id="main" data-gap="5">
                <section class="card stack" data-gap="4">
                    <p>{given}</p>
                    <p>{taken}</p>
                    {notes(lang, &view)}
                </section>
                <section aria-labelledby="open-title">
                    <h2 id="open-title" class="mb-4">
                        {tr!(lang, books.handover.open_then)}
                    </h2>
                    {matters(lang, view.matters)}
                </section>
            </main>
        </StaffFrame>
    }
    .into_any()
}

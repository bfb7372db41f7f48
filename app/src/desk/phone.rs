//! `/desk/phone`: the phone log (DESK-6). Callbacks first, overdue ones loud; then a call to write down; then the log.

use super::{books, done_once, scripts::ScriptsPop};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    promise::words as promise_words,
    tr,
    ui::{
        Blank, FormErrors, FormNote, Icon, IconName, Opt, Pager, Seg, SelectInput, Status, SubmitButton,
        TextArea, TextInput, Tone, TopBar, format,
        fresh::{Fresh, LiveMark, minutes_between, use_clock},
    },
};
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    desk::{
        call::{CALLBACK_MINUTES, CallLine, Matter, PhonePage as Page, RINGS_LIMIT},
        script::Moment,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn PhonePage() -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let data = crate::ui::resource(
        move || after.get(),
        |after| async move { books::phone_page(after.clone()).await.map(|page| (after, page)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (after, page): (Option<String>, Page)) -> AnyView {
    view! { <Log me after page/> }.into_any()
}

#[must_use]
pub fn matter_name(lang: Lang, matter: Matter) -> &'static str {
    match matter {
        Matter::Booking => tr!(lang, books.phone.matter.booking),
        Matter::Change => tr!(lang, books.phone.matter.change),
        Matter::Price => tr!(lang, books.phone.matter.price),
        Matter::Way => tr!(lang, books.phone.matter.way),
        Matter::Aftercare => tr!(lang, books.phone.matter.aftercare),
        Matter::Complaint => tr!(lang, books.phone.matter.complaint),
        Matter::Other => tr!(lang, books.phone.matter.other),
    }
}

#[component]
fn Log(me: StaffMe, after: Option<String>, page: Page) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, books.phone.title);
    let fresh = Fresh::new(page);
    let data = fresh.data();
    let path = format!("/live/branch/{}?topic=board", me.branch);
    let mine = after.clone();
    let state = fresh.keep(path, move || books::phone_page(mine.clone()));
    let clock = use_clock(Signal::derive(move || data.with(|page| page.branch.now)));
    let log = ServerAction::<books::LogCall>::new();
    let back = ServerAction::<books::CalledBack>::new();
    Effect::new(move |before: Option<usize>| {
        let answered = log.version().get() + back.version().get();
        if before.is_some_and(|before| before != answered) {
            fresh.ask(books::phone_page(after.clone()));
        }
        answered
    });
    let back_errors = FormErrors::of(lang, move || back.value().get());
    let none_due = Memo::new(move |_| data.with(|page| page.due.is_empty()));
    let figure = move || {
        data.with(|page| page.figure.clone()).map(|figure| {
            let kept = promise_words::kept(figure.status);
            view! {
                <a class="alert-link" data-tone=kept.tone().attr() href="/wall">
                    <Icon name=kept.icon()/>
                    {tr!(
                        lang,
                        books.phone.figure,
                        actual = promise_words::actual(lang, &figure),
                        n = promise_words::n(lang, &figure)
                    )}
                </a>
            }
        })
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk">
                <LiveMark state clock/>
                <ScriptsPop only=Moment::Telephone/>
            </TopBar>
            <main class="page" id="main">
                <div class="alert-links">{figure}</div>
                <div class="two-sides">
                    <div class="stack" data-gap="5">
                        <section aria-labelledby="due-title">
                            <h2 id="due-title" class="mb-4">
                                {tr!(lang, books.phone.due)}
                            </h2>
                            <FormNote errors=back_errors/>
                            <ul class="stack" data-gap="2">
                                <For
                                    each=move || data.with(|page| page.due.clone())
                                    key=|line| (line.id, line.version)
                                    children=move |line| due_card(lang, line, clock, back)
                                />
                            </ul>
                            <Show when=move || none_due.get()>
                                <div class="card">
                                    <Blank
                                        title=tr!(lang, books.phone.due_none)
                                        text=tr!(lang, books.phone.due_none_text)
                                    />
                                </div>
                            </Show>
                        </section>
                        <div>
                            <h2 id="log-title" class="mb-4">
                                {tr!(lang, books.phone.log)}
                            </h2>
                            {move || table(lang, data.with(|page| page.log.items.clone()))}
                            {move || view! { <Pager href="/desk/phone" next=data.with(|page| page.log.next.clone())/> }}
                        </div>
                    </div>
                    <NewCall log/>
                </div>
            </main>
        </StaffFrame>
    }
}

/// Who called, as far as known: `王雅琴 138 **** 2716`.
#[must_use]
pub fn who(lang: Lang, line: &CallLine) -> String {
    let name = line.caller.clone().unwrap_or_default();
    let text = [name, line.phone.clone()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
    if text.is_empty() { tr!(lang, books.phone.withheld).to_owned() } else { text }
}

/// Until when, or how much too late.
pub fn due_status(lang: Lang, line: &CallLine, now: &LocalTime) -> AnyView {
    let Some(due) = line.due else { return ().into_any() };
    let left = minutes_between(now, &due);
    let (tone, icon, text) = if due.utc < now.utc {
        let over = u32::try_from(-left).unwrap_or_default().max(1);
        (Tone::Stop, IconName::Stop, tr!(lang, books.phone.over, span = format::span(lang, over)))
    } else {
        (Tone::Brand, IconName::Clock, tr!(lang, books.phone.until, time = due.hhmm()))
    };
    view! {
        <Status tone icon small=true>
            {text}
        </Status>
    }
    .into_any()
}

/// A callback to be made. Drawn once, so that what is being typed stays; its clock runs.
fn due_card(
    lang: Lang,
    line: CallLine,
    clock: Signal<LocalTime>,
    back: ServerAction<books::CalledBack>,
) -> AnyView {
    let dial = (!line.phone.is_empty() && !line.phone.contains('*')).then(|| format!("tel:{}", line.phone));
    let asked = [Some(matter_name(lang, line.matter).to_owned()), line.note.clone()];
    let asked = asked.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let at = if line.answered {
        tr!(lang, books.phone.answered_at, time = line.at.hhmm())
    } else {
        tr!(lang, books.phone.missed_at, time = line.at.hhmm())
    };
    let (name, id, version) = (who(lang, &line), line.id.to_string(), line.version.to_string());
    let due = line.due;
    let late = move || due.is_some_and(|due| due.utc < clock.get().utc).then_some("stop");
    view! {
        <li class="q" data-tone=late>
            <p class="q-name">
                <b>{name}</b>
                {move || due_status(lang, &line, &clock.get())}
            </p>
            <p class="q-line">{asked}</p>
            <p class="q-line">{at}</p>
            <ActionForm action=back attr:class="q-acts">
                <input type="hidden" name="call" value=id/>
                <input type="hidden" name="version" value=version/>
                {dial
                    .map(|href| {
                        view! {
                            <a class="btn" data-size="s" href=href>
                                <Icon name=IconName::PhoneBack/>
                                {tr!(lang, books.phone.dial)}
                            </a>
                        }
                    })}
                <input
                    class="input"
                    name="outcome"
                    maxlength="200"
                    aria-label=tr!(lang, books.phone.outcome)
                    placeholder=tr!(lang, books.phone.outcome)
                />
                <SubmitButton kind="soft" size="s" pending=back.pending()>
                    {tr!(lang, books.phone.done)}
                </SubmitButton>
            </ActionForm>
        </li>
    }
    .into_any()
}

/// What became of a call, in a word.
fn result(lang: Lang, line: &CallLine) -> (Tone, IconName, String) {
    match (line.kept, line.answered, &line.done) {
        (Some(true), _, Some(at)) => {
            (Tone::Ok, IconName::CheckCircle, tr!(lang, books.phone.back_at, time = at.hhmm()))
        }
        (Some(true), ..) => (Tone::Ok, IconName::CheckCircle, tr!(lang, books.phone.answered).to_owned()),
        (None, ..) => (Tone::Brand, IconName::Clock, tr!(lang, books.phone.open).to_owned()),
        (Some(false), false, _) => (Tone::Stop, IconName::XCircle, tr!(lang, books.phone.missed).to_owned()),
        (Some(false), true, _) if line.rings > RINGS_LIMIT => {
            (Tone::Stop, IconName::XCircle, tr!(lang, books.phone.slow).to_owned())
        }
        (Some(false), ..) => (Tone::Stop, IconName::XCircle, tr!(lang, books.phone.back_late).to_owned()),
    }
}

fn table(lang: Lang, lines: Vec<CallLine>) -> AnyView {
    if lines.is_empty() {
        let (title, text) = (tr!(lang, books.phone.none), tr!(lang, books.phone.none_text));
        return view! { <div class="card"><Blank title text/></div> }.into_any();
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            let (tone, icon, word) = result(lang, &line);
            let by = line.done_by.as_ref().or(line.by.as_ref()).map(|name| name.get(lang).to_owned());
            let note = [line.note.clone(), line.outcome.clone()].into_iter().flatten().collect::<Vec<_>>();
            view! {
                <tr>
                    <td class="nowrap">
                        <time datetime=line.at.iso()>
                            {format!("{} {}", format::day(lang, line.at.date()), line.at.hhmm())}
                        </time>
                    </td>
                    <td>{who(lang, &line)}</td>
                    <td>
                        {matter_name(lang, line.matter)} <small class="muted block">{note.join(" → ")}</small>
                    </td>
                    <td class="num">{line.rings}</td>
                    <td>
                        <Status tone icon small=true>
                            {word}
                        </Status>
                    </td>
                    <td class="nowrap">{by.unwrap_or_default()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card table-wrap" data-pad="0" tabindex="0" role="region" aria-labelledby="log-title">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!(lang, books.phone.col.at)}</th>
                        <th scope="col">{tr!(lang, books.phone.col.who)}</th>
                        <th scope="col">{tr!(lang, books.phone.col.matter)}</th>
                        <th scope="col" class="num">
                            {tr!(lang, books.phone.col.rings)}
                        </th>
                        <th scope="col">{tr!(lang, books.phone.col.result)}</th>
                        <th scope="col">{tr!(lang, books.phone.col.by)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A call is written down: everything on one card, in the order in which one hears it.
#[component]
fn NewCall(log: ServerAction<books::LogCall>) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || log.value().get());
    let key = done_once(log, "#call-form");
    let matters = std::iter::once(Opt::new("", tr!(lang, books.phone.choose)))
        .chain(Matter::ALL.map(|matter| Opt::new(matter.code(), matter_name(lang, matter))))
        .collect();
    let answered = vec![
        Opt::new("yes", tr!(lang, books.phone.picked_up)),
        Opt::new("no", tr!(lang, books.phone.not_picked_up)),
    ];
    let callback = vec![
        Opt::new("", tr!(lang, books.phone.no_callback)),
        Opt::new("15", tr!(lang, books.phone.within, n = 15)),
        Opt::new(CALLBACK_MINUTES, tr!(lang, books.phone.within, n = CALLBACK_MINUTES)),
        Opt::new("60", tr!(lang, books.phone.within, n = 60)),
        Opt::new("180", tr!(lang, books.phone.within, n = 180)),
    ];
    let first = key.get_untracked();
    view! {
        <aside class="card" aria-labelledby="call-title">
            <h2 id="call-title" class="mb-4">
                {tr!(lang, books.phone.new)}
            </h2>
            <ActionForm action=log attr:class="form" attr:id="call-form">
                <input type="hidden" name="key" value=first prop:value=move || key.get()/>
                <FormNote errors/>
                <Seg name="answered" label=tr!(lang, books.phone.picked) options=answered value="yes" wide=true/>
                <TextInput
                    name="rings"
                    label=tr!(lang, books.phone.rings)
                    value="2"
                    inputmode="numeric"
                    maxlength=2
                    hint=tr!(lang, books.phone.rings_hint, n = RINGS_LIMIT)
                    error=errors.field("rings")
                />
                <TextInput
                    name="phone"
                    label=tr!(lang, books.phone.number)
                    r#type="tel"
                    inputmode="tel"
                    autocomplete="off"
                    maxlength=24
                    hint=tr!(lang, books.phone.number_hint)
                    error=errors.field("phone")
                />
                <TextInput
                    name="caller"
                    label=tr!(lang, books.phone.caller)
                    autocomplete="off"
                    maxlength=40
                    optional=true
                    error=errors.field("caller")
                />
                <SelectInput name="matter" label=tr!(lang, books.phone.about) options=matters error=errors.field("matter")/>
                <TextArea
                    name="note"
                    label=tr!(lang, books.phone.note)
                    rows=2
                    maxlength=500
                    optional=true
                    error=errors.field("note")
                />
                <SelectInput
                    name="callback"
                    label=tr!(lang, books.phone.callback)
                    options=callback
                    hint=tr!(lang, books.phone.callback_hint, n = CALLBACK_MINUTES)
                    error=errors.field("callback")
                />
                <SubmitButton wide=true pending=log.pending()>{tr!(lang, books.phone.save)}</SubmitButton>
            </ActionForm>
        </aside>
    }
}

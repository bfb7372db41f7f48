//! `/care/followups`: whom to call today, what to say, how it went (CARE-2).

use super::{api, words::call_outcome};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Avatar, Blank, Choice, FormErrors, FormNote, Icon, IconName, Pager, SegLinks, Status, SubmitButton,
        Tag, Tone, TopBar, format,
        fresh::{Fresh, LiveMark, use_clock},
    },
};
use domain::{
    Lang,
    account::StaffMe,
    care::{CallList, CallOutcome, CallState, CallView, CallsPage as Calls, ConcernView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CallsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let of = |name| query.get(name).unwrap_or_default();
            (of("list"), of("who"), query.get("after"))
        })
    });
    let data = crate::ui::resource(
        move || asked.get(),
        |(list, who, after)| async move {
            let further = after.clone();
            api::calls(list, who, after).await.map(|page| (further, page))
        },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (after, page): (Option<String>, Calls)) -> AnyView {
    view! { <Page me after page/> }.into_any()
}

/// The page's own address with these filters.
fn address(list: CallList, who: &str) -> String {
    let mut address = format!("/care/followups?list={}", list.code());
    if !who.is_empty() {
        address.push_str("&who=");
        address.push_str(who);
    }
    address
}

#[derive(Clone, Copy)]
struct Acts {
    record: ServerAction<api::RecordCall>,
    take: ServerAction<api::TakeConcern>,
    close: ServerAction<api::CloseConcern>,
}

#[component]
fn Page(me: StaffMe, after: Option<String>, page: Calls) -> impl IntoView {
    let lang = use_lang();
    let (list, who) = (page.list, page.who.map(|who| who.to_string()).unwrap_or_default());
    let acts = Acts { record: ServerAction::new(), take: ServerAction::new(), close: ServerAction::new() };
    let sub = match (page.due, page.overdue) {
        (0, 0) => tr!(lang, care.list.none_due).to_owned(),
        (due, 0) => tr_n!(lang, care.list.due, due),
        (due, over) => {
            format!("{} · {}", tr_n!(lang, care.list.due, due), tr_n!(lang, care.list.overdue, over))
        }
    };
    let links = [
        (CallList::Due, tr!(lang, care.list.now)),
        (CallList::Ahead, tr!(lang, care.list.ahead)),
        (CallList::Over, tr!(lang, care.list.over)),
    ];
    let links = links.map(|(one, text)| (address(one, &who), text.to_owned(), one == list)).into();
    let people = people(lang, &page);
    let path = format!("/live/branch/{}", page.branch);
    let first = after.is_none();
    let fresh = Fresh::new(page);
    let data = fresh.data();
    let asked = (list.code().to_owned(), who.clone());
    let again = move || api::calls(asked.0.clone(), asked.1.clone(), None);
    let state = first.then(|| fresh.keep(path, again.clone()));
    // What was recorded leaves the list at once.
    Effect::new(move || {
        let done = acts.record.value().with(|v| matches!(v, Some(Ok(()))))
            || acts.take.value().with(|v| matches!(v, Some(Ok(()))))
            || acts.close.value().with(|v| matches!(v, Some(Ok(()))));
        if done {
            fresh.ask(again());
        }
    });
    let clock = use_clock(Signal::derive(move || data.with(|page| page.now)));
    let errors = FormErrors::of(lang, move || {
        acts.record.value().get().or_else(|| acts.take.value().get()).or_else(|| acts.close.value().get())
    });
    let title = tr!(lang, care.list.title);
    let next = address(list, &who);
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub>
                {state.map(|state| view! { <LiveMark state clock/> })}
            </TopBar>
            <main class="page care-calls" id="main">
                <div class="cluster mb-4" data-between="">
                    <SegLinks label=tr!(lang, care.list.which) links/>
                    {people}
                </div>
                <FormNote errors/>
                {move || concerns(lang, data.with(|page| page.concerns.clone()), acts)}
                <ul class="call-list">
                    <For
                        each=move || data.with(|page| page.page.items.clone())
                        key=|call| (call.id, call.version)
                        let:call
                    >
                        <Card call acts/>
                    </For>
                </ul>
                {move || {
                    data.with(|page| page.page.items.is_empty())
                        .then(|| {
                            view! {
                                <div class="card">
                                    <Blank title=tr!(lang, care.list.empty) text=tr!(lang, care.list.empty_text)/>
                                </div>
                            }
                        })
                }}
                {move || view! { <Pager href=next.clone() next=data.with(|page| page.page.next.clone())/> }}
            </main>
        </StaffFrame>
    }
}

/// Whose services: a form that works without scripts.
fn people(lang: Lang, page: &Calls) -> Option<AnyView> {
    (!page.people.is_empty()).then(|| {
        let options = page
            .people
            .iter()
            .map(|(id, name)| {
                view! {
                    <option value=id.to_string() selected=page.who == Some(*id)>
                        {name.get(lang).to_owned()}
                    </option>
                }
            })
            .collect_view();
        view! {
            <form method="get" action="/care/followups" class="cluster">
                <input type="hidden" name="list" value=page.list.code()/>
                <label class="sr" for="who">
                    {tr!(lang, care.list.whose)}
                </label>
                <select class="select care-who" id="who" name="who">
                    <option value="">{tr!(lang, care.list.everyone)}</option>
                    {options}
                </select>
                <button class="btn" type="submit">
                    {tr!(lang, care.list.show)}
                </button>
            </form>
        }
        .into_any()
    })
}

/// The number, as a link where it may be seen in full.
fn number(lang: Lang, phone: String, dial: Option<String>, name: &str) -> AnyView {
    match dial {
        Some(dial) => view! {
            <a
                class="btn"
                data-kind="soft"
                href=format!("tel:{dial}")
            >
                <Icon name=IconName::Phone/>
                <span class="sr">{tr!(lang, care.call.dial, name = name.to_owned())}</span>
                <span class="num">{phone}</span>
            </a>
        }
        .into_any(),
        None if phone.is_empty() => {
            view! { <span class="muted">{tr!(lang, care.call.no_phone)}</span> }.into_any()
        }
        None => view! { <span class="num soft">{phone}</span> }.into_any(),
    }
}

#[component]
fn Card(call: CallView, acts: Acts) -> impl IntoView {
    let lang = use_lang();
    let open = call.state == CallState::Open;
    let name = call.name.clone();
    let served = format::day(lang, call.served.date());
    let staff = call.staff.as_ref().map(|staff| staff.get(lang).to_owned());
    let sub = [Some(call.service.get(lang).to_owned()), staff, Some(served)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let (tone, icon, when) = match (open, call.overdue) {
        (true, 0) => (Tone::Info, IconName::Clock, tr!(lang, care.call.day, n = call.day)),
        (true, n) => (Tone::Warn, IconName::Alert, tr_n!(lang, care.call.late, n)),
        (false, _) if call.outcome == Some(CallOutcome::Fine) => {
            (Tone::Ok, IconName::CheckCircle, tr!(lang, care.call.day, n = call.day))
        }
        (false, _) => (Tone::Idle, IconName::Flag, tr!(lang, care.call.day, n = call.day)),
    };
    let tried =
        (call.tries > 0 && open).then(|| tr!(lang, care.call.tried, n = call.tries, most = call.most));
    let due = format::day_weekday(lang, call.due);
    let number = number(lang, call.phone.clone(), call.dial.clone(), &name);
    let id = call.id.to_string();
    view! {
        <li class="card call" id=id>
            <div class="call-head">
                <Avatar name=name.clone()/>
                <div class="grow">
                    <h2>{name}</h2>
                    <p class="meta soft">{sub}</p>
                </div>
                <div class="call-when">
                    <Status tone icon>
                        {when}
                    </Status>
                    <span class="small muted block">{due}</span>
                    {tried.map(|tried| view! { <span class="small muted block">{tried}</span> })}
                </div>
                {open.then_some(number)}
            </div>
            {if open { view! { <Record call acts/> }.into_any() } else { went(lang, &call) }}
        </li>
    }
}

/// What to say is one tap away, what came of it below.
#[component]
fn Record(call: CallView, acts: Acts) -> impl IntoView {
    let lang = use_lang();
    let id = call.id.to_string();
    let mine = {
        let id = id.clone();
        move || acts.record.input().with(|input| input.as_ref().is_some_and(|input| input.form.call == id))
    };
    // Kept from the last answer: the input is gone once it has come.
    let sent = RwSignal::new(false);
    Effect::new(move || {
        if mine() {
            sent.set(true);
        } else if acts.record.pending().get() {
            sent.set(false);
        }
    });
    let wrong = FormErrors::of(lang, move || acts.record.value().get().filter(|_| sent.get()));
    let script = match call.script.is_empty() {
        true => house_script(lang, call.day).to_owned(),
        false => call.script.get(lang).to_owned(),
    };
    let key = crate::customer::frame::form_key();
    let outcomes = CallOutcome::ALL
        .map(|outcome| {
            view! { <Choice name="outcome" value=outcome.code() title=call_outcome(lang, outcome)/> }
        })
        .collect_view();
    let (pick, note) = (wrong.field("outcome"), wrong.field("note"));
    let note_id = format!("note-{id}");
    view! {
        <details class="call-script">
            <summary>
                <Icon name=IconName::Chat/>
                {tr!(lang, care.call.script)}
            </summary>
            <p class="pre-line">{script}</p>
        </details>
        <details class="call-record">
            <summary class="btn" data-kind="plain">
                {tr!(lang, care.call.record)}
            </summary>
            <ActionForm action=acts.record attr:class="form">
                <input type="hidden" name="call" value=id/>
                <input type="hidden" name="version" value=call.version.to_string()/>
                <input type="hidden" name="key" value=key/>
                <fieldset class="field">
                    <legend>{tr!(lang, care.call.how)}</legend>
                    <div class="choices" data-grid="">{outcomes}</div>
                    {move || {
                        pick.get()
                            .map(|text| {
                                view! {
                                    <p class="error">
                                        <Icon name=IconName::Alert/>
                                        {text}
                                    </p>
                                }
                            })
                    }}
                </fieldset>
                <div class="field">
                    <label for=note_id.clone()>
                        {tr!(lang, care.call.note)} " "
                        <span class="optional">{tr!(lang, care.call.note_hint)}</span>
                    </label>
                    <textarea
                        class="textarea"
                        id=note_id
                        name="note"
                        rows="2"
                        maxlength="1000"
                        aria-invalid=move || note.with(Option::is_some).then_some("true")
                    ></textarea>
                    {move || {
                        note.get()
                            .map(|text| {
                                view! {
                                    <p class="error">
                                        <Icon name=IconName::Alert/>
                                        {text}
                                    </p>
                                }
                            })
                    }}
                </div>
                <SubmitButton pending=acts.record.pending()>{tr!(lang, care.call.save)}</SubmitButton>
            </ActionForm>
        </details>
    }
}

/// The house's own words, where the salon has none.
fn house_script(lang: Lang, day: u32) -> &'static str {
    match day {
        0..=1 => tr!(lang, care.script.first),
        2..=4 => tr!(lang, care.script.middle),
        _ => tr!(lang, care.script.last),
    }
}

fn went(lang: Lang, call: &CallView) -> AnyView {
    let word = match (call.state, call.outcome) {
        (CallState::GivenUp, _) => tr!(lang, care.call.given_up),
        (_, Some(outcome)) => call_outcome(lang, outcome),
        _ => "",
    };
    let when = call.at.map(|at| format!("{} {}", format::day(lang, at.date()), at.hhmm()));
    let by = call.by.as_ref().map(|by| by.get(lang).to_owned());
    let line = [when, by].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <p>
            {word} " " <span class="small muted">{line}</span>
        </p>
        {call.note.clone().map(|note| view! { <p class="soft pre-line">{note}</p> })}
    }
    .into_any()
}

/// What calls brought to light and is not settled yet: before everything else.
fn concerns(lang: Lang, concerns: Vec<ConcernView>, acts: Acts) -> Option<AnyView> {
    (!concerns.is_empty()).then(|| {
        let n = concerns.len();
        let items = concerns.into_iter().map(|one| concern(lang, one, acts)).collect_view();
        view! {
            <section class="section" aria-labelledby="concerns-title">
                <div class="card-head">
                    <h2 id="concerns-title">{tr!(lang, care.concern.title)}</h2>
                    <small>{tr_n!(lang, care.concern.n, n)}</small>
                </div>
                <ul class="call-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}

fn concern(lang: Lang, one: ConcernView, acts: Acts) -> AnyView {
    let (id, version) = (one.id.to_string(), one.version.to_string());
    let opened = format!("{} {}", format::day(lang, one.opened.date()), one.opened.hhmm());
    let owned = one.owner.is_some();
    let owner = match &one.owner {
        Some(owner) => tr!(lang, care.concern.owner, name = owner.get(lang).to_owned()),
        None => tr!(lang, care.concern.nobody).to_owned(),
    };
    let result_id = format!("result-{id}");
    let (close_id, close_version) = (id.clone(), version.clone());
    let number = number(lang, one.phone.clone(), one.dial.clone(), &one.name);
    view! {
        <li class="card call">
            <div class="call-head">
                <Avatar name=one.name.clone()/>
                <div class="grow">
                    <h3>{one.name.clone()}</h3>
                    <p class="meta soft">{one.service.get(lang).to_owned()} " · " {opened}</p>
                </div>
                <Tag tone=if owned { Tone::Plain } else { Tone::Warn }>{owner}</Tag>
                {number}
            </div>
            <p class="pre-line">{one.text}</p>
            <div class="cluster">
                <ActionForm action=acts.take>
                    <input type="hidden" name="concern" value=id/>
                    <input type="hidden" name="version" value=version/>
                    <SubmitButton kind="plain" pending=acts.take.pending()>
                        {tr!(lang, care.concern.take)}
                    </SubmitButton>
                </ActionForm>
                <details class="call-record">
                    <summary class="btn" data-kind="plain">
                        {tr!(lang, care.concern.close)}
                    </summary>
                    <ActionForm action=acts.close attr:class="form">
                        <input type="hidden" name="concern" value=close_id/>
                        <input type="hidden" name="version" value=close_version/>
                        <div class="field">
                            <label for=result_id.clone()>{tr!(lang, care.concern.result)}</label>
                            <textarea class="textarea" id=result_id name="note" rows="2" maxlength="1000"></textarea>
                        </div>
                        <SubmitButton pending=acts.close.pending()>{tr!(lang, care.concern.close_act)}</SubmitButton>
                    </ActionForm>
                </details>
            </div>
        </li>
    }
    .into_any()
}

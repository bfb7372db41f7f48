//! `/chair/:item/facts`: the five questions before the first service (CONSULT-2). One question a card; "none" is an answer,
//! not asking is none.

use super::api;
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    treat::{kind_name, severity_name, source_name},
    ui::{
        Banner, Check, FormErrors, FormNote, IconName, Opt, SelectInput, Shell, ShellKind, Status,
        SubmitButton, TextInput, Tone, TopBar, format,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    consult::{Answer, Asked, FactKind, FactSource, FactView, FactsPage, Severity, answer_field},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn QuestionsPage() -> impl IntoView {
    let params = use_params_map();
    let item = Memo::new(move |_| params.with(|params| params.get("item").unwrap_or_default()));
    let data = crate::ui::resource(move || item.get(), api::facts);
    view! { <StaffPage data view=show/> }
}

fn show(_me: StaffMe, page: FactsPage) -> AnyView {
    view! { <Questions page/> }.into_any()
}

#[component]
fn Questions(page: FactsPage) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::AnswerFacts>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let back = format!("/chair/{}", page.item);
    let key = uuid::Uuid::now_v7().simple().to_string();
    let title = tr!(lang, consult.title, name = page.customer_name.clone());
    let cards = FactKind::ALL
        .iter()
        .enumerate()
        .map(|(i, kind)| question(lang, i, *kind, &page, errors))
        .collect_view();
    let ended: Vec<&FactView> = page.facts.iter().filter(|fact| fact.ended.is_some()).collect();
    let history = (!ended.is_empty()).then(|| {
        let lines = ended.into_iter().map(|fact| view! { <li>{past(lang, &page, fact)}</li> }).collect_view();
        view! {
            <section class="card" aria-labelledby="past-title">
                <div class="card-head">
                    <h2 id="past-title">{tr!(lang, consult.history)}</h2>
                </div>
                <ul class="note-list">{lines}</ul>
            </section>
        }
    });
    view! {
        <Title text=title.clone()/>
        <Shell kind=ShellKind::Chair>
            <TopBar title sub=page.service.get(lang).to_owned() back=back.clone()/>
            <ActionForm action attr:class="questions">
                <main class="chair-questions" id="main">
                    <div class="stack" data-gap="2">
                        <h2 class="serif">{tr!(lang, consult.heading)}</h2>
                        <p class="soft">{tr!(lang, consult.lead)}</p>
                        <p class="small muted">{tr!(lang, consult.logged)}</p>
                    </div>
                    <input type="hidden" name="item" value=page.item.to_string()/>
                    <input type="hidden" name="key" value=key/>
                    <FormNote errors/>
                    {move || {
                        errors
                            .field("answers")
                            .get()
                            .map(|_| view! { <Banner tone=Tone::Stop>{tr!(lang, consult.nothing)}</Banner> })
                    }}
                    {cards}
                    {history}
                </main>
                <footer class="action-bar">
                    <a class="btn" data-size="l" href=back>
                        {tr!(lang, consult.back)}
                    </a>
                    <div class="act-wide">
                        <SubmitButton size="l" wide=true pending=action.pending()>
                            {tr!(lang, consult.save)}
                        </SubmitButton>
                    </div>
                </footer>
            </ActionForm>
        </Shell>
    }
}

fn question_text(lang: Lang, kind: FactKind) -> &'static str {
    match kind {
        FactKind::Allergy => tr!(lang, consult.ask.allergy),
        FactKind::Pregnancy => tr!(lang, consult.ask.pregnancy),
        FactKind::Medicine => tr!(lang, consult.ask.medicine),
        FactKind::Condition => tr!(lang, consult.ask.condition),
        FactKind::Recent => tr!(lang, consult.ask.recent),
    }
}

/// How it stands: never asked, none confirmed, something; with when and by whom.
fn state(lang: Lang, asked: Option<&Asked>) -> AnyView {
    let last = asked.and_then(|asked| asked.last.as_ref());
    let (tone, icon, text) = match last.map(|(answer, ..)| *answer) {
        None => (Tone::Warn, IconName::Help, tr!(lang, consult.state.not_asked)),
        Some(Answer::Nothing) => (Tone::Ok, IconName::CheckCircle, tr!(lang, consult.state.none)),
        Some(Answer::Something) => (Tone::Stop, IconName::Stop, tr!(lang, consult.state.some)),
    };
    let by = last.map(|(_, at, by)| {
        let when = format!("{} {}", format::full_day(lang, at.date()), at.hhmm());
        tr!(lang, consult.confirmed, when = when, by = by.get(lang).to_owned())
    });
    view! {
        <span class="cluster" data-gap="2">
            <Status tone icon>
                {text}
            </Status>
            {by.map(|by| view! { <small class="muted num">{by}</small> })}
        </span>
    }
    .into_any()
}

fn question(lang: Lang, i: usize, kind: FactKind, page: &FactsPage, errors: FormErrors) -> AnyView {
    let name = move |field: &str| answer_field(i, field);
    let asked = page.asked.iter().find(|asked| asked.kind == kind);
    let known: Vec<&FactView> =
        page.facts.iter().filter(|fact| fact.kind == kind && fact.ended.is_none()).collect();
    let known = (!known.is_empty()).then(|| {
        let lines = known.into_iter().map(|fact| holding(lang, fact)).collect_view();
        view! {
            <fieldset class="field">
                <legend>{tr!(lang, consult.known)}</legend>
                {lines}
            </fieldset>
        }
    });
    let answers = [
        ("", tr!(lang, consult.answer.skip)),
        (Answer::Nothing.code(), tr!(lang, consult.answer.none)),
        (Answer::Something.code(), tr!(lang, consult.answer.some)),
    ]
    .map(|(value, text)| {
        view! {
            <label>
                <input class="sr" type="radio" name=name("answer") value=value checked=value.is_empty()/>
                {text}
            </label>
        }
    })
    .collect_view();
    let error = move |field: &str| errors.field(name(field));
    let wrong = error("answer");
    view! {
        <section class="card question" aria-labelledby=format!("q-{}", kind.code())>
            <div class="card-head">
                <h3 id=format!("q-{}", kind.code())>{kind_name(lang, kind)}</h3>
                {state(lang, asked)}
            </div>
            <p class="lead">{question_text(lang, kind)}</p>
            {known}
            <input type="hidden" name=name("kind") value=kind.code()/>
            <div class="seg" data-wide="" role="radiogroup" aria-label=kind_name(lang, kind)>
                {answers}
            </div>
            {move || wrong.get().map(|text| view! { <p class="error">{text}</p> })}
            {details(lang, i, kind, page, errors)}
        </section>
    }
    .into_any()
}

/// A new fact; shown once "yes" is picked, always without scripts that cannot tell.
fn details(lang: Lang, i: usize, kind: FactKind, page: &FactsPage, errors: FormErrors) -> AnyView {
    let name = move |field: &str| answer_field(i, field);
    let error = move |field: &str| errors.field(name(field));
    let codes = std::iter::once(Opt::new("", tr!(lang, consult.field.code_open)))
        .chain(
            page.choices
                .iter()
                .filter(|choice| choice.kind == kind)
                .map(|choice| Opt::new(&choice.code, choice.name.get(lang))),
        )
        .collect::<Vec<_>>();
    let severities = std::iter::once(Opt::new("", tr!(lang, consult.field.severity_open)))
        .chain(Severity::ALL.iter().map(|one| Opt::new(one.code(), severity_name(lang, *one))))
        .collect::<Vec<_>>();
    let sources =
        FactSource::ALL.iter().map(|one| Opt::new(one.code(), source_name(lang, *one))).collect::<Vec<_>>();
    view! {
        <div class="question-more">
            <SelectInput
                name=name("code")
                label=tr!(lang, consult.field.code)
                options=codes
                error=error("code")
            />
            <TextInput
                name=name("what")
                label=tr!(lang, consult.field.what)
                hint=tr!(lang, consult.field.what_hint)
                maxlength=120
                optional=true
                error=error("what")
            />
            {(kind == FactKind::Allergy)
                .then(|| {
                    view! {
                        <TextInput
                            name=name("reaction")
                            label=tr!(lang, consult.field.reaction)
                            maxlength=120
                            optional=true
                            error=error("reaction")
                        />
                    }
                })}
            {matches!(kind, FactKind::Allergy | FactKind::Condition)
                .then(|| {
                    view! {
                        <SelectInput
                            name=name("severity")
                            label=tr!(lang, consult.field.severity)
                            options=severities
                            error=error("severity")
                        />
                    }
                })}
            {(kind == FactKind::Recent)
                .then(|| {
                    view! {
                        <TextInput
                            name=name("since")
                            label=tr!(lang, consult.field.since)
                            r#type="date"
                            optional=true
                            error=error("since")
                        />
                    }
                })}
            <SelectInput
                name=name("source")
                label=tr!(lang, consult.field.source)
                options=sources
                error=error("source")
            />
        </div>
    }
    .into_any()
}

fn describe(lang: Lang, fact: &FactView) -> String {
    [
        Some(fact.subject.get(lang).to_owned()),
        fact.severity.map(|severity| severity_name(lang, severity).to_owned()),
        fact.reaction.clone(),
        fact.since.map(|day| format::full_day(lang, day)),
        Some(source_name(lang, fact.source).to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

/// A fact that holds, with the box that ends it.
fn holding(lang: Lang, fact: &FactView) -> AnyView {
    view! {
        <p class="strong">{describe(lang, fact)}</p>
        <Check name="ended[]" value=fact.id.to_string()>
            {tr!(lang, consult.no_longer)}
        </Check>
    }
    .into_any()
}

fn past(lang: Lang, page: &FactsPage, fact: &FactView) -> AnyView {
    let told = format!("{} {}", format::full_day(lang, fact.at.date()), fact.at.hhmm());
    let told = tr!(lang, consult.confirmed, when = told, by = fact.by.get(lang).to_owned());
    let ended = fact.ended.as_ref().map(|(at, by)| {
        let when = format!("{} {}", format::relative_day(lang, at.date(), page.today), at.hhmm());
        tr!(lang, consult.ended, when = when, by = by.get(lang).to_owned())
    });
    view! {
        <p>{kind_name(lang, fact.kind)} " · " {describe(lang, fact)}</p>
        <p class="small muted num">{told} " · " {ended}</p>
    }
    .into_any()
}

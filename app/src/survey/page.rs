//! `/r/:token`: the form, the thanks, and why it cannot be answered (any more).

use super::{api, words};
use crate::{
    customer::frame::{self, OtherLang, form_key},
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Avatar, Banner, Blank, FormErrors, FormNote, Icon, IconName, NetBar, Nps, Rating, RatingKind, Shell,
        ShellKind, SubmitButton, Tone, TopBar, format,
    },
};
use domain::{
    Lang, Refusal,
    survey::{Dimension, SurveyPage},
};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_params_map;

/// The five SERVQUAL dimensions, then the three that a promise hangs on.
const GROUPS: [&[Dimension]; 2] = [
    &[
        Dimension::Reliability,
        Dimension::Responsiveness,
        Dimension::Assurance,
        Dimension::Empathy,
        Dimension::Tangibles,
    ],
    &[Dimension::Waiting, Dimension::Hygiene, Dimension::Privacy],
];

#[derive(Clone, Copy)]
struct Parts {
    answer: ServerAction<api::Answer>,
    key: StoredValue<String>,
    form: NodeRef<html::Form>,
    /// Names of the questions that are still open; `None` before scripts run.
    open: RwSignal<Option<Vec<&'static str>>>,
    /// Not sent yet for want of a network; tries again by itself.
    stuck: RwSignal<bool>,
}

/// The page.
#[component]
pub fn RateVisit() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    let parts = Parts {
        answer: ServerAction::new(),
        key: StoredValue::new(form_key()),
        form: NodeRef::new(),
        open: RwSignal::new(None),
        stuck: RwSignal::new(false),
    };
    let survey = crate::ui::resource(token, api::page);
    Effect::new(move || {
        if parts.answer.value().with(|value| matches!(value, Some(Ok(())))) {
            #[cfg(not(feature = "ssr"))]
            super::draft::forget(&params.with_untracked(|params| params.get("token").unwrap_or_default()));
            survey.refetch();
        }
    });
    send_again(parts);
    view! {
        {frame::private_head(tr!(lang, survey.title))}
        <Shell kind=ShellKind::Phone>
            <NetBar offline=parts.stuck/>
            <Transition fallback=frame::waiting>
                {move || {
                    survey
                        .get()
                        .map(|answer| match answer {
                            Err(AppError::Refused(Refusal::LinkExpired)) => closed(lang),
                            answer => frame::shown(answer, |survey| page(lang, survey, parts)),
                        })
                }}
            </Transition>
        </Shell>
    }
}

/// Without a network the same answer with the same key goes out again every few seconds until it arrives.
fn send_again(parts: Parts) {
    Effect::new(move || {
        let lost = parts.answer.value().with(|value| matches!(value, Some(Err(AppError::Transport(_)))));
        parts.stuck.set(lost);
        if lost {
            let handle = set_timeout_with_handle(
                move || {
                    if let Some(Some(form)) = parts.form.try_get_untracked() {
                        let _ = form.request_submit();
                    }
                },
                std::time::Duration::from_secs(4),
            );
            on_cleanup(move || {
                if let Ok(handle) = handle {
                    handle.clear();
                }
            });
        }
    });
}

fn page(lang: Lang, survey: SurveyPage, parts: Parts) -> AnyView {
    if survey.answered {
        return thanks(lang, &survey);
    }
    if survey.expired {
        return closed(lang);
    }
    view! {
        <TopBar title=tr!(lang, survey.title) sub=tr!(lang, survey.sub).to_owned()>
            <OtherLang/>
        </TopBar>
        {form(lang, &survey, parts)}
    }
    .into_any()
}

fn form(lang: Lang, survey: &SurveyPage, parts: Parts) -> AnyView {
    let errors = FormErrors::of(lang, move || parts.answer.value().get().filter(|_| !parts.stuck.get()));
    let overall = errors.field("overall");
    keep_draft(survey.token.clone(), parts);
    let (token, what, last) = (survey.token.clone(), what(lang, survey), last(lang, survey, errors));
    #[cfg(not(feature = "ssr"))]
    let changed = {
        let token = survey.token.clone();
        move |_| {
            if let Some(form) = parts.form.get_untracked() {
                super::draft::save(&token, &form);
                parts.open.set(Some(super::draft::open_questions(&form, &asked())));
            }
        }
    };
    #[cfg(feature = "ssr")]
    let changed = move |_| {};
    view! {
        <ActionForm action=parts.answer node_ref=parts.form attr:class="phone-form" attr:autocomplete="off" on:input=changed>
            <input type="hidden" name="token" value=token/>
            <input type="hidden" name="key" value=parts.key.get_value()/>
            <main class="page form" id="main">
                {what} <FormNote errors/>
                <fieldset class="ask">
                    <legend>
                        <span class="n">"1"</span>
                        {tr!(lang, survey.overall)}
                    </legend>
                    <Rating name="overall" kind=RatingKind::Faces/>
                    {move || {
                        overall
                            .get()
                            .map(|_| {
                                view! {
                                    <div class="field mt-2">
                                        <p class="error" role="alert">
                                            <Icon name=IconName::Alert/>
                                            {tr!(lang, survey.overall_needed)}
                                        </p>
                                    </div>
                                }
                            })
                    }}
                </fieldset>
                {group(lang, "2", tr!(lang, survey.five), GROUPS[0])}
                {group(lang, "3", tr!(lang, survey.three), GROUPS[1])}
                <fieldset class="ask">
                    <legend>
                        <span class="n">"4"</span>
                        {tr!(lang, survey.nps)}
                    </legend>
                    <Nps name="nps"/>
                </fieldset>
                {last}
                <Banner tone=Tone::Plain icon=IconName::Lock>
                    {tr!(lang, survey.who_sees)}
                </Banner>
            </main>
            <footer class="action-bar">
                <p class="action-sum">{move || left(lang, parts.open.get())}</p>
                <SubmitButton pending=parts.answer.pending() size="l">
                    {tr!(lang, survey.send)}
                </SubmitButton>
            </footer>
        </ActionForm>
    }
    .into_any()
}

/// Takes up what was filled in before, once the form is there.
fn keep_draft(token: String, parts: Parts) {
    #[cfg(not(feature = "ssr"))]
    Effect::new(move || {
        if let Some(form) = parts.form.get() {
            super::draft::restore(&token, &form);
            parts.open.set(Some(super::draft::open_questions(&form, &asked())));
        }
    });
    #[cfg(feature = "ssr")]
    drop((token, parts));
}

/// Names of everything that is answered by a figure.
#[cfg(not(feature = "ssr"))]
fn asked() -> Vec<&'static str> {
    let dimensions = GROUPS.into_iter().flatten().map(|dimension| dimension.code());
    std::iter::once("overall").chain(dimensions).chain(std::iter::once("nps")).collect()
}

/// What is being rated.
fn what(lang: Lang, survey: &SurveyPage) -> AnyView {
    let services = survey.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let staff = survey.staff.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" · ");
    let when = format!("{} {}", format::day_weekday(lang, survey.at.date()), survey.at.hhmm());
    let sub = [staff.as_str(), &when, survey.branch.name.get(lang)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let face = survey.staff.first().map(|name| name.zh.clone());
    view! {
        <div class="row card">
            {face.map(|name| view! { <Avatar name/> })}
            <span class="row-main">
                <span class="row-title">{services}</span>
                <span class="row-sub">{sub}</span>
            </span>
        </div>
    }
    .into_any()
}

fn group(lang: Lang, number: &'static str, question: &'static str, dimensions: &[Dimension]) -> AnyView {
    let rows = (dimensions.iter())
        .map(|dimension| {
            view! {
                <fieldset class="dim">
                    <legend>
                        <b>{words::dimension(lang, *dimension)}</b>
                        <small>{words::explained(lang, *dimension)}</small>
                    </legend>
                    <Rating name=dimension.code() kind=RatingKind::Figures/>
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <fieldset class="ask">
            <legend>
                <span class="n">{number}</span>
                {question}
                <small>{tr!(lang, survey.range)}</small>
            </legend>
            <div class="stack" data-gap="5">
                {rows}
            </div>
        </fieldset>
    }
    .into_any()
}

fn last(lang: Lang, survey: &SurveyPage, errors: FormErrors) -> AnyView {
    let phone = match &survey.phone_masked {
        Some(phone) => tr!(lang, survey.call_to, phone = phone.clone()),
        None => tr!(lang, survey.call_by_desk).to_owned(),
    };
    let wrong = errors.field("comment");
    view! {
        <fieldset class="ask">
            <legend>
                <span class="n">"5"</span>
                {tr!(lang, survey.comment)}
                <small>{tr!(lang, common.optional)}</small>
            </legend>
            <textarea
                class="textarea"
                name="comment"
                rows="3"
                aria-label=tr!(lang, survey.comment)
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                placeholder=tr!(lang, survey.comment_hint)
            ></textarea>
            {move || {
                wrong
                    .get()
                    .map(|text| {
                        view! {
                            <div class="field mt-2">
                                <p class="error" role="alert">
                                    <Icon name=IconName::Alert/>
                                    {text}
                                </p>
                            </div>
                        }
                    })
            }}
            <label class="switch">
                <span class="switch-text">
                    <b>{tr!(lang, survey.call)}</b>
                    <small class="muted block">{phone}</small>
                </span>
                <input type="checkbox" role="switch" name="call" value="on"/>
            </label>
        </fieldset>
    }
    .into_any()
}

/// What is still open, for the bar below. Only the first question is needed; the rest may be left out.
fn left(lang: Lang, open: Option<Vec<&'static str>>) -> AnyView {
    let Some(open) = open else {
        return view! { <b>{tr!(lang, survey.bar_first)}</b> {tr!(lang, survey.bar_first_sub)} }.into_any();
    };
    let (head, sub) = match open.len() {
        0 => (tr!(lang, survey.bar_all).to_owned(), tr!(lang, survey.bar_all_sub)),
        _ if open.contains(&"overall") => {
            (tr!(lang, survey.bar_first).to_owned(), tr!(lang, survey.bar_first_sub))
        }
        n => (crate::tr_n!(lang, survey.bar_open, n), tr!(lang, survey.bar_open_sub)),
    };
    view! { <b>{head}</b> {sub} }.into_any()
}

fn thanks(lang: Lang, survey: &SurveyPage) -> AnyView {
    let again = crate::booking::address::salon(&survey.branch.slug);
    let wall = format!("/promises/{}", survey.branch.slug);
    view! {
        <TopBar title=tr!(lang, survey.title)>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <Blank title=tr!(lang, survey.thanks) text=tr!(lang, survey.thanks_text)>
                <div class="btn-group mt-4">
                    <a class="btn" data-kind="primary" href=wall>
                        {tr!(lang, promise.title)}
                    </a>
                    <a class="btn" href=again>
                        {tr!(lang, survey.to_salon)}
                    </a>
                </div>
            </Blank>
        </main>
    }
    .into_any()
}

fn closed(lang: Lang) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_page_status(410);
    view! {
        <TopBar title=tr!(lang, survey.title)>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <Blank title=tr!(lang, survey.expired) text=tr!(lang, survey.expired_text)>
                <a class="btn" href="/">
                    {tr!(lang, ui.error.to_home)}
                </a>
            </Blank>
        </main>
    }
    .into_any()
}

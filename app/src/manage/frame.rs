//! What the pages of the settings share: frame and tabs, the question before bookings are stranded, words for codes.

use crate::{
    account::StaffFrame,
    error::AppError,
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Check, Field, FormErrors, FormNote, IconName, Tone, TopBar, Words, fields::described, format,
    },
};
use domain::{
    Lang, Refusal,
    account::StaffMe,
    booking::stranded::{Brief, Cause},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Which part of the settings a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Services,
    Hours,
    Rota,
    People,
    Places,
    Stranded,
}

/// Everything that stands in the address after `?`: what a page reads depends on it, and saving changes it.
pub fn query() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(leptos_router::params::ParamsMap::to_query_string))
}

/// A value of the query, as it is when the page is built.
pub fn asked(name: &str) -> String {
    use_query_map().with_untracked(|query| query.get(name).unwrap_or_default())
}

#[component]
pub fn ManageFrame(
    me: StaffMe,
    tab: Tab,
    #[prop(into)] title: String,
    /// Where the arrow leads, on pages below a tab.
    #[prop(optional, into)]
    back: Words,
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let saved = !asked("saved").is_empty();
    let tabs = [
        (Tab::Services, "/settings", tr!(lang, manage.tab.services)),
        (Tab::Hours, "/settings/hours", tr!(lang, manage.tab.hours)),
        (Tab::Rota, "/settings/rota", tr!(lang, manage.tab.rota)),
        (Tab::People, "/settings/people", tr!(lang, manage.tab.people)),
        (Tab::Places, "/settings/places", tr!(lang, manage.tab.places)),
        (Tab::Stranded, "/settings/stranded", tr!(lang, manage.tab.stranded)),
    ];
    let links = tabs
        .into_iter()
        .map(|(one, href, text)| {
            view! {
                <a href=href aria-current=(one == tab).then_some("page")>
                    {text}
                </a>
            }
        })
        .collect_view();
    view! {
        <Title text=title.clone()/>
        <StaffFrame me>
            <TopBar title back/>
            <main class="page manage" id="main">
                <nav class="tabs" aria-label=tr!(lang, manage.nav.label)>
                    {links}
                </nav>
                {saved
                    .then(|| {
                        view! {
                            <div role="status">
                                <Banner tone=Tone::Ok>{tr!(lang, manage.saved)}</Banner>
                            </div>
                        }
                    })}
                {children()}
            </main>
        </StaffFrame>
    }
}

/// What went wrong with a form; when it would strand bookings, which, and the box to tick.
#[component]
pub fn Note(errors: FormErrors) -> impl IntoView {
    move || match errors.error().get() {
        Some(AppError::Refused(Refusal::WouldStrand { count, first })) => {
            view! { <Stranding count first/> }.into_any()
        }
        Some(_) => view! { <FormNote errors/> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Stranding(count: u32, first: Vec<Brief>) -> impl IntoView {
    let lang = use_lang();
    let left = count - u32::try_from(first.len()).unwrap_or(count).min(count);
    let lines = first
        .into_iter()
        .map(|booking| {
            let when = format!("{} {}", format::day_weekday(lang, booking.at.date()), booking.at.hhmm());
            let line = tr!(
                lang,
                manage.strand.line,
                when = when,
                staff = booking.staff.get(lang).to_owned(),
                number = booking.number,
                cause = cause(lang, booking.cause)
            );
            view! { <li>{line}</li> }
        })
        .collect_view();
    view! {
        <div role="alert" class="strand">
            <Banner tone=Tone::Warn icon=IconName::Alert title=tr_n!(lang, manage.strand.title, count)>
                <p>{tr!(lang, manage.strand.then)}</p>
                <ul class="bullets">{lines}</ul>
                {(left > 0).then(|| view! { <p>{tr!(lang, manage.strand.more, n = left)}</p> })}
            </Banner>
            <Check name="confirm" value="yes">
                {tr!(lang, manage.strand.sure)}
            </Check>
        </div>
    }
}

/// Why a booking cannot be kept.
pub fn cause(lang: Lang, cause: Cause) -> &'static str {
    match cause {
        Cause::Closed => tr!(lang, manage.cause.closed),
        Cause::NotOffered => tr!(lang, manage.cause.not_offered),
        Cause::PersonGone => tr!(lang, manage.cause.person_gone),
        Cause::OffDuty => tr!(lang, manage.cause.off_duty),
        Cause::NotSkilled => tr!(lang, manage.cause.not_skilled),
        Cause::NotCertified => tr!(lang, manage.cause.not_certified),
        Cause::RoomDown => tr!(lang, manage.cause.room_down),
        Cause::DeviceDown => tr!(lang, manage.cause.device_down),
    }
}

/// A qualification, a type of rooms or devices in words; what the salon named itself, as it did.
pub fn kind(lang: Lang, code: &str) -> String {
    let known = match code {
        "consult" => tr!(lang, manage.kind.consult),
        "facial" => tr!(lang, manage.kind.facial),
        "light" => tr!(lang, manage.kind.light),
        "lash" => tr!(lang, manage.kind.lash),
        "body" => tr!(lang, manage.kind.body),
        "nail" => tr!(lang, manage.kind.nail),
        "scalp" => tr!(lang, manage.kind.scalp),
        "bath" => tr!(lang, manage.kind.bath),
        "ipl" => tr!(lang, manage.kind.ipl),
        "led" => tr!(lang, manage.kind.led),
        "rf" => tr!(lang, manage.kind.rf),
        "infuser" => tr!(lang, manage.kind.infuser),
        own => own,
    };
    known.to_owned()
}

/// A text field with what is known already to choose from.
#[component]
pub fn ListInput(
    #[prop(into)] name: String,
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    known: Vec<String>,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let lang = use_lang();
    let list = format!("{id}-list");
    let described = described(&id, hint.0.is_some(), error);
    let options = known
        .into_iter()
        .map(|code| {
            let label = kind(lang, &code);
            view! { <option value=code label=label></option> }
        })
        .collect_view();
    view! {
        <Field id=id.clone() label hint error optional>
            <input
                class="input"
                id=id
                name=name
                value=value
                list=list.clone()
                maxlength="24"
                autocomplete="off"
                aria-required=(!optional).then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            />
            <datalist id=list>{options}</datalist>
        </Field>
    }
}

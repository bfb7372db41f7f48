//! `/w/:token`: an entry of the waitlist as its customer sees it, reached by an unguessable link. An offer is taken with
//! one tap.

use super::{api, words};
use crate::{
    booking::{address, count_down, words as booking_words},
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{
        Banner, Blank, FormErrors, FormNote, Shell, ShellKind, Slip, SlipTime, Status, SubmitButton,
        TextInput, Tone, TopBar, format,
    },
};
use domain::{
    Lang,
    account::CODE_MINUTES,
    booking::waitlist::{WaitOffer, WaitState, WaitView},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[derive(Clone, Copy)]
struct Acts {
    verify: ServerAction<api::Verify>,
    resend: ServerAction<api::SendCode>,
    accept: ServerAction<api::Accept>,
    decline: ServerAction<api::Decline>,
    leave: ServerAction<api::Leave>,
}

/// The page.
#[component]
pub fn WaitEntry() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let entry = crate::ui::resource(
        move || params.with(|params| params.get("token").unwrap_or_default()),
        api::entry,
    );
    let acts = Acts {
        verify: ServerAction::new(),
        resend: ServerAction::new(),
        accept: ServerAction::new(),
        decline: ServerAction::new(),
        leave: ServerAction::new(),
    };
    // an answer leads back to this very page: it has to be read anew; a late one, too
    Effect::new(move |before: Option<()>| {
        acts.verify.version().track();
        acts.decline.version().track();
        acts.leave.version().track();
        acts.accept.version().track();
        if before.is_some() {
            entry.refetch();
        }
    });
    view! {
        {frame::private_head(tr!(lang, waitlist.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || entry.get().map(|answer| frame::shown(answer, |view| page(lang, &view, acts)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, view: &WaitView, acts: Acts) -> AnyView {
    let branch = view.branch.name.get(lang).to_owned();
    let body = match (view.line.state, &view.line.offer) {
        (WaitState::Asked, _) => asked(lang, view, acts),
        (WaitState::Offered, Some(offer)) => offered(lang, view, offer, acts),
        (WaitState::Waiting | WaitState::Offered, _) => waiting(lang, view, acts),
        (WaitState::Accepted, _) => accepted(lang, view),
        (WaitState::Left | WaitState::Expired | WaitState::Ended, _) => over(lang, view),
    };
    view! {
        <TopBar title=tr!(lang, waitlist.title) sub=branch back="/me".to_owned()>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">{body}</main>
        {frame::tabs(lang, &view.branch.slug)}
    }
    .into_any()
}

/// What is waited for.
fn what(lang: Lang, view: &WaitView) -> AnyView {
    let line = &view.line;
    let (tone, icon) = words::mark(line.state);
    let state = line.state;
    view! {
        <section class="card stack" data-gap="3">
            <p class="cluster" data-between>
                <b>{words::services(lang, line)}</b>
                <Status tone icon>
                    {words::state(lang, state)}
                </Status>
            </p>
            <dl class="facts">
                <dt>{tr!(lang, waitlist.when)}</dt>
                <dd>{words::days(lang, line)} " · " {words::parts(lang, line.parts)}</dd>
                <dt>{tr!(lang, booking.who.title)}</dt>
                <dd>{words::who(lang, line)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

fn asked(lang: Lang, view: &WaitView, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.verify.value().get());
    let resend = FormErrors::of(lang, move || acts.resend.value().get());
    let (token, phone) = (view.line.token.clone(), view.line.phone_masked.clone());
    let again = token.clone();
    let hint = tr!(lang, booking.hold.code_hint, phone = phone, minutes = CODE_MINUTES);
    view! {
        {what(lang, view)}
        <ActionForm action=acts.verify attr:class="form section">
            <h2>{tr!(lang, booking.hold.enter)}</h2>
            <FormNote errors/>
            <input type="hidden" name="token" value=token/>
            <TextInput
                name="code"
                label=tr!(lang, customer.code)
                hint=hint
                inputmode="numeric"
                autocomplete="one-time-code"
                autofocus=true
                error=errors.field("code")
            />
            <SubmitButton pending=acts.verify.pending() size="l" wide=true>
                {tr!(lang, waitlist.join)}
            </SubmitButton>
        </ActionForm>
        <div class="mt-4 stack" data-gap="3">
            <FormNote errors=resend/>
            <ActionForm action=acts.resend>
                <input type="hidden" name="token" value=again/>
                <SubmitButton pending=acts.resend.pending() kind="plain" wide=true>
                    {tr!(lang, customer.code_again)}
                </SubmitButton>
            </ActionForm>
        </div>
    }
    .into_any()
}

fn waiting(lang: Lang, view: &WaitView, acts: Acts) -> AnyView {
    let book = address::choose(&view.branch.slug, &view.services, &view.who, "");
    let missed = view.line.history.iter().any(|event| event.kind == "lapsed");
    view! {
        <h2 class="greet">{tr!(lang, waitlist.waiting)}</h2>
        <p class="meta soft mt-2">{tr!(lang, waitlist.waiting_sub, phone = view.line.phone_masked.clone())}</p>
        {missed
            .then(|| {
                view! {
                    <div class="mt-4">
                        <Banner tone=Tone::Info>{tr!(lang, waitlist.missed)}</Banner>
                    </div>
                }
            })}
        <div class="mt-5">{what(lang, view)}</div>
        <div class="btn-group mt-5" data-fill>
            <a class="btn" href=book>
                {tr!(lang, waitlist.look)}
            </a>
        </div>
        {leave(lang, view, acts)}
    }
    .into_any()
}

fn leave(lang: Lang, view: &WaitView, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.leave.value().get());
    let token = view.line.token.clone();
    view! {
        <div class="mt-4">
            <FormNote errors/>
            <ActionForm action=acts.leave>
                <input type="hidden" name="token" value=token/>
                <button class="btn" data-kind="quiet" data-wide type="submit">
                    {tr!(lang, waitlist.leave)}
                </button>
            </ActionForm>
        </div>
    }
    .into_any()
}

fn offered(lang: Lang, view: &WaitView, offer: &WaitOffer, acts: Acts) -> AnyView {
    let left = RwSignal::new(offer.left);
    count_down(offer.left, left);
    let errors = FormErrors::of(lang, move || acts.accept.value().get());
    let counting = move || match left.get() {
        0 => tr!(lang, booking.hold.over).to_owned(),
        seconds => tr!(lang, booking.hold.left, time = format!("{}:{:02}", seconds / 60, seconds % 60)),
    };
    let keep = tr!(lang, waitlist.keep, time = offer.until.hhmm());
    let price = tr!(lang, booking.slip.price, price = booking_words::price(lang, offer.price));
    let foot = move || {
        view! {
            <p class="cluster" data-between>
                <span class="strong">{keep.clone()}</span>
                // counts each second: not for the screen reader's ear
                <span class="num strong" aria-hidden="true">
                    {counting}
                </span>
            </p>
            <p class="meta slip-sub">{price.clone()}</p>
        }
    };
    let (iso, time) = (offer.from.iso(), offer.from.hhmm());
    let until = tr!(lang, booking.slip.until, time = offer.to.hhmm());
    let day = format::relative_day(lang, offer.from.date(), view.branch.today);
    let (title, staff) = (words::services(lang, &view.line), offer.staff.get(lang).to_owned());
    let (token, other) = (view.line.token.clone(), view.line.token.clone());
    let begins = time.clone();
    let day_time = format::day(lang, offer.from.date());
    view! {
        <h2 class="greet">{tr!(lang, waitlist.offer)}</h2>
        <p class="meta soft mt-2">{tr!(lang, waitlist.offer_sub)}</p>
        <div class="mt-5">
            <Slip deep=true label=tr!(lang, waitlist.offer) foot=foot>
                <p class="slip-eyebrow">
                    <span>{day}</span>
                </p>
                <SlipTime iso time until/>
                <h3 class="slip-title">{title}</h3>
                <p class="slip-sub">{staff}</p>
            </Slip>
        </div>
        <div class="section stack" data-gap="3">
            <FormNote errors/>
            <ActionForm action=acts.accept>
                <input type="hidden" name="token" value=token/>
                <SubmitButton pending=acts.accept.pending() size="l" wide=true>
                    {tr!(lang, booking.hold.book, day = day_time, time = begins)}
                </SubmitButton>
            </ActionForm>
            <ActionForm action=acts.decline>
                <input type="hidden" name="token" value=other/>
                <SubmitButton pending=acts.decline.pending() kind="plain" wide=true>
                    {tr!(lang, waitlist.decline)}
                </SubmitButton>
            </ActionForm>
        </div>
        {leave(lang, view, acts)}
    }
    .into_any()
}

fn accepted(lang: Lang, view: &WaitView) -> AnyView {
    let booking = view.booking.as_ref().map_or_else(|| "/me".to_owned(), |token| format!("/b/{token}"));
    view! {
        <Blank title=tr!(lang, waitlist.accepted) text=tr!(lang, waitlist.accepted_sub)>
            <a class="btn" data-kind="primary" href=booking>
                {tr!(lang, customer.me.open)}
            </a>
        </Blank>
    }
    .into_any()
}

fn over(lang: Lang, view: &WaitView) -> AnyView {
    let text = match view.line.state {
        WaitState::Expired => tr!(lang, waitlist.expired_sub),
        WaitState::Ended => tr!(lang, waitlist.ended_sub),
        _ => tr!(lang, waitlist.left_sub),
    };
    let again = address::choose(&view.branch.slug, &view.services, &view.who, "");
    view! {
        <Blank title=words::state(lang, view.line.state) text=text>
            <a class="btn" data-kind="primary" href=again>
                {tr!(lang, booking.hold.again)}
            </a>
        </Blank>
    }
    .into_any()
}

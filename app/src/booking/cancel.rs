//! Cancelling: a dialog on the booking's page where there are scripts, and a page of its own where there are none.

use super::{address, api, words};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{
        Check, FormErrors, FormNote, Icon, IconName, Shell, ShellKind, SubmitButton, TextArea, TopBar, format,
    },
};
use domain::{
    Lang,
    booking::{BookingView, CancelReason},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/b/:token/cancel`.
#[component]
pub fn CancelBooking() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let cancel = ServerAction::<api::Cancel>::new();
    let booking =
        crate::ui::resource(move || params.with(|params| params.get("token").unwrap_or_default()), api::view);
    view! {
        {frame::private_head(tr!(lang, booking.cancel.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    booking.get().map(|answer| frame::shown(answer, |booking| page(lang, &booking, cancel)))
                }}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, booking: &BookingView, cancel: ServerAction<api::Cancel>) -> AnyView {
    let back = format!("/b/{}", booking.token);
    let services =
        booking.items.iter().map(|item| item.name.get(lang).to_owned()).collect::<Vec<_>>().join(" + ");
    let when = format!("{} {}", format::day_weekday(lang, booking.from.date()), booking.from.hhmm());
    let inner = if booking.may_cancel {
        form(lang, booking, cancel, None)
    } else {
        view! {
            <p>{too_late(lang, booking)}</p>
            <a class="btn" data-kind="primary" href=address::tel(&booking.branch.phone)>
                <Icon name=IconName::Phone/>
                {booking.branch.phone.clone()}
            </a>
        }
        .into_any()
    };
    view! {
        <TopBar title=tr!(lang, booking.cancel.title) sub=booking.number.clone() back=back>
            <OtherLang/>
        </TopBar>
        <main class="page form" id="main">
            <div class="card">
                <b>{when}</b>
                <p class="meta soft">{services}</p>
            </div>
            {inner}
        </main>
    }
    .into_any()
}

/// Why it cannot be changed here any more, and the way on.
pub fn too_late(lang: Lang, booking: &BookingView) -> String {
    if booking.state.is_open() {
        tr!(lang, booking.cancel.too_late, phone = address::unbroken(&booking.branch.phone))
    } else {
        tr!(lang, booking.cancel.not_open, state = words::state(lang, booking.state))
    }
}

/// The form itself; also inside the dialog, which `dialog` closes.
pub fn form(
    lang: Lang,
    booking: &BookingView,
    cancel: ServerAction<api::Cancel>,
    dialog: Option<RwSignal<bool>>,
) -> AnyView {
    let errors = FormErrors::of(lang, move || cancel.value().get());
    let wrong = errors.field("reason");
    let (token, back) = (booking.token.clone(), format!("/b/{}", booking.token));
    let reasons = CancelReason::CUSTOMER
        .into_iter()
        .map(|reason| {
            view! {
                <Check name="reason" value=reason.code() radio=true>
                    {words::cancel_reason(lang, reason)}
                </Check>
            }
        })
        .collect_view();
    view! {
        <ActionForm action=cancel attr:class="form">
            <FormNote errors/>
            <input type="hidden" name="token" value=token/>
            <fieldset class="field">
                <legend>{tr!(lang, booking.cancel.why)}</legend>
                <div>{reasons}</div>
                {move || {
                    wrong
                        .get()
                        .map(|_| {
                            view! {
                                <p class="error">
                                    <Icon name=IconName::Alert/>
                                    {tr!(lang, booking.cancel.pick)}
                                </p>
                            }
                        })
                }}
            </fieldset>
            <TextArea
                name="note"
                label=tr!(lang, booking.cancel.note)
                rows=2
                optional=true
                error=errors.field("note")
            />
            <p class="small muted">{tr!(lang, booking.cancel.free)}</p>
            <div class="btn-group" data-fill>
                <a
                    class="btn"
                    href=back
                    on:click=move |event| {
                        if let Some(open) = dialog {
                            event.prevent_default();
                            open.set(false);
                        }
                    }
                >
                    {tr!(lang, booking.cancel.keep)}
                </a>
                <SubmitButton pending=cancel.pending() kind="danger">
                    {tr!(lang, booking.cancel.act)}
                </SubmitButton>
            </div>
        </ActionForm>
    }
    .into_any()
}

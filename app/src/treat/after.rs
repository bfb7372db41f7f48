//! After the service: aftercare from the library, told and sent (TREAT-6), and the rating by QR.

use super::{
    api,
    item::{Seat, shown_in},
};
use crate::{
    tr,
    ui::{FormErrors, FormNote, Icon, IconName, Qr, QrArt, Status, SubmitButton, Tone},
};
use domain::treat::{AftercareView, ServiceState};
use leptos::prelude::*;

#[component]
pub fn AfterCards(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::Aftercare>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let advice = Memo::new(move |_| seat.data.with(|treatment| treatment.aftercare.clone()));
    let open = Memo::new(move |_| advice.with(|advice| advice.iter().any(|one| one.told_at.is_none())));
    let may = Memo::new(move |_| matches!(seat.state(), ServiceState::InService | ServiceState::Done));
    let any = advice.with_untracked(|advice| !advice.is_empty());
    any.then(|| {
        view! {
            <section class="card stack" data-gap="3" aria-labelledby="after-title">
                <div class="card-head">
                    <h2 id="after-title">{tr!(lang, treat.after.title)}</h2>
                    <small>{tr!(lang, treat.after.note)}</small>
                </div>
                <ActionForm action attr:class="form">
                    <input type="hidden" name="item" value=seat.item()/>
                    <FormNote errors/>
                    <ul class="after-list">
                        {move || advice.get().into_iter().map(|one| line(seat, one)).collect_view()}
                    </ul>
                    {move || {
                        (open.get() && may.get())
                            .then(|| {
                                view! {
                                    <SubmitButton kind="soft" wide=true pending=action.pending()>
                                        <Icon name=IconName::Send/>
                                        {tr!(lang, treat.after.act)}
                                    </SubmitButton>
                                }
                            })
                    }}
                </ActionForm>
            </section>
        }
    })
}

/// Told already: when. Else a box to tick, ticked from the start: leaving one out is the exception.
fn line(seat: Seat, one: AftercareView) -> AnyView {
    let lang = seat.lang;
    let text = one.text.get(lang).to_owned();
    match one.told_at {
        Some(at) => view! {
            <li>
                <Status tone=Tone::Ok icon=IconName::CheckCircle>
                    {tr!(lang, treat.after.told, time = at.hhmm())}
                </Status>
                <span class="block soft">{text}</span>
            </li>
        }
        .into_any(),
        None => view! {
            <li>
                <label class="check">
                    <input type="checkbox" name="told[]" value=one.id.to_string() checked=true/>
                    <span>{text}</span>
                </label>
            </li>
        }
        .into_any(),
    }
}

/// The rating link, large enough to be scanned from the chair.
#[component]
pub fn RatingCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let survey = Memo::new(move |_| seat.data.with(|treatment| treatment.survey.clone()));
    let more = Memo::new(move |_| seat.data.with(|treatment| treatment.more));
    view! {
        <section class="card rating-card" aria-labelledby="rating-title">
            {move || match survey.get() {
                Some((link, qr)) => {
                    let art = QrArt::from(qr);
                    view! {
                        <Qr art what=tr!(lang, treat.rating.qr)/>
                        <div class="stack" data-gap="2">
                            <h2 id="rating-title" class="serif">
                                {tr!(lang, treat.rating.title)}
                            </h2>
                            <p class="soft">{tr!(lang, treat.rating.text)}</p>
                            <p class="small muted link-text">{link}</p>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <div class="stack" data-gap="2">
                            <h2 id="rating-title" class="serif">
                                {tr!(lang, treat.rating.done)}
                            </h2>
                            <p class="soft">
                                {if more.get() > 0 {
                                    tr!(lang, treat.rating.more, n = more.get())
                                } else {
                                    tr!(lang, treat.rating.none).to_owned()
                                }}
                            </p>
                        </div>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

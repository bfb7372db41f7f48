//! What goes home with the customer (TREAT-6): advice on diet and products, and the next visit in one tap.

use super::{
    api,
    item::{Seat, next_key, shown_in},
};
use crate::{
    tr, tr_n,
    ui::{FormErrors, FormNote, Icon, IconName, Opt, Seg, Status, SubmitButton, Tone, format},
};
use domain::treat::{AdviceKind, ServiceState};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

/// Weeks that can be tapped.
const WEEKS: [u32; 4] = [1, 2, 4, 6];

#[component]
pub fn AdviceCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::Advise>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let form = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(Ok(_)) = action.value().get() {
            super::notes::empty(form);
        }
    });
    let may = Memo::new(move |_| matches!(seat.state(), ServiceState::InService | ServiceState::Done));
    let lines = move || {
        seat.data.with(|t| {
            t.chair
                .advice
                .iter()
                .rev()
                .map(|one| {
                    let kind = match one.kind {
                        AdviceKind::Diet => tr!(lang, chair.advice.diet),
                        AdviceKind::Product => tr!(lang, chair.advice.product),
                    };
                    view! {
                        <li>
                            <p class="pre-line">{one.text.clone()}</p>
                            <p class="small muted num">
                                {kind} " · " {one.at.hhmm()} " · " {one.by.get(lang).to_owned()}
                            </p>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Show when=move || may.get()>
            <section class="card stack" data-gap="3" aria-labelledby="advice-title">
                <div class="card-head">
                    <h2 id="advice-title">{tr!(lang, chair.advice.title)}</h2>
                    <small>{tr!(lang, chair.advice.note)}</small>
                </div>
                <ActionForm action attr:class="form">
                    <input type="hidden" name="item" value=seat.item()/>
                    <input type="hidden" name="key" value=move || key.get()/>
                    <FormNote errors/>
                    <Seg
                        name="kind"
                        label=tr!(lang, chair.advice.kind)
                        wide=true
                        value=AdviceKind::Diet.code()
                        options=vec![
                            Opt::new(AdviceKind::Diet.code(), tr!(lang, chair.advice.diet)),
                            Opt::new(AdviceKind::Product.code(), tr!(lang, chair.advice.product)),
                        ]
                    />
                    <div node_ref=form class="advice-text">
                        <label class="sr" for="advice-text">
                            {tr!(lang, chair.advice.text)}
                        </label>
                        <textarea
                            class="textarea"
                            id="advice-text"
                            name="words"
                            rows="2"
                            maxlength="1000"
                            placeholder=tr!(lang, chair.advice.text)
                            aria-invalid=move || errors.field("words").get().is_some().then_some("true")
                        ></textarea>
                        {move || errors.field("words").get().map(|text| view! { <p class="error">{text}</p> })}
                    </div>
                    <SubmitButton kind="soft" wide=true pending=action.pending()>
                        <Icon name=IconName::Send/>
                        {tr!(lang, chair.advice.save)}
                    </SubmitButton>
                </ActionForm>
                <ul class="note-list">{lines}</ul>
            </section>
        </Show>
    }
}

/// Tap the weeks, see the best time, book it.
#[component]
pub fn NextCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let may = Memo::new(move |_| matches!(seat.state(), ServiceState::InService | ServiceState::Done));
    let agreed = Memo::new(move |_| seat.data.with(|t| t.chair.next.clone()));
    let line = move || {
        agreed.get().map(|next| {
            let text = tr!(
                lang,
                chair.next.agreed,
                day = format::day_weekday(lang, next.at.date()),
                time = next.at.hhmm(),
                staff = next.staff.get(lang).to_owned()
            );
            view! {
                <Status tone=Tone::Ok icon=IconName::CalendarCheck>
                    {text}
                </Status>
            }
        })
    };
    view! {
        <Show when=move || may.get()>
            <section class="card stack" data-gap="3" id="next" aria-labelledby="next-title">
                <div class="card-head">
                    <h2 id="next-title">{tr!(lang, chair.next.title)}</h2>
                </div>
                {line}
                <Show when=move || agreed.with(Option::is_none)>
                    <Offer seat/>
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Offer(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let query = use_query_map();
    let weeks = Memo::new(move |_| {
        query.with(|query| query.get("weeks")).and_then(|weeks| weeks.parse::<u32>().ok()).unwrap_or_default()
    });
    let item = seat.item();
    let offer = crate::ui::resource(
        move || (item.clone(), weeks.get()),
        |(item, weeks)| async move {
            match weeks {
                0 => Ok(None),
                weeks => api::offer(item, weeks).await,
            }
        },
    );
    let action = ServerAction::<api::BookNext>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let links = WEEKS
        .map(|n| {
            view! {
                <a
                    href=format!("?weeks={n}#next")
                    aria-current=move || (weeks.get() == n).then_some("true")
                >
                    {tr_n!(lang, chair.next.weeks, n)}
                </a>
            }
        })
        .collect_view();
    let shown = move || {
        offer.get().map(|answer| match answer {
            Ok(Some(next)) => {
                let text = tr!(
                    lang,
                    chair.next.offer,
                    day = format::day_weekday(lang, next.at.date()),
                    time = next.at.hhmm(),
                    staff = next.staff.get(lang).to_owned()
                );
                view! {
                    <ActionForm action attr:class="form">
                        <input type="hidden" name="item" value=seat.item()/>
                        <input type="hidden" name="at" value=next.at.millis().to_string()/>
                        <input type="hidden" name="key" value=move || key.get()/>
                        <p class="strong num">{text}</p>
                        <SubmitButton kind="soft" wide=true pending=action.pending()>
                            <Icon name=IconName::CalendarPlus/>
                            {tr!(lang, chair.next.book)}
                        </SubmitButton>
                    </ActionForm>
                }
                .into_any()
            }
            Ok(None) if weeks.get() == 0 => {
                view! { <p class="meta soft">{tr!(lang, chair.next.pick)}</p> }.into_any()
            }
            Ok(None) => view! { <p class="meta">{tr!(lang, chair.next.none)}</p> }.into_any(),
            Err(error) => view! { <p class="error">{crate::ui::error_text(lang, &error)}</p> }.into_any(),
        })
    };
    view! {
        <nav class="seg" data-wide="" aria-label=tr!(lang, chair.next.title)>
            {links}
        </nav>
        <FormNote errors/>
        <Transition>{shown}</Transition>
    }
}

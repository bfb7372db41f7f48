//! Picking a time, as booking, moving a booking and a re-check do: the times of the day in a form of their own, what is said
//! when one is gone or none was picked, and the bar below.

use super::slots;
pub use super::{
    choose::{on_choice, update_button},
    slots::{days, people},
};
use crate::{
    customer::frame::form_key,
    error::AppError,
    tr,
    ui::{Banner, FormErrors, Icon, IconName, Tone, errors},
};
use domain::{
    FieldCode, Lang, Refusal,
    booking::{BookPage, SlotQuery},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What lives as long as the page, while its times change with each choice.
#[derive(Clone, Copy)]
pub struct Pick {
    lang: Lang,
    /// In milliseconds.
    at: RwSignal<Option<i64>>,
    /// The form's, against doubles.
    key: StoredValue<String>,
    wrong: FormErrors,
}

impl Pick {
    /// `again` asks for the times anew; `forget` drops the last answer.
    pub fn new(
        lang: Lang,
        search: Memo<SlotQuery>,
        wrong: FormErrors,
        again: impl Fn() + 'static,
        forget: impl Fn() + 'static,
    ) -> Self {
        let at = RwSignal::new(None);
        // a lost race: somebody else's time is gone from the list too
        Effect::new(move || {
            let refused =
                wrong.error().with(|error| error.as_ref().map(|error| matches!(error, AppError::Refused(_))));
            if refused == Some(true) {
                at.set(None);
                again();
            }
            if refused.is_some() {
                slots::into_view();
            }
        });
        // a new choice is a new question: what went wrong with the last one is not said any more
        Effect::new(move |before: Option<SlotQuery>| {
            let now = search.get();
            if before.is_some_and(|before| before != now) {
                forget();
            }
            now
        });
        Self { lang, at, key: StoredValue::new(form_key()), wrong }
    }

    /// The times of the chosen day. `hidden` are the form's other fields, without its key; `form` is the form around what
    /// it is given, with an id.
    pub fn times(
        self,
        page: &Arc<BookPage>,
        hidden: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
        form: impl Fn(Option<&'static str>, AnyView) -> AnyView + Clone + Send + Sync + 'static,
    ) -> AnyView {
        let lang = self.lang;
        let hidden = move || {
            view! {
                {hidden()}
                <input type="hidden" name="key" value=self.key.get_value()/>
            }
            .into_any()
        };
        let none_picked = self.wrong.field("at");
        let lost = {
            let (page, hidden, form) = (page.clone(), hidden.clone(), form.clone());
            move || match self.wrong.error().get() {
                Some(AppError::Refused(Refusal::SlotTaken { nearest })) if !nearest.is_empty() => Some({
                    let nearest = slots::nearest(lang, &nearest, page.day.unwrap_or(page.branch.today));
                    let inside = (hidden(), nearest).into_any();
                    view! {
                        <section class="banner mt-4" data-tone="warn" role="alert">
                            <Icon name=IconName::Alert/>
                            <div>
                                <b>{tr!(lang, booking.lost.title)}</b>
                                {tr!(lang, booking.lost.text)}
                                {form(None, inside)}
                            </div>
                        </section>
                    }
                    .into_any()
                }),
                Some(error) if only_time_missing(&error) => None,
                Some(error) => Some(
                    view! {
                        <div class="mt-4" role="alert">
                            <Banner tone=Tone::Warn>{errors::error_text(lang, &error)}</Banner>
                        </div>
                    }
                    .into_any(),
                ),
                None => None,
            }
        };
        let inside = view! {
            {hidden()}
            <fieldset>
                <legend class="sr">{tr!(lang, booking.when.time)}</legend>
                {slots::slots(lang, page, self.at)}
                {slots::pick_first(lang, none_picked, self.at)}
            </fieldset>
        };
        view! {
            <div id="times">{lost}</div>
            {form(Some("pick"), inside.into_any())}
        }
        .into_any()
    }

    /// What is picked, and the button that takes it, while there is a time to take.
    pub fn bar(self, page: &Arc<BookPage>, sum: AnyView, act: &'static str, pending: Memo<bool>) -> AnyView {
        let lang = self.lang;
        let none_free = page.slots.iter().all(|slot| !slot.free);
        let time = {
            let page = page.clone();
            move || {
                let asked = self.wrong.error().with(|error| error.as_ref().is_some_and(only_time_missing));
                let open = if asked {
                    tr!(lang, booking.when.pick_first)
                } else {
                    tr!(lang, booking.choose.not_yet)
                };
                slots::picked_words(lang, &page, self.at.get()).unwrap_or_else(|| open.to_owned())
            }
        };
        view! {
            <footer class="action-bar">
                <p class="action-sum">
                    <b>{time}</b>
                    {sum}
                </p>
                {(!none_free)
                    .then(|| {
                        view! {
                            <button
                                class="btn"
                                data-kind="primary"
                                data-size="l"
                                type="submit"
                                form="pick"
                                aria-busy=move || pending.get().then_some("true")
                            >
                                {act}
                            </button>
                        }
                    })}
            </footer>
        }
        .into_any()
    }
}

/// The fields of a form that belongs to a link: its token, and who shall do it.
pub fn of_link(token: &str, page: &BookPage) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let (token, who) = (token.to_owned(), page.who.map(|who| who.to_string()).unwrap_or_default());
    move || {
        view! {
            <input type="hidden" name="token" value=token.clone()/>
            <input type="hidden" name="who" value=who.clone()/>
        }
        .into_any()
    }
}

/// Whether the only thing wrong is that no time was picked.
fn only_time_missing(error: &AppError) -> bool {
    matches!(error, AppError::Invalid(fields) if !fields.is_empty()
        && fields.iter().all(|f| f.field == "at" && f.code == FieldCode::Required))
}

//! Rating: five faces, five figures, or 0 to 10.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName},
};
use domain::Lang;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RatingKind {
    /// Faces with words: the overall question.
    #[default]
    Faces,
    /// Plain figures: one dimension among several.
    Figures,
}

const FACES: [IconName; 5] =
    [IconName::Face1, IconName::Face2, IconName::Face3, IconName::Face4, IconName::Face5];

/// The word of an answer 1 … 5.
#[must_use]
pub fn answer_word(lang: Lang, answer: u8) -> &'static str {
    match answer {
        1 => tr!(lang, ui.scale.s1),
        2 => tr!(lang, ui.scale.s2),
        3 => tr!(lang, ui.scale.s3),
        4 => tr!(lang, ui.scale.s4),
        _ => tr!(lang, ui.scale.s5),
    }
}

/// 1 … 5; goes into a `<fieldset>` whose legend asks the question.
#[component]
pub fn Rating(
    #[prop(into)] name: String,
    #[prop(optional)] kind: RatingKind,
    #[prop(default = None, into)] value: Option<u8>,
) -> impl IntoView {
    let lang = use_lang();
    let items = (1..=5u8)
        .map(|answer| {
            let inner = match kind {
                RatingKind::Faces => {
                    let face = FACES[usize::from(answer - 1)];
                    view! {
                        <Icon name=face/>
                        {answer_word(lang, answer)}
                    }
                    .into_any()
                }
                RatingKind::Figures => view! {
                    <b>{answer}</b>
                    <span class="sr">{answer_word(lang, answer)}</span>
                }
                .into_any(),
            };
            view! {
                <label>
                    <input type="radio" name=name.clone() value=answer.to_string() checked=value == Some(answer)/>
                    {inner}
                </label>
            }
        })
        .collect_view();
    view! { <div class="scale">{items}</div> }
}

/// Would you recommend us: 0 … 10.
#[component]
pub fn Nps(#[prop(into)] name: String, #[prop(default = None, into)] value: Option<u8>) -> impl IntoView {
    let lang = use_lang();
    let items = (0..=10u8)
        .map(|answer| {
            let end = match answer {
                0 => Some(tr!(lang, ui.scale.nps_no)),
                10 => Some(tr!(lang, ui.scale.nps_yes)),
                _ => None,
            };
            view! {
                <label>
                    <input type="radio" name=name.clone() value=answer.to_string() checked=value == Some(answer)/>
                    <b>{answer}</b>
                    {end}
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="scale" data-kind="nps">
            {items}
        </div>
    }
}

//! What the staff should know of a customer at a glance.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Tag, Tone},
};
use domain::{Lang, customer::CustomerTag};
use leptos::prelude::*;

#[must_use]
pub fn tag_name(lang: Lang, tag: CustomerTag) -> &'static str {
    match tag {
        CustomerTag::FirstVisit => tr!(lang, desk.tag.first_visit),
        CustomerTag::WalkIn => tr!(lang, desk.tag.walk_in),
        CustomerTag::Silver => tr!(lang, desk.tag.silver),
        CustomerTag::Gold => tr!(lang, desk.tag.gold),
        CustomerTag::Elderly => tr!(lang, desk.tag.elderly),
        CustomerTag::Child => tr!(lang, desk.tag.child),
        CustomerTag::Pregnant => tr!(lang, desk.tag.pregnant),
        CustomerTag::Disabled => tr!(lang, desk.tag.disabled),
    }
}

/// What to do for somebody who needs special care (DESK-10); `None` for tags that ask for nothing.
#[must_use]
pub fn care_text(lang: Lang, tag: CustomerTag) -> Option<&'static str> {
    match tag {
        CustomerTag::FirstVisit => Some(tr!(lang, desk.care.first_visit)),
        CustomerTag::Elderly => Some(tr!(lang, desk.care.elderly)),
        CustomerTag::Child => Some(tr!(lang, desk.care.child)),
        CustomerTag::Pregnant => Some(tr!(lang, desk.care.pregnant)),
        CustomerTag::Disabled => Some(tr!(lang, desk.care.disabled)),
        CustomerTag::WalkIn | CustomerTag::Silver | CustomerTag::Gold => None,
    }
}

fn tone(tag: CustomerTag) -> Tone {
    match tag {
        CustomerTag::Silver | CustomerTag::Gold => Tone::Sand,
        CustomerTag::Pregnant => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// The tags of one customer, in line.
#[component]
pub fn Tags(tags: Vec<CustomerTag>) -> impl IntoView {
    let lang = use_lang();
    tags.into_iter().map(|tag| view! { <Tag tone=tone(tag)>{tag_name(lang, tag)}</Tag> }).collect_view()
}

/// What to do for a customer who needs care, one tap away (DESK-10); nothing for all others.
#[component]
pub fn Care(tags: Vec<CustomerTag>) -> impl IntoView {
    let lang = use_lang();
    let texts: Vec<&'static str> = tags.iter().filter_map(|tag| care_text(lang, *tag)).collect();
    (!texts.is_empty()).then(|| {
        let items = texts.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
        view! {
            <details class="care">
                <summary>
                    <Icon name=IconName::Info/>
                    {tr!(lang, books.care)}
                </summary>
                <ul>{items}</ul>
            </details>
        }
    })
}

//! The board by keyboard (DESK-1): `/` finds, `n` takes a walk-in, `c` calls the next ticket, arrows go from card to
//! card, Enter does what the card's first button does, `?` lists all of this.

use super::acts::{Desk, Pop};
use crate::{
    tr,
    ui::{Icon, IconName},
};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Marks what the arrows go to.
pub const CARD: &str = "data-card";

/// Listens while the board is shown.
pub fn use_keys() {
    let navigate = use_navigate();
    Effect::new(move || {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
                return;
            }
            let done = match event.key().as_str() {
                "n" => {
                    navigate("/desk/walk-in", leptos_router::NavigateOptions::default());
                    true
                }
                "p" => {
                    navigate("/desk/phone", leptos_router::NavigateOptions::default());
                    true
                }
                "c" => press("#call-next"),
                "q" => press("#ask-open") && focus("#ask-text"),
                "?" => press("#keys-open"),
                "ArrowDown" | "j" => go(0, 1),
                "ArrowUp" | "k" => go(0, -1),
                "ArrowRight" | "l" => go(1, 0),
                "ArrowLeft" | "h" => go(-1, 0),
                "Enter" => act(),
                _ => false,
            };
            if done {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// In a field, or in something that knows the arrows itself.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        matches!(&*element.tag_name(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("dialog, .menu").ok().flatten().is_some()
    })
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn press(selector: &str) -> bool {
    find(selector).map(|element| element.click()).is_some()
}

fn focus(selector: &str) -> bool {
    find(selector).is_some_and(|element| element.focus().is_ok())
}

fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = within.query_selector_all(selector) else { return Vec::new() };
    (0..list.length())
        .filter_map(|i| list.get(i)?.dyn_into::<HtmlElement>().ok())
        .filter(|element| element.offset_height() > 0)
        .collect()
}

/// The cards of each lane that has any.
fn lanes() -> Vec<Vec<HtmlElement>> {
    let Some(board) = document().query_selector(".board").ok().flatten() else { return Vec::new() };
    let lanes = all(&board, "section.lane");
    lanes.iter().map(|lane| all(lane, "[data-card]")).filter(|cards| !cards.is_empty()).collect()
}

fn here() -> Option<Element> {
    document().active_element()?.closest("[data-card]").ok().flatten()
}

/// Goes `across` lanes and `down` cards; to the first card when none has the focus.
fn go(across: isize, down: isize) -> bool {
    let lanes = lanes();
    let at = here().and_then(|here| {
        lanes.iter().enumerate().find_map(|(lane, cards)| {
            let card = cards.iter().position(|card| card.unchecked_ref::<Element>() == &here)?;
            Some((lane, card))
        })
    });
    let target = match at {
        None => lanes.first().and_then(|cards| cards.first()),
        Some((lane, card)) => {
            let lane = lane.saturating_add_signed(across).min(lanes.len() - 1);
            let card = card.saturating_add_signed(down).min(lanes[lane].len() - 1);
            lanes[lane].get(card)
        }
    };
    target.is_some_and(|card| card.focus().is_ok())
}

/// Enter on a card itself, not on a button in it.
fn act() -> bool {
    let Some(active) = document().active_element().filter(|element| element.has_attribute(CARD)) else {
        return false;
    };
    let first = active.query_selector("button[type=submit], summary, a.btn").ok().flatten();
    first.and_then(|button| button.dyn_into::<HtmlElement>().ok()).map(|button| button.click()).is_some()
}

/// The list of keys.
#[component]
pub fn KeysHelp(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let keys = [
        ("/", tr!(lang, books.keys.find)),
        ("n", tr!(lang, books.keys.walk_in)),
        ("c", tr!(lang, books.keys.next)),
        ("q", tr!(lang, books.keys.ask)),
        ("p", tr!(lang, books.keys.phone)),
        ("↑ ↓ ← →", tr!(lang, books.keys.arrows)),
        ("Enter", tr!(lang, books.keys.enter)),
        ("Esc", tr!(lang, books.keys.escape)),
    ];
    let rows = keys
        .map(|(key, what)| {
            view! {
                <dt>
                    <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
            }
        })
        .collect_view();
    view! {
        <span class="keys-help">
            <Pop
                summary=move || view! { <Icon name=IconName::Help/> }
                label=tr!(lang, books.keys.title)
                icon=true
                end=true
                id="keys-open"
            >
                <p class="menu-head">{tr!(lang, books.keys.title)}</p>
                <dl class="keys">{rows}</dl>
            </Pop>
        </span>
    }
}

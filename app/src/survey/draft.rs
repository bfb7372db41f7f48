//! What is filled in stays on the device until it has arrived: through a reload, a lost connection, a closed page of
//! the same tab. The key is kept with it, so that sending again is the same answer and not a second one.

#![cfg(not(feature = "ssr"))]

use domain::survey::SurveyForm;
use gloo_storage::{SessionStorage, Storage};
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

fn name(token: &str) -> String {
    format!("survey-{token}")
}

/// Keeps what the form holds now. A full or forbidden storage is not the customer's worry.
pub fn save(token: &str, form: &HtmlFormElement) {
    let mut draft = SurveyForm { token: token.to_owned(), ..SurveyForm::default() };
    each(form, |input| {
        let checked = !matches!(input.type_().as_str(), "radio" | "checkbox") || input.checked();
        if checked {
            put(&mut draft, &input.name(), input.value());
        }
    });
    if let Some(comment) = comment(form) {
        draft.comment = comment.value();
    }
    let _ = SessionStorage::set(name(token), &draft);
}

/// Fills the form with what was kept. Says whether there was anything.
pub fn restore(token: &str, form: &HtmlFormElement) -> bool {
    let Ok(draft) = SessionStorage::get::<SurveyForm>(name(token)) else { return false };
    each(form, |input| {
        let kept = get(&draft, &input.name());
        match input.type_().as_str() {
            "radio" => input.set_checked(kept.is_some_and(|kept| *kept == input.value())),
            "checkbox" => input.set_checked(kept.is_some()),
            "hidden" if input.name() == "key" && !draft.key.is_empty() => input.set_value(&draft.key),
            _ => {}
        }
    });
    if let Some(comment) = comment(form) {
        comment.set_value(&draft.comment);
    }
    true
}

/// It has arrived.
pub fn forget(token: &str) {
    SessionStorage::delete(name(token));
}

/// How many of the questions with figures are still open, and the first of them by name.
pub fn open_questions(form: &HtmlFormElement, asked: &[&'static str]) -> Vec<&'static str> {
    let mut answered = Vec::new();
    each(form, |input| {
        if input.type_() == "radio" && input.checked() {
            answered.push(input.name());
        }
    });
    asked.iter().copied().filter(|name| !answered.iter().any(|known| known == name)).collect()
}

fn each(form: &HtmlFormElement, mut act: impl FnMut(&HtmlInputElement)) {
    let elements = form.elements();
    for i in 0..elements.length() {
        if let Some(input) = elements.item(i).and_then(|element| element.dyn_into::<HtmlInputElement>().ok())
        {
            act(&input);
        }
    }
}

fn comment(form: &HtmlFormElement) -> Option<HtmlTextAreaElement> {
    form.elements().named_item("comment")?.dyn_into().ok()
}

fn put(draft: &mut SurveyForm, field: &str, value: String) {
    let place = match field {
        "overall" => &mut draft.overall,
        "reliability" => &mut draft.reliability,
        "responsiveness" => &mut draft.responsiveness,
        "assurance" => &mut draft.assurance,
        "empathy" => &mut draft.empathy,
        "tangibles" => &mut draft.tangibles,
        "hygiene" => &mut draft.hygiene,
        "privacy" => &mut draft.privacy,
        "waiting" => &mut draft.waiting,
        "nps" => &mut draft.nps,
        "key" => &mut draft.key,
        "call" => {
            draft.call = Some(value);
            return;
        }
        _ => return,
    };
    *place = value;
}

fn get<'a>(draft: &'a SurveyForm, field: &str) -> Option<&'a String> {
    let value = match field {
        "overall" => &draft.overall,
        "reliability" => &draft.reliability,
        "responsiveness" => &draft.responsiveness,
        "assurance" => &draft.assurance,
        "empathy" => &draft.empathy,
        "tangibles" => &draft.tangibles,
        "hygiene" => &draft.hygiene,
        "privacy" => &draft.privacy,
        "waiting" => &draft.waiting,
        "nps" => &draft.nps,
        "call" => return draft.call.as_ref(),
        _ => return None,
    };
    Some(value).filter(|value| !value.is_empty())
}

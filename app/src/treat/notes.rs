//! Notes of the record: a line at a time, never changed afterwards.

use super::{api, item::Seat};
use crate::{
    tr,
    ui::{FormErrors, FormNote, SubmitButton, TextArea},
};
use domain::{FieldCode, offline::Act, treat::ServiceState};
use leptos::{html, prelude::*, server_fn::ServerFn as _};

#[component]
pub fn NotesCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    // the refused form post of a page without scripts; a note sent twice is one note
    let action = ServerAction::<api::Note>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let key = uuid::Uuid::now_v7().simple().to_string();
    let form = NodeRef::<html::Div>::new();
    let missing = RwSignal::new(false);
    let error = Signal::derive(move || {
        let text = |code| crate::ui::errors::field_text(lang, code).to_owned();
        missing.get().then(|| text(FieldCode::Required)).or_else(|| errors.field("text").get())
    });
    let waiting = move || {
        let text = |act| if let Act::Note { text } = act { Some(text) } else { None };
        seat.queue
            .of(seat.id)
            .into_iter()
            .rev()
            .filter_map(|act| text(act.act))
            .map(|text| {
                view! {
                    <li>
                        <p class="pre-line">{text}</p>
                        <p class="small muted">{tr!(lang, offline.waits)}</p>
                    </li>
                }
            })
            .collect_view()
    };
    let notes = move || {
        seat.data.with(|treatment| {
            treatment
                .notes
                .iter()
                .rev()
                .map(|note| {
                    view! {
                        <li>
                            <p class="pre-line">{note.text.clone()}</p>
                            <p class="small muted num">{note.at.hhmm()} " · " {note.by.get(lang).to_owned()}</p>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    let may =
        move || matches!(seat.state(), ServiceState::Greeted | ServiceState::InService | ServiceState::Done);
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="notes-title" hidden=move || !may()>
            <div class="card-head">
                <h2 id="notes-title">{tr!(lang, treat.notes.title)}</h2>
            </div>
            <form
                class="form"
                method="post"
                action=api::Note::url()
                on:submit=move |event| {
                    event.prevent_default();
                    let text = take(form);
                    missing.set(text.is_empty());
                    if !text.is_empty() {
                        seat.queue.push(seat.id, Act::Note { text });
                    }
                }
            >
                <input type="hidden" name="item" value=seat.item()/>
                <input type="hidden" name="key" value=key/>
                <FormNote errors/>
                <div node_ref=form>
                    <TextArea
                        name="text"
                        label=tr!(lang, treat.notes.label)
                        rows=2
                        maxlength=1000
                        error
                    />
                </div>
                <SubmitButton kind="soft" wide=true>{tr!(lang, treat.notes.act)}</SubmitButton>
            </form>
            <ul class="note-list">{waiting} {notes}</ul>
        </section>
    }
}

/// Empties the field of lines in it.
pub fn empty(field: NodeRef<html::Div>) {
    take(field);
}

/// What was written, taken out of the field.
fn take(field: NodeRef<html::Div>) -> String {
    use wasm_bindgen::JsCast;
    let area = field.get_untracked().and_then(|div| div.query_selector("textarea").ok().flatten());
    let Some(area) = area.and_then(|area| area.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) else {
        return String::new();
    };
    let text = area.value().trim().to_owned();
    area.set_value("");
    text
}

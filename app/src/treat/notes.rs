//! Notes of the record: a line at a time, never changed afterwards.

use super::{
    api,
    item::{Seat, shown_in},
};
use crate::{
    tr,
    ui::{FormErrors, FormNote, SubmitButton, TextArea},
};
use domain::treat::ServiceState;
use leptos::{html, prelude::*};

#[component]
pub fn NotesCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::Note>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    // a note sent twice is one note; the next one gets a key of its own, and an empty field
    let key = RwSignal::new(uuid::Uuid::now_v7().simple().to_string());
    let form = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(Ok(_)) = action.value().get() {
            key.set(uuid::Uuid::now_v7().simple().to_string());
            empty(form);
        }
    });
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
            <ActionForm action attr:class="form">
                <input type="hidden" name="item" value=seat.item()/>
                <input type="hidden" name="key" value=move || key.get()/>
                <FormNote errors/>
                <div node_ref=form>
                    <TextArea
                        name="text"
                        label=tr!(lang, treat.notes.label)
                        rows=2
                        maxlength=1000
                        error=errors.field("text")
                    />
                </div>
                <SubmitButton kind="soft" wide=true pending=action.pending()>
                    {tr!(lang, treat.notes.act)}
                </SubmitButton>
            </ActionForm>
            <ul class="note-list">{notes}</ul>
        </section>
    }
}

/// Empties the field of lines in it.
pub fn empty(field: NodeRef<html::Div>) {
    use wasm_bindgen::JsCast;
    let area = field.get_untracked().and_then(|div| div.query_selector("textarea").ok().flatten());
    if let Some(area) = area.and_then(|area| area.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) {
        area.set_value("");
    }
}

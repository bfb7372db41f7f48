//! What floats: an irreversible question, and "done, with a way back". Errors never come as a toast.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName},
};
use leptos::prelude::*;
use std::time::Duration;

/// A native modal dialog, open while `open` is. Escape closes it. Without scripts it never opens: give the act a page
/// of its own as well. With `sheet` it comes from below, for choosing on a phone.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(optional)] sheet: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let title_id = format!("{id}-title");
    let labelled = title_id.clone();
    view! {
        <dialog
            class=if sheet { "sheet" } else { "dialog" }
            id=id
            aria-labelledby=labelled
            node_ref=node
            on:close=move |_| open.set(false)
        >
            <h2 id=title_id>{title}</h2>
            {children()}
        </dialog>
    }
}

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// Shows short messages; see [`use_toasts`].
#[derive(Clone, Copy, Default)]
pub struct ToastList(RwSignal<Vec<Toast>>);

impl ToastList {
    /// `text` for six seconds.
    pub fn show(self, text: impl Into<String>) {
        self.push(text.into(), None);
    }

    /// `text` with a way back, for ten seconds.
    pub fn show_with_undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.push(text.into(), Some(undo));
    }

    fn push(self, text: String, undo: Option<Callback<()>>) {
        let id = self.0.with_untracked(|list| list.last().map_or(0, |toast| toast.id + 1));
        let stay = Duration::from_secs(if undo.is_some() { 10 } else { 6 });
        self.0.update(|list| list.push(Toast { id, text, undo }));
        set_timeout(move || self.drop(id), stay);
    }

    fn drop(self, id: u32) {
        let _ = self.0.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The page's messages. Call while building a component.
#[must_use]
pub fn use_toasts() -> ToastList {
    use_context::<ToastList>().unwrap_or_default()
}

/// Where messages appear; once, at the end of the page.
#[component]
pub fn Toasts() -> impl IntoView {
    let lang = use_lang();
    let list = use_toasts();
    view! {
        <div class="toasts" role="status">
            <For each=move || list.0.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <Icon name=IconName::Check/>
                    {toast.text}
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <button
                                    class="btn"
                                    data-size="s"
                                    type="button"
                                    on:click=move |_| {
                                        undo.run(());
                                        list.drop(toast.id);
                                    }
                                >
                                    {tr!(lang, common.undo)}
                                </button>
                            }
                        })}
                </div>
            </For>
        </div>
    }
}

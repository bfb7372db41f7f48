//! What can be done on the board: one action each, shared by all cards; and what opens over a card.

use super::api;
use crate::{
    account::may,
    error::AppError,
    lang::use_lang,
    ui::{FormErrors, FormNote},
};
use domain::{Lang, LocalTime, account::StaffMe, desk::Board, permission::Action};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// What every part of the board needs.
#[derive(Clone, Copy)]
pub struct Desk {
    pub lang: Lang,
    pub data: RwSignal<Board>,
    pub clock: Signal<LocalTime>,
    pub acts: Acts,
    pub can: Can,
}

/// What the person may do here; buttons for the rest are not shown.
#[derive(Clone, Copy)]
pub struct Can {
    pub check_in: bool,
    pub assign: bool,
    pub find: bool,
    pub walk_in: bool,
    /// See other people's days and treat for them.
    pub days: bool,
    pub treat: bool,
}

impl Can {
    #[must_use]
    pub fn of(me: &StaffMe) -> Self {
        Self {
            check_in: may(me, Action::CheckIn),
            assign: may(me, Action::AssignVisit),
            find: may(me, Action::FindCustomer),
            walk_in: may(me, Action::AddWalkIn),
            days: may(&StaffMe { staff: None, ..me.clone() }, Action::SeeDayList),
            treat: may(&StaffMe { staff: None, ..me.clone() }, Action::Treat),
        }
    }
}

#[derive(Clone, Copy)]
pub struct Acts {
    pub check_in: ServerAction<api::CheckIn>,
    pub assign: ServerAction<api::Assign>,
    pub told: ServerAction<api::Told>,
    pub reason: ServerAction<api::Reason>,
    pub left: ServerAction<api::Left>,
}

impl Acts {
    #[must_use]
    pub fn new() -> Self {
        Self {
            check_in: ServerAction::new(),
            assign: ServerAction::new(),
            told: ServerAction::new(),
            reason: ServerAction::new(),
            left: ServerAction::new(),
        }
    }

    /// Counts what has been answered, whether it was done or refused.
    pub fn answered(self) -> usize {
        self.check_in.version().get()
            + self.assign.version().get()
            + self.told.version().get()
            + self.reason.version().get()
            + self.left.version().get()
    }

    /// Why the last act was not done.
    fn error(self) -> Option<AppError> {
        fn of<T: Clone + Send + Sync + 'static>(
            value: impl Get<Value = Option<Result<T, AppError>>>,
        ) -> Option<AppError> {
            value.get().and_then(Result::err)
        }
        of(self.check_in.value())
            .or_else(|| of(self.assign.value()))
            .or_else(|| of(self.told.value()))
            .or_else(|| of(self.reason.value()))
            .or_else(|| of(self.left.value()))
    }

    fn pending(self) -> bool {
        self.check_in.pending().get()
            || self.assign.pending().get()
            || self.told.pending().get()
            || self.reason.pending().get()
            || self.left.pending().get()
    }

    /// A new act takes the note about the former one away.
    pub fn forget_errors_on_next(self) {
        Effect::new(move || {
            if self.pending() {
                self.check_in.value().set(None);
                self.assign.value().set(None);
                self.told.value().set(None);
                self.reason.value().set(None);
                self.left.value().set(None);
            }
        });
    }
}

/// Why the last act was not done, above the lanes.
#[component]
pub fn ActNote(acts: Acts) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || acts.error().map(Err::<(), AppError>));
    view! {
        <div class="act-note">
            <FormNote errors/>
        </div>
    }
}

/// A menu or a small form that opens over a card: a `<details>`, so it opens without scripts. With them it also
/// closes by itself: on Escape, on a press elsewhere, and when something in it has been sent.
#[component]
pub fn Pop(
    /// The button's words, or an icon with `aria-label`.
    #[prop(into)]
    summary: ViewFn,
    /// Said instead of what is seen, for icons.
    #[prop(optional, into)]
    label: Option<String>,
    /// An icon only.
    #[prop(optional)]
    icon: bool,
    /// Hangs from the button's end rather than its start.
    #[prop(optional)]
    end: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            let _ = details.remove_attribute("open");
        }
    };
    Effect::new(move || {
        let outside = window_event_listener(ev::click, move |event| {
            let Some(details) = node.get_untracked() else { return };
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !details.contains(target.as_ref()) {
                close();
            }
        });
        on_cleanup(move || outside.remove());
    });
    view! {
        <details
            class="pop"
            data-end=end.then_some("true")
            node_ref=node
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
            on:submit=move |_| close()
        >
            <summary class="btn" data-size="s" data-shape=icon.then_some("icon") aria-label=label>
                {summary.run()}
            </summary>
            <div class="menu">{children()}</div>
        </details>
    }
}

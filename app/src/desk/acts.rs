//! What can be done on the board: one action each, shared by all cards; and what opens over a card.

use super::{api, books};
use crate::{
    account::may,
    error::AppError,
    lang::use_lang,
    ui::{FormErrors, FormNote},
};
use domain::{
    Lang, LocalTime, UserId,
    account::StaffMe,
    desk::{Board, BoardFilter},
    permission::Action,
};
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
    /// Who is signed in.
    pub me: UserId,
    /// Which part of the board is shown.
    pub filter: Memo<BoardFilter>,
}

/// What the person may do here; buttons for the rest are not shown.
#[derive(Clone, Copy)]
pub struct Can {
    pub check_in: bool,
    pub assign: bool,
    pub find: bool,
    pub walk_in: bool,
    /// The desk's books.
    pub keep: bool,
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
            keep: may(me, Action::KeepDesk),
            days: may(&StaffMe { staff: None, ..me.clone() }, Action::SeeDayList),
            treat: may(&StaffMe { staff: None, ..me.clone() }, Action::Treat),
        }
    }
}

/// One action for each act, and what is asked of all of them.
macro_rules! acts {
    ($($name:ident: $of:ty,)*) => {
        #[derive(Clone, Copy)]
        pub struct Acts { $(pub $name: ServerAction<$of>,)* }

        impl Acts {
            #[must_use]
            pub fn new() -> Self {
                Self { $($name: ServerAction::new(),)* }
            }

            /// Counts what has been answered, whether it was done or refused.
            pub fn answered(self) -> usize {
                [$(self.$name.version().get()),*].iter().sum()
            }

            /// Why the last act was not done.
            fn error(self) -> Option<AppError> {
                fn of<T: Clone + Send + Sync + 'static>(
                    value: impl Get<Value = Option<Result<T, AppError>>>,
                ) -> Option<AppError> {
                    value.get().and_then(Result::err)
                }
                [$(of(self.$name.value())),*].into_iter().flatten().next()
            }

            fn pending(self) -> bool {
                [$(self.$name.pending().get()),*].contains(&true)
            }

            /// A new act takes the note about the former one away.
            pub fn forget_errors_on_next(self) {
                Effect::new(move || {
                    if self.pending() {
                        $(self.$name.value().set(None);)*
                    }
                });
            }
        }
    };
}
acts! {
    check_in: api::CheckIn,
    assign: api::Assign,
    told: api::Told,
    reason: api::Reason,
    left: api::Left,
    next: books::CallNext,
    ask: books::Ask,
    hand: books::Hand,
    accept: books::Accept,
    close: books::Close,
    back: books::CalledBack,
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
    /// Of the button, for the keyboard.
    #[prop(optional, into)]
    id: Option<String>,
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
            <summary class="btn" id=id data-size="s" data-shape=icon.then_some("icon") aria-label=label>
                {summary.run()}
            </summary>
            <div class="menu">{children()}</div>
        </details>
    }
}

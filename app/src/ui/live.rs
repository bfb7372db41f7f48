//! Pages that follow what happens elsewhere, by server-sent events.

use leptos::prelude::*;

/// Whether a page follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LiveState {
    /// Not yet connected, or without scripts.
    #[default]
    Opening,
    Live,
    /// Cut off; it tries again by itself and asks every half minute meanwhile.
    Lost,
}

/// Listens at `path` while the calling component lives and calls `changed` after each event, after each
/// reconnection, when the page comes to the front, and every 30 s in case events are held up on the way.
/// Refetch a resource in `changed`. On the server nothing happens.
pub fn use_live(path: impl Into<String>, changed: impl Fn() + Clone + 'static) -> ReadSignal<LiveState> {
    let state = RwSignal::new(LiveState::Opening);
    #[cfg(not(feature = "ssr"))]
    browser::follow(path.into(), state, changed);
    #[cfg(feature = "ssr")]
    let _ = (path.into(), changed);
    state.read_only()
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use super::LiveState;
    use gloo_events::EventListener;
    use leptos::prelude::*;
    use std::time::Duration;
    use web_sys::EventSource;

    const POLL: Duration = Duration::from_secs(30);
    const AGAIN: Duration = Duration::from_secs(3);

    /// Closed when dropped.
    struct Connection {
        source: EventSource,
        _listeners: [EventListener; 4],
    }

    impl Drop for Connection {
        fn drop(&mut self) {
            self.source.close();
        }
    }

    pub fn follow(path: String, state: RwSignal<LiveState>, changed: impl Fn() + Clone + 'static) {
        let attempt = RwSignal::new(0u32);
        let on_event = changed.clone();
        Effect::new(move |_| {
            attempt.track();
            // owned by this run of the effect, so a new attempt and leaving the page both close it
            StoredValue::new_local(connect(&path, state, attempt, on_event.clone()));
        });
        Effect::new(move |_| {
            let (poll, shown) = (changed.clone(), changed.clone());
            if let Ok(timer) = set_interval_with_handle(poll, POLL) {
                on_cleanup(move || timer.clear());
            }
            StoredValue::new_local(EventListener::new(&document(), "visibilitychange", move |_| {
                if !document().hidden() {
                    shown();
                }
            }));
        });
    }

    fn connect(
        path: &str,
        state: RwSignal<LiveState>,
        attempt: RwSignal<u32>,
        changed: impl Fn() + Clone + 'static,
    ) -> Option<Connection> {
        let source = EventSource::new(path).ok()?;
        let (message, change, open) = (changed.clone(), changed.clone(), changed);
        let closed = source.clone();
        let listeners = [
            EventListener::new(&source, "message", move |_| message()),
            EventListener::new(&source, "change", move |_| change()),
            EventListener::new(&source, "open", move |_| {
                if state.try_get_untracked() == Some(LiveState::Lost) {
                    open();
                }
                state.try_set(LiveState::Live);
            }),
            EventListener::new(&source, "error", move |_| {
                state.try_set(LiveState::Lost);
                // the browser tries again by itself unless the answer was a refusal
                if closed.ready_state() == EventSource::CLOSED {
                    set_timeout(
                        move || {
                            attempt.try_update(|n| *n += 1);
                        },
                        AGAIN,
                    );
                }
            }),
        ];
        Some(Connection { source, _listeners: listeners })
    }
}

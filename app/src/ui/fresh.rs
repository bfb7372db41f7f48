//! Data that is asked for again while one looks at it, and a clock that runs.

use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        IconName, Status, Tone,
        live::{LiveState, use_live},
    },
};
use chrono::{TimeDelta, Timelike};
use domain::LocalTime;
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, time::Duration};

/// How often a newer reading is asked for, and how long after each time that none came.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);

/// A page's data. Of answers that overtake each other the one asked for last stays; a failed one changes nothing.
pub struct Fresh<T: Send + Sync + 'static> {
    data: RwSignal<T>,
    asked: StoredValue<u32>,
    shown: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fresh<T> {}

impl<T: Send + Sync + 'static> Fresh<T> {
    #[must_use]
    pub fn new(first: T) -> Self {
        Self { data: RwSignal::new(first), asked: StoredValue::new(0), shown: StoredValue::new(0) }
    }

    /// The data as it is shown.
    #[must_use]
    pub fn data(self) -> RwSignal<T> {
        self.data
    }

    /// Shows what an act has just answered.
    pub fn put(self, data: T) {
        self.show(self.turn(), data);
    }

    /// Asks again.
    pub fn ask(self, question: impl Future<Output = Result<T, AppError>> + 'static) {
        let turn = self.turn();
        spawn_local(async move {
            if let Ok(data) = question.await {
                self.show(turn, data);
            }
        });
    }

    /// As [`Fresh::ask`], for who may be answered with an older reading that the device has kept (`read`: when it was
    /// read): what is not newer than what is shown changes nothing, and is asked for again a few times, since the network
    /// may only be slow.
    pub fn ask_kept<F>(self, question: impl Fn() -> F + Copy + 'static, read: fn(&T) -> &LocalTime)
    where
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        self.ask_newer(question, read, self.turn(), TRIES);
    }

    fn ask_newer<F>(
        self,
        question: impl Fn() -> F + Copy + 'static,
        read: fn(&T) -> &LocalTime,
        turn: u32,
        tries: u32,
    ) where
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        spawn_local(async move {
            let answer = question().await;
            // `None`: nobody looks any more.
            let Some(shown) = self.data.try_with_untracked(|shown| read(shown).utc) else { return };
            match answer {
                Ok(data) if read(&data).utc > shown => self.show(turn, data),
                _ if tries > 1 => set_timeout(
                    move || {
                        if self.shown.try_get_value().is_some_and(|shown| shown < turn) {
                            self.ask_newer(question, read, turn, tries - 1);
                        }
                    },
                    PAUSE,
                ),
                _ => {}
            }
        });
    }

    /// Listens at `path` and asks whenever something changed, also once the stream is there: what happened between
    /// the page's reading and that was not told.
    pub fn keep<F>(self, path: String, question: impl Fn() -> F + Clone + 'static) -> Signal<LiveState>
    where
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        let again = question.clone();
        let state = use_live(path, move || self.ask(again()));
        Effect::new(move |first: Option<bool>| {
            let live = state.get() == LiveState::Live;
            let seen = first.unwrap_or_default();
            if live && !seen {
                self.ask(question());
            }
            live || seen
        });
        state.into()
    }

    fn turn(self) -> u32 {
        let turn = self.asked.try_get_value().unwrap_or_default() + 1;
        let _ = self.asked.try_set_value(turn);
        turn
    }

    fn show(self, turn: u32, data: T) {
        if self.shown.try_get_value().is_some_and(|shown| shown < turn) {
            let _ = self.shown.try_set_value(turn);
            let _ = self.data.try_set(data);
        }
    }
}

/// The branch's clock, running. It starts at what the server said, so that both renders agree, and is set right each
/// time `now` changes.
#[must_use]
pub fn use_clock(now: Signal<LocalTime>) -> Signal<LocalTime> {
    let clock = RwSignal::new(now.get_untracked());
    Effect::new(move || {
        let base = now.get();
        let begun = js_sys::Date::now();
        clock.set(base);
        let tick = move || {
            let passed = TimeDelta::milliseconds((js_sys::Date::now() - begun) as i64);
            let _ = clock.try_set(LocalTime { utc: base.utc + passed, wall: base.wall + passed });
        };
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
    clock.into()
}

/// Whole minutes from `from` to `to`, rounded down; negative when `to` is earlier.
#[must_use]
pub fn minutes_between(from: &LocalTime, to: &LocalTime) -> i64 {
    (to.utc - from.utc).num_seconds().div_euclid(60)
}

/// Whether changes reach the page by themselves, and the branch's time.
#[component]
pub fn LiveMark(state: Signal<LiveState>, clock: Signal<LocalTime>) -> impl IntoView {
    let lang = use_lang();
    let time = move || {
        let wall = clock.get().wall;
        format!("{:02}:{:02}:{:02}", wall.hour(), wall.minute(), wall.second())
    };
    let mark = move || {
        let (tone, icon, text) = match state.get() {
            LiveState::Live => (Tone::Ok, IconName::CheckCircle, tr!(lang, ui.net.live)),
            LiveState::Opening => (Tone::Idle, IconName::Dotted, tr!(lang, ui.net.live)),
            LiveState::Lost => (Tone::Warn, IconName::Alert, tr!(lang, ui.net.reconnecting)),
        };
        view! {
            <Status tone icon small=true>
                {text}
            </Status>
        }
    };
    view! {
        <span class="live">
            <span role="status">{mark}</span>
            <small class="muted num">{time}</small>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn minutes_count_down_through_zero() {
        let at = |seconds: i64| {
            let utc = DateTime::from_timestamp(seconds, 0).unwrap();
            LocalTime { utc, wall: utc.naive_utc() }
        };
        let spans =
            [(0, 59), (0, 60), (0, 961), (60, 0), (1, 0)].map(|(a, b)| minutes_between(&at(a), &at(b)));
        assert_eq!(spans, [0, 1, 16, -1, -1]);
    }
}

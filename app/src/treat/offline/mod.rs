//! Work without the network (TREAT-7): what is done at the chair goes into a queue on the device, is shown at once, and
//! leaves in its order. One way for everything, with a network and without: there is no second path to go wrong.

mod bar;
#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(not(feature = "ssr"))]
mod device;
#[cfg(not(feature = "ssr"))]
pub mod picture;
#[cfg(not(feature = "ssr"))]
mod send;
#[cfg(not(feature = "ssr"))]
mod worker;

pub use bar::{Troubles, WaitBar};

use domain::{
    StepId, UserId, VisitServiceId,
    offline::{Act, Shown, Waiting, shown},
    treat::{MyDay, StepState, Treatment},
};
use leptos::prelude::*;

/// What one person has done on this device and the server does not have yet. On the server it is always empty.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "ssr", allow(dead_code, reason = "only the browser sends"))]
pub struct Queue {
    user: UserId,
    list: RwSignal<Vec<Waiting>>,
    /// The last attempt found no network.
    stuck: RwSignal<bool>,
    /// The device itself says that it has no network.
    cut_off: RwSignal<bool>,
    signed_out: RwSignal<bool>,
    /// What the last act that arrived was answered with.
    arrived: RwSignal<Option<Treatment>>,
    /// Attempts in a row without an answer.
    tries: StoredValue<u32>,
}

impl Queue {
    /// The person's queue on this device; what is in it sets off at once.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        let queue = Self {
            user,
            list: RwSignal::new(Vec::new()),
            stuck: RwSignal::new(false),
            cut_off: RwSignal::new(false),
            signed_out: RwSignal::new(false),
            arrived: RwSignal::new(None),
            tries: StoredValue::new(0),
        };
        #[cfg(not(feature = "ssr"))]
        browser::start(queue);
        queue
    }

    /// Without the network, as far as one can tell.
    #[must_use]
    pub fn offline(self) -> bool {
        self.stuck.get() || self.cut_off.get()
    }

    /// How a step is shown: as the server has it, or as it was just left here.
    #[must_use]
    pub fn shown(self, step: StepId, server: StepState) -> Shown {
        self.list.with(|list| shown(server, list, step))
    }

    /// Acts on one service that have not arrived, oldest first.
    #[must_use]
    pub fn of(self, item: VisitServiceId) -> Vec<Waiting> {
        self.list.with(|list| list.iter().filter(|act| act.item == item).cloned().collect())
    }

    /// Whether something done on one service is still on its way: what must come after it has to wait.
    #[must_use]
    pub fn sends(self, item: VisitServiceId) -> bool {
        self.list.with(|list| list.iter().any(|act| act.item == item && act.trouble.is_none()))
    }

    /// What the last act that arrived was answered with.
    #[must_use]
    pub fn answer(self) -> Option<Treatment> {
        self.arrived.get()
    }

    /// Does something: shown at once, sent as soon as it can be.
    pub fn push(self, item: VisitServiceId, act: Act) {
        #[cfg(not(feature = "ssr"))]
        browser::push(self, item, act, None);
        #[cfg(feature = "ssr")]
        let _ = (item, act);
    }

    /// As [`Self::push`], with a picture.
    #[cfg(not(feature = "ssr"))]
    pub fn push_picture(self, item: VisitServiceId, act: Act, picture: web_sys::Blob) {
        browser::push(self, item, act, Some(picture));
    }

    /// Sends what waits.
    pub fn flush(self) {
        #[cfg(not(feature = "ssr"))]
        browser::flush(self);
    }

    /// The person says: as I did it.
    pub fn insist(self, seq: u32) {
        #[cfg(not(feature = "ssr"))]
        browser::insist(self, seq);
        #[cfg(feature = "ssr")]
        let _ = seq;
    }

    /// The person says: never mind.
    pub fn discard(self, seq: u32) {
        #[cfg(not(feature = "ssr"))]
        browser::discard(self, seq);
        #[cfg(feature = "ssr")]
        let _ = seq;
    }
}

/// From now on the day's pages can be opened without the network, until the day ends or the person signs out.
pub fn keep_day(user: UserId, day: RwSignal<MyDay>) {
    let pages = Memo::new(move |_| {
        day.with(|day| {
            let all = day.current.iter().chain(&day.next).chain(&day.later).chain(&day.done);
            let mut pages = vec!["/chair".to_owned()];
            pages.extend(all.filter_map(|one| one.item).map(|id| format!("/chair/{id}")));
            (day.now.date(), pages)
        })
    });
    Effect::new(move || {
        let (date, pages) = pages.get();
        let midnight = date.and_time(chrono::NaiveTime::MIN) + chrono::Days::new(1);
        let left = day.with_untracked(|day| (midnight - day.now.wall).num_milliseconds());
        #[cfg(not(feature = "ssr"))]
        worker::keep(user, date, left, &pages);
        #[cfg(feature = "ssr")]
        let _ = (user, left, pages);
    });
}

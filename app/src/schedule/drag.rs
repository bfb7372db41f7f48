//! A booking in the hand: by mouse, by a long press on a tablet, or by the arrow keys. What it holds and over which
//! place; the server has the last word when it is put down.

use super::{address::iso, api, words};
use crate::{lang::use_lang, tr};
use chrono::NaiveDate;
use domain::{
    Lang, StaffId, Text,
    schedule::{Block, Lane, Place},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How far the mouse moves before it is a drag, in pixels.
const FAR: f64 = 5.0;
/// How long a finger rests before it takes hold.
const LONG: Duration = Duration::from_millis(400);

/// Where the block would stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub staff: StaffId,
    pub day: NaiveDate,
    pub minute: u32,
}

/// A booking that has been taken up.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub block: Block,
    /// Where it was.
    pub origin: Target,
    pub target: Target,
    pub keyboard: bool,
}

impl Held {
    /// When the whole booking would begin, if this service of it stood there.
    pub fn begins(&self) -> Option<u32> {
        let moved = i64::from(self.target.minute) - i64::from(self.block.from);
        u32::try_from(i64::from(self.block.begins.1) + moved).ok()
    }

    /// Whether it can stand there; `None` as long as that is not known.
    pub fn fits(&self, places: Option<&Vec<Place>>) -> Option<bool> {
        let places = places?;
        let begins = self.begins()?;
        let here = places.iter().find(|p| p.staff == self.target.staff && p.day == self.target.day);
        Some(here.is_some_and(|place| place.times.contains(&begins)))
    }
}

/// Something pressed that may become a drag.
struct Press {
    block: Block,
    origin: Target,
    pointer: i32,
    touch: bool,
    x: f64,
    y: f64,
    timer: Option<TimeoutHandle>,
}

/// The hand over a sheet.
#[derive(Clone, Copy)]
pub struct Hand {
    pub held: RwSignal<Option<Held>>,
    pub places: RwSignal<Option<Vec<Place>>>,
    /// What was put down and is to be confirmed.
    pub ask: RwSignal<Option<Held>>,
    /// Why it could not be put down.
    pub note: RwSignal<Option<String>>,
    lanes: Signal<Vec<Lane>>,
    /// First minute drawn, minutes between two places.
    open: u32,
    close: u32,
    step: u32,
    press: StoredValue<Option<Press>>,
    /// How far down it was taken: in the window and in what is scrolled away, in pixels.
    grab: StoredValue<f64>,
    /// The click that follows a drag is none.
    dragged: StoredValue<bool>,
    lang: Lang,
}

impl Hand {
    pub fn new(lanes: Signal<Vec<Lane>>, open: u32, close: u32, step: u32) -> Self {
        Self {
            held: RwSignal::new(None),
            places: RwSignal::new(None),
            ask: RwSignal::new(None),
            note: RwSignal::new(None),
            lanes,
            open,
            close,
            step: step.max(5),
            press: StoredValue::new(None),
            grab: StoredValue::new(0.0),
            dragged: StoredValue::new(false),
            lang: use_lang(),
        }
    }

    /// The block under an event, with its lane.
    fn find(self, event: &web_sys::Event) -> Option<(Block, Target)> {
        let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        let key = element.closest(".appt[data-move]").ok()??.get_attribute("data-id")?;
        self.lanes.with_untracked(|lanes| {
            lanes.iter().find_map(|lane| {
                let block = lane.blocks.iter().find(|block| block.key == key)?;
                let origin = Target { staff: lane.resource.into(), day: lane.day, minute: block.from };
                Some((block.clone(), origin))
            })
        })
    }

    fn take(self, block: Block, origin: Target, keyboard: bool) {
        self.note.set(None);
        self.places.set(None);
        if let Some(booking) = block.booking {
            let days = self.lanes.with_untracked(|lanes| {
                lanes.first().zip(lanes.last()).map(|(first, last)| (iso(first.day), iso(last.day)))
            });
            spawn_local(async move {
                let Some((from, to)) = days else { return };
                if let Ok(places) = api::places(booking.to_string(), from, to).await {
                    let _ = self.places.try_set(Some(places));
                }
            });
        }
        self.held.set(Some(Held { block, origin, target: origin, keyboard }));
    }

    /// Lets go without a change.
    pub fn drop(self) {
        self.forget_press();
        self.held.set(None);
    }

    fn forget_press(self) {
        self.press.update_value(|press| {
            if let Some(timer) = press.take().and_then(|press| press.timer) {
                timer.clear();
            }
        });
    }

    /// Puts it down: asks, or says why it cannot stay there.
    fn put(self) {
        let Some(held) = self.held.get_untracked() else { return };
        self.held.set(None);
        if held.target == held.origin {
            return;
        }
        let fits = self.places.with_untracked(|places| held.fits(places.as_ref()));
        if fits == Some(false) {
            self.note.set(Some(self.refused(&held)));
        } else {
            self.ask.set(Some(held));
        }
    }

    fn refused(self, held: &Held) -> String {
        let (lang, name) = (self.lang, self.name_of(held.target.staff));
        let (time, name) = (words::clock(held.target.minute), name.get(lang).to_owned());
        let begins = held.begins().unwrap_or(held.block.begins.1);
        let mut near: Vec<u32> = self.places.with_untracked(|places| {
            let all = places.iter().flatten();
            all.filter(|p| p.staff == held.target.staff && p.day == held.target.day)
                .flat_map(|place| place.times.iter().copied())
                .collect()
        });
        near.sort_by_key(|minute| minute.abs_diff(begins));
        near.truncate(4);
        near.sort_unstable();
        if near.is_empty() {
            return tr!(lang, schedule.no_place, time = time, name = name);
        }
        let times = near.into_iter().map(words::clock).collect::<Vec<_>>().join(" · ");
        tr!(lang, schedule.no_place_near, time = time, name = name, times = times)
    }

    pub fn name_of(self, staff: StaffId) -> Text {
        self.lanes.with_untracked(|lanes| {
            let lane = lanes.iter().find(|lane| StaffId::from(lane.resource) == staff);
            lane.map(|lane| lane.name.clone()).unwrap_or_default()
        })
    }

    /// Said to those who hear the page, while it is in the hand.
    pub fn said(self) -> Option<String> {
        let held = self.held.get()?;
        let fits = self.places.with(|places| held.fits(places.as_ref()));
        let name = self.name_of(held.target.staff).get(self.lang).to_owned();
        let time = words::clock(held.target.minute);
        Some(match fits {
            Some(true) => tr!(self.lang, schedule.fits, time = time, name = name),
            Some(false) => tr!(self.lang, schedule.fits_not, time = time, name = name),
            None => tr!(self.lang, schedule.fits_unknown, time = time, name = name),
        })
    }

    pub fn pressed(self, event: &web_sys::PointerEvent) {
        self.dragged.set_value(false);
        if event.button() != 0 || self.held.with_untracked(Option::is_some) {
            return;
        }
        let Some((block, origin)) = self.find(event) else { return };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let touch = event.pointer_type() == "touch";
        let timer = if touch { set_timeout_with_handle(move || self.hold(), LONG).ok() } else { None };
        self.press.set_value(Some(Press { block, origin, pointer: event.pointer_id(), touch, x, y, timer }));
    }

    /// The press has become a drag.
    fn hold(self) {
        let Some(Some(press)) = self.press.try_update_value(Option::take) else { return };
        self.dragged.set_value(true);
        if let Some(day) = sheet() {
            let _ = day.set_pointer_capture(press.pointer);
        }
        self.grab.set_value(press.y + scrolled());
        self.take(press.block, press.origin, false);
    }

    pub fn moved(self, event: &web_sys::PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let far = self.press.try_with_value(|press| {
            press.as_ref().map(|press| (press.touch, (press.x - x).hypot(press.y - y) > FAR))
        });
        match far.flatten() {
            // a finger that moves scrolls
            Some((true, true)) => self.forget_press(),
            Some((false, true)) => self.hold(),
            _ => {}
        }
        if self.held.with_untracked(|held| held.as_ref().is_none_or(|held| held.keyboard)) {
            return;
        }
        event.prevent_default();
        let Some((staff, day, lane)) = lane_at(x, y) else { return };
        let Some(from) = self.held.with_untracked(|held| held.as_ref().map(|held| held.origin.minute)) else {
            return;
        };
        let minutes = f64::from(self.close - self.open) / f64::from(lane.client_height().max(1));
        let down = y + scrolled() - self.grab.get_value();
        self.aim(staff, day, f64::from(from) + down * minutes);
    }

    /// Aims at a place, in steps from where it was.
    fn aim(self, staff: StaffId, day: NaiveDate, minute: f64) {
        let step = f64::from(self.step);
        let (first, last) = (f64::from(self.open), f64::from(self.close - self.step));
        let snapped = ((minute / step).round() * step).clamp((first / step).ceil() * step, last);
        self.held.update(|held| {
            if let Some(held) = held {
                held.target = Target { staff, day, minute: snapped as u32 };
            }
        });
    }

    pub fn released(self) {
        self.forget_press();
        if self.held.with_untracked(|held| held.as_ref().is_some_and(|held| !held.keyboard)) {
            self.put();
        }
    }

    /// The browser took the pointer away.
    pub fn lost(self) {
        self.forget_press();
        if self.held.with_untracked(|held| held.as_ref().is_some_and(|held| !held.keyboard)) {
            self.held.set(None);
        }
    }

    /// The click after a drag opens nothing.
    pub fn clicked(self, event: &web_sys::MouseEvent) {
        if self.dragged.get_value() {
            self.dragged.set_value(false);
            event.prevent_default();
            event.stop_propagation();
        }
    }

    pub fn key(self, event: &web_sys::KeyboardEvent) {
        let key = event.key();
        if key == "Escape" && self.held.with_untracked(Option::is_some) {
            event.prevent_default();
            self.drop();
            return;
        }
        let arrow = matches!(&*key, "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight");
        if event.ctrl_key() || event.meta_key() || event.alt_key() || !(arrow || key == "Enter") {
            return;
        }
        let Some((block, origin)) = self.find(event) else { return };
        if key == "Enter" {
            if self.held.with_untracked(Option::is_some) {
                event.prevent_default();
                self.put();
            }
            return;
        }
        event.prevent_default();
        let other = self.held.with_untracked(|held| held.as_ref().is_none_or(|h| h.block.key != block.key));
        if other {
            self.take(block, origin, true);
        }
        let Some(target) = self.held.with_untracked(|held| held.as_ref().map(|held| held.target)) else {
            return;
        };
        let step = f64::from(self.step);
        let minute = f64::from(target.minute);
        match &*key {
            "ArrowUp" => self.aim(target.staff, target.day, minute - step),
            "ArrowDown" => self.aim(target.staff, target.day, minute + step),
            way => {
                let next = self.beside(target, way == "ArrowRight");
                self.held.update(|held| {
                    if let Some(held) = held {
                        held.target = next;
                    }
                });
            }
        }
    }

    /// The same time in the lane beside.
    fn beside(self, target: Target, right: bool) -> Target {
        self.lanes.with_untracked(|lanes| {
            let same = |lane: &Lane| StaffId::from(lane.resource) == target.staff && lane.day == target.day;
            let at = lanes.iter().position(same).unwrap_or(0);
            let at = if right { (at + 1).min(lanes.len().saturating_sub(1)) } else { at.saturating_sub(1) };
            match lanes.get(at) {
                Some(lane) => Target { staff: lane.resource.into(), day: lane.day, ..target },
                None => target,
            }
        })
    }

    /// Whether a finger holds something: the page must not scroll then.
    pub fn holds(self) -> bool {
        self.held.with_untracked(|held| held.as_ref().is_some_and(|held| !held.keyboard))
    }
}

fn sheet() -> Option<web_sys::Element> {
    document().query_selector(".day").ok().flatten()
}

/// How far the sheet and the page are scrolled, in pixels.
fn scrolled() -> f64 {
    let page = window().scroll_y().unwrap_or(0.0);
    page + sheet().map_or(0.0, |sheet| f64::from(sheet.scroll_top()))
}

/// The lane under a point of the window.
fn lane_at(x: f64, y: f64) -> Option<(StaffId, NaiveDate, web_sys::Element)> {
    let lane = document().element_from_point(x as f32, y as f32)?.closest(".day-col").ok()??;
    let staff = lane.get_attribute("data-lane")?.parse().ok()?;
    let day = lane.get_attribute("data-day")?.parse().ok()?;
    Some((staff, day, lane))
}

/// Free beginnings that follow each other, as stretches a block of `len` minutes could lie in.
pub fn stretches(times: &[u32], step: u32, len: u32) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for time in times {
        match out.last_mut() {
            Some(open) if *time <= open.1 + step => open.1 = *time,
            _ => out.push((*time, *time)),
        }
    }
    out.into_iter().map(|(first, last)| (first, last - first + len)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_times_that_follow_each_other_are_one_stretch() {
        assert_eq!(stretches(&[600, 615, 630, 720], 15, 60), [(600, 90), (720, 60)]);
        assert_eq!(stretches(&[], 15, 60), []);
    }
}

//! The queue at work: one tab at a time sends, one act at a time, in order, until there is nothing left or no network.

use super::{
    Queue, device,
    send::{Sent, send},
};
use domain::{
    VisitServiceId,
    offline::{Act, Waiting, next},
};
use gloo_events::EventListener;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BroadcastChannel};

/// Tabs tell each other here that the queue has changed.
const CHANNEL: &str = "meiyue-queue";
/// Pauses between attempts, in seconds.
const PAUSES: [u64; 6] = [2, 4, 8, 15, 30, 60];

/// Reads what waits, and sends it when the network is there, now and whenever it comes back.
pub fn start(queue: Queue) {
    Effect::new(move |_| {
        queue.cut_off.set(!window().navigator().on_line());
        let back = EventListener::new(&window(), "online", move |_| {
            queue.cut_off.set(false);
            queue.tries.set_value(0);
            flush(queue);
        });
        let gone = EventListener::new(&window(), "offline", move |_| queue.cut_off.set(true));
        let heard = BroadcastChannel::new(CHANNEL).ok().map(|channel| {
            let told = EventListener::new(&channel, "message", move |_| {
                spawn_local(async move { show(queue, device::all(queue.user).await) });
            });
            (channel, told)
        });
        // until the page is left
        StoredValue::new_local((back, gone, heard));
        flush(queue);
    });
}

/// Shows the queue as the device keeps it.
fn show(queue: Queue, list: Vec<Waiting>) {
    use gloo_storage::{LocalStorage, Storage};
    if list.is_empty() {
        LocalStorage::delete(super::super::WAITING);
    } else {
        let _ = LocalStorage::set(super::super::WAITING, list.len());
    }
    let _ = queue.list.try_set(list);
}

fn tell_others() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}

pub fn push(queue: Queue, item: VisitServiceId, act: Act, picture: Option<Blob>) {
    let key = uuid::Uuid::now_v7().simple().to_string();
    let at = js_sys::Date::now() as i64;
    let mut waiting = Waiting { seq: 0, key, item, at, act, trouble: None };
    // shown before it is written down; the device gives it its real number
    queue.list.update(|list| {
        waiting.seq = list.last().map_or(1, |last| last.seq + 1);
        list.push(waiting.clone());
    });
    spawn_local(async move {
        device::add(queue.user, &waiting, picture).await;
        show(queue, device::all(queue.user).await);
        tell_others();
        flush(queue);
    });
}

pub fn insist(queue: Queue, seq: u32) {
    spawn_local(async move {
        let found = device::all(queue.user).await.into_iter().find(|act| act.seq == seq);
        if let Some(mut act) = found {
            act.insist();
            device::change(&act).await;
        }
        flush(queue);
    });
}

pub fn discard(queue: Queue, seq: u32) {
    spawn_local(async move {
        device::remove(seq).await;
        show(queue, device::all(queue.user).await);
        tell_others();
        flush(queue);
    });
}

pub fn flush(queue: Queue) {
    spawn_local(async move {
        show(queue, device::all(queue.user).await);
        device::alone(run(queue)).await;
        let waits = queue.list.try_with_untracked(|list| next(list).is_some()).unwrap_or(false);
        if waits && queue.signed_out.try_get_untracked() == Some(false) {
            let tries = queue.tries.try_get_value().unwrap_or(0);
            let pause = PAUSES[(tries as usize).min(PAUSES.len() - 1)];
            let _ = queue.tries.try_set_value(tries + 1);
            set_timeout(
                move || {
                    if queue.list.try_with_untracked(|_| ()).is_some() {
                        flush(queue);
                    }
                },
                Duration::from_secs(pause),
            );
        }
    });
}

async fn run(queue: Queue) {
    loop {
        let list = device::all(queue.user).await;
        let act = next(&list).cloned();
        show(queue, list);
        let Some(mut act) = act else {
            let _ = queue.stuck.try_set(false);
            return;
        };
        match send(&act).await {
            Sent::Arrived(view) => {
                let _ = queue.arrived.try_set(Some(*view));
                device::remove(act.seq).await;
                let _ = queue.tries.try_set_value(0);
                let _ = queue.stuck.try_set(false);
                let _ = queue.signed_out.try_set(false);
            }
            Sent::Refused(trouble) => {
                act.trouble = Some(trouble);
                device::change(&act).await;
            }
            Sent::SignedOut => {
                let _ = queue.signed_out.try_set(true);
                return;
            }
            Sent::Later => {
                let _ = queue.stuck.try_set(true);
                return;
            }
        }
        tell_others();
    }
}

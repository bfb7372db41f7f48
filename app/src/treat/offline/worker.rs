//! Telling the service worker what to keep (`public/sw.js`).

use chrono::NaiveDate;
use domain::UserId;
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ServiceWorkerRegistration;

/// These pages, for this person, until the branch's day is over in `left` milliseconds.
pub fn keep(user: UserId, day: NaiveDate, left: i64, pages: &[String]) {
    let pages = serde_json::to_string(pages).unwrap_or_default();
    let told = format!(r#"{{"kind":"chair","user":"{user}","day":"{day}","left":{left},"pages":{pages}}}"#);
    spawn_local(async move {
        let _: Result<(), JsValue> = async {
            // not there without TLS
            let container = js_sys::Reflect::get(&window().navigator(), &"serviceWorker".into())?;
            let container = container.dyn_into::<web_sys::ServiceWorkerContainer>()?;
            let own: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.unchecked_into();
            match own.active() {
                Some(worker) => worker.post_message(&js_sys::JSON::parse(&told)?),
                None => Ok(()),
            }
        }
        .await;
    });
}

//! Where the queue lies: the browser's own database, shared by all tabs. When the browser keeps none (private windows of
//! some), in the memory of the tab.

use domain::{UserId, offline::Waiting};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::{cell::RefCell, future::Future};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{
    Blob, Event, IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransactionMode,
};

const NAME: &str = "meiyue";
const STORE: &str = "queue";
/// Numbers of acts that are only in memory begin here, behind all that the database gives.
const MEMORY: u32 = 1 << 30;

thread_local! {
    static KEPT: RefCell<Vec<(UserId, Waiting, Option<Blob>)>> = const { RefCell::new(Vec::new()) };
}

type Result<T> = std::result::Result<T, JsValue>;

/// All of the person's acts, in order.
pub async fn all(user: UserId) -> Vec<Waiting> {
    let mut list = read(user).await.unwrap_or_default();
    list.extend(KEPT.with_borrow(|kept| {
        kept.iter().filter(|(whose, ..)| *whose == user).map(|(_, act, _)| act.clone()).collect::<Vec<_>>()
    }));
    list
}

async fn read(user: UserId) -> Result<Vec<Waiting>> {
    let store = open(IdbTransactionMode::Readonly).await?;
    let records: Array = done(&store.get_all()?).await?.unchecked_into();
    let user = JsValue::from(user.to_string());
    Ok(records
        .iter()
        .filter(|record| field(record, "user") == user)
        .filter_map(|record| waiting(&record))
        .collect())
}

fn waiting(record: &JsValue) -> Option<Waiting> {
    let seq = field(record, "seq").as_f64()? as u32;
    let text = field(record, "act").as_string()?;
    let act: Waiting = serde_json::from_slice(text.as_bytes()).ok()?;
    Some(Waiting { seq, ..act })
}

/// Keeps one more.
pub async fn add(user: UserId, act: &Waiting, picture: Option<Blob>) {
    let written = async {
        let record = Object::new();
        set(&record, "user", &user.to_string().into())?;
        set(&record, "act", &text(act).into())?;
        if let Some(picture) = &picture {
            set(&record, "picture", picture)?;
        }
        let store = open(IdbTransactionMode::Readwrite).await?;
        done(&store.put(&record)?).await
    };
    if written.await.is_err() {
        KEPT.with_borrow_mut(|kept| {
            let seq = MEMORY + kept.len() as u32;
            kept.push((user, Waiting { seq, ..act.clone() }, picture));
        });
    }
}

/// Writes an act anew under its number; its picture stays.
pub async fn change(act: &Waiting) {
    if act.seq >= MEMORY {
        KEPT.with_borrow_mut(|kept| {
            kept.iter_mut()
                .filter(|(_, old, _)| old.seq == act.seq)
                .for_each(|(_, old, _)| *old = act.clone());
        });
        return;
    }
    let _: Result<()> = async {
        let record = get(act.seq).await?;
        set(record.unchecked_ref(), "act", &text(act).into())?;
        let store = open(IdbTransactionMode::Readwrite).await?;
        done(&store.put(&record)?).await?;
        Ok(())
    }
    .await;
}

pub async fn remove(seq: u32) {
    if seq >= MEMORY {
        KEPT.with_borrow_mut(|kept| kept.retain(|(_, act, _)| act.seq != seq));
        return;
    }
    if let Ok(store) = open(IdbTransactionMode::Readwrite).await
        && let Ok(request) = store.delete(&seq.into())
    {
        let _ = done(&request).await;
    }
}

/// The picture of an act.
pub async fn picture(seq: u32) -> Option<Blob> {
    if seq >= MEMORY {
        return KEPT.with_borrow(|kept| {
            kept.iter().find(|(_, act, _)| act.seq == seq).and_then(|(.., picture)| picture.clone())
        });
    }
    field(&get(seq).await.ok()?, "picture").dyn_into().ok()
}

async fn get(seq: u32) -> Result<JsValue> {
    let store = open(IdbTransactionMode::Readonly).await?;
    let record = done(&store.get(&seq.into())?).await?;
    if record.is_object() { Ok(record) } else { Err(JsValue::NULL) }
}

fn text(act: &Waiting) -> String {
    serde_json::to_string(act).unwrap_or_default()
}

fn field(record: &JsValue, name: &str) -> JsValue {
    Reflect::get(record, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(record: &Object, name: &str, value: &JsValue) -> Result<()> {
    Reflect::set(record, &name.into(), value).map(drop)
}

/// The table, in a transaction of its own that ends with the request made of it.
async fn open(mode: IdbTransactionMode) -> Result<IdbObjectStore> {
    let factory = leptos::prelude::window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(NAME, 1)?;
    let made = request.clone();
    let make = Closure::once(move |_: Event| drop(tables(&made)));
    request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
    let db: IdbDatabase = done(&request).await?.unchecked_into();
    db.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
}

fn tables(request: &IdbOpenDbRequest) -> Result<()> {
    let db: IdbDatabase = request.result()?.unchecked_into();
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_key_path(&"seq".into());
    numbered.set_auto_increment(true);
    db.create_object_store_with_optional_parameters(STORE, &numbered).map(drop)
}

/// Waits for a request's answer.
async fn done(request: &IdbRequest) -> Result<JsValue> {
    let answer = Promise::new(&mut |good: Function, bad: Function| {
        let asked = request.clone();
        let good = Closure::once_into_js(move |_: Event| {
            let _ = good.call1(&JsValue::NULL, &asked.result().unwrap_or(JsValue::UNDEFINED));
        });
        request.set_onsuccess(Some(good.unchecked_ref()));
        request.set_onerror(Some(&bad));
    });
    JsFuture::from(answer).await
}

/// Does the work unless another tab is at it. Browsers without locks (pages without TLS) do it anyway: each act arrives
/// once by its key.
pub async fn alone(work: impl Future<Output = ()> + 'static) {
    let locks = field(&leptos::prelude::window().navigator(), "locks");
    let Ok(request) = field(&locks, "request").dyn_into::<Function>() else {
        work.await;
        return;
    };
    let options = Object::new();
    let _ = set(&options, "ifAvailable", &JsValue::TRUE);
    let run = Closure::once_into_js(move |lock: JsValue| -> Promise {
        future_to_promise(async move {
            if !lock.is_null() {
                work.await;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Ok(held) = request.call3(&locks, &"meiyue-queue".into(), &options, &run) {
        let _ = JsFuture::from(held.unchecked_into::<Promise>()).await;
    }
}

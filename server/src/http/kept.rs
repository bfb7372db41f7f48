//! The public pages as strangers see them, kept for a second: the front page, a salon's page, its promises. They are the
//! same for everybody who reads in the same language, colours and size, and they are what a crowd asks for. What differs
//! from answer to answer is the nonce of the page's scripts: each answer gets one of its own.
//!
//! A page is dropped as soon as anything of a branch changes, in this process or another, so that nobody sees less than
//! without it; only what depends on the clock alone may be a second late. Whoever is signed in is never answered from here.

use super::{
    answer::prefs,
    headers::{is_public, page_policy},
    web::Web,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{Actor, live::Change};
use http::{HeaderValue, Method, StatusCode, header};
use leptos::nonce::Nonce;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use store::{OpContext, Store};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

const LIFE: Duration = Duration::from_secs(1);
/// Pages kept at a time: those of some dozens of branches, in every language and dress.
const MOST: usize = 512;
/// No page is that large.
const LARGEST: usize = 8 << 20;

/// What is kept.
pub struct Kept(Mutex<Pages>);

struct Pages {
    changes: Receiver<Change>,
    /// The catalogues' age when it was last looked at.
    catalogs: u64,
    /// Counts how often everything was dropped.
    age: u64,
    pages: HashMap<String, Arc<Page>>,
}

struct Page {
    made: Instant,
    /// By the clock of the store, which tests set.
    at: DateTime<Utc>,
    /// The document, cut at each nonce.
    pieces: Vec<Bytes>,
}

impl Kept {
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self(Mutex::new(Pages {
            changes: store.live().subscribe(),
            catalogs: store.catalog_age(),
            age: 0,
            pages: HashMap::new(),
        }))
    }

    /// As things are now: what has changed since the last look is dropped first.
    fn now(&self, store: &Store) -> MutexGuard<'_, Pages> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let catalogs = store.catalog_age();
        let mut changed = std::mem::replace(&mut pages.catalogs, catalogs) != catalogs;
        while let Ok(_) | Err(TryRecvError::Lagged(_)) = pages.changes.try_recv() {
            changed = true;
        }
        if changed {
            pages.age += 1;
            pages.pages.clear();
        }
        pages
    }

    /// The page, or the age under which it may be kept once it is made.
    fn find(&self, store: &Store, key: &str) -> Result<Arc<Page>, u64> {
        let pages = self.now(store);
        match pages.pages.get(key) {
            Some(page) if page.is_fresh(store) => Ok(page.clone()),
            _ => Err(pages.age),
        }
    }

    fn keep(&self, store: &Store, key: String, age: u64, page: Page) {
        let mut pages = self.now(store);
        // Made out of what has changed meanwhile: used once, not kept.
        if pages.age != age {
            return;
        }
        if pages.pages.len() >= MOST {
            pages.pages.retain(|_, page| page.is_fresh(store));
        }
        if pages.pages.len() < MOST {
            pages.pages.insert(key, Arc::new(page));
        }
    }
}

impl Page {
    /// `None` for what is no text.
    fn cut(document: &Bytes, nonce: &str, at: DateTime<Utc>) -> Option<Self> {
        let text = std::str::from_utf8(document).ok()?;
        let (mut pieces, mut from) = (Vec::new(), 0);
        for (found, _) in text.match_indices(nonce) {
            pieces.push(document.slice(from..found));
            from = found + nonce.len();
        }
        pieces.push(document.slice(from..));
        Some(Self { made: Instant::now(), at, pieces })
    }

    fn is_fresh(&self, store: &Store) -> bool {
        let age = (store.now() - self.at).to_std();
        self.made.elapsed() < LIFE && age.is_ok_and(|age| age < LIFE)
    }

    /// With a nonce of its own.
    fn answer(&self) -> Response {
        let nonce = Nonce::new().to_string();
        let length = self.pieces.iter().map(|piece| piece.len() + nonce.len()).sum();
        let mut document = Vec::with_capacity(length);
        for (i, piece) in self.pieces.iter().enumerate() {
            if i > 0 {
                document.extend_from_slice(nonce.as_bytes());
            }
            document.extend_from_slice(piece);
        }
        let mut response = Body::from(document).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Some(policy) = page_policy(&nonce) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// Answers out of what is kept, or keeps what is answered.
pub async fn serve(State(web): State<Web>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else { return next.run(request).await };
    let at = web.store.now();
    let age = match web.kept.find(&web.store, &key) {
        Ok(page) => return page.answer(),
        Err(age) => age,
    };
    let response = next.run(request).await;
    let Some(nonce) = nonce_of(&response) else { return response };
    let (parts, body) = response.into_parts();
    let Ok(document) = to_bytes(body, LARGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(page) = Page::cut(&document, &nonce, at) {
        web.kept.keep(&web.store, key, age, page);
    }
    Response::from_parts(parts, Body::from(document))
}

/// What decides how the page looks; `None` for what is not kept.
fn key(request: &Request) -> Option<String> {
    let path = request.uri().path();
    let stranger = request.extensions().get::<OpContext>().is_some_and(|cx| cx.actor == Actor::Stranger);
    let fits =
        request.method() == Method::GET && request.uri().query().is_none() && is_public(path) && stranger;
    fits.then(|| format!("{path}\n{:?}", prefs(request.headers())))
}

/// The nonce of a page that may be kept.
fn nonce_of(response: &Response) -> Option<String> {
    let headers = response.headers();
    let html = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.starts_with("text/html");
    if response.status() != StatusCode::OK || !html || headers.contains_key(header::SET_COOKIE) {
        return None;
    }
    let policy = headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    let (_, rest) = policy.split_once("'nonce-")?;
    let (nonce, _) = rest.split_once('\'')?;
    (nonce.len() >= 16).then(|| nonce.to_owned())
}

//! Live updates as server-sent events. An event says that something changed, never what: pages ask again, with their
//! own permissions.

use super::{answer::Asked, metrics::Counted, session::session_token, web::Web};
use app::error::AppError;
use axum::{
    extract::{Extension, Path, Query, Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{
    Actor, BranchId,
    live::{Change, Topic},
    permission::{Action, Scope, allows},
};
use futures::stream::{self, Stream};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use std::{
    convert::Infallible,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use store::OpContext;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{Interval, MissedTickBehavior},
};

/// Something is sent at least this often, so that nobody in between closes a quiet connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it is asked whether the session still lives.
const RECHECK: Duration = Duration::from_secs(30);
/// How soon the browser comes back after a lost connection.
const RETRY: Duration = Duration::from_secs(2);
/// Streams one process keeps open at most.
const STREAMS_MAX: i64 = 10_000;

/// Numbers events, so that a browser that comes back can say what it had.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

#[derive(Deserialize)]
pub struct Wanted {
    /// Comma-separated: `board`, `visit`, `staff`, `catalog`, `outbox`. Without it: all.
    #[serde(default)]
    topic: String,
}

/// `GET /live/branch/{id}`: for staff who may see the branch's board.
pub async fn branch(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Response {
    let refuse = |error: AppError| Asked::of(&request).answer(&web, &error);
    let Ok(branch) = id.parse::<BranchId>() else { return refuse(AppError::NotFound) };
    if cx.actor == Actor::Stranger {
        return refuse(AppError::SignedOut);
    }
    if !may_watch(&cx.actor, branch) {
        return refuse(AppError::Forbidden);
    }
    let topics =
        wanted.topic.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect();
    let token = session_token(request.headers(), web.cookie).map(str::to_owned);
    let guard = Guard::Session { token, branch };
    open(&web, Filter { branch, topics, telling: true }, guard, request.headers())
}

/// `GET /live/q/{token}`: the queue page of one visit. Everything of its branch moves the queue, so each change is
/// told, but not which.
pub async fn queue(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match store::desk::queue(&cx, &token).await {
        Ok(view) => {
            let topics = vec!["board".to_owned(), "visit".to_owned()];
            let filter = Filter { branch: view.branch.id, topics, telling: false };
            open(&web, filter, Guard::None, request.headers())
        }
        Err(error) => Asked::of(&request).answer(&web, &AppError::from(error)),
    }
}

/// `GET /live/screen/{token}`: the screen on the wall, by its link; a revoked link ends the stream (DESK-1).
pub async fn screen(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match store::desk::screen_branch(&cx, &token).await {
        Ok(branch) => {
            let filter = Filter { branch, topics: vec!["board".to_owned()], telling: false };
            open(&web, filter, Guard::Screen { cx, token }, request.headers())
        }
        Err(error) => Asked::of(&request).answer(&web, &AppError::from(error)),
    }
}

fn may_watch(actor: &Actor, branch: BranchId) -> bool {
    matches!(actor, Actor::Staff { .. }) && allows(actor, Action::SeeBoard, &Scope::branch(branch))
}

/// Which changes a stream tells.
struct Filter {
    branch: BranchId,
    topics: Vec<String>,
    /// Whether it says what changed.
    telling: bool,
}

impl Filter {
    fn event(&self, change: &Change) -> Option<Event> {
        let name = name(&change.topic);
        let wanted =
            change.branch == self.branch && (self.topics.is_empty() || self.topics.iter().any(|t| t == name));
        wanted.then(|| {
            let data = if self.telling {
                serde_json::to_string(&change.topic).unwrap_or_default()
            } else {
                "{}".to_owned()
            };
            numbered("change").data(data)
        })
    }
}

fn name(topic: &Topic) -> &'static str {
    match topic {
        Topic::Board => "board",
        Topic::Visit { .. } => "visit",
        Topic::Staff { .. } => "staff",
        Topic::Catalog => "catalog",
        Topic::Outbox => "outbox",
    }
}

fn numbered(kind: &str) -> Event {
    Event::default().event(kind).id(NEXT_ID.fetch_add(1, Ordering::Relaxed).to_string())
}

/// What has to stay true for the stream to go on.
enum Guard {
    None,
    Session {
        token: Option<String>,
        branch: BranchId,
    },
    /// The screen's link is still in force.
    Screen {
        cx: OpContext,
        token: String,
    },
}

impl Guard {
    async fn holds(&self, web: &Web) -> bool {
        match self {
            Self::None => true,
            Self::Screen { cx, token } => {
                !matches!(store::desk::screen_branch(cx, token).await, Err(store::Error::NotFound))
            }
            Self::Session { token: None, .. } => false,
            Self::Session { token: Some(token), branch } => {
                match store::account::actor_of(&web.store, token).await {
                    Ok(Some((actor, _))) => may_watch(&actor, *branch),
                    Ok(None) => false,
                    // The database is away: the stream tells nothing that matters, and asking again comes soon.
                    Err(_) => true,
                }
            }
        }
    }
}

/// One open stream.
struct Watch {
    web: Web,
    changes: broadcast::Receiver<Change>,
    filter: Filter,
    guard: Guard,
    recheck: Interval,
    /// Sent before anything else.
    first: Vec<Event>,
    _counted: Counted<Box<dyn Fn(i64) + Send>>,
}

fn open(web: &Web, filter: Filter, guard: Guard, headers: &HeaderMap) -> Response {
    if web.gauges.streams.load(Ordering::Relaxed) >= STREAMS_MAX {
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    // Listening begins before the first byte goes out: nothing can be missed in between.
    let changes = web.store.live().subscribe();
    let mut recheck = tokio::time::interval_at(tokio::time::Instant::now() + RECHECK, RECHECK);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Who comes back may have missed something.
    let opening = if headers.contains_key("last-event-id") { "resync" } else { "open" };
    let counted_in = web.clone();
    let state = Watch {
        web: web.clone(),
        changes,
        filter,
        guard,
        recheck,
        first: vec![numbered(opening).retry(RETRY).data("{}")],
        _counted: Counted::new(Box::new(move |by| {
            counted_in.gauges.streams.fetch_add(by, Ordering::Relaxed);
        })),
    };
    let events = Sse::new(events(state)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // For proxies that gather answers.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn events(state: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok(event), state))
    })
}

impl Watch {
    /// `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.pop() {
            return Some(first);
        }
        loop {
            tokio::select! {
                () = self.web.stop.cancelled() => return None,
                _ = self.recheck.tick() => if !self.guard.holds(&self.web).await { return None },
                change = self.changes.recv() => match change {
                    Ok(change) => if let Some(event) = self.filter.event(&change) { return Some(event) },
                    // Too many changes for this reader: it has to look at everything again.
                    Err(RecvError::Lagged(_)) => return Some(numbered("resync").data("{}")),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }
}

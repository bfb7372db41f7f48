//! A server in this process: the real router over a database of the test's own.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request},
};
use http::{HeaderMap, Method, header};
use server::{
    config::{self, Settings},
    http::{Web, router},
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, PoisonError},
};
pub use store::testing::{Harness, fixture};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The router and what stands behind it.
pub struct Site {
    pub harness: Harness,
    pub router: Router,
    pub stop: CancellationToken,
}

/// Settings as the command line would give them.
pub fn settings(args: &[&str]) -> Settings {
    let unlimited: &[&str] = if args.contains(&"--rate") { &[] } else { &["--rate", "0"] };
    let all = ["meiyue", "serve", "--site-root", "/nonexistent"].iter().chain(unlimited).chain(args);
    config::parse(all).expect("settings").settings
}

/// A router over a store, as one process of a chain.
pub fn serve(store: std::sync::Arc<store::Store>, settings: &Settings) -> (Router, CancellationToken) {
    let stop = CancellationToken::new();
    let web = Web::new(store, settings, stop.clone()).expect("web");
    (router(web), stop)
}

impl Site {
    pub fn new(harness: Harness) -> Self {
        Self::with(harness, &[])
    }

    pub fn with(harness: Harness, args: &[&str]) -> Self {
        let (router, stop) = serve(harness.store.clone(), &settings(args));
        Self { harness, router, stop }
    }

    /// Somebody with a browser of their own, not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// Somebody of the staff, signed in with the fixture's password.
    pub async fn staff(&self, username: &str) -> Visitor {
        let visitor = self.visitor();
        let reply =
            visitor.api("account/sign_in", &[("username", username), ("password", fixture::PASSWORD)]).await;
        assert_eq!(reply.status, 200, "{username} could not sign in: {}", reply.text());
        visitor
    }

    /// A customer, signed in by a code.
    pub async fn customer(&self, phone: &str) -> Visitor {
        let visitor = self.visitor();
        let sent = visitor.api("customer/send_code", &[("phone", phone)]).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        let code = self.harness.latest_code(phone).await;
        let reply = visitor.api("customer/sign_in", &[("phone", phone), ("code", &code)]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        visitor
    }
}

/// A browser: keeps cookies and says truthfully where its requests come from.
pub struct Visitor {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
    addr: SocketAddr,
}

/// An answer, read to its end.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }
}

impl Visitor {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: Mutex::default(), addr: SocketAddr::from(([203, 0, 113, 7], 40_000)) }
    }

    pub fn at_address(mut self, ip: IpAddr) -> Self {
        self.addr = SocketAddr::new(ip, 40_000);
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// A page.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(
            self.request(Method::GET, path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap(),
        )
        .await
    }

    /// A server function, called as the app does it in the browser.
    pub async fn api(&self, name: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self
            .request(Method::POST, &format!("/api/{name}"))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(encode(fields)))
            .unwrap();
        self.send(request).await
    }

    /// A plain form, as a browser without scripts posts it from `page`.
    pub async fn form(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self
            .request(Method::POST, path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::REFERER, format!("http://127.0.0.1:3000{page}"))
            .body(Body::from(encode(fields)))
            .unwrap();
        self.send(request).await
    }

    /// A request with the cookies kept so far.
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies = self.cookies.lock().unwrap();
        let line = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let builder = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:3000");
        if line.is_empty() { builder } else { builder.header(header::COOKIE, line) }
    }

    pub async fn send(&self, request: Request) -> Reply {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 8 << 20).await.expect("body");
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The answer without its body having been read: for streams.
    pub async fn open(&self, mut request: Request) -> axum::response::Response {
        request.extensions_mut().insert(ConnectInfo(self.addr));
        let response = self.router.clone().oneshot(request).await.expect("router");
        self.keep(response.headers());
        response
    }

    fn keep(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let Some((name, rest)) = line.split_once('=') else { continue };
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// `a=1&b=%E7%BA%A6`
pub fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut out, b| {
            if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
                out.push(char::from(b));
            } else {
                out.push_str(&format!("%{b:02X}"));
            }
            out
        })
    };
    fields.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&")
}

//! Refuses changing requests that another site made the browser send (C-41).

use super::{answer::Asked, web::Web};
use app::error::AppError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method, Uri, header};

/// A changing request passes when the browser says that it comes from this site: by `Sec-Fetch-Site`, and by `Origin`
/// where there is one. Without either it passes only if it carries no cookies, since then it borrows nobody's session.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_own(request.headers(), request.uri(), &web.origin) {
        return next.run(request).await;
    }
    tracing::warn!("refused a request that another site sent");
    Asked::of(&request).answer(&web, &AppError::Forbidden)
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_own(headers: &HeaderMap, uri: &Uri, own_origin: &str) -> bool {
    let fetch_site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    let origin = headers.get(header::ORIGIN).map(http::HeaderValue::as_bytes);
    let from_own_site = |site: &[u8]| site == b"same-origin" || site == b"none";
    let from_own_origin = |origin: &[u8]| {
        origin == own_origin.as_bytes()
            || authority(origin).is_some_and(|from| Some(from) == host(headers, uri))
    };
    match (fetch_site, origin) {
        (None, None) => !headers.contains_key(header::COOKIE),
        (site, origin) => site.is_none_or(from_own_site) && origin.is_none_or(from_own_origin),
    }
}

/// `https://salon.example:8443` → `salon.example:8443`.
fn authority(origin: &[u8]) -> Option<&[u8]> {
    [b"https://".as_slice(), b"http://"].iter().find_map(|scheme| origin.strip_prefix(*scheme))
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a [u8]> {
    let named = headers.get(header::HOST).map(http::HeaderValue::as_bytes);
    uri.authority().map(|authority| authority.as_str().as_bytes()).or(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")], true)]
    #[case(&[("sec-fetch-site", "cross-site")], false)]
    #[case(&[("sec-fetch-site", "same-site"), ("cookie", "a=b")], false)]
    #[case(&[("origin", "https://salon.example"), ("cookie", "a=b")], true)]
    #[case(&[("origin", "http://127.0.0.1:3000"), ("cookie", "a=b")], true)]
    #[case(&[("origin", "https://evil.example")], false)]
    #[case(&[("origin", "https://salon.example.evil.example")], false)]
    #[case(&[("origin", "null")], false)]
    #[case(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], false)]
    #[case(&[("cookie", "a=b")], false)]
    #[case(&[], true)]
    fn own_requests(#[case] given: &[(&'static str, &str)], #[case] want: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
        for (name, value) in given {
            headers.insert(*name, value.parse().unwrap());
        }
        assert_eq!(is_own(&headers, &Uri::from_static("/prefs"), "https://salon.example"), want);
    }
}

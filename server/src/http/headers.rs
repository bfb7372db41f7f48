//! What every answer tells the browser not to do (C-42).

use super::web::Web;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Sets the headers that a handler has not set itself.
pub async fn add(State(web): State<Web>, request: Request, next: Next) -> Response {
    let cacheable = is_public(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, NO_SCRIPTS);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: a form sent without scripts finds its way back by it. Other sites are told nothing, so the
    // secret in the address of a booking stays here.
    default(header::REFERRER_POLICY, "same-origin");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if web.secure {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    keep_private(headers, cacheable);
    response
}

/// Pages depend on who asks and in which language; nobody else may be shown them from a cache.
fn keep_private(headers: &mut HeaderMap, public: bool) {
    if headers.contains_key(header::CACHE_CONTROL) {
        return;
    }
    let value = if public { "private, no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    if public {
        headers.append(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    }
}

/// Pages that show the same to everybody: the front page, a salon and its promises. They may stay in the reader's own
/// browser, so that going back is instant; everything else is personal.
pub(super) fn is_public(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(""), None, _) => true,
        (Some("s" | "promises"), Some(_), rest) => rest.is_none(),
        _ => false,
    }
}

/// For what is no page of the app: nothing may run.
const NO_SCRIPTS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
                          base-uri 'none'; form-action 'self'";

const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";

/// The policy of a rendered page: its own scripts only, by nonce.
#[must_use]
pub fn page_policy(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/", true)]
    #[case("/s/jingan", true)]
    #[case("/promises/jingan", true)]
    #[case("/s/jingan/book", false)]
    #[case("/b/abc", false)]
    #[case("/desk", false)]
    #[case("/me", false)]
    fn personal_pages_are_never_stored(#[case] path: &str, #[case] public: bool) {
        assert_eq!(is_public(path), public);
    }
}

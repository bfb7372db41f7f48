//! Who is asking: from the session's cookie to the context that every verb begins with.

use super::{answer::Asked, answer::prefs, peer::Peer, web::Web};
use app::error::AppError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::Actor;
use http::{HeaderMap, header};
use store::OpContext;

/// Puts an [`OpContext`] into the request's extensions.
pub async fn identify(State(web): State<Web>, peer: Peer, mut request: Request, next: Next) -> Response {
    match context(&web, peer, request.headers()).await {
        Ok(cx) => {
            request.extensions_mut().insert(cx);
            next.run(request).await
        }
        Err(error) => Asked::of(&request).answer(&web, &error),
    }
}

async fn context(web: &Web, peer: Peer, headers: &HeaderMap) -> Result<OpContext, AppError> {
    let known = match session_token(headers, web.cookie) {
        Some(token) => store::account::actor_of(&web.store, token).await?,
        None => None,
    };
    let (actor, session) = known.map_or((Actor::Stranger, None), |(actor, session)| (actor, Some(session)));
    Ok(OpContext {
        store: web.store.clone(),
        actor,
        lang: prefs(headers).lang,
        addr: peer.0.to_string(),
        session,
    })
}

/// The token in the session's cookie.
pub fn session_token<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty() && value.len() <= 128).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("meiyue=abc", Some("abc"))]
    #[case("lang=en; meiyue=abc; theme=dark", Some("abc"))]
    #[case("xmeiyue=abc", None)]
    #[case("meiyue=", None)]
    #[case("meiyue", None)]
    fn finds_the_token(#[case] cookie: &str, #[case] want: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        assert_eq!(session_token(&headers, "meiyue"), want);
    }
}

//! Who is at the other end.

use super::web::Web;
use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// The peer's address. `X-Forwarded-For` counts only when the peer is a proxy that the settings name; anyone else
/// could write anything into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<Web> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self(address(parts, &web.trusted_proxy)))
    }
}

/// Requests that came through no connection (tests) count as this machine's own.
pub fn connection(parts: &Parts) -> IpAddr {
    let ip = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    ip.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ip| ip.to_canonical())
}

fn address(parts: &Parts, trusted: &[IpAddr]) -> IpAddr {
    let peer = connection(parts);
    if !trusted.contains(&peer) {
        return peer;
    }
    let listed: Vec<IpAddr> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    // The last entry was written by the nearest proxy; earlier ones only count while proxies of ours wrote them.
    listed.into_iter().rev().find(|ip| !trusted.contains(ip)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, extract::Request};
    use rstest::rstest;

    #[rstest]
    #[case("10.0.0.9", None, "10.0.0.9")]
    #[case("10.0.0.9", Some("1.2.3.4"), "10.0.0.9")]
    #[case("10.0.0.1", Some("1.2.3.4"), "1.2.3.4")]
    #[case("10.0.0.1", Some("6.6.6.6, 1.2.3.4"), "1.2.3.4")]
    #[case("10.0.0.1", Some("6.6.6.6, 1.2.3.4, 10.0.0.1"), "1.2.3.4")]
    #[case("10.0.0.1", Some("nonsense"), "10.0.0.1")]
    fn forged_addresses_change_nothing(
        #[case] peer: &str,
        #[case] forwarded: Option<&str>,
        #[case] want: &str,
    ) {
        let mut request = Request::new(Body::empty());
        let peer: IpAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 1)));
        if let Some(value) = forwarded {
            request.headers_mut().insert("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = [IpAddr::from([10, 0, 0, 1])];
        assert_eq!(address(&request.into_parts().0, &trusted).to_string(), want);
    }
}

//! How many requests one address may make (C-36).

use super::{answer::Asked, peer::Peer, web::Web};
use app::error::AppError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::Refusal;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const SHARDS: usize = 16;
/// Addresses per shard after which those that have been quiet are forgotten.
const SHARD_MAX: usize = 8192;

/// Counts per address, exactly, also under parallel requests: the decision is one step under a lock. Each address may
/// spend `burst` at once and gains `rate` per second ("generic cell rate algorithm").
pub struct Limiter {
    /// Between two requests in the long run.
    step: Duration,
    /// How far ahead of time an address may be.
    ahead: Duration,
    skip_loopback: bool,
    /// When each address will have paid for all it spent.
    shards: [Mutex<HashMap<IpAddr, Instant>>; SHARDS],
}

impl Limiter {
    /// `None` when `rate` is 0: no limit.
    #[must_use]
    pub fn new(rate: f64, burst: u32, skip_loopback: bool) -> Option<Self> {
        (rate > 0.0).then(|| {
            let step = Duration::from_secs_f64(1.0 / rate);
            Self {
                step,
                ahead: step * burst.saturating_sub(1),
                skip_loopback,
                shards: std::array::from_fn(|_| Mutex::default()),
            }
        })
    }

    /// # Errors
    /// How long to wait before the next request.
    pub fn spend(&self, addr: IpAddr, now: Instant) -> Result<(), Duration> {
        if self.skip_loopback && addr.is_loopback() {
            return Ok(());
        }
        let key = bucket(addr);
        let mut paid = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        if paid.len() >= SHARD_MAX && !paid.contains_key(&key) {
            paid.retain(|_, until| *until > now);
        }
        let until = paid.get(&key).copied().unwrap_or(now).max(now);
        let early = until.saturating_duration_since(now);
        if early > self.ahead {
            return Err(early - self.ahead);
        }
        paid.insert(key, until + self.step);
        Ok(())
    }

    fn shard(&self, addr: IpAddr) -> &Mutex<HashMap<IpAddr, Instant>> {
        let last = match addr {
            IpAddr::V4(v4) => v4.octets()[3],
            IpAddr::V6(v6) => v6.octets()[7],
        };
        &self.shards[usize::from(last) % SHARDS]
    }
}

/// An IPv6 user has a whole /64; all of it counts as one.
fn bucket(addr: IpAddr) -> IpAddr {
    match addr {
        IpAddr::V4(_) => addr,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        },
    }
}

/// Refuses with 429 and tells when to come again.
pub async fn check(State(web): State<Web>, peer: Peer, request: Request, next: Next) -> Response {
    let Some(limiter) = &web.limiter else { return next.run(request).await };
    match limiter.spend(peer.0, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            metrics::counter!("meiyue_refused_total", "why" => "rate").increment(1);
            Asked::of(&request).answer(&web, &AppError::Refused(Refusal::TooMany { seconds }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spends_the_burst_and_then_the_rate() {
        let limiter = Limiter::new(2.0, 3, false).unwrap();
        let (addr, start) = (IpAddr::from([10, 0, 0, 1]), Instant::now());
        for _ in 0..3 {
            assert!(limiter.spend(addr, start).is_ok());
        }
        assert_eq!(limiter.spend(addr, start), Err(Duration::from_millis(500)));
        assert!(limiter.spend(addr, start + Duration::from_millis(500)).is_ok());
        assert!(limiter.spend(addr, start + Duration::from_millis(500)).is_err());
        assert!(limiter.spend(IpAddr::from([10, 0, 0, 2]), start).is_ok());
    }

    #[test]
    fn a_whole_ipv6_network_counts_as_one() {
        let limiter = Limiter::new(1.0, 1, false).unwrap();
        let now = Instant::now();
        assert!(limiter.spend("2001:db8::1".parse().unwrap(), now).is_ok());
        assert!(limiter.spend("2001:db8::2".parse().unwrap(), now).is_err());
        assert!(limiter.spend("2001:db8:0:1::1".parse().unwrap(), now).is_ok());
        assert!(limiter.spend("::ffff:10.0.0.1".parse().unwrap(), now).is_ok());
        assert!(limiter.spend("10.0.0.1".parse().unwrap(), now).is_err());
    }

    #[test]
    fn no_rate_means_no_limit() {
        assert!(Limiter::new(0.0, 1, false).is_none());
        let own = Limiter::new(1.0, 1, true).unwrap();
        assert!((0..9).all(|_| own.spend(IpAddr::from([127, 0, 0, 1]), Instant::now()).is_ok()));
    }
}

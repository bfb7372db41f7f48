//! What every handler shares.

use super::{assets::Assets, kept::Kept, limit::Limiter, metrics::Gauges};
use crate::{config::Settings, photo::Photos};
use app::ssr::CookieSettings;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use std::{net::IpAddr, ops::Deref, path::Path, sync::Arc, time::Duration};
use store::Store;
use tokio_util::sync::CancellationToken;

/// Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

/// See [`Web`].
pub struct Inner {
    pub store: Arc<Store>,
    pub options: LeptosOptions,
    pub assets: Assets,
    pub photos: Photos,
    pub step_pictures: Photos,
    pub limiter: Option<Limiter>,
    pub gauges: Gauges,
    pub kept: Kept,
    /// Ends the live streams when the server is told to stop.
    pub stop: CancellationToken,
    /// `https://salon.example`
    pub origin: String,
    pub secure: bool,
    pub cookie: &'static str,
    pub trusted_proxy: Vec<IpAddr>,
    pub metrics_public: bool,
    pub body_limit: usize,
    pub timeout: Duration,
}

impl Web {
    /// # Errors
    /// The site's files cannot be read.
    pub fn new(store: Arc<Store>, settings: &Settings, stop: CancellationToken) -> std::io::Result<Self> {
        let secure = settings.secure();
        Ok(Self(Arc::new(Inner {
            kept: Kept::new(&store),
            store,
            options: options(&settings.site_root),
            assets: Assets::read(&settings.site_root)?,
            photos: Photos::of_record(&settings.data_dir),
            step_pictures: Photos::of_steps(&settings.data_dir),
            limiter: Limiter::new(f64::from(settings.rate), settings.rate_burst, settings.rate_skip_loopback),
            gauges: Gauges::new(),
            stop,
            origin: origin(&settings.base()),
            secure,
            cookie: cookie_name(secure),
            trusted_proxy: settings.trusted_proxy.iter().map(IpAddr::to_canonical).collect(),
            metrics_public: settings.metrics_public,
            body_limit: settings.body_limit as usize * 1024,
            timeout: settings.timeout(),
        })))
    }

    /// How the app's server functions set the session's cookie.
    #[must_use]
    pub fn cookie_settings(&self) -> CookieSettings {
        CookieSettings { name: self.cookie.to_owned(), secure: self.secure }
    }
}

impl Deref for Web {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.options.clone()
    }
}

/// With the prefix a browser takes the cookie only over TLS, for this host alone and for every path.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-meiyue" } else { "meiyue" }
}

/// Scheme and authority of an address, as browsers send it in `Origin`.
fn origin(base: &str) -> String {
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let end = base[after_scheme..].find('/').map_or(base.len(), |at| after_scheme + at);
    base[..end].to_ascii_lowercase()
}

fn options(site_root: &Path) -> LeptosOptions {
    // Absolute: Leptos would join it to the folder of the program.
    let root = std::path::absolute(site_root).unwrap_or_else(|_| site_root.to_owned());
    let hashes = root.join("hash.txt");
    LeptosOptions::builder()
        .output_name("meiyue")
        .site_root(root.display().to_string())
        .site_pkg_dir("pkg")
        // Without its list Leptos would panic.
        .hash_files(hashes.exists())
        .hash_file(hashes.display().to_string().into())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_have_no_path() {
        assert_eq!(origin("https://Salon.example/app"), "https://salon.example");
        assert_eq!(origin("http://127.0.0.1:3000"), "http://127.0.0.1:3000");
    }
}

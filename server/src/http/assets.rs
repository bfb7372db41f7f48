//! The browser's part: read once, served from memory, in the form that was compressed when it was built.

use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fs, io, path::Path};

/// Name of the folder whose files carry their content's hash in the name.
const HASHED: &str = "pkg/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Asked for again each time: from it a browser learns that there is a new build.
const WORKER: &str = "sw.js";
const EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");
/// A worker runs under the policy that it comes with: it may ask this site, and nothing else.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
);
/// Larger files do not belong to the browser's part.
const LARGEST: u64 = 32 * 1024 * 1024;

/// One file in all forms it can be sent in.
struct Asset {
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
    kind: &'static str,
    tag: HeaderValue,
    cache: HeaderValue,
    /// Where the one for all does not do.
    policy: Option<HeaderValue>,
}

/// All files under the site's folder, by path without the first slash.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, Asset>,
    stylesheet: Option<String>,
}

impl Assets {
    /// A folder that does not exist gives no files.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut found = HashMap::new();
        if root.is_dir() {
            walk(root, "", &mut found)?;
        }
        let mut files = HashMap::new();
        for (name, plain) in &found {
            if name.ends_with(".br") || name.ends_with(".gz") || name == "hash.txt" {
                continue;
            }
            files.insert(
                name.clone(),
                Asset {
                    br: found.get(&format!("{name}.br")).cloned(),
                    gz: found.get(&format!("{name}.gz")).cloned(),
                    kind: kind(name),
                    tag: tag(plain),
                    cache: match name.as_str() {
                        WORKER => EACH_TIME,
                        name if name.starts_with(HASHED) => FOREVER,
                        _ => SHORTLY,
                    },
                    policy: (name == WORKER).then_some(WORKER_POLICY),
                    plain: plain.clone(),
                },
            );
        }
        let mut sheets: Vec<_> =
            files.keys().filter(|n| n.starts_with(HASHED) && n.ends_with(".css")).collect();
        sheets.sort();
        let stylesheet = sheets.first().map(|name| format!("/{name}"));
        Ok(Self { files, stylesheet })
    }

    /// Path of the style sheet.
    #[must_use]
    pub fn stylesheet(&self) -> Option<&str> {
        self.stylesheet.as_deref()
    }

    /// `None`: no such file.
    #[must_use]
    pub fn get(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let asset = self.files.get(path.strip_prefix('/')?)?;
        Some(asset.answer(method, headers))
    }
}

impl Asset {
    fn answer(&self, method: &Method, headers: &HeaderMap) -> Response {
        let (bytes, encoding) = self.encoded(headers);
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tags| {
            tags.to_str()
                .is_ok_and(|tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == self.tag))
        });
        let mut response = match (known, method == Method::HEAD) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, true) => Body::empty().into_response(),
            (false, false) => Body::from(bytes.clone()).into_response(),
        };
        let out = response.headers_mut();
        out.insert(header::ETAG, self.tag.clone());
        out.insert(header::CACHE_CONTROL, self.cache.clone());
        if let Some(policy) = &self.policy {
            out.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        if self.br.is_some() || self.gz.is_some() {
            out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if !known {
            out.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
            out.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            if let Some(encoding) = encoding {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }

    /// The smallest form that the asker understands.
    fn encoded(&self, headers: &HeaderMap) -> (&Bytes, Option<&'static str>) {
        match (&self.br, &self.gz) {
            (Some(br), _) if accepts(headers, "br") => (br, Some("br")),
            (_, Some(gz)) if accepts(headers, "gzip") => (gz, Some("gzip")),
            _ => (&self.plain, None),
        }
    }
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let mut parts = part.split(';').map(str::trim);
            parts.next() == Some(encoding)
                && !parts.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

fn walk(folder: &Path, prefix: &str, found: &mut HashMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{prefix}{name}")) else { continue };
        let kind = entry.metadata()?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() && kind.len() <= LARGEST {
            found.insert(name, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

fn tag(bytes: &[u8]) -> HeaderValue {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Assets) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("pkg")).unwrap();
        for (name, text) in [
            ("pkg/meiyue.a1.css", "plain"),
            ("pkg/meiyue.a1.css.br", "b"),
            ("pkg/meiyue.a1.css.gz", "g"),
            ("icons.svg", "<svg/>"),
            ("sw.js", "self"),
            ("hash.txt", "x"),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let assets = Assets::read(dir.path()).unwrap();
        (dir, assets)
    }

    fn get(assets: &Assets, path: &str, headers: &[(&'static str, &str)]) -> Option<Response> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        assets.get(&Method::GET, path, &map)
    }

    #[test]
    fn sends_what_the_asker_understands() {
        let (_dir, assets) = site();
        let encoding = |accept| {
            let response = get(&assets, "/pkg/meiyue.a1.css", &[("accept-encoding", accept)]).unwrap();
            response.headers().get("content-encoding").map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(encoding("gzip, deflate, br").as_deref(), Some("br"));
        assert_eq!(encoding("gzip, br;q=0").as_deref(), Some("gzip"));
        assert_eq!(encoding("identity"), None);
    }

    #[test]
    fn hashed_names_are_kept_for_good_others_shortly() {
        let (_dir, assets) = site();
        let cache = |path| {
            let response = get(&assets, path, &[]).unwrap();
            response.headers()["cache-control"].to_str().unwrap().to_owned()
        };
        assert!(cache("/pkg/meiyue.a1.css").contains("immutable"));
        assert_eq!(cache("/icons.svg"), "public, max-age=3600");
        assert_eq!(cache("/sw.js"), "no-cache");
        let worker = get(&assets, "/sw.js", &[]).unwrap();
        assert!(worker.headers()["content-security-policy"].to_str().unwrap().contains("connect-src 'self'"));
        assert_eq!(assets.stylesheet(), Some("/pkg/meiyue.a1.css"));
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let (_dir, assets) = site();
        let first = get(&assets, "/icons.svg", &[]).unwrap();
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(get(&assets, "/icons.svg", &[("if-none-match", &tag)]).unwrap().status(), 304);
    }

    #[test]
    fn nothing_outside_and_no_lists() {
        let (_dir, assets) = site();
        for path in
            ["/../Cargo.toml", "/hash.txt", "/pkg", "/pkg/", "/", "/pkg/meiyue.a1.css.br", "//icons.svg"]
        {
            assert!(get(&assets, path, &[]).is_none(), "{path}");
        }
    }
}

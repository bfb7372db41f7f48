//! What a reader chose for this device: language, light or dark, size of type. Kept in three plain cookies and
//! written by the server onto `<html>`, so the first paint is right without a script.

use domain::Lang;
use leptos::prelude::*;

/// Names of the cookies; also the field names of the form posted to `/prefs`.
pub const LANG: &str = "lang";
pub const THEME: &str = "theme";
pub const SIZE: &str = "size";
/// Where the form is posted; the hidden field `back` says which page to return to.
pub const PATH: &str = "/prefs";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// `None` follows the device.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    pub lang: Lang,
    pub theme: Option<Theme>,
    /// 大字版: type a quarter larger (AROUND-3).
    pub large: bool,
}

impl Prefs {
    /// Reads the `Cookie` and `Accept-Language` headers. The cookie wins over the browser's wish; without either
    /// the page is Chinese.
    #[must_use]
    pub fn from_headers(cookies: &str, accept_language: &str) -> Self {
        let cookie = |name: &str| {
            cookies.split(';').find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        };
        Self {
            lang: match cookie(LANG) {
                Some((_, value)) => Lang::from_tag(value),
                None => wished(accept_language),
            },
            theme: cookie(THEME).and_then(|(_, value)| Theme::parse(value)),
            large: cookie(SIZE).is_some_and(|(_, value)| value == "large"),
        }
    }

    /// As `<html>` says: what the server decided.
    #[cfg(not(feature = "ssr"))]
    #[must_use]
    pub fn current() -> Self {
        let html = document().document_element();
        let attr = |name| html.as_ref().and_then(|html| html.get_attribute(name));
        Self {
            lang: Lang::from_tag(&attr("lang").unwrap_or_default()),
            theme: attr("data-theme").and_then(|value| Theme::parse(&value)),
            large: attr("data-size").as_deref() == Some("large"),
        }
    }

    /// Of the request being answered; the defaults where there is none.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn current() -> Self {
        let Some(parts) = use_context::<http::request::Parts>() else { return Self::default() };
        let header = |name| {
            parts.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>()
        };
        Self::from_headers(
            &header(http::header::COOKIE).join(";"),
            &header(http::header::ACCEPT_LANGUAGE).join(","),
        )
    }
}

/// The first of the wished-for languages that exists here.
fn wished(accept_language: &str) -> Lang {
    let mut wishes: Vec<(&str, f32)> = accept_language
        .split(',')
        .filter_map(|part| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
            Some((tag.trim(), weight)).filter(|(_, weight)| *weight > 0.0)
        })
        .collect();
    wishes.sort_by(|a, b| b.1.total_cmp(&a.1));
    let known = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or_default();
        primary
            .eq_ignore_ascii_case("zh")
            .then_some(Lang::Zh)
            .or_else(|| primary.eq_ignore_ascii_case("en").then_some(Lang::En))
    };
    wishes.iter().find_map(|(tag, _)| known(tag)).unwrap_or_default()
}

/// The preferences of the page being rendered.
#[must_use]
pub fn use_prefs() -> Prefs {
    use_context::<Prefs>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_wins_over_the_browser() {
        let prefs = Prefs::from_headers("a=b; lang=en; theme=dark;size=large", "zh-CN,zh;q=0.9");
        assert_eq!(prefs, Prefs { lang: Lang::En, theme: Some(Theme::Dark), large: true });
    }

    #[test]
    fn otherwise_the_most_wished_known_language() {
        let lang = |accept| Prefs::from_headers("", accept).lang;
        assert_eq!(lang("en-GB,en;q=0.9,zh;q=0.5"), Lang::En);
        assert_eq!(lang("de,fr;q=0.9,en;q=0.3"), Lang::En);
        assert_eq!(lang("en;q=0.2, zh-TW;q=0.8"), Lang::Zh);
        assert_eq!(lang("en;q=0, *"), Lang::Zh);
        assert_eq!(lang(""), Lang::Zh);
    }

    #[test]
    fn nonsense_is_ignored() {
        assert_eq!(Prefs::from_headers("theme=\"><script>; size=huge; lang", ";;q=x,"), Prefs::default());
    }
}

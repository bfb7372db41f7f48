//! The language of a page. It is chosen once per page: cookie `lang`, else `Accept-Language`, else Chinese; the
//! server writes it to `<html lang>` and the browser reads it from there, so both render the same. Changing it is a
//! form post (see `ui::prefs`), hence no signals are involved.

pub use domain::Lang;
use leptos::prelude::*;
use std::fmt::{Display, Write};

/// A sentence in the reader's language: `tr!(lang, booking.title)`, `tr!(lang, common.date.at, date = d, time = t)`.
/// Gives `&'static str` without values and `String` with. Keys come from `locales/`, see `build.rs`.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $($key:ident).+ $(,)?) => {
        $crate::i18n::$($key)::+($lang)
    };
    ($lang:expr, $($key:ident).+, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::$($key)::+ { $($name: &$value),+ }.text($lang)
    };
}

/// A counted sentence, `{one, other}` in the files: `tr_n!(lang, common.visits, 3)`; `n` is the value's name.
#[macro_export]
macro_rules! tr_n {
    ($lang:expr, $($key:ident).+, $n:expr $(, $name:ident = $value:expr)* $(,)?) => {{
        let (lang, n) = ($lang, $n);
        if n == 1 {
            $crate::tr!(lang, $($key).+.one, n = n $(, $name = $value)*)
        } else {
            $crate::tr!(lang, $($key).+.other, n = n $(, $name = $value)*)
        }
    }};
}

/// Puts a sentence together; there is one more text than values.
#[must_use]
pub fn join(texts: &[&str], values: &[&dyn Display]) -> String {
    let mut out = String::with_capacity(texts.iter().map(|text| text.len()).sum::<usize>() + 16);
    for (i, text) in texts.iter().enumerate() {
        out.push_str(text);
        if let Some(value) = values.get(i) {
            // writing to a String does not fail
            let _ = write!(out, "{value}");
        }
    }
    out
}

/// The language of the page being rendered.
#[must_use]
pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_each_language_does() {
        assert_eq!(tr_n!(Lang::En, common.visits, 1), "1 visit");
        assert_eq!(tr_n!(Lang::En, common.visits, 2), "2 visits");
        assert_eq!(tr_n!(Lang::Zh, common.visits, 1), "1 次");
        assert_eq!(tr!(Lang::En, common.save), "Save");
        assert_eq!(
            tr!(Lang::Zh, common.date.at, date = "6月12日", time = "14:30".to_owned()),
            "6月12日 14:30"
        );
    }
}

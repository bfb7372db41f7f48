//! The language of a page. It is chosen once per page: cookie `lang`, else `Accept-Language`, else Chinese; the
//! server writes it to `<html lang>` and the browser reads it from there, so both render the same. Changing it is a
//! form post (see `ui::prefs`), hence no signals are involved.

use crate::i18n::Locale;
pub use domain::Lang;
use leptos::prelude::*;

/// The translations' name for a language.
#[must_use]
pub const fn locale(lang: Lang) -> Locale {
    match lang {
        Lang::Zh => Locale::zh_CN,
        Lang::En => Locale::en,
    }
}

/// A sentence in the reader's language: `tr!(lang, booking.title)`, `tr!(lang, common.date.at, date = d, time = t)`.
/// Gives `&'static str` without values and `String` with.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $($rest:tt)*) => {
        leptos_i18n::td_string!($crate::lang::locale($lang), $($rest)*)
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
        assert_eq!(tr!(Lang::Zh, common.date.at, date = "6月12日", time = "14:30".to_owned()), "6月12日 14:30");
    }
}

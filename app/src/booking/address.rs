//! Addresses of the customer's pages. No personal data stands in them, only slugs, ids and unguessable tokens.

use leptos_router::location::Url;

/// A branch's page.
#[must_use]
pub fn salon(slug: &str) -> String {
    format!("/s/{}", Url::escape(slug))
}

/// The booking page with what is chosen; what is empty is left out.
#[must_use]
pub fn choose(slug: &str, services: &str, who: &str, day: &str) -> String {
    with_query(
        format!("/s/{}/book", Url::escape(slug)),
        &[("services", services), ("who", who), ("day", day)],
    )
}

/// Waiting for a time with what is chosen (BOOK-10).
#[must_use]
pub fn wait(slug: &str, services: &str, who: &str, day: &str) -> String {
    with_query(
        format!("/s/{}/wait", Url::escape(slug)),
        &[("services", services), ("who", who), ("day", day)],
    )
}

/// Choosing another time for a booking.
#[must_use]
pub fn reschedule(token: &str, who: &str, day: &str) -> String {
    with_query(format!("/b/{}/move", Url::escape(token)), &[("who", who), ("day", day)])
}

/// Where a place is, on a map.
#[must_use]
pub fn map(address: &str) -> String {
    format!("https://uri.amap.com/search?keyword={}", Url::escape(address))
}

/// `tel:` of a number as it is written.
#[must_use]
pub fn tel(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

/// A number inside a sentence: no line ends in the middle of it.
#[must_use]
pub fn unbroken(phone: &str) -> String {
    phone.replace('-', "\u{2011}").replace(' ', "\u{a0}")
}

fn with_query(mut address: String, pairs: &[(&str, &str)]) -> String {
    let mut joint = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(joint);
        address.push_str(name);
        address.push('=');
        address.push_str(&Url::escape(value).replace("%2C", ",").replace("%2D", "-"));
        joint = '&';
    }
    address
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_chosen_is_left_out() {
        assert_eq!(choose("jingan", "", "", ""), "/s/jingan/book");
        assert_eq!(choose("jingan", "a,b", "", "2026-06-12"), "/s/jingan/book?services=a,b&day=2026-06-12");
        assert_eq!(reschedule("t0k", "x", ""), "/b/t0k/move?who=x");
    }

    #[test]
    fn numbers_are_dialled_without_what_is_only_for_reading() {
        assert_eq!(tel("021-5555 0188"), "tel:02155550188");
    }
}

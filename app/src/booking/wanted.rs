//! What is chosen, as the address says it, and how one more choice changes it.

use domain::booking::SlotQuery;
use leptos_router::params::ParamsMap;

/// From `?services=a,b&who=…&day=…`; a plain form sends `services=a&services=b`, which means the same.
#[must_use]
pub fn read(slug: String, query: &ParamsMap) -> SlotQuery {
    let one = |name: &str| query.get(name).unwrap_or_default();
    SlotQuery {
        branch: slug,
        services: query.get_all("services").unwrap_or_default().join(","),
        who: one("who"),
        day: one("day"),
        moving: None,
    }
}

/// After the input `name` with `value` was checked or unchecked. Services keep the order in which they were chosen:
/// that is the order in which they are done (BOOK-3). `None`: not a choice of ours.
#[must_use]
pub fn changed(mut query: SlotQuery, name: &str, value: String, checked: bool) -> Option<SlotQuery> {
    match name {
        "services" => {
            let mut services: Vec<&str> =
                query.services.split(',').filter(|id| !id.is_empty() && *id != value).collect();
            if checked {
                services.push(&value);
            }
            query.services = services.join(",");
        }
        "who" => query.who = value,
        "day" => query.day = value,
        _ => return None,
    }
    Some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(services: &str) -> SlotQuery {
        SlotQuery { services: services.to_owned(), ..SlotQuery::default() }
    }

    fn services(from: &str, id: &str, checked: bool) -> String {
        changed(query(from), "services", id.to_owned(), checked).unwrap().services
    }

    #[test]
    fn services_keep_the_order_of_choosing() {
        assert_eq!(services("", "b", true), "b");
        assert_eq!(services("b", "a", true), "b,a");
        assert_eq!(services("b,a", "b", false), "a");
        assert_eq!(services("a", "a", true), "a");
    }

    #[test]
    fn the_filter_of_the_menu_is_no_choice() {
        assert_eq!(changed(query("a"), "cat", "face".to_owned(), true), None);
    }
}

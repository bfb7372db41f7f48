//! What staff see of a customer at a glance.

use domain::customer::CustomerTag;

/// Tags from the columns of `customer` and of the visit.
#[must_use]
pub(crate) fn tags(
    level: Option<&str>,
    care: Option<&str>,
    first_visit: bool,
    walk_in: bool,
) -> Vec<CustomerTag> {
    let mut tags = Vec::new();
    tags.extend(first_visit.then_some(CustomerTag::FirstVisit));
    tags.extend(walk_in.then_some(CustomerTag::WalkIn));
    tags.extend(match level {
        Some("silver") => Some(CustomerTag::Silver),
        Some("gold") => Some(CustomerTag::Gold),
        _ => None,
    });
    // DESK-10
    tags.extend(match care {
        Some("elderly") => Some(CustomerTag::Elderly),
        Some("child") => Some(CustomerTag::Child),
        Some("pregnant") => Some(CustomerTag::Pregnant),
        Some("disabled") => Some(CustomerTag::Disabled),
        _ => None,
    });
    tags
}

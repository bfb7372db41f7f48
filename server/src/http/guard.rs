//! Staff pages are refused before anything of them is rendered. The store refuses again by itself; this only spares
//! people a page that could show them nothing.

use super::{answer::Asked, local::query_value, web::Web};
use app::error::AppError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Actor, Role,
    permission::{Action, Reach, reach},
};
use store::OpContext;

/// Who may open the pages under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    /// Any member of staff.
    Staff,
    /// Staff whose role reaches the action at all.
    May(Action),
    /// A signed-in customer.
    Customer,
}

/// The first prefix that fits decides; what no line names is open to all.
const DOORS: [(&str, Door); 26] = [
    ("/staff/sign-in", Door::Open),
    ("/staff/sign-out", Door::Open),
    ("/staff", Door::Staff),
    ("/desk/walk-in", Door::May(Action::AddWalkIn)),
    ("/desk/phone", Door::May(Action::KeepDesk)),
    ("/desk/bands", Door::May(Action::KeepDesk)),
    ("/desk/handover", Door::May(Action::KeepDesk)),
    ("/desk/screen", Door::May(Action::SetUpDesk)),
    ("/desk/poster", Door::May(Action::SetUpDesk)),
    ("/desk", Door::May(Action::SeeBoard)),
    ("/chair/deviations", Door::May(Action::ReviewDeviations)),
    ("/chair/incidents", Door::May(Action::HandleIncidents)),
    ("/schedule/new", Door::May(Action::AddWalkIn)),
    ("/schedule", Door::May(Action::SeeBoard)),
    ("/chair", Door::May(Action::SeeDayList)),
    ("/wall", Door::May(Action::SeeWall)),
    ("/outbox", Door::May(Action::SeeOutbox)),
    ("/care", Door::May(Action::FollowUp)),
    ("/settings", Door::May(Action::ManageBranch)),
    ("/sop/picture", Door::Staff),
    ("/sop", Door::May(Action::EditSop)),
    ("/baths", Door::May(Action::ReadBaths)),
    ("/account", Door::May(Action::ManageOwnAccount)),
    ("/me/sign-in", Door::Open),
    ("/me/sign-out", Door::Open),
    ("/me", Door::Customer),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Enter,
    /// To the page where one signs in.
    SignIn(&'static str),
    Refuse,
}

/// Lets in, sends to sign in, or refuses.
pub async fn watch(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let actor = request.extensions().get::<OpContext>().map_or(&Actor::Stranger, |cx| &cx.actor);
    match verdict(path, actor) {
        Verdict::Enter => next.run(request).await,
        Verdict::Refuse => Asked::of(&request).answer(&web, &AppError::Forbidden),
        Verdict::SignIn(page) => {
            let back = request.uri().path_and_query().map_or(path, |whole| whole.as_str());
            Redirect::to(&format!("{page}?next={}", query_value(back))).into_response()
        }
    }
}

fn verdict(path: &str, actor: &Actor) -> Verdict {
    match (door(path), actor) {
        (Door::Open, _) | (Door::Staff, Actor::Staff { .. }) | (Door::Customer, Actor::Customer { .. }) => {
            Verdict::Enter
        }
        (Door::May(action), Actor::Staff { role, .. }) if may(*role, action) => Verdict::Enter,
        (Door::May(_), Actor::Staff { .. }) => Verdict::Refuse,
        (Door::Customer, _) => Verdict::SignIn("/me/sign-in"),
        (Door::Staff | Door::May(_), _) => Verdict::SignIn("/staff/sign-in"),
    }
}

/// Whether a page is the staff's.
pub fn is_staff_page(path: &str) -> bool {
    matches!(door(path), Door::Staff | Door::May(_)) || is_under(path, "/staff")
}

fn door(path: &str) -> Door {
    DOORS.iter().find(|(prefix, _)| is_under(path, prefix)).map_or(Door::Open, |(_, door)| *door)
}

fn may(role: Role, action: Action) -> bool {
    reach(role, action) != Reach::No
}

fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CustomerId, UserId};
    use std::fmt::Write;

    fn staff(role: Role) -> Actor {
        Actor::Staff { user: UserId::new(), staff: None, role, branch: None }
    }

    /// Every page of the staff with the roles that may open it: a change is seen in review.
    #[test]
    fn doors() {
        let mut out = String::new();
        for (prefix, door) in DOORS {
            let _ = write!(out, "{prefix} {door:?}:");
            for role in Role::ALL.into_iter().filter(|role| verdict(prefix, &staff(*role)) == Verdict::Enter)
            {
                let _ = write!(out, " {}", role.code());
            }
            out.push('\n');
        }
        insta::assert_snapshot!(out);
    }

    #[test]
    fn strangers_and_customers_never_enter_staff_pages() {
        for actor in [Actor::Stranger, Actor::Customer { id: CustomerId::new() }] {
            for path in
                ["/desk", "/desk/walk-in", "/schedule", "/chair/x", "/wall", "/outbox", "/account", "/staff"]
            {
                assert_eq!(verdict(path, &actor), Verdict::SignIn("/staff/sign-in"), "{path}");
            }
        }
    }

    #[test]
    fn a_customer_page_is_for_the_customer() {
        assert_eq!(verdict("/me", &Actor::Stranger), Verdict::SignIn("/me/sign-in"));
        assert_eq!(verdict("/me", &staff(Role::Owner)), Verdict::SignIn("/me/sign-in"));
        assert_eq!(verdict("/me", &Actor::Customer { id: CustomerId::new() }), Verdict::Enter);
        assert_eq!(verdict("/me/sign-in", &Actor::Stranger), Verdict::Enter);
    }

    #[test]
    fn public_pages_are_open_and_prefixes_end_at_a_slash() {
        for path in
            ["/", "/s/jingan", "/s/jingan/arrive", "/screen/token", "/b/token", "/deskchair", "/wallpaper"]
        {
            assert_eq!(verdict(path, &Actor::Stranger), Verdict::Enter, "{path}");
        }
        assert_eq!(verdict("/outbox", &staff(Role::Beautician)), Verdict::Refuse);
    }
}

//! Signing in, the session's cookie, and what ends a session (C-40, C-41).

use crate::support::{Harness, Site, fixture};
use store::both_databases;

both_databases! {
    async fn staff_sign_in_and_out(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let token = desk.cookie("meiyue").unwrap();
        assert!(token.len() >= 22, "at least 128 bits");
        assert_eq!(desk.get("/desk").await.status, 200);
        let out = desk.form("/desk", "/staff/sign-out", &[]).await;
        assert_eq!((out.status, out.header("location")), (303, "/staff/sign-in"));
        assert_eq!(desk.cookie("meiyue"), None);
        // C-40: dead at once, also for who kept the cookie.
        desk.set_cookie("meiyue", &token);
        assert_eq!(desk.api("desk/board", &[]).await.status, 401);
        assert_eq!(site.harness.number("SELECT COUNT(*) FROM session").await, 0);
    }

    async fn a_plain_form_leads_where_one_wanted_to_go(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        let refused = visitor.get("/desk?tab=done").await;
        assert_eq!((refused.status, refused.header("location")), (303, "/staff/sign-in?next=/desk%3Ftab%3Ddone"));
        assert_eq!(visitor.get("/staff/sign-in?next=/desk%3Ftab%3Ddone").await.status, 200);
        let fields = [("username", "desk"), ("password", fixture::PASSWORD), ("next", "/desk?tab=done")];
        let reply = visitor.form("/staff/sign-in", "/api/account/sign_in", &fields).await;
        assert_eq!((reply.status, reply.header("location")), (302, "/desk?tab=done"));
        assert_eq!(visitor.get("/desk").await.status, 200);
    }

    async fn a_wrong_password_tells_nothing(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        let known = visitor.api("account/sign_in", &[("username", "desk"), ("password", "not the right one")]).await;
        let unknown = visitor.api("account/sign_in", &[("username", "nobody"), ("password", "not the right one")]).await;
        assert_eq!((known.status, known.text()), (unknown.status, unknown.text()));
        assert_eq!(visitor.cookie("meiyue"), None);
    }

    async fn the_session_is_renewed_at_sign_in(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let before = desk.cookie("meiyue").unwrap();
        desk.api("account/sign_in", &[("username", "desk"), ("password", fixture::PASSWORD)]).await;
        assert_ne!(before, desk.cookie("meiyue").unwrap());
    }

    /// C-40: a changed role and a disabled login count from the next request on.
    async fn a_session_dies_with_what_it_stood_for(h: Harness) {
        let site = Site::new(h);
        let (desk, lin) = (site.staff("desk").await, site.staff("lin").await);
        assert_eq!(desk.api("desk/walk_in_page", &[]).await.status, 200);
        let owner = site.harness.owner();
        store::account::set_role(&owner, fixture::DESK, domain::Role::Supervisor).await.unwrap();
        assert!([401, 403].contains(&desk.api("desk/walk_in_page", &[]).await.status));
        let id = site.harness.uuid_literal(fixture::LIN_USER.0);
        site.harness.sql(&format!("UPDATE user_account SET disabled_at = 1 WHERE id = {id}")).await;
        assert_eq!(lin.api("treat/my_day", &[]).await.status, 401);
        assert_eq!(lin.get("/chair").await.status, 303);
    }

    async fn a_customer_signs_in_by_code(h: Harness) {
        let site = Site::new(h);
        let wang = site.customer(fixture::WANG_PHONE).await;
        assert_eq!(wang.get("/me").await.status, 200);
        assert_eq!(wang.api("customer/mine", &[]).await.status, 200);
        assert_eq!(wang.get("/desk").await.status, 303);
        let out = wang.form("/me", "/me/sign-out", &[]).await;
        assert_eq!((out.status, out.header("location")), (303, "/"));
        assert_eq!(wang.api("customer/mine", &[]).await.status, 401);
    }
}

/// C-41
#[tokio::test]
async fn over_tls_the_cookie_is_for_this_host_alone() {
    let site = Site::with(Harness::sqlite().await, &["--base-url", "https://salon.example"]);
    let visitor = site.visitor();
    let reply =
        visitor.api("account/sign_in", &[("username", "desk"), ("password", fixture::PASSWORD)]).await;
    let cookie = reply.cookies().into_iter().find(|c| c.contains("meiyue=")).expect("a session");
    assert!(cookie.starts_with("__Host-meiyue="), "{cookie}");
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{part} not in {cookie}");
    }
    assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    assert_eq!(visitor.get("/desk").await.status, 200);
}

#[tokio::test]
async fn a_role_without_the_permission_sees_a_plain_no() {
    let site = Site::new(Harness::sqlite().await);
    let lin = site.staff("lin").await;
    let reply = lin.get("/desk/walk-in").await;
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("<main"), "{}", reply.text());
    assert_eq!(lin.get("/outbox").await.status, 403);
    assert_eq!(lin.get("/chair").await.status, 200);
}

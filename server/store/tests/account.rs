//! Signing in: C-36 … C-40.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod common;

use chrono::Duration;
use common::{Harness, fixture};
use domain::{
    Actor, FieldCode, Phone, Refusal, Role, Text,
    account::{Me, SignIn},
};
use std::collections::HashSet;
use store::{
    Error, OpContext,
    account::{self, NewSession},
    both_databases,
};

fn form(username: &str, password: &str) -> SignIn {
    SignIn { username: username.into(), password: password.into(), factor: None, remember: false }
}

async fn sign_in(h: &Harness, username: &str) -> NewSession {
    account::sign_in(&h.stranger(), form(username, fixture::PASSWORD)).await.unwrap()
}

async fn actor(h: &Harness, token: &str) -> Option<Actor> {
    account::actor_of(&h.store, token).await.unwrap().map(|(actor, _)| actor)
}

/// The context of a request that came with this session.
async fn with(h: &Harness, session: &NewSession) -> OpContext {
    let (actor, hash) =
        account::actor_of(&h.store, &session.token).await.unwrap().expect("the session is over");
    OpContext { session: Some(hash), ..h.context(actor) }
}

fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("was not refused"),
    }
}

fn phone() -> Phone {
    Phone::parse(fixture::WANG_PHONE).unwrap()
}

fn digits_of(uri_secret: &str, h: &Harness) -> String {
    let secret = totp_rs::Secret::try_from_base32(uri_secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(h.now().timestamp() as u64).to_string()
}

both_databases! {
    async fn staff_sign_in(h: Harness) {
        let session = sign_in(&h, "desk").await;
        assert_eq!(session.expires_at - h.now(), Duration::hours(12));
        let Some(Actor::Staff { user, role, branch, .. }) = actor(&h, &session.token).await else { panic!() };
        assert_eq!((user, role, branch), (fixture::DESK, Role::Receptionist, Some(fixture::JINGAN)));
        let Me::Staff(me) = account::me(&with(&h, &session).await).await.unwrap() else { panic!() };
        assert_eq!((me.username.as_str(), me.branch_slug.as_str()), ("desk", "jingan"));
        assert!(!me.second_factor);
        assert_eq!(actor(&h, "nonsense").await, None);
    }

    /// C-39: nothing tells a known name from an unknown one: same refusal, same work, same traces.
    async fn unknown_and_known_names_look_alike(h: Harness) {
        let traces = "SELECT COUNT(*) FROM audit";
        let mut seen = Vec::new();
        for name in ["desk", "nobody", "", "' OR 1=1 --"] {
            let (checks, lines) = (store::testing::password_checks(), h.number(traces).await);
            let answer = refusal(account::sign_in(&h.stranger(), form(name, "wrong password")).await);
            seen.push((answer, store::testing::password_checks() - checks, h.number(traces).await - lines));
        }
        for one in &seen {
            assert_eq!(*one, (Refusal::SignInFailed, 1, 1));
        }
    }

    /// C-36: the limit holds exactly, however many try at once.
    async fn tries_are_counted_exactly(h: Harness) {
        let tries = (0..32).map(|_| {
            let cx = h.stranger();
            tokio::spawn(async move { account::sign_in(&cx, form("desk", "wrong password")).await })
        });
        let (mut failed, mut too_many) = (0, 0);
        for answer in futures::future::join_all(tries).await {
            match refusal(answer.unwrap()) {
                Refusal::SignInFailed => failed += 1,
                Refusal::TooMany { seconds } if seconds <= 900 => too_many += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((failed, too_many), (10, 22));
        // Not even the right password now, but from elsewhere and later.
        let right = || form("desk", fixture::PASSWORD);
        assert!(matches!(refusal(account::sign_in(&h.stranger(), right()).await), Refusal::TooMany { .. }));
        let elsewhere = OpContext { addr: "198.51.100.9".into(), ..h.stranger() };
        account::sign_in(&elsewhere, right()).await.unwrap();
        h.advance(Duration::minutes(15));
        account::sign_in(&h.stranger(), right()).await.unwrap();
    }

    async fn a_success_forgets_the_tries(h: Harness) {
        for _ in 0..3 {
            for _ in 0..9 {
                refusal(account::sign_in(&h.stranger(), form("desk", "wrong password")).await);
            }
            sign_in(&h, "desk").await;
        }
    }

    /// C-40: only hashes are kept; a session is renewed at sign-in.
    async fn tokens_are_not_kept(h: Harness) {
        let first = sign_in(&h, "desk").await;
        assert!(first.token.len() >= 43, "256 bits");
        let sql = format!("SELECT COUNT(*) FROM session WHERE id_hash = '{}'", first.token);
        assert_eq!(h.number(&sql).await, 0);
        let cx = with(&h, &first).await;
        let second = account::sign_in(&cx, form("desk", fixture::PASSWORD)).await.unwrap();
        assert_ne!(first.token, second.token);
        assert_eq!(actor(&h, &first.token).await, None);
        assert!(actor(&h, &second.token).await.is_some());
    }

    /// C-40: dead at once after signing out, another role, a new password, disabling.
    async fn sessions_end_at_once(h: Harness) {
        let system = h.system();
        let session = sign_in(&h, "desk").await;
        account::sign_out(&with(&h, &session).await).await.unwrap();
        assert_eq!(actor(&h, &session.token).await, None);

        let (one, two) = (sign_in(&h, "desk").await, sign_in(&h, "desk").await);
        account::sign_out_everywhere(&with(&h, &one).await).await.unwrap();
        assert_eq!((actor(&h, &one.token).await, actor(&h, &two.token).await), (None, None));

        let session = sign_in(&h, "desk").await;
        account::set_role(&system, fixture::DESK, Role::Consultant).await.unwrap();
        assert_eq!(actor(&h, &session.token).await, None);

        let (own, other) = (sign_in(&h, "desk").await, sign_in(&h, "desk").await);
        let cx = with(&h, &own).await;
        let new = "another quiet lake".to_owned();
        account::change_password(&cx, fixture::PASSWORD.into(), new.clone()).await.unwrap();
        assert!(actor(&h, &own.token).await.is_some(), "who changes the password goes on");
        assert_eq!(actor(&h, &other.token).await, None);
        refusal(account::sign_in(&h.stranger(), form("desk", fixture::PASSWORD)).await);

        account::disable_user(&system, fixture::DESK).await.unwrap();
        assert_eq!(actor(&h, &own.token).await, None);
        assert_eq!(refusal(account::sign_in(&h.stranger(), form("desk", &new)).await), Refusal::SignInFailed);
    }

    async fn sessions_slide_and_end(h: Harness) {
        let short = sign_in(&h, "desk").await;
        let remembered = SignIn { remember: true, ..form("lin", fixture::PASSWORD) };
        let long = account::sign_in(&h.stranger(), remembered).await.unwrap();
        for _ in 0..3 {
            h.advance(Duration::hours(11));
            assert!(actor(&h, &short.token).await.is_some(), "used, it lasts on");
        }
        h.advance(Duration::hours(12));
        assert_eq!(actor(&h, &short.token).await, None);
        assert!(actor(&h, &long.token).await.is_some());
        h.advance(Duration::days(7));
        assert_eq!(actor(&h, &long.token).await, None);
        assert_eq!(h.number("SELECT COUNT(*) FROM session").await, 2);
        account::delete_expired(&h.system()).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM session").await, 0);
        assert!(matches!(account::delete_expired(&h.owner()).await, Err(Error::Forbidden)));
    }

    /// C-21: setting the clock back prolongs nothing.
    async fn a_clock_set_back_prolongs_nothing(h: Harness) {
        h.advance(Duration::days(1));
        let session = sign_in(&h, "desk").await;
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let code = h.latest_code(fixture::WANG_PHONE).await;
        h.advance(-Duration::days(1));
        assert_eq!(actor(&h, &session.token).await, None);
        let answer = account::sign_in_with_code(&h.stranger(), &phone(), &code).await;
        assert_eq!(refusal(answer), Refusal::CodeExpired);
    }

    async fn the_second_factor(h: Harness) {
        let session = sign_in(&h, "manager").await;
        let cx = with(&h, &session).await;
        let other = sign_in(&h, "manager").await;
        let setup = account::factor_begin(&cx).await.unwrap();
        assert!(setup.uri.starts_with("otpauth://totp/Meiyue") && setup.uri.contains(&setup.secret), "{}", setup.uri);
        sign_in(&h, "manager").await; // not yet on
        let wrong = if digits_of(&setup.secret, &h) == "000000" { "000001" } else { "000000" };
        assert_eq!(refusal(account::factor_confirm(&cx, wrong).await), Refusal::SignInFailed);
        account::factor_confirm(&cx, &digits_of(&setup.secret, &h)).await.unwrap();
        assert!(actor(&h, &session.token).await.is_some());
        assert_eq!(actor(&h, &other.token).await, None);

        let plain = account::sign_in(&h.stranger(), form("manager", fixture::PASSWORD)).await;
        assert_eq!(refusal(plain), Refusal::NeedSecondFactor);
        // Only who knows the password learns that there is one.
        let guess = account::sign_in(&h.stranger(), form("manager", "wrong password")).await;
        assert_eq!(refusal(guess), Refusal::SignInFailed);
        let with_factor = |digits: String| SignIn { factor: Some(digits), ..form("manager", fixture::PASSWORD) };
        let used = digits_of(&setup.secret, &h);
        let answer = account::sign_in(&h.stranger(), with_factor(used)).await;
        assert_eq!(refusal(answer), Refusal::SignInFailed, "the digits that confirmed it are used up");
        h.advance(Duration::seconds(30));
        let digits = digits_of(&setup.secret, &h);
        h.advance(Duration::seconds(30)); // one step of tolerance
        account::sign_in(&h.stranger(), with_factor(digits.clone())).await.unwrap();
        assert_eq!(refusal(account::sign_in(&h.stranger(), with_factor(digits)).await), Refusal::SignInFailed);
        let old = digits_of(&setup.secret, &h);
        h.advance(Duration::seconds(61));
        assert_eq!(refusal(account::sign_in(&h.stranger(), with_factor(old)).await), Refusal::SignInFailed);

        assert_eq!(refusal(account::factor_disable(&cx, "wrong password".into()).await), Refusal::SignInFailed);
        account::factor_disable(&cx, fixture::PASSWORD.into()).await.unwrap();
        sign_in(&h, "manager").await;
    }

    /// C-38: long enough alone, or shorter beside a second factor, which then cannot be dropped.
    async fn short_passwords_need_a_second_factor(h: Harness) {
        let cx = with(&h, &sign_in(&h, "lin").await).await;
        let change = |new: &str| account::change_password(&cx, fixture::PASSWORD.into(), new.to_owned());
        let Err(Error::Invalid(fields)) = change("tiny frog").await else { panic!() };
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("new", FieldCode::TooShort));
        let setup = account::factor_begin(&cx).await.unwrap();
        account::factor_confirm(&cx, &digits_of(&setup.secret, &h)).await.unwrap();
        change("tiny frog").await.unwrap();
        let Err(Error::Invalid(fields)) = account::factor_disable(&cx, "tiny frog".into()).await else { panic!() };
        assert_eq!(fields[0].code, FieldCode::TooShort);
    }

    async fn customers_sign_in_by_code(h: Harness) {
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let code = h.latest_code(fixture::WANG_PHONE).await;
        assert_eq!(code.len(), 6);
        let session = account::sign_in_with_code(&h.stranger(), &phone(), &code).await.unwrap();
        assert_eq!(session.expires_at - h.now(), Duration::days(30));
        assert_eq!(actor(&h, &session.token).await, Some(Actor::Customer { id: fixture::WANG }));
        let Me::Customer { name, phone_masked, .. } = account::me(&with(&h, &session).await).await.unwrap() else {
            panic!()
        };
        assert_eq!((name.as_str(), phone_masked.as_str()), ("王雅琴", "138 **** 2716"));
        assert!(matches!(account::factor_begin(&with(&h, &session).await).await, Err(Error::Forbidden)));
        let cx = with(&h, &session).await;
        account::sign_out_everywhere(&cx).await.unwrap();
        assert_eq!(actor(&h, &session.token).await, None);
    }

    async fn somebody_new_becomes_a_customer_once(h: Harness) {
        let new = Phone::parse("13611112222").unwrap();
        for _ in 0..2 {
            account::send_code(&h.stranger(), &new, "sign_in").await.unwrap();
            let code = h.latest_code(new.reveal()).await;
            account::sign_in_with_code(&h.stranger(), &new, &code).await.unwrap();
            h.advance(Duration::minutes(1));
        }
        assert_eq!(h.number("SELECT COUNT(*) FROM customer WHERE phone = '13611112222'").await, 1);
    }

    /// C-37: used once, however many submit it at the same moment.
    async fn a_code_is_used_once(h: Harness) {
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let code = h.latest_code(fixture::WANG_PHONE).await;
        let answers = (0..32).map(|_| {
            let (cx, code) = (h.stranger(), code.clone());
            tokio::spawn(async move { account::sign_in_with_code(&cx, &phone(), &code).await.map(|_| ()) })
        });
        let answers = futures::future::join_all(answers).await;
        let won = answers.iter().filter(|a| matches!(a, Ok(Ok(())))).count();
        let lost = answers.iter().filter(|a| matches!(a, Ok(Err(Error::Refused(Refusal::CodeExpired))))).count();
        assert_eq!((won, lost), (1, 31));
    }

    /// C-37: five tries, also when they come at the same moment; then not even the right one.
    async fn five_tries(h: Harness) {
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let code = h.latest_code(fixture::WANG_PHONE).await;
        let wrong = if code == "123456" { "654321" } else { "123456" };
        let answers = (0..32).map(|_| {
            let cx = h.stranger();
            let wrong = wrong.to_owned();
            tokio::spawn(async move { refusal(account::sign_in_with_code(&cx, &phone(), &wrong).await) })
        });
        let answers: Vec<_> = futures::future::join_all(answers).await.into_iter().map(Result::unwrap).collect();
        let left: HashSet<u8> = answers.iter().filter_map(|a| match a { Refusal::CodeWrong { left } => Some(*left), _ => None }).collect();
        assert_eq!(left, HashSet::from([0, 1, 2, 3, 4]));
        assert_eq!(answers.iter().filter(|a| **a == Refusal::CodeExpired).count(), 27);
        assert_eq!(refusal(account::sign_in_with_code(&h.stranger(), &phone(), &code).await), Refusal::CodeExpired);
    }

    async fn codes_expire_and_belong_to_one_phone(h: Harness) {
        let other = Phone::parse("13900001234").unwrap();
        let wrong_or_expired = |r: Refusal| matches!(r, Refusal::CodeWrong { .. } | Refusal::CodeExpired);
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let first = h.latest_code(fixture::WANG_PHONE).await;
        assert_eq!(refusal(account::sign_in_with_code(&h.stranger(), &other, &first).await), Refusal::CodeExpired);
        h.advance(Duration::minutes(1));
        account::send_code(&h.stranger(), &phone(), "sign_in").await.unwrap();
        let second = h.latest_code(fixture::WANG_PHONE).await;
        if first != second {
            assert!(wrong_or_expired(refusal(account::sign_in_with_code(&h.stranger(), &phone(), &first).await)), "only the latest counts");
        }
        h.advance(Duration::minutes(5));
        assert_eq!(refusal(account::sign_in_with_code(&h.stranger(), &phone(), &second).await), Refusal::CodeExpired);
    }

    /// C-36: per phone, whatever the address; per address, whatever the phone; exactly.
    async fn codes_are_not_sent_too_often(h: Harness) {
        let answers = (0..32).map(|n| {
            let cx = OpContext { addr: format!("198.51.100.{n}"), ..h.stranger() };
            tokio::spawn(async move { account::send_code(&cx, &phone(), "sign_in").await.is_ok() })
        });
        let sent = futures::future::join_all(answers).await.into_iter().filter(|ok| *ok.as_ref().unwrap()).count();
        assert_eq!(sent, 5);
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'code'").await, 5);
        let mut sent = 0;
        for n in 0..70 {
            let phone = Phone::parse(&format!("137{n:08}")).unwrap();
            sent += usize::from(account::send_code(&h.stranger(), &phone, "sign_in").await.is_ok());
        }
        assert_eq!(sent, 60);
    }

    async fn managers_add_logins_in_their_branch_only(h: Harness) {
        let new = |username: &str, role, branch| account::NewUser {
            username: username.into(),
            password: "a fairly long password".into(),
            role,
            branch,
            staff: None,
            name: Text::new("新人", "New"),
        };
        let (here, there) = (Some(fixture::JINGAN), Some(fixture::XUHUI));
        let id = account::add_user(&h.manager(), new("New.Person", Role::Consultant, here)).await.unwrap();
        sign_in_as(&h, "new.person").await;
        let Err(Error::Invalid(fields)) = account::add_user(&h.manager(), new("NEW.person", Role::Consultant, here)).await else { panic!() };
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("username", FieldCode::Taken));
        assert!(matches!(account::add_user(&h.manager(), new("x", Role::Consultant, there)).await, Err(Error::Forbidden)));
        assert!(matches!(account::add_user(&h.manager(), new("x", Role::Owner, None)).await, Err(Error::Forbidden)));
        assert!(matches!(account::add_user(&h.desk(), new("x", Role::Manager, here)).await, Err(Error::Forbidden)));
        assert!(matches!(account::add_user(&h.stranger(), new("x", Role::Manager, here)).await, Err(Error::SignedOut)));
        assert!(matches!(account::set_role(&h.manager_elsewhere(), id, Role::Manager).await, Err(Error::NotFound)));
        assert!(matches!(account::disable_user(&h.manager(), fixture::OWNER).await, Err(Error::NotFound)));
        account::add_user(&h.owner(), new("second.owner", Role::Owner, None)).await.unwrap();
    }

    async fn the_owner_looks_at_one_branch_after_another(h: Harness) {
        let cx = with(&h, &sign_in(&h, "owner").await).await;
        assert_eq!(account::working_branch(&cx).await.unwrap(), fixture::JINGAN);
        account::look_at(&cx, fixture::XUHUI).await.unwrap();
        assert_eq!(account::working_branch(&cx).await.unwrap(), fixture::XUHUI);
        let Me::Staff(me) = account::me(&cx).await.unwrap() else { panic!() };
        assert_eq!(me.branch_slug, "xuhui");
        assert!(matches!(account::look_at(&h.manager(), fixture::XUHUI).await, Err(Error::Forbidden)));
        let nowhere = domain::BranchId::new();
        assert!(matches!(account::look_at(&cx, nowhere).await, Err(Error::NotFound)));
    }
}

async fn sign_in_as(h: &Harness, username: &str) {
    account::sign_in(&h.stranger(), form(username, "a fairly long password")).await.unwrap();
}

//! The frame around every page of the staff: who is signed in, navigation by what they may do, and what to show
//! while data comes or does not come.

use super::{api, role_name};
use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Dialog, ErrorPage, Icon, IconName, NavItem, Shell, ShellKind, SideNav, Skeleton, SubmitButton, TopBar,
    },
};
use domain::{
    Actor, Lang, Role,
    account::{Me, StaffMe},
    permission::{Action, Scope, allows},
};
use leptos::{either::Either, prelude::*};
use leptos_router::{components::Redirect, hooks::use_location};

/// Whether the person may do it in the branch looked at; only to hide what would be refused.
#[must_use]
pub fn may(me: &StaffMe, action: Action) -> bool {
    let actor = Actor::Staff { user: me.user, staff: me.staff, role: me.role, branch: Some(me.branch) };
    allows(&actor, action, &Scope { branch: Some(me.branch), customer: None, staff: me.staff })
}

/// Has a day of their own at the chair.
#[must_use]
pub fn treats(me: &StaffMe) -> bool {
    me.role.treats() && me.staff.is_some()
}

/// Where the day begins for a role.
#[must_use]
pub fn home_of(me: &StaffMe) -> &'static str {
    match me.role {
        Role::Beautician | Role::Technician | Role::TechnicalLead if me.staff.is_some() => "/chair",
        Role::Supervisor | Role::FinanceLead => "/wall",
        _ => "/desk",
    }
}

/// An address of ours; `None` for anything that could lead elsewhere.
#[must_use]
pub fn inside(next: &str) -> Option<&str> {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/staff/sign-in")
        && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    safe.then_some(next)
}

/// The address of the sign-in page that leads back to `next`.
#[must_use]
pub fn sign_in_at(next: &str) -> String {
    match inside(next) {
        Some("/staff") | None => "/staff/sign-in".to_owned(),
        Some(next) => format!(
            "/staff/sign-in?next={}",
            next.replace('%', "%25")
                .replace('?', "%3F")
                .replace('&', "%26")
                .replace('=', "%3D")
                .replace('#', "%23")
        ),
    }
}

fn nav(lang: Lang, me: &StaffMe) -> Vec<NavItem> {
    let mut items = vec![NavItem::Group(me.branch_name.get(lang).to_owned())];
    if may(me, Action::SeeBoard) {
        items.push(NavItem::link("/desk", tr!(lang, account.nav.desk), IconName::Board));
    }
    if may(me, Action::SeeBoard) {
        items.push(NavItem::link("/schedule", tr!(lang, account.nav.schedule), IconName::Calendar));
    }
    if may(me, Action::AddWalkIn) {
        items.push(NavItem::link("/desk/walk-in", tr!(lang, account.nav.walk_in), IconName::UserPlus));
        items.push(NavItem::link("/desk/waitlist", tr!(lang, waitlist.nav), IconName::Clock));
        items.push(NavItem::link("/desk/series", tr!(lang, series.nav), IconName::Calendar));
    }
    if may(me, Action::KeepDesk) {
        items.push(NavItem::link("/desk/phone", tr!(lang, books.phone.title), IconName::Phone));
        items.push(NavItem::link("/desk/handover", tr!(lang, books.handover.title), IconName::Swap));
        if bathhouse(me) {
            items.push(NavItem::link("/desk/bands", tr!(lang, books.band.title), IconName::Tap));
        }
    }
    if treats(me) {
        items.push(NavItem::link("/chair", tr!(lang, account.nav.chair), IconName::Schedule));
    }
    if may(me, Action::FollowUp) {
        items.push(NavItem::link("/care/followups", tr!(lang, account.nav.calls), IconName::PhoneBack));
    }
    if may(me, Action::HandleIncidents) {
        items.push(NavItem::link("/chair/incidents", tr!(lang, chair.nav.incidents), IconName::Stop));
    }
    if may(me, Action::ReviewDeviations) {
        items.push(NavItem::link("/chair/deviations", tr!(lang, chair.nav.deviations), IconName::ListCheck));
    }
    if may(me, Action::SeeWall) {
        items.push(NavItem::Group(tr!(lang, account.nav.word).to_owned()));
        items.push(NavItem::link("/wall", tr!(lang, account.nav.wall), IconName::Promise));
    }
    items.push(NavItem::Group(tr!(lang, account.nav.manage).to_owned()));
    if may(me, Action::SetUpDesk) {
        items.push(NavItem::link("/desk/screen", tr!(lang, books.link.title), IconName::Qr));
    }
    if may(me, Action::ManageBranch) {
        items.push(NavItem::link("/settings", tr!(lang, manage.nav.settings), IconName::Sliders));
        if me.stranded > 0 {
            items.push(NavItem::Link {
                href: "/settings/stranded".to_owned(),
                text: tr!(lang, manage.nav.stranded).to_owned(),
                icon: IconName::Swap,
                count: me.stranded,
                urgent: true,
            });
        }
    }
    if may(me, Action::EditSop) {
        items.push(NavItem::link("/sop", tr!(lang, account.nav.sop), IconName::ListCheck));
    }
    if bathhouse(me) && may(me, Action::ReadBaths) {
        items.push(NavItem::link("/baths", tr!(lang, account.nav.baths), IconName::Thermo));
    }
    if me.demo && may(me, Action::SeeOutbox) {
        items.push(NavItem::link("/outbox", tr!(lang, account.nav.outbox), IconName::Send));
    }
    items.push(NavItem::link("/account", tr!(lang, account.nav.account), IconName::Key));
    items
}

/// Wristbands, lockers and the readings of the baths are a bathhouse's.
fn bathhouse(me: &StaffMe) -> bool {
    me.branch_kind == domain::branch::BranchKind::Bathhouse
}

/// Navigation at the side, the page (top bar and `<main>`) beside it.
#[component]
pub fn StaffFrame(me: StaffMe, children: Children) -> impl IntoView {
    let lang = use_lang();
    let items = nav(lang, &me);
    view! {
        <Shell kind=ShellKind::Desk>
            <SideNav
                home="/staff"
                items
                me=me.name.get(lang).to_owned()
                role=role_name(lang, me.role)
                me_href="/account"
            />
            <div class="desk-main">{children()}</div>
        </Shell>
    }
}

/// What a page of the staff is made of once everything is there.
pub type StaffView<T> = fn(StaffMe, T) -> AnyView;

/// Waits for who is signed in and for the page's data. Strangers are led to the sign-in page; whatever else went
/// wrong is said inside the frame.
#[component]
pub fn StaffPage<T>(data: crate::ui::Read<Result<T, AppError>>, view: StaffView<T>) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let me = crate::ui::resource(|| (), |()| api::me());
    let here = use_location();
    view! {
        <Transition fallback=|| {
            view! {
                <main class="page" id="main">
                    <Skeleton lines=4/>
                </main>
            }
        }>
            {move || {
                let next = format!("{}{}", here.pathname.get_untracked(), search(&here.search.get_untracked()));
                Suspend::new(async move {
                    match (me.await, data.await) {
                        (Ok(Me::Staff(me)), Ok(data)) => Either::Left(view(me, data)),
                        (Ok(Me::Staff(me)), Err(error)) => Either::Right(failed(me, error)),
                        (Ok(_) | Err(AppError::SignedOut), _) => {
                            Either::Right(view! { <Redirect path=sign_in_at(&next)/> }.into_any())
                        }
                        (Err(error), _) => Either::Right(unframed(error)),
                    }
                })
            }}
        </Transition>
    }
}

fn search(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}

fn failed(me: StaffMe, error: AppError) -> AnyView {
    let lang = use_lang();
    view! {
        <StaffFrame me>
            <TopBar title=tr!(lang, common.brand)/>
            <main class="page" id="main">
                <ErrorPage kind=error home="/staff" sign_in="/staff/sign-in"/>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn unframed(error: AppError) -> AnyView {
    let lang = use_lang();
    view! {
        <Shell kind=ShellKind::Phone>
            <TopBar title=tr!(lang, common.brand)/>
            <main class="page" id="main">
                <ErrorPage kind=error home="/staff" sign_in="/staff/sign-in"/>
            </main>
        </Shell>
    }
    .into_any()
}

/// `/staff`: leads to where one's role begins.
#[component]
pub fn Entrance() -> impl IntoView {
    let me = crate::ui::resource(|| (), |()| api::me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(Me::Staff(me)) => view! { <Redirect path=home_of(&me)/> }.into_any(),
                    Ok(_) | Err(AppError::SignedOut) => view! { <Redirect path="/staff/sign-in"/> }.into_any(),
                    Err(error) => unframed(error),
                }
            })}
        </Suspense>
    }
}

/// The button that ends this session. Where work waits on this device it asks first (TREAT-7).
#[component]
pub fn SignOutButton() -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SignOut>::new();
    let (asking, waits) = (RwSignal::new(false), RwSignal::new(0));
    view! {
        <ActionForm action>
            <button
                class="btn"
                type="submit"
                on:click=move |event| {
                    waits.set(waiting());
                    if waits.get_untracked() > 0 {
                        event.prevent_default();
                        asking.set(true);
                    }
                }
            >
                <Icon name=IconName::Logout/>
                {tr!(lang, account.sign_out)}
            </button>
        </ActionForm>
        <Show when=move || asking.get()>
            <Dialog open=asking id="leave" title=tr!(lang, offline.leave.title, n = waits.get_untracked())>
                <p>{tr!(lang, offline.leave.text)}</p>
                <div class="btn-group">
                    <button class="btn" type="button" on:click=move |_| asking.set(false)>
                        {tr!(lang, offline.leave.stay)}
                    </button>
                    <ActionForm action on:submit=move |_| forget_waiting()>
                        <SubmitButton pending=action.pending()>{tr!(lang, offline.leave.go)}</SubmitButton>
                    </ActionForm>
                </div>
            </Dialog>
        </Show>
    }
}

/// How many acts of the person wait on this device.
fn waiting() -> u32 {
    #[cfg(not(feature = "ssr"))]
    {
        use gloo_storage::{LocalStorage, Storage};
        LocalStorage::get(crate::treat::WAITING).unwrap_or_default()
    }
    #[cfg(feature = "ssr")]
    0
}

/// Whoever comes next is not asked about them; the person's own pages count them again.
fn forget_waiting() {
    #[cfg(not(feature = "ssr"))]
    {
        use gloo_storage::{LocalStorage, Storage};
        LocalStorage::delete(crate::treat::WAITING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_ours_are_followed() {
        assert_eq!(inside("/desk?q=2716"), Some("/desk?q=2716"));
        for bad in [
            "",
            "desk",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a b",
            "/staff/sign-in?next=/",
        ] {
            assert_eq!(inside(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_way_back_survives_the_address() {
        assert_eq!(sign_in_at("/desk?q=a&b=1"), "/staff/sign-in?next=/desk%3Fq%3Da%26b%3D1");
        assert_eq!(sign_in_at("/staff"), "/staff/sign-in");
    }
}

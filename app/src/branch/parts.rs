//! What both pages say of a branch.

use crate::{
    tr,
    ui::{Icon, IconName, Status, Tone},
};
use domain::{
    Lang,
    branch::{BranchInfo, BranchKind},
};
use leptos::prelude::*;

/// What kind of house it is.
#[must_use]
pub fn kind(lang: Lang, kind: BranchKind) -> &'static str {
    match kind {
        BranchKind::Salon => tr!(lang, branch.kind.salon),
        BranchKind::SkinCentre => tr!(lang, branch.kind.skin_centre),
        BranchKind::Bathhouse => tr!(lang, branch.kind.bathhouse),
    }
}

/// `营业至 21:00`, in words.
#[must_use]
pub fn hours(lang: Lang, branch: &BranchInfo) -> String {
    match (&branch.open_today, branch.open_now) {
        (Some((_, close)), true) => tr!(lang, branch.open_until, time = close.hhmm()),
        (Some((open, _)), false) if branch.now < *open => tr!(lang, branch.opens_at, time = open.hhmm()),
        (Some((open, close)), false) => {
            tr!(lang, branch.closed_now, from = open.hhmm(), to = close.hhmm())
        }
        (None, _) => tr!(lang, branch.closed_today).to_owned(),
    }
}

/// The same with shape and colour.
pub fn hours_mark(lang: Lang, branch: &BranchInfo) -> AnyView {
    let (tone, icon) =
        if branch.open_now { (Tone::Ok, IconName::CheckCircle) } else { (Tone::Idle, IconName::Clock) };
    let words = hours(lang, branch);
    view! {
        <Status tone icon>
            {words}
        </Status>
    }
    .into_any()
}

/// Address with the way to a map, and the telephone.
pub fn contact(lang: Lang, branch: &BranchInfo) -> AnyView {
    let map = crate::booking::address::map(branch.address.get(Lang::Zh));
    view! {
        <ul class="stack notes" data-gap="2">
            <li>
                <Icon name=IconName::Pin/>
                <span>
                    {branch.address.get(lang).to_owned()} " "
                    <a href=map rel="external noreferrer">
                        {tr!(lang, branch.route)}
                    </a>
                </span>
            </li>
            <li>
                <Icon name=IconName::Phone/>
                <span>
                    <a class="num" href=crate::booking::address::tel(&branch.phone)>
                        {branch.phone.clone()}
                    </a>
                </span>
            </li>
        </ul>
    }
    .into_any()
}

//! The screen on the wall (DESK-1): tickets, places, estimates, and who is called where. No names.

use super::{line::line, line::place_of, link::branch_of, rows::is_open, today::Today};
use crate::{OpContext, Result, time::ms};
use domain::{
    BranchId,
    desk::{
        VisitState,
        arrive::{LinkKind, ScreenCall, ScreenTicket, ScreenView},
        estimate::wait_minutes,
    },
    permission::{Action, Scope},
};

/// Calls that stay on the screen, and for how long.
const CALLS: usize = 4;
const CALL_MS: i64 = 15 * 60_000;
/// Waiting tickets listed.
const LISTED: usize = 12;

/// What the screen behind a link shows.
///
/// # Errors
/// `NotFound` for a link that is none, or was revoked.
pub async fn screen(cx: &OpContext, link: &str) -> Result<ScreenView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = branch_of(cx, LinkKind::Screen, link).await?;
    let today = Today::load(cx.db(), catalog, cx.now()).await?;
    let now = ms(today.now);
    let mut calls: Vec<(i64, ScreenCall)> = today
        .visits
        .iter()
        .filter(|visit| visit.waits())
        .filter_map(|visit| {
            let assigned = visit.assigned_at.filter(|_| visit.is(VisitState::Assigned));
            let at = assigned.max(visit.called_at)?;
            let next = today.of(visit.id).iter().find(|item| is_open(item));
            let room = assigned.and(next).and_then(|item| today.room_name(item.room_id));
            let call = ScreenCall { ticket: visit.ticket.clone(), room, at: today.local(at) };
            (now - at < CALL_MS).then_some((at, call))
        })
        .collect();
    calls.sort_by_key(|(at, call)| (std::cmp::Reverse(*at), call.ticket.clone()));
    let mut waiting: Vec<ScreenTicket> = line(&today)
        .into_iter()
        .filter(|one| one.visit.is(VisitState::Waiting))
        .map(|one| ScreenTicket {
            ticket: one.visit.ticket.clone(),
            place: place_of(&today, one.visit.id),
            estimate: one.expected.map(|(start, _)| wait_minutes(today.now, start)),
        })
        .collect();
    waiting.sort_by_key(|ticket| ticket.place);
    let more = waiting.len().saturating_sub(LISTED);
    waiting.truncate(LISTED);
    Ok(ScreenView {
        branch: today.catalog.branch.info(today.now),
        calls: calls.into_iter().take(CALLS).map(|(_, call)| call).collect(),
        waiting,
        more: u32::try_from(more).unwrap_or(0),
    })
}

/// The branch whose changes the screen behind a link follows.
///
/// # Errors
/// `NotFound` for a link that is none, or was revoked.
pub async fn screen_branch(cx: &OpContext, link: &str) -> Result<BranchId> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    Ok(branch_of(cx, LinkKind::Screen, link).await?.branch.id)
}

//! Opening hours, special days and the rules of booking of a branch (BOOK-1, BOOK-4, BOOK-9, BOOK-12).

use crate::{
    Error, OpContext, Result,
    audit::Entry,
    booking::stranded::settle,
    catalog, edition,
    entity::{opening, special_day},
    sql::vals,
    time::{date, day_number, local},
};
use domain::{
    BranchId, FieldCode,
    branch::hours::{HoursPage, SetHours, SetPolicy, SetSpecial, Special, SpecialDay},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

/// Special days shown; a year has fewer.
const SPECIAL_MAX: u64 = 400;

/// What is set.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn page(cx: &OpContext, branch: BranchId) -> Result<HoursPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let version = edition::of(cx.db(), branch.0).await?;
    let known = catalog::read(cx.db(), cx.now(), branch).await?.branch;
    let special = special_day::Entity::find()
        .filter(special_day::Column::BranchId.eq(branch.0))
        .filter(special_day::Column::Day.gte(day_number(known.today(cx.now()))))
        .order_by_asc(special_day::Column::Day)
        .limit(SPECIAL_MAX)
        .all(cx.db())
        .await?;
    let special = special.into_iter().map(|row| SpecialDay {
        day: date(row.day),
        hours: if row.closed { None } else { row.open_min.zip(row.close_min) },
        note: row.note,
    });
    Ok(HoursPage {
        week: known.opening.to_vec(),
        special: special.collect(),
        policy: known.policy,
        version,
        now: local(known.tz, cx.now()),
    })
}

/// The hours of the week.
///
/// # Errors
/// `Stale`; `WouldStrand` unless confirmed.
pub async fn set_hours(cx: &OpContext, branch: BranchId, cmd: SetHours) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    edition::next(&tx, branch.0, cmd.version).await?;
    tx.run("DELETE FROM opening WHERE branch_id = $1", vals![branch.0]).await?;
    let rows = (0i32..).zip(&cmd.days).flat_map(|(weekday, spans)| {
        spans.iter().map(move |(open_min, close_min)| {
            let (open_min, close_min) = (*open_min, *close_min);
            opening::Model { branch_id: branch.0, weekday, open_min, close_min }.into_active_model()
        })
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        opening::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    let detail = cmd.days.iter().map(|spans| domain::branch::hours::show_spans(spans)).collect::<Vec<_>>();
    settle(cx, tx, &[branch], cmd.confirm, entry("branch.hours", branch, detail.join("; "))).await
}

fn entry(action: &str, branch: BranchId, detail: String) -> Entry<'_> {
    Entry { action, entity: "branch", id: Some(branch.0), branch: Some(branch), detail: Some(detail) }
}

/// A day that differs, or does not any more.
///
/// # Errors
/// The field `day` for a day that is over; `Stale`; `WouldStrand` unless confirmed.
pub async fn set_special(cx: &OpContext, branch: BranchId, cmd: SetSpecial) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let known = cx.store.catalog(branch).await?;
    if cmd.day < known.branch.today(cx.now()) {
        return Err(Error::field("day", FieldCode::Past));
    }
    let tx = cx.begin().await?;
    edition::next(&tx, branch.0, cmd.version).await?;
    let day = day_number(cmd.day);
    let (closed, hours) = match cmd.hours {
        Special::Ordinary => {
            tx.run("DELETE FROM special_day WHERE branch_id = $1 AND day = $2", vals![branch.0, day]).await?;
            (false, None)
        }
        Special::Closed => (true, None),
        Special::Own(from, to) => (false, Some((from, to))),
    };
    if cmd.hours != Special::Ordinary {
        let (open, close) = (hours.map(|h| h.0), hours.map(|h| h.1));
        let sql = "INSERT INTO special_day (branch_id, day, closed, open_min, close_min, note) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (branch_id, day) DO UPDATE \
                   SET closed = excluded.closed, open_min = excluded.open_min, close_min = excluded.close_min, \
                   note = excluded.note";
        tx.run(sql, vals![branch.0, day, closed, open, close, cmd.note]).await?;
    }
    let detail = format!("{} {:?}", cmd.day, cmd.hours);
    settle(cx, tx, &[branch], cmd.confirm, entry("branch.special_day", branch, detail)).await
}

/// The rules of booking. Bookings that are made stay as they are; reminders already queued, too.
///
/// # Errors
/// `Stale`.
pub async fn set_policy(cx: &OpContext, branch: BranchId, cmd: SetPolicy) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    edition::next(&tx, branch.0, cmd.version).await?;
    let policy = serde_json::to_string(&cmd.policy)?;
    tx.run("UPDATE branch SET policy = $1 WHERE id = $2", vals![policy.as_str(), branch.0]).await?;
    settle(cx, tx, &[branch], true, entry("branch.policy", branch, policy)).await
}

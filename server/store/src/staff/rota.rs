//! The rota of a week: shown with what is booked, changed day by day, copied (STAFF-5).

use super::{
    entry, of_branch, replace,
    week::{Day, days},
};
use crate::{
    Error, OpContext, Result, Tx,
    booking::stranded::settle,
    catalog, edition,
    entity::{rota, staff},
    sql,
    sql::vals,
    time::{DAY_MS, date, day_bounds, day_number, day_of, local_ms, ms},
};
use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use domain::{
    BranchId, FieldCode, RotaId, StaffId,
    permission::{Action, Scope},
    staff::{
        Copy, CopyTo, Cover, LeaveKind, LeaveLine, RotaCell, RotaPage, RotaRow, SetShift, ShiftPage, monday,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The longest row of a rota, a leave; a CHECK of the table.
const LONGEST_MS: i64 = 92 * DAY_MS;

#[derive(FromQueryResult)]
struct Leave {
    id: Uuid,
    staff_id: Uuid,
    from_ms: i64,
    to_ms: i64,
    kind: Option<String>,
    note: Option<String>,
}

/// Shifts and breaks that begin from `first` to before `last`, with what runs over midnight on either side.
async fn rows<C: ConnectionTrait>(
    db: &C,
    tz: Tz,
    branch: BranchId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<rota::Model>> {
    let from = ms(day_bounds(tz, first - Duration::days(1)).0);
    let to = ms(day_bounds(tz, last + Duration::days(1)).0);
    Ok(rota::Entity::find()
        .filter(rota::Column::BranchId.eq(branch.0))
        .filter(rota::Column::FromMs.gte(from))
        .filter(rota::Column::FromMs.lt(to))
        .filter(rota::Column::Kind.ne("leave"))
        .order_by_asc(rota::Column::FromMs)
        .all(db)
        .await?)
}

/// Leave that is not over at `from` and begins before `to`.
async fn leaves(cx: &OpContext, branch: BranchId, from: i64, to: i64) -> Result<Vec<Leave>> {
    let sql = "SELECT r.id, r.staff_id, r.from_ms, r.to_ms, n.kind, n.note FROM rota r \
               LEFT JOIN leave_note n ON n.rota_id = r.id \
               WHERE r.branch_id = $1 AND r.kind = 'leave' AND r.from_ms > $2 AND r.to_ms > $3 AND r.from_ms < $4 \
               ORDER BY r.from_ms, r.id LIMIT 500";
    sql::all(cx.db(), sql, vals![branch.0, from - LONGEST_MS, from, to]).await
}

fn kind_of(leave: &Leave) -> LeaveKind {
    leave.kind.as_deref().and_then(LeaveKind::from_code).unwrap_or(LeaveKind::Other)
}

/// Minutes that bookings take of each person, by day number.
async fn booked(
    cx: &OpContext,
    tz: Tz,
    branch: BranchId,
    from: i64,
    to: i64,
) -> Result<HashMap<(Uuid, i32), i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        resource_id: Uuid,
        from_ms: i64,
        to_ms: i64,
    }
    let sql = "SELECT a.resource_id, a.from_ms, a.to_ms FROM staff s JOIN allocation a ON a.resource_id = s.id \
               WHERE s.branch_id = $1 AND a.active AND a.from_ms >= $2 AND a.from_ms < $3";
    let rows: Vec<Row> = sql::all(cx.db(), sql, vals![branch.0, from, to]).await?;
    let mut minutes = HashMap::new();
    for row in rows {
        let day = day_number(local_ms(tz, row.from_ms).date());
        *minutes.entry((row.resource_id, day)).or_default() += (row.to_ms - row.from_ms) / 60_000;
    }
    Ok(minutes)
}

/// The week of a day: who works when, who is away, what is booked.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn week(cx: &OpContext, branch: BranchId, day: Option<NaiveDate>) -> Result<RotaPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let versions = edition::of_branch(cx.db(), "staff", branch.0).await?;
    let known = catalog::read(cx.db(), cx.now(), branch).await?;
    let (tz, today) = (known.tz(), known.branch.today(cx.now()));
    let week = monday(day.unwrap_or(today));
    let (from, to) = (ms(day_bounds(tz, week).0), ms(day_bounds(tz, week + Duration::days(7)).0));
    let worked = days(tz, &rows(cx.db(), tz, branch, week, week + Duration::days(7)).await?);
    let away = leaves(cx, branch, from, to).await?;
    let coming = leaves(cx, branch, ms(cx.now()), ms(cx.now() + Duration::days(366))).await?;
    let booked = booked(cx, tz, branch, from, to).await?;
    let cell = |staff: StaffId, day: NaiveDate| {
        let (begin, end) = day_bounds(tz, day);
        let found = worked.get(&(staff.0, day_number(day))).cloned().unwrap_or_default();
        let leave = away.iter().find(|l| l.staff_id == staff.0 && l.from_ms < ms(end) && l.to_ms > ms(begin));
        let taken = booked.get(&(staff.0, day_number(day))).copied().unwrap_or(0);
        RotaCell {
            shifts: found.shifts,
            breaks: found.breaks,
            leave: leave.map(kind_of),
            booked: u32::try_from(taken).unwrap_or(0),
        }
    };
    let row = |p: &catalog::Person| RotaRow {
        staff: p.id,
        name: p.name.clone(),
        title: p.title.clone(),
        days: week.iter_days().take(7).map(|day| cell(p.id, day)).collect(),
        version: versions.get(&p.id.0).copied().unwrap_or(0),
    };
    let busy = |p: &&catalog::Person| !p.left || worked.keys().any(|(staff, _)| *staff == p.id.0);
    let people: Vec<RotaRow> = known.people.iter().filter(busy).map(row).collect();
    let name = |id: Uuid| known.person(StaffId(id)).map(|p| p.name.clone()).unwrap_or_default();
    let leave = coming.iter().map(|l| LeaveLine {
        id: RotaId(l.id),
        staff: StaffId(l.staff_id),
        name: name(l.staff_id),
        from: local_ms(tz, l.from_ms),
        to: local_ms(tz, l.to_ms),
        kind: kind_of(l),
        note: l.note.clone(),
        version: versions.get(&l.staff_id).copied().unwrap_or(0),
    });
    Ok(RotaPage {
        week,
        today,
        cover: (0..7).map(|n| cover(&people, n)).collect(),
        people,
        leave: leave.collect(),
        stamp: versions.values().map(|version| i64::from(*version)).sum(),
    })
}

fn cover(people: &[RotaRow], day: usize) -> Cover {
    let cells = || people.iter().filter_map(move |row| row.days.get(day));
    Cover {
        duty: cells().map(RotaCell::duty).sum(),
        booked: cells().map(|cell| cell.booked).sum(),
        people: u32::try_from(cells().filter(|cell| cell.duty() > 0).count()).unwrap_or(0),
    }
}

/// One person's day.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn shift(cx: &OpContext, branch: BranchId, staff: StaffId, day: NaiveDate) -> Result<ShiftPage> {
    of_branch(cx.db(), branch, staff).await?;
    let page = week(cx, branch, Some(day)).await?;
    let n = usize::try_from((day - page.week).num_days()).unwrap_or(0);
    let row = page.people.into_iter().find(|row| row.staff == staff).ok_or(Error::NotFound)?;
    let cell = row.days.into_iter().nth(n).unwrap_or_default();
    Ok(ShiftPage { staff, name: row.name, day, cell, version: row.version, past: day < page.today })
}

/// What somebody works on a day; the rest of the rota stays.
///
/// # Errors
/// `NotFound`, `Stale`, `ShiftsOverlap` with the night before or the day after, the field `day` for a day that is over;
/// `WouldStrand` unless confirmed.
pub async fn save_shift(cx: &OpContext, branch: BranchId, cmd: SetShift) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    if cmd.day < date(day_of(tz, cx.now())) {
        return Err(Error::field("day", FieldCode::Past));
    }
    let tx = cx.begin().await?;
    of_branch(&tx, branch, cmd.staff).await?;
    edition::next(&tx, cmd.staff.0, cmd.version).await?;
    let known = days(tz, &rows(&tx, tz, branch, cmd.day, cmd.day + Duration::days(1)).await?);
    let old = known.get(&(cmd.staff.0, day_number(cmd.day))).cloned().unwrap_or_default();
    let new = Day { shifts: cmd.shifts, breaks: cmd.breaks, ids: Vec::new() };
    replace(&tx, &old.ids, new.rows(tz, branch.0, cmd.staff.0, cmd.day)).await?;
    let detail = format!("{} {:?} -> {:?}", cmd.day, old.shifts, new.shifts);
    settle(cx, tx, &[branch], cmd.confirm, entry("staff.shift", branch, cmd.staff, detail)).await
}

/// Copies the shifts and breaks of a week, everybody's or one person's, into the weeks that follow or to somebody else.
/// What is there is replaced, days that are over and leave excepted. Times by the wall clock stay the same when clocks
/// change.
///
/// # Errors
/// `NotFound`, `Stale`, `ShiftsOverlap`; `WouldStrand` unless confirmed.
pub async fn copy_week(cx: &OpContext, branch: BranchId, cmd: Copy) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    let today = date(day_of(tz, cx.now()));
    let tx = cx.begin().await?;
    // Who is not of this branch is not to be known of, whatever was seen.
    let pairs = pairs(&tx, branch, &cmd).await?;
    edition::next_of_all(&tx, branch.0, cmd.stamp).await?;
    let weeks = match cmd.to {
        CopyTo::Weeks(n) => i64::from(n),
        CopyTo::Person(_) => 0,
    };
    let known = days(tz, &rows(&tx, tz, branch, cmd.week, cmd.week + Duration::days(7 * (weeks + 1))).await?);
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for week in if weeks == 0 { 0..=0 } else { 1..=weeks } {
        for (n, day) in cmd.week.iter_days().take(7).zip((cmd.week + Duration::days(7 * week)).iter_days()) {
            if day < today {
                continue;
            }
            for (from, to) in &pairs {
                let source = known.get(&(*from, day_number(n))).cloned().unwrap_or_default();
                let target = known.get(&(*to, day_number(day)));
                gone.extend(target.into_iter().flat_map(|target| target.ids.iter().copied()));
                new.extend(source.rows(tz, branch.0, *to, day));
            }
        }
    }
    let detail = format!("week={} to={:?} rows={}", cmd.week, cmd.to, new.len());
    replace(&tx, &gone, new).await?;
    let who = cmd.who.unwrap_or(StaffId(Uuid::nil()));
    settle(cx, tx, &[branch], cmd.confirm, entry("staff.copy_week", branch, who, detail)).await
}

/// Whose week is copied to whom.
async fn pairs(tx: &Tx, branch: BranchId, cmd: &Copy) -> Result<Vec<(Uuid, Uuid)>> {
    if let Some(who) = cmd.who {
        of_branch(tx, branch, who).await?;
        let to = match cmd.to {
            CopyTo::Person(to) => of_branch(tx, branch, to).await?.id,
            CopyTo::Weeks(_) => who.0,
        };
        return Ok(vec![(who.0, to)]);
    }
    let stays =
        Condition::any().add(staff::Column::LeftAt.is_null()).add(staff::Column::LeftAt.gt(tx.now_ms()));
    let people =
        staff::Entity::find().filter(staff::Column::BranchId.eq(branch.0)).filter(stays).all(tx).await?;
    Ok(people.into_iter().map(|person| (person.id, person.id)).collect())
}

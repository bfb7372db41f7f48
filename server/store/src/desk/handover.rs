//! Handing a shift over (DESK-9).

use super::{
    band, call,
    people::{me, names, noted},
    question,
    today::Today,
};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    entity::shift_handover,
    idempotency, sql,
    sql::vals,
    time::{local_ms, ms},
};
use domain::{
    BranchId, HandoverId, Page, Refusal, Text, UserId,
    desk::{
        WAIT_LIMIT,
        handover::{Give, HandoverLine, HandoverPage, HandoverView, MATTERS_MAX, MatterKind, OpenMatter},
    },
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Past handovers on a page.
const SIZE: usize = 15;

/// What is open now: callbacks, questions, visits that wait over the limit, bands that should be back. Overdue first.
async fn matters<C: ConnectionTrait>(
    db: &C,
    cx: &OpContext,
    catalog: &Arc<Catalog>,
) -> Result<Vec<OpenMatter>> {
    let (tz, now, branch) = (catalog.tz(), ms(cx.now()), catalog.branch.id);
    let mut out = Vec::new();
    // Kept for years with the handover: masked, whoever writes it.
    for line in call::due(db, catalog, now, false).await? {
        let who = [line.caller.unwrap_or_default(), line.phone].into_iter().filter(|s| !s.is_empty());
        let note = line.note.unwrap_or_default();
        let at = line.due.unwrap_or(line.at);
        let overdue = ms(at.utc) < now;
        out.push(OpenMatter {
            kind: MatterKind::Callback,
            what: who.collect::<Vec<_>>().join(" "),
            note,
            at,
            overdue,
        });
    }
    for card in question::open(db, branch, tz, now).await? {
        let note = card.owner_name.zh.clone();
        out.push(OpenMatter {
            kind: MatterKind::Question,
            what: card.text,
            note,
            at: card.since,
            overdue: false,
        });
    }
    let today = Today::load(db, catalog.clone(), cx.now()).await?;
    for visit in today.visits.iter().filter(|v| v.waits() && today.waited(v) > WAIT_LIMIT) {
        let (what, at) = (format!("{} {}", visit.ticket, visit.name), today.local(today.clock(visit).0));
        out.push(OpenMatter { kind: MatterKind::LongWait, what, note: String::new(), at, overdue: true });
    }
    for line in band::out_now(db, catalog, now).await? {
        if line.over || line.left {
            let what = format!("{} {}", line.band, line.name);
            let note = line.locker.unwrap_or_default();
            out.push(OpenMatter { kind: MatterKind::Band, what, note, at: line.due, overdue: line.over });
        }
    }
    out.sort_by_key(|matter| (!matter.overdue, matter.kind, matter.at));
    out.truncate(MATTERS_MAX);
    Ok(out)
}

/// What is open, what waits to be taken over, and past handovers.
///
/// # Errors
/// `Invalid` on a cursor that did not come from here.
pub async fn handover_page(cx: &OpContext, branch: BranchId, after: Option<String>) -> Result<HandoverPage> {
    use shift_handover::Column as C;
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let mut find =
        shift_handover::Entity::find().filter(C::BranchId.eq(branch.0)).filter(C::TakenAt.is_not_null());
    if let Some(raw) = after {
        let (at, id) = super::cursor(&raw)?;
        let same = Condition::all().add(C::GivenAt.eq(at)).add(C::Id.lt(id));
        find = find.filter(Condition::any().add(C::GivenAt.lt(at)).add(same));
    }
    let find = find.order_by_desc(C::GivenAt).order_by_desc(C::Id).limit(SIZE as u64 + 1);
    let page =
        Page::cut(find.all(cx.db()).await?, SIZE, |row| format!("{}.{}", row.given_at, row.id.simple()));
    let waiting =
        shift_handover::Entity::find().filter(C::BranchId.eq(branch.0)).filter(C::TakenAt.is_null());
    let waiting = waiting.one(cx.db()).await?;
    let people = page.items.iter().chain(&waiting).flat_map(signers).collect();
    let names = names(cx.db(), people).await?;
    let line = |row: shift_handover::Model| HandoverLine {
        id: HandoverId(row.id),
        given_at: local_ms(catalog.tz(), row.given_at),
        given_name: names.get(&row.given_by).cloned().unwrap_or_default(),
        taken_at: row.taken_at.map(|at| local_ms(catalog.tz(), at)),
        taken_name: row.taken_by.and_then(|id| names.get(&id).cloned()),
        matters: read(&row).len().try_into().unwrap_or(u32::MAX),
    };
    Ok(HandoverPage {
        branch: catalog.branch.info(cx.now()),
        matters: matters(cx.db(), cx, &catalog).await?,
        waiting: waiting.map(|row| view(cx, &catalog, row, &names)),
        past: Page { items: page.items.into_iter().map(line).collect(), next: page.next },
    })
}

fn signers(row: &shift_handover::Model) -> impl Iterator<Item = Uuid> + use<> {
    [Some(row.given_by), row.taken_by].into_iter().flatten()
}

fn read(row: &shift_handover::Model) -> Vec<OpenMatter> {
    serde_json::from_str(&row.matters).unwrap_or_default()
}

fn view(
    cx: &OpContext,
    catalog: &Catalog,
    row: shift_handover::Model,
    names: &HashMap<Uuid, Text>,
) -> HandoverView {
    HandoverView {
        id: HandoverId(row.id),
        version: row.version,
        branch: catalog.branch.info(cx.now()),
        given_at: local_ms(catalog.tz(), row.given_at),
        given_by: UserId(row.given_by),
        given_name: names.get(&row.given_by).cloned().unwrap_or_default(),
        matters: read(&row),
        taken_at: row.taken_at.map(|at| local_ms(catalog.tz(), at)),
        taken_name: row.taken_by.and_then(|id| names.get(&id).cloned()),
        cash_note: row.cash_note,
        note: row.note,
        take_note: row.take_note,
    }
}

/// One handover, to read and to print.
///
/// # Errors
/// `NotFound`.
pub async fn handover(cx: &OpContext, id: HandoverId) -> Result<HandoverView> {
    let row = shift_handover::Entity::find_by_id(id.0).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::KeepDesk, &Scope::branch(branch)).map_err(|_| Error::NotFound)?;
    let catalog = cx.store.catalog(branch).await?;
    let names = names(cx.db(), signers(&row).collect()).await?;
    Ok(view(cx, &catalog, row, &names))
}

/// Signs the shift over; what is open is gathered at that moment. The same key again gives the same handover.
///
/// # Errors
/// `WrongState` while another one waits to be taken over, `KeyReused`.
pub async fn give_shift(cx: &OpContext, branch: BranchId, give: Give) -> Result<HandoverId> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let answer = give_once(cx, branch, &give).await;
    match answer.as_ref().err().and_then(Error::constraint).as_deref() {
        Some("uq_shift_handover_branch_id") => Err(super::rows::wrong_state("waiting")),
        _ => answer,
    }
}

async fn give_once(cx: &OpContext, branch: BranchId, give: &Give) -> Result<HandoverId> {
    let me = me(cx)?;
    let catalog = cx.store.catalog(branch).await?;
    let tx = cx.begin().await?;
    let request = (branch, me, &give.note, &give.cash_note);
    if let Some(id) = idempotency::seen(&tx, "handover", &give.key, &request).await? {
        tx.commit().await?;
        return Ok(id);
    }
    let open = serde_json::to_string(&matters(&tx, cx, &catalog).await?)?;
    let id = HandoverId::new();
    let sql = "INSERT INTO shift_handover (id, branch_id, given_at, given_by, matters, cash_note, note, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 1)";
    let values = vals![id.0, branch.0, tx.now_ms(), me.0, open, give.cash_note.clone(), give.note.clone()];
    tx.run(sql, values).await?;
    noted(&tx, cx, branch, ("handover.give", "shift_handover"), id.0);
    idempotency::answered(&tx, "handover", &give.key, &id)?;
    tx.commit().await?;
    Ok(id)
}

/// Takes the shift over. Nobody takes what they gave.
///
/// # Errors
/// `WrongState` when it is taken, or by whoever gave it; `Stale`, `NotFound`.
pub async fn take_shift(cx: &OpContext, id: HandoverId, version: i32, note: Option<String>) -> Result<()> {
    let tx = cx.begin().await?;
    let row =
        shift_handover::Entity::find_by_id(id.0).lock_exclusive().one(&tx).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::KeepDesk, &Scope::branch(branch)).map_err(|_| Error::NotFound)?;
    let me = me(cx)?;
    if row.taken_at.is_some() || row.given_by == me.0 {
        return Err(super::rows::wrong_state(if row.taken_at.is_some() { "taken" } else { "own" }));
    }
    if row.version != version {
        return Err(Refusal::Stale.into());
    }
    let sql = "UPDATE shift_handover SET taken_at = $1, taken_by = $2, take_note = $3, version = version + 1 WHERE id = $4";
    tx.run(sql, vals![tx.now_ms(), me.0, note, row.id]).await?;
    noted(&tx, cx, branch, ("handover.take", "shift_handover"), row.id);
    tx.commit().await
}

/// Whether a handover waits to be taken.
pub(super) async fn waits<C: ConnectionTrait>(db: &C, branch: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM shift_handover WHERE branch_id = $1 AND taken_at IS NULL LIMIT 1";
    Ok(sql::row(db, sql, vals![branch]).await?.is_some())
}

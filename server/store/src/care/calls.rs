//! Calls of the days after (CARE-2): the work list, and how each call went.

use super::concern;
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    entity::{followup, user_account},
    sql::{self, vals},
    time::{date, day_of, local, local_ms},
    tx::again,
};
use domain::{
    BranchId, FieldCode, FollowupId, Page, Refusal, ServiceId, StaffId, Text,
    care::{CallList, CallOutcome, CallState, CallView, CallsPage, RecordCall, called},
    live::Topic,
    permission::{Action, Scope},
    phone::mask,
};
use sea_orm::{EntityTrait, FromQueryResult, QuerySelect};
use uuid::Uuid;

const SIZE: usize = 20;

/// Which part of the list.
#[derive(Clone, Debug, Default)]
pub struct CallsQuery {
    pub list: CallList,
    /// Services of this person; those who see only their own see these.
    pub who: Option<StaffId>,
    pub after: Option<String>,
}

/// Whether the actor sees the branch's calls, or (`Some`) only those of their own services.
pub(super) fn own_only(cx: &OpContext, branch: BranchId) -> Result<Option<StaffId>> {
    if cx.may(Action::FollowUp, &Scope::branch(branch)) {
        return Ok(None);
    }
    let me = cx.actor.staff();
    cx.allow(Action::FollowUp, &me.map_or_else(|| Scope::branch(branch), |me| Scope::staff(branch, me)))?;
    Ok(me)
}

/// The list with how many are due and overdue.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` on a cursor that did not come from here.
pub async fn calls(cx: &OpContext, branch: BranchId, query: &CallsQuery) -> Result<CallsPage> {
    let own = own_only(cx, branch)?;
    let catalog = cx.store.catalog(branch).await?;
    let who = own.or(query.who);
    let today = day_of(catalog.tz(), cx.now());
    let counts = counts(cx, branch, who, today).await?;
    let people = match own {
        Some(_) => Vec::new(),
        None => catalog.people.iter().filter(|p| !p.left).map(|p| (p.id, p.name.clone())).collect(),
    };
    Ok(CallsPage {
        branch,
        today: date(today),
        now: local(catalog.tz(), cx.now()),
        list: query.list,
        due: u32::try_from(counts.due).unwrap_or(0),
        overdue: u32::try_from(counts.overdue).unwrap_or(0),
        people,
        who,
        page: list(cx, &catalog, query, who, today).await?,
        concerns: if query.after.is_none() { concern::open(cx, &catalog, who).await? } else { Vec::new() },
    })
}

#[derive(FromQueryResult)]
struct Counts {
    due: i64,
    overdue: i64,
}

async fn counts(cx: &OpContext, branch: BranchId, who: Option<StaffId>, today: i32) -> Result<Counts> {
    let (of, mut values) = (if who.is_some() { "AND staff_id = $3" } else { "" }, vals![branch.0, today]);
    values.extend(who.map(|who| who.0.into()));
    let sql = format!(
        "SELECT COUNT(CASE WHEN due_day = $2 THEN 1 END) AS due, COUNT(CASE WHEN due_day < $2 THEN 1 END) AS overdue \
         FROM followup WHERE branch_id = $1 AND state = 'open' AND due_day <= $2 {of}"
    );
    Ok(sql::one(cx.db(), &sql, values).await?.unwrap_or(Counts { due: 0, overdue: 0 }))
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    service_id: Uuid,
    staff_id: Option<Uuid>,
    day_no: i32,
    due_day: i32,
    most: i32,
    state: String,
    tries: i32,
    outcome: Option<String>,
    note: Option<String>,
    at: Option<i64>,
    by_zh: Option<String>,
    by_en: Option<String>,
    version: i32,
    name: String,
    phone: Option<String>,
    service_zh: String,
    service_en: String,
    finished_at: Option<i64>,
    script_zh: Option<String>,
    script_en: Option<String>,
}

async fn list(
    cx: &OpContext,
    catalog: &Catalog,
    query: &CallsQuery,
    who: Option<StaffId>,
    today: i32,
) -> Result<Page<CallView>> {
    let over = query.list == CallList::Over;
    let (which, order, first) = match query.list {
        CallList::Due => ("f.state = 'open' AND f.due_day <= $2", "f.due_day", (0, Uuid::nil())),
        CallList::Ahead => ("f.state = 'open' AND f.due_day > $2", "f.due_day", (0, Uuid::nil())),
        CallList::Over => {
            ("f.at IS NOT NULL AND f.state <> 'open' AND $2 >= 0", "f.at", (i64::MAX, Uuid::max()))
        }
    };
    let (at, id) = match &query.after {
        Some(raw) => parse(raw).ok_or_else(|| Error::field("after", FieldCode::Choice))?,
        None => first,
    };
    let (than, way) = if over { ("<", "DESC") } else { (">", "ASC") };
    let mut values = vals![catalog.branch.id.0, today, at, id];
    let of = who.map_or("", |who| {
        values.push(who.0.into());
        "AND f.staff_id = $5"
    });
    let sql = format!(
        "SELECT f.id, f.service_id, f.staff_id, f.day_no, f.due_day, f.most, f.state, f.tries, f.outcome, f.note, \
         f.at, f.by_zh, f.by_en, f.version, c.name, c.phone, s.name_zh AS service_zh, s.name_en AS service_en, \
         s.finished_at, w.text_zh AS script_zh, w.text_en AS script_en FROM followup f \
         JOIN customer c ON c.id = f.customer_id JOIN visit_service s ON s.id = f.visit_service_id \
         LEFT JOIN call_script w ON w.service_id = f.service_id AND w.day_no = f.day_no \
         WHERE f.branch_id = $1 AND {which} AND ({order} {than} $3 OR ({order} = $3 AND f.id {than} $4)) {of} \
         ORDER BY {order} {way}, f.id {way} LIMIT {}",
        SIZE + 1
    );
    let rows: Vec<Row> = sql::all(cx.db(), &sql, values).await?;
    let cursor = |row: &Row| match over {
        true => format!("{}.{}", row.at.unwrap_or_default(), row.id.simple()),
        false => format!("{}.{}", row.due_day, row.id.simple()),
    };
    let page = Page::cut(rows, SIZE, cursor);
    let full = cx.may(Action::SeePhone, &Scope::branch(catalog.branch.id));
    let items = page.items.into_iter().map(|row| show(catalog, row, full, today));
    Ok(Page { items: items.collect::<Result<_>>()?, next: page.next })
}

fn parse(raw: &str) -> Option<(i64, Uuid)> {
    let (at, id) = raw.split_once('.')?;
    Some((at.parse().ok()?, Uuid::parse_str(id).ok()?))
}

/// The number as the actor may see it, and as it can be dialled.
pub(super) fn numbers(phone: Option<String>, full: bool) -> (String, Option<String>) {
    match phone {
        Some(phone) if full => (domain::phone::spaced(&phone), Some(phone)),
        Some(phone) => (mask(&phone), None),
        None => (String::new(), None),
    }
}

fn show(catalog: &Catalog, row: Row, full: bool, today: i32) -> Result<CallView> {
    let (phone, dial) = numbers(row.phone, full);
    let tz = catalog.tz();
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    Ok(CallView {
        id: FollowupId(row.id),
        name: row.name,
        phone,
        dial,
        service: Text::new(row.service_zh, row.service_en),
        service_id: ServiceId(row.service_id),
        staff: row.staff_id.and_then(|id| catalog.person(StaffId(id))).map(|p| p.name.clone()),
        served: local_ms(tz, row.finished_at.unwrap_or_default()),
        day: count(row.day_no),
        due: date(row.due_day),
        overdue: count(today - row.due_day),
        tries: count(row.tries),
        most: count(row.most),
        state: CallState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a call"))?,
        outcome: row.outcome.as_deref().and_then(CallOutcome::from_code),
        note: row.note,
        at: row.at.map(|ms| local_ms(tz, ms)),
        by: row.by_zh.map(|zh| Text::new(zh, row.by_en.unwrap_or_default())),
        script: Text::new(row.script_zh.unwrap_or_default(), row.script_en.unwrap_or_default()),
        version: row.version,
    })
}

/// Records how a call went. A concern opens a matter of its own, kept by whoever called (首问负责). The same key again
/// changes nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `WrongState` when it is over.
pub async fn record_call(cx: &OpContext, cmd: &RecordCall) -> Result<()> {
    again!(record_once(cx, cmd))
}

async fn record_once(cx: &OpContext, cmd: &RecordCall) -> Result<()> {
    let tx = cx.begin().await?;
    let find = followup::Entity::find_by_id(cmd.call.0).lock_exclusive();
    let row = find.one(&tx).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    let scope = row.staff_id.map_or_else(|| Scope::branch(branch), |id| Scope::staff(branch, StaffId(id)));
    cx.allow(Action::FollowUp, &scope)?;
    let key = format!("{}:{}", row.id.simple(), cmd.key);
    if sql::row(&tx, "SELECT 1 FROM followup_try WHERE key = $1", vals![key.clone()]).await?.is_some() {
        // What was read is lasting only now.
        return tx.commit().await;
    }
    if row.version != cmd.version {
        return Err(Refusal::Stale.into());
    }
    let state = CallState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a call"))?;
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    let next = called(state, cmd.outcome, count(row.tries), count(row.most))?;
    let catalog = cx.store.catalog(branch).await?;
    let tomorrow = day_of(catalog.tz(), tx.now()) + 1;
    let by = author(&tx, cx).await?;
    let sql = "UPDATE followup SET state = $1, tries = $2, due_day = $3, outcome = $4, note = $5, at = $6, by_zh = $7, \
               by_en = $8, version = version + 1 WHERE id = $9 AND version = $10";
    let values = vals![
        next.state.code(),
        i32::try_from(next.tries).unwrap_or(i32::MAX),
        if next.tomorrow { tomorrow } else { row.due_day },
        cmd.outcome.code(),
        cmd.note.clone(),
        tx.now_ms(),
        by.zh,
        by.en,
        row.id,
        row.version,
    ];
    if tx.run(sql, values).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    let sql = "INSERT INTO followup_try (id, followup_id, at, by_user, outcome, note, key) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let user = cx.actor.user().map(|id| id.0);
    let id = Uuid::now_v7();
    tx.run(sql, vals![id, row.id, tx.now_ms(), user, cmd.outcome.code(), cmd.note.clone(), key]).await?;
    if let (CallOutcome::Concern, Some(text)) = (cmd.outcome, &cmd.note) {
        concern::raise(&tx, cx, &row, text).await?;
    }
    let detail = Some(cmd.outcome.code().to_owned());
    let entry =
        Entry { action: "care.call", entity: "followup", id: Some(row.id), branch: Some(branch), detail };
    tx.audit(cx, entry);
    tx.changed(branch, Topic::Board);
    tx.commit().await
}

/// The name of whoever acts, as records keep it.
pub(super) async fn author(tx: &Tx, cx: &OpContext) -> Result<Text> {
    let user = match cx.actor.user() {
        Some(id) => user_account::Entity::find_by_id(id.0).one(tx).await?,
        None => None,
    };
    Ok(user.map_or_else(|| Text::new("系统", "System"), |u| Text::new(u.name_zh, u.name_en)))
}

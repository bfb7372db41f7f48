//! The phone log (DESK-6).

use super::people::{me, names, noted};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    entity::phone_call,
    idempotency, sql,
    sql::vals,
    time::{local_ms, ms},
};
use domain::{
    BranchId, CallId, CustomerId, FieldCode, Page, Refusal,
    desk::call::{Call, CallLine, Matter, PhonePage, call_kept},
    permission::{Action, Scope},
    phone::mask,
    promise::Promise,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Calls on a page of the log.
const SIZE: usize = 25;
/// Callbacks listed at most.
const DUE: u64 = 50;

/// Writes a call down. A caller whose number is a customer's is that customer. The same key again gives the same call.
///
/// # Errors
/// `Invalid` on `customer`, `KeyReused`.
pub async fn log_call(cx: &OpContext, branch: BranchId, call: Call) -> Result<CallId> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let me = me(cx)?;
    let tx = cx.begin().await?;
    let request = (branch, me, call.rings, call.answered, &call.phone, call.matter, &call.note);
    if let Some(id) = idempotency::seen(&tx, "call", &call.key, &request).await? {
        tx.commit().await?;
        return Ok(id);
    }
    let customer = match (call.customer, &call.phone) {
        (Some(id), _) => {
            let known = sql::row(&tx, "SELECT id FROM customer WHERE id = $1", vals![id.0]).await?;
            Some(known.ok_or_else(|| Error::field("customer", FieldCode::Choice))?)
        }
        (None, Some(phone)) => {
            sql::row(&tx, "SELECT id FROM customer WHERE phone = $1", vals![phone.clone()]).await?
        }
        (None, None) => None,
    };
    let customer: Option<Uuid> = customer.map(|row| row.try_get_by_index(0)).transpose()?;
    let id = CallId::new();
    let due = call.callback.map(|minutes| tx.now_ms() + i64::from(minutes) * 60_000);
    let sql = "INSERT INTO phone_call (id, branch_id, at, rings, answered, phone, caller, customer_id, matter, note, \
               taken_by, callback_due, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)";
    let values = vals![
        id.0,
        branch.0,
        tx.now_ms(),
        i32::try_from(call.rings).unwrap_or(99),
        call.answered,
        call.phone.clone(),
        call.caller.clone(),
        customer,
        call.matter.code(),
        call.note.clone(),
        me.0,
        due,
    ];
    tx.run(sql, values).await?;
    noted(&tx, cx, branch, ("call.log", "phone_call"), id.0);
    idempotency::answered(&tx, "call", &call.key, &id)?;
    tx.commit().await?;
    Ok(id)
}

/// The callback was made, whatever came of it.
///
/// # Errors
/// `Stale`, `WrongState` when none is due or it was made, `NotFound`.
pub async fn called_back(cx: &OpContext, call: CallId, version: i32, outcome: Option<String>) -> Result<()> {
    let tx = cx.begin().await?;
    let row =
        phone_call::Entity::find_by_id(call.0).lock_exclusive().one(&tx).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::KeepDesk, &Scope::branch(branch)).map_err(|_| Error::NotFound)?;
    if row.called_back_at.is_some() || row.callback_due.is_none() {
        return Err(Refusal::WrongState { state: "called_back".into() }.into());
    }
    if row.version != version {
        return Err(Refusal::Stale.into());
    }
    let sql = "UPDATE phone_call SET called_back_at = $1, called_back_by = $2, outcome = $3, version = version + 1 \
               WHERE id = $4";
    tx.run(sql, vals![tx.now_ms(), me(cx)?.0, outcome, row.id]).await?;
    noted(&tx, cx, branch, ("call.back", "phone_call"), row.id);
    tx.commit().await
}

/// Callbacks due and the log, newest first.
///
/// # Errors
/// `Invalid` on a cursor that did not come from here.
pub async fn phone_page(cx: &OpContext, branch: BranchId, after: Option<String>) -> Result<PhonePage> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let due = due_rows(cx.db(), branch).await?;
    let log = log_rows(cx, branch, after).await?;
    let page = Page::cut(log, SIZE, |row| format!("{}.{}", row.at, row.id.simple()));
    let mut people: Vec<Uuid> =
        due.iter().chain(&page.items).flat_map(|row| [row.taken_by, row.called_back_by]).flatten().collect();
    people.sort_unstable();
    people.dedup();
    let names = names(cx.db(), people).await?;
    let seen = Seen {
        catalog: &catalog,
        phones: cx.may(Action::SeePhone, &Scope::branch(branch)),
        now: ms(cx.now()),
    };
    let line = |row: phone_call::Model| {
        let (by, done_by) = (row.taken_by, row.called_back_by);
        let mut line = seen.line(row);
        line.by = by.and_then(|id| names.get(&id).cloned());
        line.done_by = done_by.and_then(|id| names.get(&id).cloned());
        line
    };
    let figures = crate::promise::recent(&cx.store, &catalog, cx.now()).await?;
    Ok(PhonePage {
        branch: catalog.branch.info(cx.now()),
        due: due.into_iter().map(line).collect(),
        log: Page { items: page.items.into_iter().map(line).collect(), next: page.next },
        figure: figures.figures.iter().find(|f| f.promise == Promise::Phone).cloned(),
    })
}

/// Callbacks to be made, as the handover lists them.
pub(super) async fn due<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    now: i64,
    phones: bool,
) -> Result<Vec<CallLine>> {
    let seen = Seen { catalog, phones, now };
    Ok(due_rows(db, catalog.branch.id).await?.into_iter().map(|row| seen.line(row)).collect())
}

async fn due_rows<C: ConnectionTrait>(db: &C, branch: BranchId) -> Result<Vec<phone_call::Model>> {
    use phone_call::Column as C;
    let find = phone_call::Entity::find()
        .filter(C::BranchId.eq(branch.0))
        .filter(C::CalledBackAt.is_null())
        .filter(C::CallbackDue.is_not_null());
    Ok(find.order_by_asc(C::CallbackDue).limit(DUE).all(db).await?)
}

async fn log_rows(cx: &OpContext, branch: BranchId, after: Option<String>) -> Result<Vec<phone_call::Model>> {
    use phone_call::Column as C;
    let mut find = phone_call::Entity::find().filter(C::BranchId.eq(branch.0));
    if let Some(raw) = after {
        let (at, id) = super::cursor(&raw)?;
        let same = Condition::all().add(C::At.eq(at)).add(C::Id.lt(id));
        find = find.filter(Condition::any().add(C::At.lt(at)).add(same));
    }
    Ok(find.order_by_desc(C::At).order_by_desc(C::Id).limit(SIZE as u64 + 1).all(cx.db()).await?)
}

struct Seen<'a> {
    catalog: &'a Catalog,
    phones: bool,
    now: i64,
}

impl Seen<'_> {
    fn line(&self, row: phone_call::Model) -> CallLine {
        let local = |at: i64| local_ms(self.catalog.tz(), at);
        let rings = u32::try_from(row.rings).unwrap_or(0);
        let phone = row.phone.unwrap_or_default();
        let open = row.callback_due.filter(|_| row.called_back_at.is_none());
        CallLine {
            id: CallId(row.id),
            version: row.version,
            at: local(row.at),
            rings,
            answered: row.answered,
            phone: if self.phones || phone.is_empty() { phone } else { mask(&phone) },
            caller: row.caller,
            customer: row.customer_id.map(CustomerId),
            matter: Matter::from_code(&row.matter).unwrap_or(Matter::Other),
            note: row.note,
            by: None,
            due: row.callback_due.map(local),
            done: row.called_back_at.map(local),
            done_by: None,
            outcome: row.outcome,
            over: open.map_or(0, |due| u32::try_from((self.now - due) / 60_000).unwrap_or(0)),
            kept: call_kept(self.now, row.answered, rings, row.callback_due, row.called_back_at),
        }
    }
}

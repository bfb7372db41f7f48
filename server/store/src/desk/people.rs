//! Who keeps the desk.

use crate::{Error, OpContext, Result, Tx, audit::Entry, sql, sql::vals};
use domain::{BranchId, Text, UserId, desk::question::Colleague, live::Topic};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Names listed at most.
const MANY: usize = 60;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name_zh: String,
    name_en: String,
    role: String,
}

/// The login that acts: what is signed needs somebody who signs.
pub(super) fn me(cx: &OpContext) -> Result<UserId> {
    cx.actor.user().ok_or(Error::Forbidden)
}

/// Those with a login of the branch who keep its desk.
pub(super) async fn colleagues<C: ConnectionTrait>(db: &C, branch: BranchId) -> Result<Vec<Colleague>> {
    let sql = "SELECT id, name_zh, name_en, role FROM user_account WHERE branch_id = $1 AND disabled_at IS NULL \
               ORDER BY username LIMIT $2";
    let rows: Vec<Row> = sql::all(db, sql, vals![branch.0, MANY as i64]).await?;
    let keeps = |row: &Row| {
        use domain::permission::{Action, Reach, reach};
        domain::Role::from_code(&row.role).is_some_and(|role| reach(role, Action::KeepDesk) != Reach::No)
    };
    let one = |row: Row| Colleague { user: UserId(row.id), name: Text::new(row.name_zh, row.name_en) };
    Ok(rows.into_iter().filter(keeps).map(one).collect())
}

/// The names of these logins, whoever they are.
pub(super) async fn names<C: ConnectionTrait>(db: &C, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Text>> {
    use crate::entity::user_account;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let find = user_account::Entity::find().filter(user_account::Column::Id.is_in(ids));
    Ok(find.all(db).await?.into_iter().map(|u| (u.id, Text::new(u.name_zh, u.name_en))).collect())
}

/// Writes down that something of the desk was done and tells the boards.
pub(super) fn noted(tx: &Tx, cx: &OpContext, branch: BranchId, (action, entity): (&str, &str), id: Uuid) {
    tx.audit(cx, Entry { action, entity, id: Some(id), branch: Some(branch), detail: None });
    tx.changed(branch, Topic::Board);
}

//! 话术 (DESK-10): everybody at the desk reads them, the manager writes them.

use super::people::noted;
use crate::{Error, OpContext, Result, Tx, entity::desk_script, sql, sql::vals};
use domain::{
    BranchId, Refusal, ScriptId, Text,
    desk::script::{Moment, Script, ScriptView},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Scripts of a branch at most.
const MANY: u64 = 200;

/// The branch's scripts by moment.
///
/// # Errors
/// The database's.
pub async fn scripts(cx: &OpContext, branch: BranchId) -> Result<Vec<ScriptView>> {
    use desk_script::Column as C;
    cx.allow(Action::SeeBoard, &Scope::branch(branch))?;
    let find = desk_script::Entity::find()
        .filter(C::BranchId.eq(branch.0))
        .filter(C::RetiredAt.is_null())
        .order_by_asc(C::Position)
        .order_by_asc(C::Id);
    let view = |row: desk_script::Model| ScriptView {
        id: ScriptId(row.id),
        version: row.version,
        moment: Moment::from_code(&row.moment).unwrap_or(Moment::Greeting),
        title: Text::new(row.title_zh, row.title_en),
        text: Text::new(row.text_zh, row.text_en),
    };
    let mut all: Vec<ScriptView> = find.limit(MANY).all(cx.db()).await?.into_iter().map(view).collect();
    all.sort_by_key(|script| script.moment);
    Ok(all)
}

/// Writes a script, changes it, or takes it out of the library.
///
/// # Errors
/// `Stale`, `NotFound`.
pub async fn save_script(cx: &OpContext, branch: BranchId, script: Script) -> Result<()> {
    cx.allow(Action::SetUpDesk, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let id = match script.id {
        None => insert(&tx, branch, script.moment, &script.title, &script.text).await?,
        Some(id) => {
            let row = desk_script::Entity::find_by_id(id.0).lock_exclusive().one(&tx).await?;
            let row = row.filter(|row| row.branch_id == branch.0).ok_or(Error::NotFound)?;
            if row.version != script.version {
                return Err(Refusal::Stale.into());
            }
            let sql = "UPDATE desk_script SET moment = $1, title_zh = $2, title_en = $3, text_zh = $4, text_en = $5, \
                       retired_at = $6, version = version + 1 WHERE id = $7";
            let (title, text) = (script.title, script.text);
            let retired = script.retire.then(|| tx.now_ms());
            let code = script.moment.code();
            tx.run(sql, vals![code, title.zh, title.en, text.zh, text.en, retired, row.id]).await?;
            id
        }
    };
    noted(&tx, cx, branch, ("script.save", "desk_script"), id.0);
    tx.commit().await
}

async fn insert(tx: &Tx, branch: BranchId, moment: Moment, title: &Text, text: &Text) -> Result<ScriptId> {
    let id = ScriptId::new();
    let row = sql::row(tx, "SELECT COUNT(*) FROM desk_script WHERE branch_id = $1", vals![branch.0]).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    let sql = "INSERT INTO desk_script (id, branch_id, moment, title_zh, title_en, text_zh, text_en, position, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    let values = vals![
        id.0,
        branch.0,
        moment.code(),
        title.zh.clone(),
        title.en.clone(),
        text.zh.clone(),
        text.en.clone(),
        i32::try_from(n).unwrap_or(i32::MAX),
    ];
    tx.run(sql, values).await?;
    Ok(id)
}

/// Puts the usual scripts into an empty library.
///
/// # Errors
/// `WrongState` when there are some already.
pub async fn usual_scripts(cx: &OpContext, branch: BranchId) -> Result<()> {
    cx.allow(Action::SetUpDesk, &Scope::branch(branch))?;
    if !scripts(cx, branch).await?.is_empty() {
        return Err(super::rows::wrong_state("written"));
    }
    let tx = cx.begin().await?;
    for (moment, title, text) in super::usual::SCRIPTS {
        insert(&tx, branch, *moment, &Text::new(title.0, title.1), &Text::new(text.0, text.1)).await?;
    }
    noted(&tx, cx, branch, ("script.usual", "desk_script"), branch.0);
    tx.commit().await
}

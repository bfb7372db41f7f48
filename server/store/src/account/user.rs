//! Logins of staff: added, given another role, disabled.

use super::password::hash_password;
use crate::{Error, OpContext, Result, Tx, audit::Entry, entity::user_account, sql::vals};
use domain::{
    BranchId, FieldCode, Role, StaffId, Text, UserId,
    account::check_password,
    permission::{Action, Scope},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

/// A login to be added.
pub struct NewUser {
    pub username: String,
    pub password: String,
    pub role: Role,
    /// `None` for the owner only: the whole chain.
    pub branch: Option<BranchId>,
    /// The person, for those who can be booked.
    pub staff: Option<StaffId>,
    pub name: Text,
}

/// Adds a login.
///
/// # Errors
/// `Invalid` on `username`, `password`, `branch`, `staff`; `Forbidden` for a branch or role out of reach.
pub async fn add_user(cx: &OpContext, new: NewUser) -> Result<UserId> {
    may_manage(cx, new.role, new.branch)?;
    let username = check_username(&new.username)?;
    check_password(&new.password, false).map_err(|code| Error::field("password", code))?;
    if new.branch.is_none() != (new.role == Role::Owner) {
        return Err(Error::field("branch", FieldCode::Choice));
    }
    if let Some(branch) = new.branch {
        let catalog = cx.store.catalog(branch).await?;
        if new.staff.is_some_and(|staff| catalog.person(staff).is_none()) {
            return Err(Error::field("staff", FieldCode::Choice));
        }
    }
    let password_hash = hash_password(new.password).await?;
    let tx = cx.begin().await?;
    let id = UserId::new();
    let row = user_account::Model {
        id: id.0,
        username,
        password_hash,
        role: new.role.code().to_owned(),
        branch_id: new.branch.map(|b| b.0),
        staff_id: new.staff.map(|s| s.0),
        name_zh: new.name.zh,
        name_en: new.name.en,
        factor_secret: None,
        factor_pending: None,
        factor_step: None,
        disabled_at: None,
        created_at: tx.now_ms(),
        version: 1,
    };
    row.into_active_model().insert(&tx).await.map_err(Error::from).map_err(taken)?;
    log(&tx, cx, "user.add", id, new.branch, new.role.code());
    tx.commit().await?;
    Ok(id)
}

fn taken(error: Error) -> Error {
    match error.constraint().as_deref() {
        Some("uq_user_account_username") => Error::field("username", FieldCode::Taken),
        _ => error,
    }
}

/// Lower case, as it is typed when signing in.
fn check_username(raw: &str) -> Result<String> {
    let username = raw.trim().to_lowercase();
    let code = match username.chars().count() {
        0 => FieldCode::Required,
        n if n > 64 => FieldCode::TooLong,
        _ if username.chars().any(|c| c.is_control() || c.is_whitespace()) => FieldCode::Characters,
        _ => return Ok(username),
    };
    Err(Error::field("username", code))
}

/// Gives a login another role; its sessions end.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` on `role` for owner, which belongs to no branch.
pub async fn set_role(cx: &OpContext, id: UserId, role: Role) -> Result<()> {
    let user = manageable(cx, id).await?;
    if role == Role::Owner || user.role == Role::Owner.code() {
        return Err(Error::field("role", FieldCode::Choice));
    }
    let tx = cx.begin().await?;
    let sql = "UPDATE user_account SET role = $1, version = version + 1 WHERE id = $2";
    tx.run(sql, vals![role.code(), id.0]).await?;
    log(&tx, cx, "user.role", id, user.branch_id.map(BranchId), role.code());
    tx.commit().await
}

/// Ends a login for good; its sessions end.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn disable_user(cx: &OpContext, id: UserId) -> Result<()> {
    let user = manageable(cx, id).await?;
    let tx = cx.begin().await?;
    let sql = "UPDATE user_account SET disabled_at = $1, version = version + 1 WHERE id = $2 AND disabled_at IS NULL";
    tx.run(sql, vals![tx.now_ms(), id.0]).await?;
    tx.run("DELETE FROM session WHERE user_id = $1", vals![id.0]).await?;
    log(&tx, cx, "user.disable", id, user.branch_id.map(BranchId), "");
    tx.commit().await
}

/// The login, when the actor may change it; one of another branch is not known of.
async fn manageable(cx: &OpContext, id: UserId) -> Result<user_account::Model> {
    cx.allow(Action::ManageUsers, &Scope::none())?;
    let user = user_account::Entity::find_by_id(id.0).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let role = Role::from_code(&user.role).ok_or_else(|| Error::internal("unknown role"))?;
    may_manage(cx, role, user.branch_id.map(BranchId)).map_err(|_| Error::NotFound)?;
    Ok(user)
}

/// Managers manage their branch; an owner is managed by an owner, or by the house itself.
fn may_manage(cx: &OpContext, role: Role, branch: Option<BranchId>) -> Result<()> {
    cx.allow(Action::ManageUsers, &branch.map_or_else(Scope::none, Scope::branch))?;
    let over_all = !matches!(cx.actor.role(), Some(role) if role != Role::Owner);
    if !over_all && (role == Role::Owner || branch.is_none()) {
        return Err(Error::Forbidden);
    }
    Ok(())
}

fn log(tx: &Tx, cx: &OpContext, action: &str, id: UserId, branch: Option<BranchId>, detail: &str) {
    let detail = (!detail.is_empty()).then(|| detail.to_owned());
    tx.audit(cx, Entry { action, entity: "user_account", id: Some(id.0), branch, detail });
}

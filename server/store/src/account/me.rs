//! Who is signed in, as pages know it.

use super::factor;
use crate::{
    Error, OpContext, Result,
    entity::{customer, session},
    sql::vals,
};
use domain::{
    Actor, BranchId, Text,
    account::{Me, StaffMe},
    phone::mask,
};
use sea_orm::EntityTrait;

/// Who is asking.
///
/// # Errors
/// The database's.
pub async fn me(cx: &OpContext) -> Result<Me> {
    match &cx.actor {
        Actor::Stranger | Actor::System => Ok(Me::Stranger),
        Actor::Customer { id } => {
            let row = customer::Entity::find_by_id(id.0).one(cx.db()).await?;
            Ok(row.map_or(Me::Stranger, |row| Me::Customer {
                id: *id,
                name: row.name,
                phone_masked: row.phone.as_deref().map(mask).unwrap_or_default(),
            }))
        }
        Actor::Staff { user, staff, role, .. } => {
            let row = factor::load(cx, *user).await?;
            let branch = cx.store.catalog(working_branch(cx).await?).await?;
            let stranded = crate::booking::stranded::count(cx, branch.branch.id).await?;
            Ok(Me::Staff(StaffMe {
                user: *user,
                username: row.username,
                name: Text::new(row.name_zh, row.name_en),
                role: *role,
                staff: *staff,
                branch: branch.branch.id,
                branch_slug: branch.branch.slug.clone(),
                branch_name: branch.branch.name.clone(),
                branch_kind: branch.branch.kind,
                second_factor: row.factor_secret.is_some(),
                demo: cx.store.demo(),
                stranded,
            }))
        }
    }
}

/// The branch a member of staff works in; the owner's is the one looked at, else the first.
///
/// # Errors
/// `SignedOut` for a stranger, `Forbidden` for a customer.
pub async fn working_branch(cx: &OpContext) -> Result<BranchId> {
    match &cx.actor {
        Actor::Staff { branch: Some(branch), .. } => return Ok(*branch),
        Actor::Staff { branch: None, .. } => {}
        Actor::Customer { .. } => return Err(Error::Forbidden),
        Actor::Stranger | Actor::System => return Err(Error::SignedOut),
    }
    if let Some(hash) = &cx.session {
        let row = session::Entity::find_by_id(hash.0.clone()).one(cx.db()).await?;
        if let Some(branch) = row.and_then(|row| row.branch_id) {
            return Ok(BranchId(branch));
        }
    }
    cx.store.cache.branches(&cx.store).await?.first().map(|b| b.id).ok_or(Error::NotFound)
}

/// The owner goes on in another branch.
///
/// # Errors
/// `Forbidden` for everybody who belongs to one branch, `NotFound` for a branch that is not there.
pub async fn look_at(cx: &OpContext, branch: BranchId) -> Result<()> {
    match &cx.actor {
        Actor::Staff { branch: None, .. } => {}
        Actor::Stranger | Actor::System => return Err(Error::SignedOut),
        _ => return Err(Error::Forbidden),
    }
    let branch = cx.store.catalog(branch).await?.branch.id;
    let Some(session) = &cx.session else { return Err(Error::SignedOut) };
    let tx = cx.begin().await?;
    tx.run("UPDATE session SET branch_id = $1 WHERE id_hash = $2", vals![branch.0, session.0.as_str()])
        .await?;
    tx.commit().await
}

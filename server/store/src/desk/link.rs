//! Links of a branch that need no login and can be revoked: the screen on the wall, the code at the door (DESK-7).

use super::people::noted;
use crate::{
    Error, OpContext, Result, catalog::Catalog, entity::desk_link, sql::vals, time::local_ms, token,
};
use domain::{
    BranchId,
    booking::Qr,
    desk::arrive::{LinkKind, LinkView, LinksPage},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::sync::Arc;
use uuid::Uuid;

/// Both links of the branch; codes are drawn by the caller.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn links(cx: &OpContext, branch: BranchId) -> Result<LinksPage> {
    cx.allow(Action::SetUpDesk, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let find = desk_link::Entity::find()
        .filter(desk_link::Column::BranchId.eq(branch.0))
        .filter(desk_link::Column::RevokedAt.is_null());
    let rows = find.all(cx.db()).await?;
    let view = |kind: LinkKind| {
        rows.iter().find(|row| row.kind == kind.code()).map(|row| LinkView {
            path: path(&catalog, kind, &row.token),
            since: local_ms(catalog.tz(), row.created_at),
            qr: Qr::default(),
        })
    };
    Ok(LinksPage {
        branch: catalog.branch.info(cx.now()),
        screen: view(LinkKind::Screen),
        arrive: view(LinkKind::Arrive),
    })
}

fn path(catalog: &Catalog, kind: LinkKind, token: &str) -> String {
    match kind {
        LinkKind::Screen => format!("/screen/{token}"),
        LinkKind::Arrive => format!("/s/{}/arrive?c={token}", catalog.branch.slug),
    }
}

/// Puts a new link in force; the one before leads nowhere any more. Without `anew` there is none afterwards.
///
/// # Errors
/// The database's.
pub async fn renew_link(cx: &OpContext, branch: BranchId, kind: LinkKind, anew: bool) -> Result<()> {
    cx.allow(Action::SetUpDesk, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let sql =
        "UPDATE desk_link SET revoked_at = $1 WHERE branch_id = $2 AND kind = $3 AND revoked_at IS NULL";
    tx.run(sql, vals![tx.now_ms(), branch.0, kind.code()]).await?;
    if anew {
        let link = token::link();
        let sql = "INSERT INTO desk_link (id, branch_id, kind, token_hash, token, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = vals![Uuid::now_v7(), branch.0, kind.code(), token::hash(&link), link, tx.now_ms()];
        tx.run(sql, values).await?;
    }
    let action = if anew { "link.renew" } else { "link.revoke" };
    noted(&tx, cx, branch, (action, "desk_link"), branch.0);
    tx.commit().await
}

/// The branch to which a link in force leads.
pub(super) async fn branch_of(cx: &OpContext, kind: LinkKind, link: &str) -> Result<Arc<Catalog>> {
    let find = desk_link::Entity::find().filter(desk_link::Column::TokenHash.eq(token::hash(link)));
    let row = find.one(cx.db()).await?.ok_or(Error::NotFound)?;
    if row.revoked_at.is_some() || row.kind != kind.code() {
        return Err(Error::NotFound);
    }
    cx.store.catalog(BranchId(row.branch_id)).await
}

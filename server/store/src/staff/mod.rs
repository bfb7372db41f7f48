//! People of a branch as the manager keeps them: what they have learnt, certificates, rotas, leave (BOOK-1, CERT,
//! STAFF-1, STAFF-5).

mod leave;
mod people;
mod rota;
mod week;

pub use leave::{drop_leave, save_leave};
pub use people::{list, page, save, save_credential};
pub use rota::{copy_week, save_shift, shift, week};

use crate::{Error, Result, Tx, audit::Entry, entity::staff};
use domain::{BranchId, StaffId};
use sea_orm::{ConnectionTrait, EntityTrait};

/// Somebody of this branch.
async fn of_branch<C: ConnectionTrait>(db: &C, branch: BranchId, id: StaffId) -> Result<staff::Model> {
    let row = staff::Entity::find_by_id(id.0).one(db).await?;
    row.filter(|row| row.branch_id == branch.0).ok_or(Error::NotFound)
}

fn entry(action: &str, branch: BranchId, id: StaffId, detail: String) -> Entry<'_> {
    Entry { action, entity: "staff", id: Some(id.0), branch: Some(branch), detail: Some(detail) }
}

/// Rows of a statement: far below what either database takes.
const ROWS: usize = 500;

/// Removes rows of rotas and writes others.
async fn replace(tx: &Tx, gone: &[uuid::Uuid], rows: Vec<crate::entity::rota::Model>) -> Result<()> {
    use crate::entity::rota;
    use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter};
    for part in gone.chunks(ROWS) {
        rota::Entity::delete_many().filter(rota::Column::Id.is_in(part.iter().copied())).exec(tx).await?;
    }
    let rows: Vec<_> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    for part in rows.chunks(ROWS) {
        rota::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

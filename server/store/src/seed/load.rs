//! Writing the rows: many at once, a few thousand to a transaction.

use super::world::Rows;
use crate::{Result, Store, entity::*};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use std::sync::Arc;

/// Rows of one statement: the same number each time, so that it stays prepared.
const STATEMENT: usize = 250;
/// Statements of one transaction.
const TRANSACTION: usize = 20;

pub(super) async fn insert(store: &Arc<Store>, rows: Rows) -> Result<()> {
    all::<branch::Entity, _>(store, rows.branch).await?;
    all::<opening::Entity, _>(store, rows.opening).await?;
    all::<special_day::Entity, _>(store, rows.special_day).await?;
    all::<setting::Entity, _>(store, rows.setting).await?;
    all::<resource::Entity, _>(store, rows.resource).await?;
    all::<downtime::Entity, _>(store, rows.downtime).await?;
    all::<staff::Entity, _>(store, rows.staff).await?;
    all::<staff_skill::Entity, _>(store, rows.staff_skill).await?;
    all::<credential::Entity, _>(store, rows.credential).await?;
    all::<rota::Entity, _>(store, rows.rota).await?;
    all::<leave_note::Entity, _>(store, rows.leave_note).await?;
    all::<category::Entity, _>(store, rows.category).await?;
    all::<service::Entity, _>(store, rows.service).await?;
    all::<service_branch::Entity, _>(store, rows.service_branch).await?;
    all::<service_device::Entity, _>(store, rows.service_device).await?;
    all::<sop_step::Entity, _>(store, rows.sop_step).await?;
    all::<aftercare::Entity, _>(store, rows.aftercare).await?;
    all::<user_account::Entity, _>(store, rows.user_account).await?;
    all::<customer::Entity, _>(store, rows.customer).await?;
    all::<booking::Entity, _>(store, rows.booking).await?;
    all::<booking_item::Entity, _>(store, rows.booking_item).await?;
    all::<booking_event::Entity, _>(store, rows.booking_event).await?;
    all::<visit::Entity, _>(store, rows.visit).await?;
    all::<visit_service::Entity, _>(store, rows.visit_service).await?;
    all::<allocation::Entity, _>(store, rows.allocation).await?;
    all::<treatment_step::Entity, _>(store, rows.treatment_step).await?;
    all::<treatment_note::Entity, _>(store, rows.treatment_note).await?;
    all::<aftercare_told::Entity, _>(store, rows.aftercare_told).await?;
    all::<survey::Entity, _>(store, rows.survey).await?;
    all::<response::Entity, _>(store, rows.response).await?;
    all::<recheck::Entity, _>(store, rows.recheck).await?;
    all::<followup::Entity, _>(store, rows.followup).await?;
    all::<desk_question::Entity, _>(store, rows.desk_question).await?;
    all::<phone_call::Entity, _>(store, rows.phone_call).await?;
    all::<shift_handover::Entity, _>(store, rows.shift_handover).await?;
    all::<wristband::Entity, _>(store, rows.wristband).await?;
    all::<band_out::Entity, _>(store, rows.band_out).await?;
    all::<desk_script::Entity, _>(store, rows.desk_script).await?;
    all::<desk_link::Entity, _>(store, rows.desk_link).await?;
    super::care::concerns(store).await
}

async fn all<E, A>(store: &Arc<Store>, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let tx = store.begin().await?;
        for _ in 0..TRANSACTION {
            let part: Vec<A> = rows.by_ref().take(STATEMENT).collect();
            if part.is_empty() {
                break;
            }
            E::insert_many(part).exec_without_returning(&tx).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

//! The end of a service.

use super::{complete::send_aftercare, open};
use crate::{
    OpContext, Result, Tx,
    desk::{
        occupy::release_rest,
        rows::{is_open, moved, service_state, services, wrong_state},
        tell::tell,
    },
    sql,
    sql::vals,
    tx::again,
};
use domain::{
    Refusal, VisitServiceId,
    desk::{VisitMove, VisitState},
    treat::{ServiceState, Treatment},
};
use uuid::Uuid;

/// Ends the service. What is left of its time is free again; the next service of the visit waits, or the visit is over
/// and the rating is asked for.
///
/// # Errors
/// `StepsOpen` while mandatory steps are neither done nor left out with a reason (TREAT-3), `OutcomeMissing` for a
/// re-check without outcome (CARE-1), `WrongState`.
pub async fn finish(cx: &OpContext, item: VisitServiceId) -> Result<Treatment> {
    again!(finish_once(cx, item))?;
    super::treatment(cx, item).await
}

async fn finish_once(cx: &OpContext, id: VisitServiceId) -> Result<()> {
    let (tx, visit, item) = open(cx, id).await?;
    match service_state(&item)? {
        // A second tap, or the answer to the first was lost.
        ServiceState::Done => return tx.commit().await,
        ServiceState::InService => {}
        _ => return Err(wrong_state(&item.state)),
    }
    if crate::care::outcome_missing(&tx, item.id).await? {
        return Err(Refusal::OutcomeMissing.into());
    }
    let open = open_steps(&tx, item.id).await?;
    if open > 0 {
        return Err(Refusal::StepsOpen { count: open }.into());
    }
    let sql =
        "UPDATE visit_service SET state = 'done', finished_at = $1, version = version + 1 WHERE id = $2";
    tx.run(sql, vals![tx.now_ms(), item.id]).await?;
    super::deviation::steps(&tx, &item).await?;
    release_rest(&tx, &item).await?;
    send_aftercare(&tx, cx, &visit, &item).await?;
    crate::care::opened(&tx, cx, &visit, &item).await?;
    let next = services(&tx, visit.id).await?.into_iter().find(is_open);
    let mut people = vec![item.staff_id];
    match next {
        Some(next) => {
            moved(&visit, VisitMove::Pause)?;
            let sql = "UPDATE visit SET state = $1, assigned_staff_id = NULL, assigned_at = NULL, \
                       version = version + 1 WHERE id = $2";
            tx.run(sql, vals![VisitState::Waiting.code(), visit.id]).await?;
            people.push(next.staff_id);
        }
        None => {
            moved(&visit, VisitMove::Finish)?;
            super::complete(&tx, cx, &visit).await?;
        }
    }
    tell(&tx, cx, &visit, "service.finish", &people, Some(format!("service={}", item.id)));
    tx.commit().await
}

async fn open_steps(tx: &Tx, item: Uuid) -> Result<u32> {
    let sql =
        "SELECT COUNT(*) FROM treatment_step WHERE visit_service_id = $1 AND mandatory AND state = 'open'";
    let n: i64 = sql::row(tx, sql, vals![item]).await?.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

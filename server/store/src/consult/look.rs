//! PRIV-2: who looked at what is known of a customer's health, when, and why. Nothing is shown that was not written down.

use crate::{OpContext, Result, audit::Entry, sql, time::ms};
use chrono::Duration;
use domain::BranchId;
use sea_orm::FromQueryResult;
use std::collections::HashSet;
use uuid::Uuid;

/// A page that refreshes itself is one look, not hundreds: one line for each person, customer and quarter of an hour.
const ONE_LOOK: Duration = Duration::minutes(15);

#[derive(FromQueryResult)]
struct Seen {
    entity_id: Uuid,
}

/// Writes down that the actor looks at these customers' facts.
pub(crate) async fn looked(cx: &OpContext, branch: BranchId, customers: &[Uuid], why: &str) -> Result<()> {
    if customers.is_empty() {
        return Ok(());
    }
    let (_, actor) = crate::audit::actor(&cx.actor);
    let mut values: Vec<sea_orm::Value> = vec![ms(cx.now() - ONE_LOOK).into(), actor.into()];
    let list = sql::list(&mut values, customers.iter().copied());
    let sql = format!(
        "SELECT DISTINCT entity_id FROM audit WHERE entity_id IN ({list}) AND at > $1 AND action = 'facts.look' \
         AND actor_id = $2"
    );
    let seen: Vec<Seen> = sql::all(cx.db(), &sql, values).await?;
    let seen: HashSet<Uuid> = seen.into_iter().map(|row| row.entity_id).collect();
    let new: Vec<Uuid> = customers.iter().copied().filter(|id| !seen.contains(id)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let tx = cx.begin().await?;
    for id in new {
        let entry = Entry {
            action: "facts.look",
            entity: "customer",
            id: Some(id),
            branch: Some(branch),
            detail: Some(format!("why={why}")),
        };
        tx.audit(cx, entry);
    }
    tx.commit().await
}

//! What is taken: one statement for all resources of a question, however many days it spans.

use crate::{Result, Store, catalog::Thing, sql, taken::Mark, time::DAY_MS};
use domain::{
    BookingId,
    booking::slots::{Span, joined},
};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Room for what is taken of one resource on most days.
const A_DAY: usize = 24;

/// What is taken of each resource, sorted by time.
#[derive(Debug, Default)]
pub(super) struct Busy {
    spans: HashMap<Uuid, Vec<Span>>,
    /// Kept by holds that have run out but were not released yet: counts as free (BOOK-5).
    expired: Vec<(Uuid, Span)>,
}

impl Busy {
    /// Reads what is taken of `resources` within `window`. Holds that have run out by `now_ms` do not count, nor does
    /// the booking that is being moved: its own time is free for it.
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        resources: &[Uuid],
        window: Span,
        now_ms: i64,
        moving: Option<BookingId>,
    ) -> Result<Self> {
        if resources.is_empty() {
            return Ok(Self::default());
        }
        let (sql, values) = question(resources, window, now_ms, moving);
        let backend = db.get_database_backend();
        let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let mut busy = Self::default();
        let mut own = Vec::new();
        for row in rows {
            let resource = row.try_get_by_index::<Uuid>(0)?;
            let Some(span) = Span::new(row.try_get_by_index(1)?, row.try_get_by_index(2)?) else { continue };
            match row.try_get_by_index::<i32>(3)? {
                0 => busy.spans.entry(resource).or_default().push(span),
                1 => busy.expired.push((resource, span)),
                _ => own.push((resource, span)),
            }
        }
        for (resource, span) in busy.expired.iter().chain(&own) {
            if let Some(spans) = busy.spans.get_mut(resource) {
                spans.retain(|known| known != span);
            }
        }
        for spans in busy.spans.values_mut() {
            spans.sort_unstable();
        }
        Ok(busy)
    }

    /// As [`Busy::read`], out of what is kept in memory; `None` when that cannot tell.
    pub async fn kept(store: &Store, resources: &[Uuid], window: Span, now_ms: i64) -> Result<Option<Self>> {
        let mut busy = Self { spans: HashMap::with_capacity(resources.len()), expired: Vec::new() };
        let told = store.taken.look(store, resources, window, |id, marks| {
            let mut spans = Vec::with_capacity(A_DAY);
            marks.each(|Mark { span, until }| {
                if *until <= now_ms {
                    busy.expired.push((id, *span));
                } else {
                    spans.push(*span);
                }
            });
            busy.spans.insert(id, spans);
        });
        Ok(told.await?.then_some(busy))
    }

    /// Takes rooms and devices out of what is free while they are out of service.
    pub fn close<'a>(&mut self, things: impl Iterator<Item = &'a Thing>, window: Span) {
        for thing in things.filter(|thing| !thing.down.is_empty()) {
            let down = thing.down.iter().map(|down| Span::from(*down)).filter(|down| down.overlaps(&window));
            let spans = self.spans.entry(thing.id.0).or_default();
            spans.extend(down);
            *spans = joined(std::mem::take(spans));
        }
    }

    /// What is taken of one resource within a window.
    pub fn of(&self, resource: Uuid, window: Span) -> &[Span] {
        self.spans.get(&resource).map_or(&[], |spans| within(spans, window))
    }

    /// Whether a hold that has run out still lies on any of this in the tables.
    pub fn in_the_way(&self, taken: impl Iterator<Item = (domain::ResourceId, Span)>) -> bool {
        !self.expired.is_empty()
            && taken
                .into_iter()
                .any(|(id, span)| self.expired.iter().any(|(r, s)| *r == id.0 && s.overlaps(&span)))
    }
}

/// The one statement.
fn question(
    resources: &[Uuid],
    window: Span,
    now_ms: i64,
    moving: Option<BookingId>,
) -> (String, Vec<Value>) {
    // An allocation lasts a day at most: bounded on both sides, the index is walked only where it matters.
    let mut values: Vec<Value> =
        vec![(window.from - DAY_MS).into(), window.to.into(), window.from.into(), now_ms.into()];
    let moved = moving.map_or("", |id| {
        values.push(id.0.into());
        " OR b.id = $5"
    });
    let list = sql::list(&mut values, resources.iter().copied());
    let sql = format!(
        "SELECT resource_id, from_ms, to_ms, 0 FROM allocation WHERE resource_id IN ({list}) \
         AND from_ms > $1 AND from_ms < $2 AND to_ms > $3 AND active \
         UNION ALL SELECT a.resource_id, a.from_ms, a.to_ms, CASE WHEN b.state = 'held' THEN 1 ELSE 2 END \
         FROM booking b JOIN booking_item i ON i.booking_id = b.id JOIN allocation a ON a.booking_item_id = i.id \
         WHERE ((b.state = 'held' AND b.held_until <= $4){moved}) AND a.active"
    );
    (sql, values)
}

/// The part of a sorted, disjoint list that touches the window.
fn within(spans: &[Span], window: Span) -> &[Span] {
    let first = spans.partition_point(|span| span.to <= window.from);
    let last = spans.partition_point(|span| span.from < window.to);
    spans.get(first..last).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        both_databases,
        testing::{Harness, fixture},
        time::ms,
    };
    use sea_orm::DbBackend;

    /// Past visits of 林, one each hour, going back from yesterday; without what belongs to them, which nobody asks for.
    async fn history(h: &Harness, n: i64) {
        let start = ms(fixture::now()) - DAY_MS;
        let person = h.uuid_literal(fixture::LIN.0);
        let (id, numbers) = match h.store.backend() {
            DbBackend::Postgres => ("gen_random_uuid()", format!("generate_series(1, {n}) AS k")),
            _ => (
                "randomblob(16)",
                format!(
                    "(WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {n}) SELECT k FROM n)"
                ),
            ),
        };
        h.sql(&format!(
            "INSERT INTO allocation (id, resource_id, from_ms, to_ms, active) \
             SELECT {id}, {person}, {start} - CAST(k AS BIGINT) * 3600000, {start} - CAST(k AS BIGINT) * 3600000 + 1800000, TRUE \
             FROM {numbers}"
        ))
        .await;
        h.sql("ANALYZE").await;
    }

    both_databases! {
        /// C-31: what is taken is found by the index, in a range of the days asked for: history is never read.
        async fn history_is_not_read(h: Harness) {
            history(&h, 20_000).await;
            let now = ms(fixture::now());
            let window = Span { from: now, to: now + DAY_MS };
            let (sql, values) = question(&[fixture::LIN.0, fixture::CHEN.0], window, now, None);
            let plan = h.plan(&sql, values).await;
            let fine = match h.store.backend() {
                DbBackend::Postgres => plan.contains("ix_allocation_resource") || plan.contains("allocation_overlap"),
                _ => plan.contains("USING COVERING INDEX ix_allocation_resource (resource_id=? AND from_ms>? AND from_ms<?)"),
            };
            assert!(fine, "{plan}");
            let scanned = ["SCAN allocation", "Seq Scan on allocation", "SCAN booking"];
            assert!(scanned.iter().all(|scan| !plan.contains(scan)), "{plan}");
            let busy = Busy::read(h.store.db(), &[fixture::LIN.0], window, now, None).await.unwrap();
            assert!(busy.of(fixture::LIN.0, window).is_empty());
        }
    }
}

//! The record afterwards: everything of one service in the order of time, and the visits before (TREAT-3, TREAT-5).

use super::scope;
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    desk::rows::{name, service, service_state},
    entity::visit,
    sql,
    sql::vals,
    time::{date, day_of, local_ms},
};
use domain::{
    BranchId, Lang, LocalTime, StaffId, Text, VisitServiceId,
    permission::Action,
    treat::{Before, Moment, RecordPage, ServiceState, StepState, Treatment, UsedDevice, What, amount},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

/// The whole record of a service. Whoever treats a customer may read the earlier records of that customer, too: then
/// `through` is the service that is being done (today's). The look is logged (PRIV-2).
///
/// # Errors
/// `NotFound`; `Forbidden` for records of somebody else's customer.
pub async fn record(
    cx: &OpContext,
    item: VisitServiceId,
    through: Option<VisitServiceId>,
) -> Result<RecordPage> {
    let db = cx.db();
    let row = service(db, item).await?;
    let visit = visit::Entity::find_by_id(row.visit_id).one(db).await?.ok_or(Error::NotFound)?;
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    let mut reader = row.clone();
    if let Some(through) = through.filter(|id| *id != item) {
        let own = service(db, through).await?;
        let today = day_of(catalog.tz(), cx.now());
        let at = visit::Entity::find_by_id(own.visit_id).one(db).await?.ok_or(Error::NotFound)?;
        if at.customer_id != visit.customer_id || own.day < today - 1 {
            return Err(Error::NotFound);
        }
        reader = own;
    }
    cx.allow(Action::Treat, &scope(&reader))?;
    cx.allow(Action::SeeFacts, &scope(&reader))?;
    crate::consult::looked(cx, catalog.branch.id, &[visit.customer_id], "record").await?;
    let treatment = super::view::treatment(cx, &row).await?;
    Ok(RecordPage {
        item,
        customer_name: treatment.customer_name.clone(),
        service: name(&row),
        staff: treatment.staff.clone(),
        room: treatment.room.clone(),
        ticket: treatment.ticket.clone(),
        branch: catalog.branch.name.clone(),
        day: date(row.day),
        done: service_state(&row)? == ServiceState::Done,
        moments: moments(db, &catalog, row.id, &treatment).await?,
        before: before(cx, &catalog, &visit, row.id).await?,
    })
}

#[derive(FromQueryResult)]
struct AllowedRow {
    text_zh: String,
    text_en: String,
    reason: String,
    at: i64,
    by_zh: String,
    by_en: String,
}

async fn moments<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
    t: &Treatment,
) -> Result<Vec<Moment>> {
    let sql = "SELECT text_zh, text_en, reason, at, by_zh, by_en FROM alert_allowed WHERE visit_service_id = $1 \
               ORDER BY at, id LIMIT 100";
    let allowed: Vec<AllowedRow> = sql::all(db, sql, vals![item]).await?;
    let mut list = course(t);
    list.extend(allowed.into_iter().map(|row| Moment {
        at: local_ms(catalog.tz(), row.at),
        by: Text::new(row.by_zh, row.by_en),
        what: What::Allowed { rule: Text::new(row.text_zh, row.text_en), reason: row.reason },
    }));
    // Stable: what happened in the same instant stays in the order in which it is told below.
    list.sort_by_key(|moment| moment.at.utc);
    Ok(list)
}

/// `能量 14 J/cm²，发数 120`.
fn settings(device: &UsedDevice, lang: Lang) -> String {
    let one = |s: &domain::treat::SettingValue| {
        [s.name.get(lang), &s.value, &s.unit]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    device.settings.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// What the tablet knows of a service, as moments.
fn course(t: &Treatment) -> Vec<Moment> {
    let mut list = Vec::new();
    let mut add = |at: LocalTime, by: Text, what: What| list.push(Moment { at, by, what });
    add(t.arrived, Text::default(), What::Arrived);
    for (at, what) in [(t.greeted, What::Greeted), (t.started, What::Started)] {
        if let Some(at) = at {
            add(at, t.staff.clone(), what);
        }
    }
    for line in &t.chair.prep {
        if let Some((at, by)) = line.done.clone() {
            let (what, climate, outside) = (line.what, line.climate, line.outside);
            add(at, by, What::Prepared { what, climate, outside });
        }
    }
    for step in &t.steps {
        let Some(at) = step.done_at else { continue };
        let text = step.text.clone();
        let what = match step.state {
            StepState::Skipped => {
                What::Skipped { text, mandatory: step.mandatory, reason: step.reason.clone() }
            }
            _ => What::Step { text },
        };
        add(at, step.done_by.clone().unwrap_or_default(), what);
    }
    for feel in &t.chair.feels {
        add(feel.at, feel.by.clone(), What::Feel(feel.clone()));
    }
    for one in &t.chair.incidents {
        add(one.at, one.by.clone(), What::Incident { severity: one.severity, what: one.what.clone() });
    }
    for used in &t.chair.products {
        let (name, unit) = (used.name.clone(), used.unit.clone());
        let (batch, amount) = (used.batch.clone(), amount(used.amount));
        add(used.at, used.by.clone(), What::Product { name, batch, amount, unit });
    }
    for used in &t.chair.devices {
        let settings = Text::new(settings(used, Lang::Zh), settings(used, Lang::En));
        add(used.at, used.by.clone(), What::Device { name: used.name.clone(), settings });
    }
    for note in &t.notes {
        let text = note.text.clone();
        let late = t.finished.is_some_and(|end| note.at.utc > end.utc);
        add(note.at, note.by.clone(), if late { What::Addendum { text } } else { What::Note { text } });
    }
    for told in &t.aftercare {
        if let Some(at) = told.told_at {
            add(at, t.staff.clone(), What::Told { text: told.text.clone() });
        }
    }
    for advice in &t.chair.advice {
        add(advice.at, advice.by.clone(), What::Advice { text: advice.text.clone() });
    }
    if let Some(at) = t.finished {
        add(at, t.staff.clone(), What::Finished);
    }
    list
}

#[derive(FromQueryResult)]
struct BeforeRow {
    id: Uuid,
    branch_id: Uuid,
    day: i32,
    name_zh: String,
    name_en: String,
    staff_id: Option<Uuid>,
    staff_zh: Option<String>,
    staff_en: Option<String>,
    notes: i64,
    incidents: i64,
}

/// The ten services done last for the same customer, before this one.
async fn before(cx: &OpContext, catalog: &Catalog, visit: &visit::Model, item: Uuid) -> Result<Vec<Before>> {
    let sql = "SELECT s.id, s.branch_id, s.day, s.name_zh, s.name_en, s.staff_id, p.name_zh AS staff_zh, p.name_en AS staff_en, \
               (SELECT COUNT(*) FROM treatment_note n WHERE n.visit_service_id = s.id) AS notes, \
               (SELECT COUNT(*) FROM incident i WHERE i.visit_service_id = s.id) AS incidents \
               FROM visit v JOIN visit_service s ON s.visit_id = v.id LEFT JOIN staff p ON p.id = s.staff_id \
               WHERE v.customer_id = $1 AND v.arrived_at <= $2 AND s.state = 'done' AND s.id <> $3 \
               ORDER BY v.arrived_at DESC, s.position DESC LIMIT 10";
    let values = vals![visit.customer_id, visit.arrived_at, item];
    let rows: Vec<BeforeRow> = sql::all(cx.db(), sql, values).await?;
    let view = |row: BeforeRow| Before {
        item: VisitServiceId(row.id),
        day: date(row.day),
        service: Text::new(row.name_zh, row.name_en),
        staff: row
            .staff_id
            .and_then(|id| catalog.person(StaffId(id)))
            .map(|p| p.name.clone())
            .or_else(|| Some(Text::new(row.staff_zh?, row.staff_en?)))
            .unwrap_or_default(),
        open: row.branch_id == catalog.branch.id.0,
        notes: u32::try_from(row.notes).unwrap_or(0),
        incident: row.incidents > 0,
    };
    Ok(rows.into_iter().map(view).collect())
}

//! The end of a visit: the booking is completed, the rating is asked for, aftercare goes to the phone.

use crate::{
    OpContext, Result, Tx,
    desk::rows::{move_booking, services},
    entity::{customer, visit, visit_service},
    notify::{Message, queue},
    sql,
    sql::vals,
    time::DAY_MS,
    token,
};
use domain::{
    BookingId, BranchId, CustomerId, Lang, SurveyId,
    booking::Move,
    desk::VisitState,
    notify::{Channel, Template},
    survey::SURVEY_DAYS,
};
use sea_orm::{EntityTrait, FromQueryResult};

/// Ends a visit of which at least one service was done. Called with the visit held.
pub(crate) async fn complete(tx: &Tx, cx: &OpContext, visit: &visit::Model) -> Result<()> {
    let sql = "UPDATE visit SET state = $1, finished_at = $2, version = version + 1 WHERE id = $3";
    tx.run(sql, vals![VisitState::Done.code(), tx.now_ms(), visit.id]).await?;
    move_booking(tx, cx, visit.booking_id, Move::Complete, "completed").await?;
    let link = token::link();
    let sql = "INSERT INTO survey (id, visit_id, branch_id, token_hash, token, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let expires = tx.now_ms() + SURVEY_DAYS * DAY_MS;
    let values =
        vals![SurveyId::new().0, visit.id, visit.branch_id, token::hash(&link), link.clone(), tx.now_ms(), expires];
    tx.run(sql, values).await?;
    let Some(to) = Recipient::of(tx, visit).await? else { return Ok(()) };
    let names: Vec<_> = services(tx, visit.id).await?.into_iter().filter(|i| i.finished_at.is_some()).collect();
    let services_zh: Vec<_> = names.iter().map(|i| i.name_zh.as_str()).collect();
    let services_en: Vec<_> = names.iter().map(|i| i.name_en.as_str()).collect();
    let params = serde_json::json!({
        "name": to.name, "services_zh": services_zh, "services_en": services_en, "link": format!("/r/{link}"),
    });
    queue(tx, to.message(tx, visit, Template::Rate, format!("visit:{}:rate", visit.id), params)).await?;
    Ok(())
}

/// The customer's phone.
pub(super) struct Recipient {
    phone: String,
    pub name: String,
    lang: Lang,
}

impl Recipient {
    /// `None` for customers without a number.
    pub async fn of(tx: &Tx, visit: &visit::Model) -> Result<Option<Self>> {
        let row = customer::Entity::find_by_id(visit.customer_id).one(tx).await?;
        Ok(row.and_then(|c| Some(Self { phone: c.phone?, name: c.name, lang: Lang::from_tag(&c.lang) })))
    }

    pub fn message(
        &self,
        tx: &Tx,
        visit: &visit::Model,
        template: Template,
        key: String,
        params: serde_json::Value,
    ) -> Message {
        Message {
            channel: Channel::Sms,
            recipient: self.phone.clone(),
            template,
            lang: self.lang,
            params,
            key,
            due: tx.now(),
            customer: Some(CustomerId(visit.customer_id)),
            booking: visit.booking_id.map(BookingId),
            branch: Some(BranchId(visit.branch_id)),
        }
    }
}

#[derive(FromQueryResult)]
struct Told {
    text_zh: String,
    text_en: String,
}

/// Sends what has been told about the time after a service that is done; once for each service (TREAT-6).
pub(super) async fn send_aftercare(tx: &Tx, visit: &visit::Model, item: &visit_service::Model) -> Result<()> {
    let sql = "SELECT a.text_zh, a.text_en FROM aftercare_told t JOIN aftercare a ON a.id = t.aftercare_id \
               WHERE t.visit_service_id = $1 ORDER BY a.position";
    let told: Vec<Told> = sql::all(tx, sql, vals![item.id]).await?;
    if told.is_empty() {
        return Ok(());
    }
    let Some(to) = Recipient::of(tx, visit).await? else { return Ok(()) };
    let params = serde_json::json!({
        "name": to.name,
        "service_zh": item.name_zh,
        "service_en": item.name_en,
        "items_zh": told.iter().map(|t| t.text_zh.as_str()).collect::<Vec<_>>(),
        "items_en": told.iter().map(|t| t.text_en.as_str()).collect::<Vec<_>>(),
    });
    queue(tx, to.message(tx, visit, Template::Aftercare, format!("service:{}:aftercare", item.id), params)).await?;
    Ok(())
}

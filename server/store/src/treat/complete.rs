//! The end of a visit: the booking is completed, the rating is asked for, aftercare goes to the phone.

use crate::{
    OpContext, Result, Tx,
    desk::rows::{move_booking, name, services},
    entity::{customer, visit, visit_service},
    notify::{Message, queue},
    sql,
    sql::vals,
    time::DAY_MS,
    token,
};
use domain::{
    BookingId, BranchId, CustomerId, Lang, SurveyId, Text,
    booking::Move,
    desk::VisitState,
    notify::{Channel, MessageParams, Template},
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
    let values = vals![
        SurveyId::new().0,
        visit.id,
        visit.branch_id,
        token::hash(&link),
        link.clone(),
        tx.now_ms(),
        expires
    ];
    tx.run(sql, values).await?;
    let Some(to) = Recipient::of(tx, visit).await? else { return Ok(()) };
    let done = services(tx, visit.id).await?.into_iter().filter(|item| item.finished_at.is_some());
    let params = MessageParams {
        services: done.map(|item| name(&item)).collect(),
        link: Some(format!("/r/{link}")),
        ..to.params(cx, visit).await?
    };
    queue(tx, to.message(tx, visit, Template::Rate, format!("visit:{}:rate", visit.id), &params)?);
    Ok(())
}

/// The customer's phone.
pub(super) struct Recipient {
    phone: String,
    name: String,
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
        params: &MessageParams,
    ) -> Result<Message> {
        Ok(Message {
            channel: Channel::Sms,
            recipient: self.phone.clone(),
            template,
            lang: self.lang,
            params: serde_json::to_string(params)?,
            key,
            due: tx.now(),
            customer: Some(CustomerId(visit.customer_id)),
            booking: visit.booking_id.map(BookingId),
            branch: Some(BranchId(visit.branch_id)),
        })
    }

    /// What every message says of house and customer.
    async fn params(&self, cx: &OpContext, visit: &visit::Model) -> Result<MessageParams> {
        let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
        Ok(MessageParams {
            brand: catalog.branch.brand.clone(),
            branch: catalog.branch.name.clone(),
            phone: catalog.branch.phone.clone(),
            name: self.name.clone(),
            ..MessageParams::default()
        })
    }
}

#[derive(FromQueryResult)]
struct Told {
    text_zh: String,
    text_en: String,
}

/// Sends what has been told about the time after a service that is done; once for each service (TREAT-6).
pub(super) async fn send_aftercare(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
) -> Result<()> {
    let sql = "SELECT a.text_zh, a.text_en FROM aftercare_told t JOIN aftercare a ON a.id = t.aftercare_id \
               WHERE t.visit_service_id = $1 ORDER BY a.position";
    let told: Vec<Told> = sql::all(tx, sql, vals![item.id]).await?;
    let sql = "SELECT text AS text_zh, text AS text_en FROM advice_note WHERE visit_service_id = $1 ORDER BY at, id LIMIT 40";
    let advice: Vec<Told> = sql::all(tx, sql, vals![item.id]).await?;
    if told.is_empty() && advice.is_empty() {
        return Ok(());
    }
    let Some(to) = Recipient::of(tx, visit).await? else { return Ok(()) };
    let params = MessageParams {
        services: vec![name(item)],
        advice: told.into_iter().chain(advice).map(|t| Text::new(t.text_zh, t.text_en)).collect(),
        ..to.params(cx, visit).await?
    };
    queue(tx, to.message(tx, visit, Template::Aftercare, format!("service:{}:aftercare", item.id), &params)?);
    Ok(())
}

/// Sends advice that was written after the service was over.
pub(super) async fn send_advice(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
    id: uuid::Uuid,
    text: &str,
) -> Result<()> {
    let Some(to) = Recipient::of(tx, visit).await? else { return Ok(()) };
    let params = MessageParams {
        services: vec![name(item)],
        advice: vec![Text::new(text, text)],
        ..to.params(cx, visit).await?
    };
    queue(tx, to.message(tx, visit, Template::Aftercare, format!("advice:{id}"), &params)?);
    Ok(())
}

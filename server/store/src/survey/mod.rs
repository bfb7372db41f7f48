//! The rating after a visit (SURVEY-1, SURVEY-2): by an unguessable link, without a login, counted once.

use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    entity::{customer, response, survey, visit},
    notify::{Message, manager, queue},
    sql,
    sql::vals,
    time::{local_ms, ms},
    token,
    tx::again,
};
use domain::{
    BranchId, CustomerId, Lang, Refusal, ResponseId, StaffId, Text, VisitId,
    live::Topic,
    notify::{MessageParams, Template},
    permission::{Action, Scope},
    phone::mask,
    survey::{Answer, QUESTIONNAIRE, SurveyPage},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Done {
    name_zh: String,
    name_en: String,
    staff_id: Option<Uuid>,
}

/// The form with what it is about.
///
/// # Errors
/// `NotFound` when there is no such link.
pub async fn page(cx: &OpContext, token: &str) -> Result<SurveyPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let find = survey::Entity::find().filter(survey::Column::TokenHash.eq(token::hash(token)));
    let survey = find.one(cx.db()).await?.ok_or(Error::NotFound)?;
    let catalog = cx.store.catalog(BranchId(survey.branch_id)).await?;
    let visit = visit::Entity::find_by_id(survey.visit_id).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let customer = customer::Entity::find_by_id(visit.customer_id).one(cx.db()).await?;
    let sql = "SELECT name_zh, name_en, staff_id FROM visit_service WHERE visit_id = $1 AND state = 'done' \
               ORDER BY position";
    let done: Vec<Done> = sql::all(cx.db(), sql, vals![visit.id]).await?;
    let mut people: Vec<Uuid> = Vec::new();
    for id in done.iter().filter_map(|d| d.staff_id) {
        if !people.contains(&id) {
            people.push(id);
        }
    }
    Ok(SurveyPage {
        token: token.to_owned(),
        branch: catalog.branch.info(cx.now()),
        services: done.iter().map(|d| Text::new(&*d.name_zh, &*d.name_en)).collect(),
        staff: people.iter().filter_map(|id| catalog.person(StaffId(*id))).map(|p| p.name.clone()).collect(),
        at: local_ms(catalog.tz(), visit.finished_at.unwrap_or(visit.arrived_at)),
        answered: survey.answered_at.is_some(),
        expired: survey.expires_at <= ms(cx.now()),
        phone_masked: customer.and_then(|c| c.phone).map(|phone| mask(&phone)),
    })
}

/// Takes the answer. The same key again is the same answer and no error; any other second answer is refused.
///
/// # Errors
/// `NotFound`, `AlreadyAnswered`, `LinkExpired`.
pub async fn answer(cx: &OpContext, token: &str, answer: Answer, key: String) -> Result<()> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    again!(once(cx, token, &answer, &key))
}

async fn once(cx: &OpContext, token: &str, answer: &Answer, key: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let find = survey::Entity::find().filter(survey::Column::TokenHash.eq(token::hash(token)));
    let survey = find.lock_exclusive().one(&tx).await?.ok_or(Error::NotFound)?;
    if survey.answered_at.is_some() {
        let find = response::Entity::find().filter(response::Column::SurveyId.eq(survey.id));
        let same = find.one(&tx).await?.is_some_and(|r| r.key.as_deref() == Some(key));
        // What was read is lasting only now.
        return if same { tx.commit().await } else { Err(Refusal::AlreadyAnswered.into()) };
    }
    if survey.expires_at <= tx.now_ms() {
        return Err(Refusal::LinkExpired.into());
    }
    let visit = visit::Entity::find_by_id(survey.visit_id).one(&tx).await?.ok_or(Error::NotFound)?;
    insert(&tx, &survey, &visit, answer, key).await?;
    tx.run("UPDATE survey SET answered_at = $1 WHERE id = $2", vals![tx.now_ms(), survey.id]).await?;
    let branch = BranchId(survey.branch_id);
    if answer.is_alarming() {
        alarm(&tx, cx, &survey, &visit, answer).await?;
    }
    let entry = Entry {
        action: "survey.answer",
        entity: "survey",
        id: Some(survey.id),
        branch: Some(branch),
        detail: None,
    };
    tx.audit(cx, entry);
    tx.changed(branch, Topic::Board);
    tx.changed(branch, Topic::Visit { id: VisitId(visit.id) });
    tx.commit().await
}

async fn insert(
    tx: &Tx,
    survey: &survey::Model,
    visit: &visit::Model,
    answer: &Answer,
    key: &str,
) -> Result<()> {
    let sql = "INSERT INTO response (id, survey_id, visit_id, branch_id, customer_id, at, questionnaire, overall, \
               reliability, responsiveness, assurance, empathy, tangibles, hygiene, privacy, waiting, nps, comment, \
               wants_call, key) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    let [a, b, c, d, e, f, g, h] = answer.dimensions.map(|score| score.map(i32::from));
    let values = vals![
        ResponseId::new().0,
        survey.id,
        survey.visit_id,
        survey.branch_id,
        visit.customer_id,
        tx.now_ms(),
        QUESTIONNAIRE,
        i32::from(answer.overall),
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        answer.nps.map(i32::from),
        answer.comment.clone(),
        answer.call,
        key,
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// SURVEY-2: tells the manager at once.
async fn alarm(
    tx: &Tx,
    cx: &OpContext,
    survey: &survey::Model,
    visit: &visit::Model,
    answer: &Answer,
) -> Result<()> {
    let catalog = cx.store.catalog(BranchId(survey.branch_id)).await?;
    let (channel, recipient) = manager(tx, &catalog).await?;
    let message = Message {
        channel,
        recipient,
        template: Template::LowScore,
        lang: Lang::Zh,
        params: serde_json::to_string(&MessageParams {
            brand: catalog.branch.brand.clone(),
            branch: catalog.branch.name.clone(),
            ticket: visit.ticket.clone(),
            score: Some(answer.overall),
            call: answer.call,
            comment: answer.comment.clone(),
            at: Some(local_ms(catalog.tz(), tx.now_ms())),
            link: Some("/wall/SAT".to_owned()),
            ..MessageParams::default()
        })?,
        key: format!("survey:{}:low", survey.id),
        due: tx.now(),
        customer: Some(CustomerId(visit.customer_id)),
        booking: None,
        branch: Some(BranchId(survey.branch_id)),
    };
    queue(tx, message);
    Ok(())
}

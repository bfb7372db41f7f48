//! The five questions: what was answered, by whom, when; history stays (CONSULT-2).

use super::known::{asked, history};
use crate::{
    Error, OpContext, Result, Tx,
    desk::{
        rows::{name, service},
        tell::tell,
    },
    entity::{customer, visit},
    idempotency, sql,
    sql::vals,
    time::{date, day_number, day_of},
    treat,
    tx::again,
};
use domain::{
    BranchId, FactId, FieldCode, Text, VisitServiceId,
    consult::{Answer, FactChoice, FactKind, Facts, FactsPage, NewFact, answer_field},
    permission::Action,
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct ChoiceRow {
    kind: String,
    code: String,
    name_zh: String,
    name_en: String,
}

async fn choices<C: ConnectionTrait>(db: &C) -> Result<Vec<FactChoice>> {
    let sql = "SELECT kind, code, name_zh, name_en FROM fact_choice ORDER BY kind, position, code LIMIT 500";
    let rows: Vec<ChoiceRow> = sql::all(db, sql, vals![]).await?;
    let choice = |row: ChoiceRow| {
        let name = Text::new(row.name_zh, row.name_en);
        Some(FactChoice { kind: FactKind::from_code(&row.kind)?, code: row.code, name })
    };
    Ok(rows.into_iter().filter_map(choice).collect())
}

/// The page of the five questions, with everything that was ever answered. The look is logged (PRIV-2).
///
/// # Errors
/// `NotFound`; `Forbidden` for somebody else's customer and for those who see no medical facts.
pub async fn facts(cx: &OpContext, item: VisitServiceId) -> Result<FactsPage> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::RecordFacts, &treat::scope(&row))?;
    let db = cx.db();
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    let visit = visit::Entity::find_by_id(row.visit_id).one(db).await?.ok_or(Error::NotFound)?;
    let customer = customer::Entity::find_by_id(visit.customer_id).one(db).await?.ok_or(Error::NotFound)?;
    super::looked(cx, catalog.branch.id, &[customer.id], "questions").await?;
    Ok(FactsPage {
        item,
        service: name(&row),
        today: date(day_of(catalog.tz(), cx.now())),
        asked: asked(db, &catalog, customer.id).await?,
        facts: history(db, &catalog, customer.id).await?,
        choices: choices(db).await?,
        customer_name: customer.name,
    })
}

/// Writes the answers down. Facts are never changed: what no longer holds is ended, what is new is added. The same key
/// again adds nothing.
///
/// # Errors
/// `Forbidden`, `NotFound`, `KeyReused`; `Required` on `answers[i][what]` when something is said to be there and nothing is
/// known of it, `Choice` when nothing is said to be there but facts still hold.
pub async fn answer(cx: &OpContext, cmd: Facts) -> Result<()> {
    again!(answer_once(cx, &cmd))
}

async fn answer_once(cx: &OpContext, cmd: &Facts) -> Result<()> {
    let tx = cx.begin().await?;
    let (visit, item) = crate::desk::rows::lock_service(&tx, cmd.item).await?;
    cx.allow(Action::RecordFacts, &treat::scope(&item))?;
    let scope = format!("facts:{}", item.id);
    if idempotency::seen::<bool>(&tx, &scope, &cmd.key, cmd).await?.is_some() {
        // What was read is lasting only now.
        return tx.commit().await;
    }
    let by = treat::author(&tx, cx).await?;
    for id in &cmd.ended {
        end(&tx, cx, visit.customer_id, *id, &by).await?;
    }
    let choices = choices(&tx).await?;
    let holding = holding(&tx, visit.customer_id).await?;
    for (i, (kind, answer, fact)) in cmd.answers.iter().enumerate() {
        let known = holding.iter().any(|one| one == kind.code());
        match (answer, fact) {
            (Answer::Something, None) if !known => {
                return Err(Error::field(&answer_field(i, "what"), FieldCode::Required));
            }
            (Answer::Nothing, _) if known => {
                return Err(Error::field(&answer_field(i, "answer"), FieldCode::Choice));
            }
            _ => {}
        }
        if let Some(fact) = fact {
            let subject = subject(&choices, *kind, fact)
                .ok_or_else(|| Error::field(&answer_field(i, "code"), FieldCode::Choice))?;
            add(&tx, cx, &visit, *kind, fact, &subject, &by).await?;
        }
        let sql = "INSERT INTO fact_check (id, customer_id, branch_id, kind, answer, at, by_user, by_zh, by_en) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vals![
            Uuid::now_v7(),
            visit.customer_id,
            visit.branch_id,
            kind.code(),
            answer.code(),
            tx.now_ms(),
            cx.actor.user().map(|id| id.0),
            by.zh.as_str(),
            by.en.as_str(),
        ];
        tx.run(sql, values).await?;
    }
    // Which questions, never what was answered.
    let kinds: Vec<_> = cmd.answers.iter().map(|(kind, ..)| kind.code()).collect();
    tell(&tx, cx, &visit, "facts.answer", &[item.staff_id], Some(kinds.join(",")));
    idempotency::answered(&tx, &scope, &cmd.key, &true)?;
    tx.commit().await
}

/// Kinds of which something holds.
async fn holding(tx: &Tx, customer: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT kind FROM customer_fact WHERE customer_id = $1 AND ended_at IS NULL";
    let rows = tx
        .query_all_raw(sea_orm::Statement::from_sql_and_values(
            tx.get_database_backend(),
            sql,
            vals![customer],
        ))
        .await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// What it is called: by the house's list, with further words behind, or in free words alone.
fn subject(choices: &[FactChoice], kind: FactKind, fact: &NewFact) -> Option<Text> {
    let words = fact.what.clone().unwrap_or_default();
    match &fact.code {
        None => Some(Text::new(words.clone(), words)),
        Some(code) => {
            let choice = choices.iter().find(|choice| choice.kind == kind && choice.code == *code)?;
            let with = |name: &str, open: &str, close: &str| match words.as_str() {
                "" => name.to_owned(),
                words => format!("{name}{open}{words}{close}"),
            };
            Some(Text::new(with(&choice.name.zh, "（", "）"), with(&choice.name.en, " (", ")")))
        }
    }
}

async fn end(tx: &Tx, cx: &OpContext, customer: Uuid, id: FactId, by: &Text) -> Result<()> {
    let sql = "UPDATE customer_fact SET ended_at = $1, ended_by = $2, ended_zh = $3, ended_en = $4 \
               WHERE id = $5 AND customer_id = $6 AND ended_at IS NULL";
    let user = cx.actor.user().map(|id| id.0);
    let values = vals![tx.now_ms(), user, by.zh.as_str(), by.en.as_str(), id.0, customer];
    match tx.run(sql, values).await? {
        0 => Err(Error::field("ended", FieldCode::Choice)),
        _ => Ok(()),
    }
}

async fn add(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    kind: FactKind,
    fact: &NewFact,
    subject: &Text,
    by: &Text,
) -> Result<()> {
    let sql = "INSERT INTO customer_fact (id, customer_id, branch_id, kind, code, subject_zh, subject_en, reaction, \
               severity, source, since_day, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let values = vals![
        FactId::new().0,
        visit.customer_id,
        visit.branch_id,
        kind.code(),
        fact.code.clone(),
        subject.zh.as_str(),
        subject.en.as_str(),
        fact.reaction.clone(),
        fact.severity.map(domain::consult::Severity::code),
        fact.source.code(),
        fact.since.map(day_number),
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh.as_str(),
        by.en.as_str(),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

//! Customers without a booking (DESK-2).

use super::{
    line::turns,
    tell::tell,
    ticket::{NewVisit, insert_visit, view},
    today::Today,
};
use crate::{
    Error, OpContext, Result, Tx,
    catalog::{Catalog, Service},
    entity::{customer, visit},
    idempotency,
    notify::{Message, queue},
    sql::vals,
    time::{date, day_of},
    tx::again,
};
use domain::{
    BranchId, CustomerId, FieldCode, Lang, Refusal, StaffId,
    desk::{TicketView, VisitState, WalkIn, WalkInCustomer, WalkInPage},
    notify::{Channel, MessageParams, Template},
    permission::{Action, Scope},
};
use sea_orm::EntityTrait;
use uuid::Uuid;

/// The menu, who is here, and how many wait.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn walk_in_page(cx: &OpContext, branch: BranchId) -> Result<WalkInPage> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let today = Today::load(cx.db(), catalog.clone(), cx.now()).await?;
    let waiting = today.visits.iter().filter(|v| v.is(VisitState::Waiting)).count();
    Ok(WalkInPage {
        branch: catalog.branch.info(cx.now()),
        categories: catalog.menu(false),
        turns: turns(&today),
        waiting: u32::try_from(waiting).unwrap_or(0),
    })
}

/// Takes a customer in and hands out a ticket. The same key again gives the same ticket (BOOK-7).
///
/// # Errors
/// `Invalid` on `customer`, `services` or `who`, `NotCertified` when the wished-for person may do none of it today,
/// `KeyReused`.
pub async fn walk_in(cx: &OpContext, branch: BranchId, walk_in: WalkIn) -> Result<TicketView> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    again!(once(cx, branch, &walk_in))
}

/// What was answered to the same request with the same key before.
pub(super) async fn answered(cx: &OpContext, branch: BranchId, cmd: &WalkIn) -> Result<Option<TicketView>> {
    let sql = "SELECT v.id FROM visit v JOIN customer c ON c.id = v.customer_id \
               WHERE v.key = $1 AND c.phone = $2 AND v.branch_id = $3";
    let WalkInCustomer::New { phone, .. } = &cmd.customer else { return Ok(None) };
    let key = format!("{branch}:{}", cmd.key);
    let Some(row) = crate::sql::row(cx.db(), sql, vals![key, phone.reveal(), branch.0]).await? else {
        return Ok(None);
    };
    let catalog = cx.store.catalog(branch).await?;
    let tx = cx.begin().await?;
    let ticket = view(cx, &tx, catalog, row.try_get_by_index(0)?).await?;
    tx.commit().await?;
    Ok(Some(ticket))
}

/// With whatever permission the caller has asked for.
pub(super) async fn once(cx: &OpContext, branch: BranchId, cmd: &WalkIn) -> Result<TicketView> {
    let catalog = cx.store.catalog(branch).await?;
    let tx = cx.begin().await?;
    let who = match &cmd.customer {
        WalkInCustomer::Known(id) => (id.to_string(), String::new()),
        WalkInCustomer::New { name, phone } => (name.clone(), phone.reveal().to_owned()),
    };
    let request = (branch, who, &cmd.services, cmd.who);
    if let Some(answer) = idempotency::seen(&tx, "walk_in", &cmd.key, &request).await? {
        // What was seen is lasting only now.
        tx.commit().await?;
        return Ok(answer);
    }
    let day = day_of(catalog.tz(), tx.now());
    let services = services(&catalog, cmd)?;
    let wished = wished(&catalog, &services, cmd.who, day)?;
    let customer = customer(&tx, cmd).await?;
    let new = NewVisit {
        id: Uuid::now_v7(),
        customer: customer.id,
        booking: None,
        planned_ms: None,
        key: Some(format!("{branch}:{}", cmd.key)),
    };
    insert_visit(&tx, &catalog, day, &new).await?;
    for (position, (service, who)) in services.iter().zip(wished).enumerate() {
        insert_service(&tx, branch, new.id, day, position, service, who).await?;
    }
    let saved = visit::Entity::find_by_id(new.id).one(&tx).await?.ok_or(Error::NotFound)?;
    tell(&tx, cx, &saved, "visit.walk_in", &[], Some(saved.ticket.clone()));
    let ticket = view(cx, &tx, catalog.clone(), new.id).await?;
    send_ticket(&tx, &catalog, &customer, &ticket)?;
    idempotency::answered(&tx, "walk_in", &cmd.key, &ticket)?;
    tx.commit().await?;
    Ok(ticket)
}

fn services<'a>(catalog: &'a Catalog, cmd: &WalkIn) -> Result<Vec<&'a Service>> {
    if cmd.services.len() > usize::from(catalog.branch.policy.max_services) {
        return Err(Error::field("services", FieldCode::Range));
    }
    let found = cmd.services.iter().map(|id| catalog.service(*id).filter(|s| !s.retired));
    found.collect::<Option<Vec<_>>>().ok_or_else(|| Error::field("services", FieldCode::Choice))
}

/// The wished-for person for each service that this person may do today.
fn wished(
    catalog: &Catalog,
    services: &[&Service],
    who: Option<StaffId>,
    day: i32,
) -> Result<Vec<Option<StaffId>>> {
    let Some(who) = who else { return Ok(vec![None; services.len()]) };
    let person = catalog.person(who).ok_or_else(|| Error::field("who", FieldCode::Choice))?;
    let wished: Vec<_> = services.iter().map(|s| person.qualified(s, date(day)).then_some(who)).collect();
    if wished.iter().all(Option::is_none) {
        return Err(Refusal::NotCertified.into());
    }
    Ok(wished)
}

async fn customer(tx: &Tx, cmd: &WalkIn) -> Result<customer::Model> {
    let id = match &cmd.customer {
        WalkInCustomer::Known(id) => *id,
        WalkInCustomer::New { name, phone } => crate::customer::ensure(tx, name, phone, Lang::Zh).await?,
    };
    let found = customer::Entity::find_by_id(id.0).one(tx).await?;
    found.ok_or_else(|| Error::field("customer", FieldCode::Choice))
}

async fn insert_service(
    tx: &Tx,
    branch: BranchId,
    visit: Uuid,
    day: i32,
    position: usize,
    service: &Service,
    who: Option<StaffId>,
) -> Result<()> {
    let minutes = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let sql = "INSERT INTO visit_service (id, visit_id, branch_id, day, position, service_id, name_zh, name_en, \
               prepare_min, active_min, processing_min, finish_min, cleanup_min, price_fen, qualification, \
               wished_staff_id, state, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'waiting', 1)";
    let values = vals![
        Uuid::now_v7(),
        visit,
        branch.0,
        day,
        i32::try_from(position).unwrap_or(0),
        service.id.0,
        service.name.zh.clone(),
        service.name.en.clone(),
        minutes(service.prepare),
        minutes(service.active),
        minutes(service.processing),
        minutes(service.finish),
        minutes(service.cleanup),
        service.price.0,
        service.qualification.clone(),
        who.map(|id| id.0),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// The link of the queue page for the customer's phone.
fn send_ticket(tx: &Tx, catalog: &Catalog, customer: &customer::Model, ticket: &TicketView) -> Result<()> {
    let Some(phone) = customer.phone.clone() else { return Ok(()) };
    let message = Message {
        channel: Channel::Sms,
        recipient: phone,
        template: Template::QueueTicket,
        lang: Lang::from_tag(&customer.lang),
        params: serde_json::to_string(&MessageParams {
            brand: catalog.branch.brand.clone(),
            branch: catalog.branch.name.clone(),
            phone: catalog.branch.phone.clone(),
            name: customer.name.clone(),
            ticket: ticket.ticket.clone(),
            place: ticket.place,
            estimate: ticket.estimate,
            link: Some(ticket.link.clone()),
            ..MessageParams::default()
        })?,
        key: format!("visit:{}:ticket", ticket.visit),
        due: tx.now(),
        customer: Some(CustomerId(customer.id)),
        booking: None,
        branch: Some(catalog.branch.id),
    };
    queue(tx, message);
    Ok(())
}

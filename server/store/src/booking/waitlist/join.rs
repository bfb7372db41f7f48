//! Getting onto the waitlist: by oneself, with the phone proved by a code, or by the desk.

use super::{
    super::{
        plan::{For, Request},
        reserve::known,
    },
    Entry, event,
    list::{person_of, view_of},
};
use crate::{
    Error, OpContext, Result, Tx,
    account::{self, NewSession},
    audit::Entry as Audit,
    catalog::Catalog,
    customer, idempotency,
    notify::{self, Message},
    sql::vals,
    time::day_number,
    token,
    tx::again,
};
use domain::{
    Actor, BranchId, CustomerId, FieldCode, FieldError, Lang, Phone, Refusal, WaitId,
    booking::waitlist::{Wait, WaitMove, WaitState, WaitView},
    desk::WalkInCustomer,
    notify::{Channel, MessageParams, Template},
    permission::{Action, Scope},
};
use sea_orm::EntityTrait;

/// Puts somebody onto the waitlist and gives the link's token. Who is signed in waits from now on; for anybody else a
/// code goes to the phone first (see [`verify`]). The same key again gives the same link (BOOK-7).
///
/// # Errors
/// `NotOnline`, `NeedsFirst`, `TooMany`, `KeyReused`; the fields `services`, `who`, `first`, `last`, `name`, `phone`.
pub async fn join(cx: &OpContext, cmd: Wait) -> Result<String> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(&cmd.branch).await?;
    let request = check(cx, &catalog, &cmd, For::Customer)?;
    let owner = match (cx.actor.customer(), &cmd.customer) {
        (Some(me), _) => Owner::Known(me),
        (None, Some(WalkInCustomer::New { name, phone })) => Owner::Asked(name, phone),
        (None, _) => {
            let missing = |field| FieldError::new(field, FieldCode::Required);
            return Err(Error::Invalid(vec![missing("name"), missing("phone")]));
        }
    };
    if let Some(token) = known::<String>(cx, "waitlist", &cmd.key, &mark(cx, &cmd)).await? {
        return Ok(token);
    }
    if let Owner::Asked(_, phone) = owner {
        account::send_code(cx, phone, "waitlist").await?;
    }
    again!(join_once(cx, &request, &cmd, &owner))
}

/// The desk puts a customer onto the branch's waitlist.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for an unknown customer, `KeyReused`; the fields `services`, `who`, `first`,
/// `last`, `name`, `phone`.
pub async fn enter(cx: &OpContext, branch: BranchId, cmd: Wait) -> Result<String> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let request = check(cx, &catalog, &cmd, For::Desk)?;
    let owner = match &cmd.customer {
        Some(customer) => Owner::Desk(customer),
        None => return Err(Error::field("name", FieldCode::Required)),
    };
    again!(join_once(cx, &request, &cmd, &owner))
}

/// Whose entry it will be.
enum Owner<'a> {
    Known(CustomerId),
    /// Has to prove the phone.
    Asked(&'a str, &'a Phone),
    Desk(&'a WalkInCustomer),
}

/// What makes two requests the same.
fn mark(cx: &OpContext, cmd: &Wait) -> impl serde::Serialize {
    let (phone, known) = match &cmd.customer {
        Some(WalkInCustomer::New { phone, .. }) => (phone.reveal().to_owned(), None),
        Some(WalkInCustomer::Known(id)) => (String::new(), Some(*id)),
        None => (String::new(), cx.actor.customer()),
    };
    (cmd.branch.clone(), cmd.services.clone(), cmd.who, cmd.first, cmd.last, cmd.parts, phone, known)
}

fn check<'a>(cx: &OpContext, catalog: &'a Catalog, cmd: &Wait, whose: For) -> Result<Request<'a>> {
    let request = Request::new(catalog, &cmd.services, cmd.who, cx.now(), whose)?;
    if cmd.last < catalog.branch.today(cx.now()) {
        return Err(Error::field("last", FieldCode::Past));
    }
    if cmd.first > request.last_day() {
        return Err(Error::field("first", FieldCode::Range));
    }
    Ok(request)
}

async fn join_once(cx: &OpContext, request: &Request<'_>, cmd: &Wait, owner: &Owner<'_>) -> Result<String> {
    let catalog = request.catalog;
    let tx = cx.begin().await?;
    if let Some(token) = idempotency::seen::<String>(&tx, "waitlist", &cmd.key, &mark(cx, cmd)).await? {
        // What was seen is lasting only now.
        tx.commit().await?;
        return Ok(token);
    }
    let (customer, contact, state) = match owner {
        Owner::Known(id) => (Some(*id), None, WaitState::Waiting),
        Owner::Asked(name, phone) => (None, Some((*name, phone.reveal())), WaitState::Asked),
        Owner::Desk(WalkInCustomer::Known(id)) => {
            let found = crate::entity::customer::Entity::find_by_id(id.0).one(&tx).await?;
            (Some(found.map(|c| CustomerId(c.id)).ok_or(Error::NotFound)?), None, WaitState::Waiting)
        }
        Owner::Desk(WalkInCustomer::New { name, phone }) => {
            (Some(customer::ensure(&tx, name, phone, Lang::Zh).await?), None, WaitState::Waiting)
        }
    };
    let (id, link) = (WaitId::new(), token::link());
    let services = cmd.services.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let channel = if matches!(owner, Owner::Desk(_)) { "desk" } else { "online" };
    let sql = "INSERT INTO waitlist (id, branch_id, customer_id, state, channel, services, who, first_day, last_day, \
               parts, token_hash, token, contact_name, contact_phone, misses, queued_at, updated_at, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15, 1)";
    let values = vals![
        id.0,
        catalog.branch.id.0,
        customer.map(|c| c.0),
        state.code(),
        channel,
        services,
        cmd.who.map(|who| who.0),
        day_number(cmd.first),
        day_number(cmd.last),
        cmd.parts.bits(),
        token::hash(&link),
        link.as_str(),
        contact.map(|c| c.0),
        contact.map(|c| c.1),
        tx.now_ms(),
    ];
    tx.run(sql, values).await?;
    let kind = if state == WaitState::Asked { "asked" } else { "joined" };
    event(&tx, &cx.actor, id.0, kind, None);
    if state == WaitState::Waiting {
        let entry = Entry::by_id(&tx, id.0).await?;
        joined(&tx, cx, catalog, &entry).await?;
    }
    idempotency::answered(&tx, "waitlist", &cmd.key, &link)?;
    tx.commit().await?;
    Ok(link)
}

/// Who waits now is told so, with the link to look and to leave; it is on record.
async fn joined(tx: &Tx, cx: &OpContext, catalog: &Catalog, entry: &Entry) -> Result<()> {
    let person = match entry.customer_id {
        Some(id) => person_of(tx, id).await?,
        None => None,
    };
    if let Some((name, phone, lang)) = person {
        let services = entry.service_ids();
        let params = MessageParams {
            brand: catalog.branch.brand.clone(),
            branch: catalog.branch.name.clone(),
            name,
            services: (services.iter())
                .filter_map(|id| catalog.service(*id).map(|s| s.name.clone()))
                .collect(),
            link: Some(format!("/w/{}", entry.token)),
            ..MessageParams::default()
        };
        let message = Message {
            channel: Channel::Sms,
            recipient: phone,
            template: Template::WaitJoined,
            lang,
            params: serde_json::to_string(&params)?,
            key: format!("wait:{}:joined", entry.id),
            due: tx.now(),
            customer: entry.customer_id.map(CustomerId),
            booking: None,
            branch: Some(catalog.branch.id),
        };
        notify::queue(tx, message);
    }
    let audit = Audit {
        action: "waitlist.join",
        entity: "waitlist",
        id: Some(entry.id),
        branch: Some(catalog.branch.id),
        detail: None,
    };
    match (&cx.actor, entry.customer_id) {
        (Actor::Stranger, Some(id)) => tx.audit_as("customer", Some(id), audit),
        _ => tx.audit(cx, audit),
    }
    entry.tell(tx);
    Ok(())
}

/// Sends the code once more.
///
/// # Errors
/// `NotFound`, `WrongState` when the phone is proved already, `TooMany`.
pub async fn send_code(cx: &OpContext, link: &str) -> Result<()> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let entry = Entry::by_token(cx.db(), link).await?;
    account::send_code(cx, &asked_phone(&entry)?, "waitlist").await
}

fn asked_phone(entry: &Entry) -> Result<Phone> {
    entry.state()?.after(WaitMove::Verify)?;
    let wrong = || Error::from(Refusal::WrongState { state: entry.state.clone() });
    if entry.state != WaitState::Asked.code() {
        return Err(wrong());
    }
    Phone::parse(entry.contact_phone.as_deref().unwrap_or_default()).map_err(|_| wrong())
}

/// The code proves the phone: waits from now on, and is signed in.
///
/// # Errors
/// `NotFound`, `CodeWrong`, `CodeExpired`, `WrongState`.
pub async fn verify(cx: &OpContext, link: &str, code: &str) -> Result<(WaitView, NewSession)> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let mut entry = Entry::by_token(cx.db(), link).await?;
    let catalog = cx.store.catalog(BranchId(entry.branch_id)).await?;
    let phone = asked_phone(&entry)?;
    let tx = cx.begin().await?;
    if let Err(refusal) = account::check_code(&tx, &cx.store, &phone, code).await? {
        // A wrong try counts whatever else happens (C-37).
        tx.commit().await?;
        return Err(refusal.into());
    }
    let name = entry.contact_name.clone().unwrap_or_default();
    let customer = customer::ensure(&tx, &name, &phone, cx.lang).await?;
    let set = "customer_id = $5, contact_name = NULL, contact_phone = NULL, queued_at = $2";
    entry.step(&tx, WaitMove::Verify, set, vals![customer.0]).await?;
    (entry.customer_id, entry.queued_at) = (Some(customer.0), tx.now_ms());
    event(&tx, &Actor::Customer { id: customer }, entry.id, "joined", None);
    joined(&tx, cx, &catalog, &entry).await?;
    let session = account::new_customer_session(&tx, cx, customer);
    tx.commit().await?;
    Ok((view_of(cx, &catalog, entry).await?, session))
}

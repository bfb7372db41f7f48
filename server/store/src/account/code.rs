//! One-time codes (C-37): six random digits for five minutes, five tries, used once however many try at the same moment.

use super::session::{self, NewSession, Owner};
use crate::{
    Error, OpContext, Result, Store, Tx,
    audit::Entry,
    customer,
    notify::{self, Message},
    rate::{self, Limit},
    sql::{self, vals},
    time::ms,
    token,
};
use chrono::Duration;
use domain::{
    Phone, Refusal,
    account::{CODE_DIGITS, CODE_MINUTES, CODE_TRIES},
    notify::{Channel, Template},
    permission::{Action, Scope},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

const PER_PHONE: Limit = Limit::per_minutes(5, 15);
const PER_PHONE_AND_DAY: Limit = Limit::per_minutes(20, 24 * 60);
/// A salon's guests may share one address.
const PER_ADDRESS: Limit = Limit::per_minutes(60, 60);
/// Codes tried from one address, whatever the phone.
const TRIES_PER_ADDRESS: Limit = Limit::per_minutes(60, 15);

/// Sends a code to a phone, whether a customer is known by it or not. Only the latest code of a phone counts.
/// `purpose` is kept for the record: `sign_in`, `book`.
///
/// # Errors
/// `TooMany` per phone and per address (C-36).
pub async fn send_code(cx: &OpContext, phone: &Phone, purpose: &str) -> Result<()> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    send_code_in(cx, cx.begin().await?, phone, purpose).await?.commit().await
}

/// As [`send_code`], in a transaction in which nothing else has been done yet; the caller commits it.
///
/// # Errors
/// `TooMany`; then the transaction is over.
pub(crate) async fn send_code_in(cx: &OpContext, tx: Tx, phone: &Phone, purpose: &str) -> Result<Tx> {
    let limits = [
        ("code.phone", phone.reveal(), PER_PHONE),
        ("code.day", phone.reveal(), PER_PHONE_AND_DAY),
        ("code.addr", &cx.addr, PER_ADDRESS),
    ];
    let tx = rate::count_in(tx, &limits).await?;
    let (id, code) = (Uuid::now_v7(), token::digits(CODE_DIGITS));
    let expires_at = ms(tx.now() + Duration::minutes(CODE_MINUTES));
    let sql = "INSERT INTO login_code (id, phone, purpose, code_hash, created_at, expires_at, tries) \
               VALUES ($1, $2, $3, $4, $5, $6, 0)";
    let hash = hash(&cx.store, &tx, phone, &code).await?;
    tx.later(sql, vals![id, phone.reveal(), purpose, hash, tx.now_ms(), expires_at]);
    let message = Message {
        channel: Channel::Sms,
        recipient: phone.reveal().to_owned(),
        template: Template::Code,
        lang: cx.lang,
        params: serde_json::json!({ "code": code, "minutes": CODE_MINUTES }).to_string(),
        key: format!("code:{id}"),
        due: tx.now(),
        customer: None,
        booking: None,
        branch: None,
    };
    notify::queue(&tx, message);
    Ok(tx)
}

/// Tries a code and, when it is right, uses it up: one statement, so that of many at once one wins and each counts.
/// Call it first in a transaction; on `Err(refusal)` **commit** before refusing, for the try has to count.
///
/// The refusals: `CodeWrong` with the tries left, `CodeExpired` when there is no code to try (any more).
pub(crate) async fn check_code(
    tx: &Tx,
    store: &Store,
    phone: &Phone,
    code: &str,
) -> Result<std::result::Result<(), Refusal>> {
    let hash = hash(store, tx, phone, code).await?;
    // C-21: a code from the future is one from before the clock was set back.
    let sql = "UPDATE login_code SET tries = tries + 1, used_at = CASE WHEN code_hash = $1 THEN $2 ELSE NULL END \
               WHERE id = (SELECT id FROM login_code WHERE phone = $3 ORDER BY created_at DESC, id DESC LIMIT 1) \
               AND used_at IS NULL AND tries < $4 AND expires_at > $2 AND created_at <= $5 \
               RETURNING used_at, tries";
    let slack = tx.now_ms() + 60_000;
    let tries = i32::from(CODE_TRIES);
    let Some(row) = sql::row(tx, sql, vals![hash, tx.now_ms(), phone.reveal(), tries, slack]).await? else {
        return Ok(Err(Refusal::CodeExpired));
    };
    if row.try_get_by_index::<Option<i64>>(0)?.is_some() {
        return Ok(Ok(()));
    }
    let left = CODE_TRIES.saturating_sub(u8::try_from(row.try_get_by_index::<i32>(1)?).unwrap_or(CODE_TRIES));
    Ok(Err(Refusal::CodeWrong { left }))
}

/// Signs a customer in who has proved the phone number; somebody new becomes a customer.
///
/// # Errors
/// `CodeWrong`, `CodeExpired`, `TooMany`.
pub async fn sign_in_with_code(cx: &OpContext, phone: &Phone, code: &str) -> Result<NewSession> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    rate::count(cx, &[("code.try", &cx.addr, TRIES_PER_ADDRESS)]).await?;
    let tx = cx.begin().await?;
    if let Err(refusal) = check_code(&tx, &cx.store, phone, code).await? {
        tx.commit().await?;
        return Err(refusal.into());
    }
    let customer = customer::ensure_by_phone(&tx, phone, cx.lang).await?;
    let session = session::begin(&tx, cx, Owner::Customer(customer));
    let entry =
        Entry { action: "session.sign_in", entity: "customer", id: Some(customer.0), ..Entry::default() };
    tx.audit_as("customer", Some(customer.0), entry);
    tx.commit().await?;
    Ok(session)
}

/// What is kept of a code: useless without the key of the house, and only good for this phone.
async fn hash(store: &Store, tx: &Tx, phone: &Phone, code: &str) -> Result<String> {
    let key = secret(store, tx).await?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    mac.update(phone.reveal().as_bytes());
    mac.update(b" ");
    mac.update(code.as_bytes());
    Ok(token::base64url(&mac.finalize().into_bytes()))
}

/// A token that only the house can make out of `text`: shown again when asked for, though only its hash is kept.
pub(crate) async fn seal(store: &Store, tx: &Tx, text: &str) -> Result<String> {
    let key = secret(store, tx).await?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    mac.update(text.as_bytes());
    Ok(token::base64url(&mac.finalize().into_bytes()))
}

/// The key of the house, made when first needed and kept among the settings.
async fn secret(store: &Store, tx: &Tx) -> Result<String> {
    if let Some(known) = store.secret.get() {
        return Ok(known.clone());
    }
    let sql = "INSERT INTO setting (key, value) VALUES ('secret', $1) ON CONFLICT DO NOTHING";
    let added = tx.run(sql, vals![token::session()]).await? == 1;
    let row =
        sql::row(tx, "SELECT value FROM setting WHERE key = 'secret' AND branch_id IS NULL", vals![]).await?;
    let row = row.ok_or_else(|| Error::internal("the key of the house is missing"))?;
    let secret: String = row.try_get_by_index(0)?;
    // One that was just made counts from its commit on only.
    if !added {
        let _ = store.secret.set(secret.clone());
    }
    Ok(secret)
}

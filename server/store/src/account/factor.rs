//! The second factor of staff: six digits of an authenticator app (TOTP), one step of tolerance, each used once.

use super::{own_user, password, session};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    entity::user_account,
    rate::{self, Limit},
    sql::vals,
};
use domain::{
    Refusal, UserId,
    account::{FactorSetup, check_password},
};
use sea_orm::EntityTrait;
use totp_rs::{Builder, Secret, Totp};

const ISSUER: &str = "Meiyue";
/// Tries of the own second factor or password while signed in.
const TRIES: Limit = Limit::per_minutes(10, 15);

fn totp(secret: &str, account: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret)
        .map_err(|_| Error::internal("a second factor's secret is damaged"))?;
    // A colon would end the name in the address.
    let account = account.replace(':', "_");
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .map_err(|e| Error::internal(e.to_string()))
}

/// Whether the digits are right and were not used before; uses them up.
pub(super) async fn use_code(tx: &Tx, user: &user_account::Model, secret: &str, typed: &str) -> Result<bool> {
    let seconds = u64::try_from(tx.now().timestamp()).unwrap_or(0);
    let Some(step) = totp(secret, &user.username)?.check(typed, seconds) else { return Ok(false) };
    let step = i64::try_from(step).map_err(Error::internal)?;
    let sql = "UPDATE user_account SET factor_step = $1 WHERE id = $2 AND (factor_step IS NULL OR factor_step < $1)";
    Ok(tx.run(sql, vals![step, user.id]).await? == 1)
}

/// Counts a try with the own password or second factor.
pub(super) async fn count_try(cx: &OpContext, user: UserId) -> Result<()> {
    rate::count(cx, &[("account.try", &user.to_string(), TRIES)]).await
}

pub(super) async fn load(cx: &OpContext, id: UserId) -> Result<user_account::Model> {
    user_account::Entity::find_by_id(id.0).one(cx.db()).await?.ok_or(Error::SignedOut)
}

/// Makes a secret for the authenticator app; nothing changes until it is confirmed. `qr` is drawn by the app.
///
/// # Errors
/// `SignedOut`, `Forbidden` for customers, `WrongState` when there is a second factor already.
pub async fn factor_begin(cx: &OpContext) -> Result<FactorSetup> {
    let id = own_user(cx)?;
    let user = load(cx, id).await?;
    if user.factor_secret.is_some() {
        return Err(Refusal::WrongState { state: "on".to_owned() }.into());
    }
    let secret = Secret::generate().to_base32();
    let uri = totp(&secret, &user.username)?.to_url().map_err(|e| Error::internal(e.to_string()))?;
    let tx = cx.begin().await?;
    tx.run("UPDATE user_account SET factor_pending = $1 WHERE id = $2", vals![secret.as_str(), id.0]).await?;
    tx.commit().await?;
    Ok(FactorSetup { secret, uri, qr: domain::booking::Qr::default() })
}

/// Turns the second factor on: the app shows the right digits. All other sessions end.
///
/// # Errors
/// `SignInFailed` when the digits are wrong, `WrongState` when none was begun, `TooMany`.
pub async fn factor_confirm(cx: &OpContext, code: &str) -> Result<()> {
    let id = own_user(cx)?;
    count_try(cx, id).await?;
    let user = load(cx, id).await?;
    let Some(secret) = user.factor_pending.clone().filter(|_| user.factor_secret.is_none()) else {
        return Err(Refusal::WrongState { state: "none".to_owned() }.into());
    };
    let tx = cx.begin().await?;
    if !use_code(&tx, &user, &secret, code).await? {
        return Err(Refusal::SignInFailed.into());
    }
    let sql = "UPDATE user_account SET factor_secret = factor_pending, factor_pending = NULL, version = version + 1 \
               WHERE id = $1 AND factor_pending = $2";
    if tx.run(sql, vals![id.0, secret]).await? != 1 {
        return Err(Refusal::Stale.into());
    }
    changed(&tx, cx, id, "user.factor_on").await?;
    tx.commit().await
}

/// Turns the second factor off. A password that was short because of it has to be changed first (C-38).
///
/// # Errors
/// `SignInFailed` when the password is wrong, `Invalid` when it is too short to stand alone, `TooMany`.
pub async fn factor_disable(cx: &OpContext, password: String) -> Result<()> {
    let id = own_user(cx)?;
    count_try(cx, id).await?;
    let user = load(cx, id).await?;
    if !password::verify(password.clone(), Some(user.password_hash)).await? {
        return Err(Refusal::SignInFailed.into());
    }
    check_password(&password, false).map_err(|code| Error::field("password", code))?;
    let tx = cx.begin().await?;
    let sql = "UPDATE user_account SET factor_secret = NULL, factor_pending = NULL, factor_step = NULL, \
               version = version + 1 WHERE id = $1";
    tx.run(sql, vals![id.0]).await?;
    changed(&tx, cx, id, "user.factor_off").await?;
    tx.commit().await
}

/// After a change to the own account: the own session goes on, the log has a line.
pub(super) async fn changed(tx: &Tx, cx: &OpContext, id: UserId, action: &str) -> Result<()> {
    session::keep_own(tx, cx).await?;
    tx.audit(cx, Entry { action, entity: "user_account", id: Some(id.0), ..Entry::default() });
    Ok(())
}

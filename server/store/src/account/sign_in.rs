//! Staff sign-in. An unknown name, a wrong password and a wrong second factor look alike and cost alike (C-39).

use super::{
    factor, password,
    session::{self, NewSession, Owner},
};
use crate::{
    OpContext, Result, Tx,
    audit::Entry,
    entity::user_account,
    rate::{self, Limit},
};
use domain::{Refusal, UserId, account::SignIn};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Tries of one name from one address; a success forgets them.
const NAME_AND_ADDRESS: Limit = Limit::per_minutes(10, 15);
/// Tries of one name from anywhere: not so few that a stranger could lock somebody out with ease.
const NAME: Limit = Limit::per_minutes(60, 15);
/// Tries of any name from one address.
const ADDRESS: Limit = Limit::per_minutes(120, 15);

/// Signs a member of staff in.
///
/// # Errors
/// `SignInFailed`, `NeedSecondFactor` (the password was right), `TooMany`.
pub async fn sign_in(cx: &OpContext, form: SignIn) -> Result<NewSession> {
    let pair = format!("{}@{}", form.username, cx.addr);
    rate::count(
        cx,
        &[
            ("sign_in.pair", &pair, NAME_AND_ADDRESS),
            ("sign_in.name", &form.username, NAME),
            ("sign_in.addr", &cx.addr, ADDRESS),
        ],
    )
    .await?;
    let user = user_account::Entity::find()
        .filter(user_account::Column::Username.eq(&form.username))
        .filter(user_account::Column::DisabledAt.is_null())
        .one(cx.db())
        .await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = password::verify(form.password, hash).await?;
    let tx = cx.begin().await?;
    let answer = match user.filter(|_| right) {
        Some(user) => second_factor(&tx, &user, form.factor.as_deref()).await?.map(|()| user),
        None => Err(Refusal::SignInFailed),
    };
    let user = match answer {
        Ok(user) => user,
        Err(refusal) => {
            if refusal == Refusal::SignInFailed {
                let entry = Entry { action: "session.refused", entity: "user_account", ..Entry::default() };
                tx.audit(cx, entry);
            }
            tx.commit().await?;
            return Err(refusal.into());
        }
    };
    let owner = Owner::User { id: UserId(user.id), version: user.version, remember: form.remember };
    let session = session::begin(&tx, cx, owner);
    rate::clear(&tx, "sign_in.pair", &pair).await?;
    let entry =
        Entry { action: "session.sign_in", entity: "user_account", id: Some(user.id), ..Entry::default() };
    tx.audit_as("staff", Some(user.id), entry);
    tx.commit().await?;
    Ok(session)
}

async fn second_factor(
    tx: &Tx,
    user: &user_account::Model,
    typed: Option<&str>,
) -> Result<std::result::Result<(), Refusal>> {
    let Some(secret) = &user.factor_secret else { return Ok(Ok(())) };
    let Some(typed) = typed else { return Ok(Err(Refusal::NeedSecondFactor)) };
    let right = factor::use_code(tx, user, secret, typed).await?;
    Ok(if right { Ok(()) } else { Err(Refusal::SignInFailed) })
}

//! Server functions: who is signed in, signing in and out, second factor, password.

use crate::error::AppError;
use domain::account::{FactorSetup, Me};
use domain::branch::BranchInfo;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::{end_session, op_context, set_session};
#[cfg(feature = "ssr")]
use domain::account::{SignInForm, StaffMe, check_code};

/// Who is signed in.
#[server(name = ReadMe, prefix = "/api", endpoint = "account/me")]
pub async fn me() -> Result<Me, AppError> {
    Ok(store::account::me(&op_context()?).await?)
}

/// The signed-in member of staff.
///
/// # Errors
/// `SignedOut` for everyone else.
#[cfg(feature = "ssr")]
pub async fn staff(cx: &store::OpContext) -> Result<StaffMe, AppError> {
    match store::account::me(cx).await? {
        Me::Staff(me) => Ok(me),
        _ => Err(store::Error::SignedOut.into()),
    }
}

/// The branch that the signed-in member of staff works in.
///
/// # Errors
/// `SignedOut` for everyone else.
#[cfg(feature = "ssr")]
pub async fn branch_of(cx: &store::OpContext) -> Result<domain::BranchId, AppError> {
    match cx.actor {
        domain::Actor::Staff { .. } => Ok(store::account::working_branch(cx).await?),
        _ => Err(store::Error::SignedOut.into()),
    }
}

/// Signs a member of staff in; the answer leads to `next`, or to where the role begins.
#[server(prefix = "/api", endpoint = "account/sign_in")]
pub async fn sign_in(
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] factor: String,
    #[server(default)] remember: Option<String>,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let cx = op_context()?;
    let form = SignInForm { username, password, factor, remember };
    let session = store::account::sign_in(&cx, form.check()?).await?;
    set_session(&session.token, session.expires_at);
    leptos_axum::redirect(super::frame::inside(&next).unwrap_or("/staff"));
    Ok(())
}

/// Ends this session.
#[server(prefix = "/api", endpoint = "account/sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    store::account::sign_out(&op_context()?).await?;
    end_session();
    leptos_axum::redirect("/staff/sign-in");
    Ok(())
}

/// Ends every session of this account, on all devices.
#[server(prefix = "/api", endpoint = "account/sign_out_everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    store::account::sign_out_everywhere(&op_context()?).await?;
    end_session();
    leptos_axum::redirect("/staff/sign-in");
    Ok(())
}

/// A new secret for the second factor; takes effect once a code of it is confirmed.
#[server(prefix = "/api", endpoint = "account/factor_begin")]
pub async fn factor_begin() -> Result<FactorSetup, AppError> {
    let setup = store::account::factor_begin(&op_context()?).await?;
    let qr = crate::ssr::qr(&setup.uri);
    Ok(FactorSetup { qr, ..setup })
}

#[server(prefix = "/api", endpoint = "account/factor_confirm")]
pub async fn factor_confirm(#[server(default)] code: String) -> Result<(), AppError> {
    let code = check_code(&code).map_err(|e| domain::FieldError::new("code", e))?;
    store::account::factor_confirm(&op_context()?, &code).await?;
    leptos_axum::redirect("/account?done=factor");
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/factor_disable")]
pub async fn factor_disable(#[server(default)] password: String) -> Result<(), AppError> {
    store::account::factor_disable(&op_context()?, password).await?;
    leptos_axum::redirect("/account?done=factor_off");
    Ok(())
}

/// Other devices are signed out by it.
#[server(prefix = "/api", endpoint = "account/change_password")]
pub async fn change_password(
    #[server(default)] old: String,
    #[server(default)] new: String,
) -> Result<(), AppError> {
    store::account::change_password(&op_context()?, old, new).await?;
    leptos_axum::redirect("/account?done=password");
    Ok(())
}

/// The branches the owner can look at; empty for all others.
#[server(prefix = "/api", endpoint = "account/branches")]
pub async fn branches() -> Result<Vec<BranchInfo>, AppError> {
    let cx = op_context()?;
    match staff(&cx).await?.role {
        domain::Role::Owner => Ok(store::branch::chain(&cx).await?.branches),
        _ => Ok(Vec::new()),
    }
}

/// From now on the owner looks at this branch.
#[server(prefix = "/api", endpoint = "account/look_at")]
pub async fn look_at(branch: String) -> Result<(), AppError> {
    let branch = branch.parse().map_err(|_| domain::FieldError::new("branch", domain::FieldCode::Choice))?;
    store::account::look_at(&op_context()?, branch).await?;
    leptos_axum::redirect("/staff");
    Ok(())
}

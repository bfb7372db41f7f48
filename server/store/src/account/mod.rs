//! Signing in: staff by password and second factor, customers by phone and one-time code.

mod code;
mod factor;
mod me;
mod password;
mod session;
mod sign_in;
mod user;

pub(crate) use code::send_code_in;
pub use code::{send_code, sign_in_with_code};
pub use factor::{factor_begin, factor_confirm, factor_disable};
pub use me::{look_at, me, working_branch};
pub use password::{change_password, hash_password};
pub(crate) use session::Sessions;
pub use session::{NewSession, actor_of, sign_out, sign_out_everywhere};
pub use sign_in::sign_in;
pub use user::{NewUser, add_user, disable_user, set_role};

pub(crate) use code::{check_code, seal};
pub(crate) use session::new_customer_session;

#[cfg(feature = "testing")]
pub(crate) use password::CHECKS;

use crate::{Error, OpContext, Result, idempotency, rate, sql::vals};
use domain::{
    Actor, UserId,
    permission::{Action, Scope},
};

/// Forgets what is over: sessions, codes, counters, answers kept for repeated requests. For a job.
///
/// # Errors
/// `Forbidden` for anyone but the house itself.
pub async fn delete_expired(cx: &OpContext) -> Result<u64> {
    if cx.actor != Actor::System {
        return Err(Error::Forbidden);
    }
    let tx = cx.begin().await?;
    let mut gone = tx.run("DELETE FROM session WHERE expires_at <= $1", vals![tx.now_ms()]).await?;
    let day_ago = tx.now_ms() - crate::time::DAY_MS;
    gone += tx.run("DELETE FROM login_code WHERE expires_at < $1", vals![day_ago]).await?;
    gone += rate::delete_old(&tx).await?;
    gone += idempotency::delete_old(&tx).await?;
    tx.commit().await?;
    Ok(gone)
}

/// The login of who asks, for what one does to one's own account.
fn own_user(cx: &OpContext) -> Result<UserId> {
    cx.allow(Action::ManageOwnAccount, &Scope { customer: cx.actor.customer(), ..Scope::none() })?;
    cx.actor.user().ok_or(Error::Forbidden)
}

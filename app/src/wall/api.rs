//! Server functions of the inner wall and the demo outbox.

use crate::error::AppError;
use domain::{
    Page,
    notify::MessageView,
    promise::{EvidencePage, Wall},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::staff, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::promise::Promise;

/// All promises of the branch looked at, or of the one named.
#[server(name = ReadWall, prefix = "/api", endpoint = "wall/wall")]
pub async fn wall(#[server(default)] branch: String) -> Result<Wall, AppError> {
    let cx = op_context()?;
    let me = staff(&cx).await?;
    let slug = if branch.is_empty() { me.branch_slug } else { branch };
    Ok(store::promise::wall(&cx, &slug).await?)
}

/// The records behind one promise, with names as the role allows.
#[server(name = ReadRecords, prefix = "/api", endpoint = "wall/records")]
pub async fn records(
    code: String,
    #[server(default)] branch: String,
    #[server(default)] missed: bool,
    #[server(default)] after: Option<String>,
) -> Result<EvidencePage, AppError> {
    let cx = op_context()?;
    let me = staff(&cx).await?;
    let slug = if branch.is_empty() { me.branch_slug } else { branch };
    let promise = Promise::from_code(&code).ok_or(store::Error::NotFound)?;
    Ok(store::promise::evidence(&cx, &slug, promise, missed, after).await?)
}

/// Messages as they would arrive, the newest first (demo mode only).
#[server(name = ReadOutbox, prefix = "/api", endpoint = "wall/outbox")]
pub async fn outbox(#[server(default)] after: Option<String>) -> Result<Page<MessageView>, AppError> {
    let cx = op_context()?;
    let page = store::notify::outbox(&cx, after.as_deref()).await?;
    Ok(Page { items: page.items.into_iter().map(worded).collect(), next: page.next })
}

#[cfg(feature = "ssr")]
fn worded(row: store::notify::OutboxRow) -> MessageView {
    let words = crate::notify::render(row.template, row.lang, &row.params);
    MessageView {
        id: row.id,
        channel: row.channel,
        template: row.template,
        lang: row.lang,
        to: row.to,
        text: words.text,
        link: words.link,
        state: row.state,
        due: row.due,
        sent: row.sent,
    }
}

use crate::notify::{Outgoing, Providers};
use futures::{StreamExt, stream};
use std::sync::Arc;
use store::{
    Result, Store,
    notify::{Leased, claim, failed, sent},
};

/// Messages taken at a time.
const BATCH: u32 = 50;
/// Messages under way at a time.
const AT_ONCE: usize = 8;

/// Sends what is due in the outbox, each message once (C-24): whoever takes it holds a lease on it, and only the
/// holder reports. Gives how many were sent.
///
/// # Errors
/// The database's. A provider's failure is noted with the message, which is tried again later.
pub async fn deliver(store: &Arc<Store>, providers: &Providers) -> Result<u64> {
    let mut total = 0;
    loop {
        let batch = claim(store, BATCH).await?;
        let last = batch.len() < BATCH as usize;
        let mut results =
            stream::iter(batch).map(|message| one(store, providers, message)).buffer_unordered(AT_ONCE);
        while let Some(result) = results.next().await {
            total += u64::from(result?);
        }
        if last {
            return Ok(total);
        }
    }
}

/// `false`: not sent, or someone else has sent it.
async fn one(store: &Arc<Store>, providers: &Providers, leased: Leased) -> Result<bool> {
    let (id, lease, channel) = (leased.id, leased.lease, leased.channel);
    let (subject, text) = words(store, &leased);
    let outgoing = Outgoing {
        id,
        key: leased.key,
        channel,
        to: leased.recipient,
        template: leased.template.code(),
        lang: leased.lang.tag(),
        subject,
        text,
    };
    let result = providers.of(channel).send(&outgoing, store.now()).await;
    let outcome = if result.is_ok() { "sent" } else { "failed" };
    ::metrics::counter!("meiyue_messages_total", "channel" => channel.code(), "outcome" => outcome)
        .increment(1);
    match result {
        Ok(()) => sent(store, id, lease).await,
        Err(error) => {
            tracing::warn!(message = %id, template = outgoing.template, attempt = leased.attempt, %error, "message not sent");
            failed(store, id, lease, &error.to_string()).await.map(|_| false)
        }
    }
}

/// The message in words: what heads it, and its text with the link at the end.
fn words(store: &Store, leased: &Leased) -> (String, String) {
    let words = app::notify::render(leased.template, leased.lang, &leased.params);
    let text = match words.link {
        Some(link) if link.starts_with('/') => format!("{}\n{}{link}", words.text, store.base_url()),
        Some(link) => format!("{}\n{link}", words.text),
        None => words.text,
    };
    (words.subject, text)
}

use crate::notify::{Outgoing, Providers, SendError};
use domain::MessageId;
use futures::{StreamExt, stream};
use std::sync::Arc;
use store::{
    Result, Store,
    notify::{Leased, claim, failed, sent},
};

/// Messages taken at a time.
const BATCH: u32 = 200;
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
        let Some(lease) = batch.first().map(|message| message.lease) else { return Ok(total) };
        let mut under_way = stream::iter(batch)
            .map(|message| one(store, providers, message))
            .buffer_unordered(AT_ONCE)
            // Those that are out by now are reported together: each alone would be a transaction more for every booking.
            .ready_chunks(BATCH as usize);
        while let Some(results) = under_way.next().await {
            let (out, back): (Vec<_>, Vec<_>) = results.into_iter().partition(|(_, result)| result.is_ok());
            let out: Vec<_> = out.into_iter().map(|(id, _)| id).collect();
            total += sent(store, lease, &out).await?;
            for (id, result) in back {
                let error = result.err().map(|error| error.to_string()).unwrap_or_default();
                failed(store, id, lease, &error).await?;
            }
        }
        if last {
            return Ok(total);
        }
    }
}

async fn one(
    store: &Store,
    providers: &Providers,
    leased: Leased,
) -> (MessageId, std::result::Result<(), SendError>) {
    let (id, channel, attempt) = (leased.id, leased.channel, leased.attempt);
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
    if let Err(error) = &result {
        tracing::warn!(message = %id, template = outgoing.template, attempt, %error, "message not sent");
    }
    (id, result)
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

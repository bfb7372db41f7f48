//! Posts messages to an address of the salon's own choosing, which passes them on as SMS or WeChat messages.
//!
//! The body is JSON: `id`, `channel` (`sms`, `wechat`), `to`, `template`, `lang`, `text`. Headers: `Idempotency-Key`
//! (the same on every try), `X-Meiyue-Timestamp` (seconds since 1970) and `X-Meiyue-Signature`:
//! `sha256=` and the HMAC-SHA256 of timestamp, a dot and the body in hexadecimal. Any 2xx answer counts as sent.

use super::{Outgoing, SendError};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Webhook {
    client: Client,
    url: String,
    secret: SecretString,
}

impl Webhook {
    pub fn new(url: &str, secret: SecretString) -> Result<Self, String> {
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .user_agent("meiyue")
            .build()
            .map_err(|error| format!("webhook_url: {error}"))?;
        Ok(Self { client, url: url.to_owned(), secret })
    }

    pub async fn send(&self, message: &Outgoing, now: DateTime<Utc>) -> Result<(), SendError> {
        let body = json!({
            "id": message.id,
            "channel": message.channel.code(),
            "to": message.to,
            "template": message.template,
            "lang": message.lang,
            "text": message.text,
        })
        .to_string();
        let timestamp = now.timestamp().to_string();
        let signature = sign(self.secret.expose_secret().as_bytes(), &timestamp, &body)
            .ok_or_else(|| SendError("the message cannot be signed".to_owned()))?;
        let request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", &message.key)
            .header("X-Meiyue-Timestamp", timestamp)
            .header("X-Meiyue-Signature", signature)
            .body(body);
        let response = request.send().await.map_err(|error| SendError(explain(&error)))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(SendError(format!("the provider answered {}", status.as_u16()))),
        }
    }
}

fn sign(secret: &[u8], timestamp: &str, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("sha256={hex}"))
}

fn explain(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
    format!("the provider {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_timestamp_and_body() {
        // printf '1.{}' | openssl dgst -sha256 -hmac sixteen-or-more!
        assert_eq!(
            sign(b"sixteen-or-more!", "1", "{}").unwrap(),
            "sha256=fcf225845fa70126889a53506e16c3703cb16bff3e0ba7ca8e7fe29ddf4c7ffa"
        );
    }
}

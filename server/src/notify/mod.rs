//! How messages leave the house: one provider per channel, chosen by the settings.

mod file;
mod mail;
mod webhook;

use crate::config::Settings;
use domain::{MessageId, notify::Channel};
use std::fmt;

/// A message in words, ready to go.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub id: MessageId,
    /// The same for every try: a provider that takes such keys sends it once.
    pub key: String,
    pub channel: Channel,
    pub to: String,
    pub template: &'static str,
    pub lang: &'static str,
    /// For channels that have one.
    pub subject: String,
    /// With its link.
    pub text: String,
}

/// Why it did not go; ends in the outbox, so it names no recipient and no text.
#[derive(Debug)]
pub struct SendError(pub String);

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where one channel's messages go.
pub enum Provider {
    /// Development: that there was a message, not what it said.
    Log,
    /// Development: everything, into a file.
    File(file::OutboxFile),
    Mail(Box<mail::Mail>),
    Webhook(webhook::Webhook),
}

impl Provider {
    /// # Errors
    /// The message is tried again later.
    pub async fn send(
        &self,
        message: &Outgoing,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), SendError> {
        match self {
            Self::Log => {
                tracing::info!(message = %message.id, template = message.template, channel = message.channel.code(), "no provider is set: message not sent");
                Ok(())
            }
            Self::File(file) => file.append(message, now).await,
            Self::Mail(mail) => mail.send(message).await,
            Self::Webhook(webhook) => webhook.send(message, now).await,
        }
    }
}

/// A provider for each channel.
pub struct Providers {
    phone: Provider,
    mail: Provider,
}

impl Providers {
    /// # Errors
    /// A setting that no provider can be made of.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        let spare = || match &settings.outbox_file {
            Some(path) => Provider::File(file::OutboxFile::new(path.clone())),
            None => Provider::Log,
        };
        let phone = match (&settings.webhook_url, &settings.webhook_secret) {
            (Some(url), Some(secret)) => Provider::Webhook(webhook::Webhook::new(url, secret.clone())?),
            _ => spare(),
        };
        let mail = match (&settings.smtp_url, &settings.smtp_from) {
            (Some(url), Some(from)) => Provider::Mail(Box::new(mail::Mail::new(url, from)?)),
            _ => spare(),
        };
        Ok(Self { phone, mail })
    }

    /// The one for a channel. Text messages and WeChat leave by the same webhook, which is told the channel.
    #[must_use]
    pub fn of(&self, channel: Channel) -> &Provider {
        match channel {
            Channel::Sms | Channel::Wechat => &self.phone,
            Channel::Email => &self.mail,
        }
    }
}

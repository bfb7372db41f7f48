use super::{Outgoing, SendError};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(15);

/// Mails by SMTP.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    pub fn new(url: &SecretString, from: &str) -> Result<Self, String> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| "smtp_url is no address of a mail server; allowed: smtps://<user>:<password>@<host>:<port>, smtp://<host>?tls=required".to_owned())?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|error| format!("smtp_from: {error}"))?;
        Ok(Self { transport, from })
    }

    pub async fn send(&self, message: &Outgoing) -> Result<(), SendError> {
        let mail = self.compose(message)?;
        self.transport.send(mail).await.map(drop).map_err(|error| SendError(explain(&error)))
    }

    fn compose(&self, message: &Outgoing) -> Result<Message, SendError> {
        let to: Mailbox =
            message.to.parse().map_err(|_| SendError("the recipient is no mail address".to_owned()))?;
        // The same on every try, so that a mail that arrived twice is shown once.
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        Message::builder()
            .message_id(Some(id))
            .from(self.from.clone())
            .to(to)
            .subject(message.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|error| SendError(error.to_string()))
    }
}

fn explain(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{MessageId, notify::Channel};

    #[tokio::test]
    async fn a_mail_has_a_subject_and_always_the_same_id() {
        let mail =
            Mail::new(&SecretString::from("smtp://127.0.0.1:2525"), "栖云 <hello@salon.example>").unwrap();
        let id = MessageId::new();
        let message = Outgoing {
            id,
            key: "k".into(),
            channel: Channel::Email,
            to: "li@customer.example".into(),
            template: "rate",
            lang: "zh-CN",
            subject: "请评价".into(),
            text: "请评价\nhttps://salon.example/r/x".into(),
        };
        let text = String::from_utf8(mail.compose(&message).unwrap().formatted()).unwrap();
        assert!(text.contains(&format!("Message-ID: <{id}@salon.example>")), "{text}");
        assert!(text.contains("Subject: =?utf-8?"), "{text}");
        let bad = Outgoing { to: "no address".into(), ..message };
        assert!(mail.compose(&bad).is_err());
    }
}

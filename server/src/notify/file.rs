use super::{Outgoing, SendError};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::path::PathBuf;
use tokio::{fs::OpenOptions, io::AsyncWriteExt};

/// Messages as lines of JSON, to try things out without a provider.
pub struct OutboxFile(PathBuf);

impl OutboxFile {
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub async fn append(&self, message: &Outgoing, now: DateTime<Utc>) -> Result<(), SendError> {
        let line = json!({
            "at": now,
            "key": message.key,
            "channel": message.channel.code(),
            "to": message.to,
            "template": message.template,
            "text": message.text,
        });
        let write = async {
            let mut file = OpenOptions::new().create(true).append(true).open(&self.0).await?;
            // One write, so that two processes do not mix their lines.
            file.write_all(format!("{line}\n").as_bytes()).await?;
            file.flush().await
        };
        write.await.map_err(|error: std::io::Error| SendError(format!("{}: {error}", self.0.display())))
    }
}

//! One act on its way to the server.

use super::device;
use crate::{error::AppError, treat::api};
use domain::Refusal;
use domain::{
    offline::{Act, LateNoteForm, LateTickForm, Trouble, Waiting},
    treat::{StepState, Treatment},
};
use gloo_net::http::Request;
use web_sys::FormData;

pub enum Sent {
    Arrived(Box<Treatment>),
    /// It will not be taken as it is.
    Refused(Trouble),
    SignedOut,
    /// No answer, or none that says anything about the act: again later.
    Later,
}

pub async fn send(act: &Waiting) -> Sent {
    let ago = act.ago(js_sys::Date::now() as i64).to_string();
    let (item, key) = (act.item.to_string(), act.key.clone());
    let answer = match &act.act {
        Act::Tick { step, state, reason, seen } => {
            let (step, state, reason) = (step.to_string(), state.code().to_owned(), reason.clone());
            let seen = seen.map(StepState::code).unwrap_or_default().to_owned();
            api::late_tick(LateTickForm { step, state, reason, key, seen, ago }).await
        }
        Act::Note { text } => api::late_note(LateNoteForm { item, text: text.clone(), key, ago }).await,
        Act::Photo { angle, label, .. } => {
            match picture(
                act.seq,
                &item,
                &[("angle", angle.code()), ("label", label), ("key", &key), ("ago", &ago)],
            )
            .await
            {
                Ok(()) => api::treatment(item).await,
                Err(error) => Err(error),
            }
        }
    };
    match answer {
        Ok(view) => Sent::Arrived(Box::new(view)),
        Err(AppError::SignedOut) => Sent::SignedOut,
        Err(AppError::Refused(Refusal::TooMany { .. })) => Sent::Later,
        Err(AppError::Refused(Refusal::Stale)) => Sent::Refused(Trouble::Changed),
        Err(AppError::Refused(refusal)) => Sent::Refused(Trouble::Refused(refusal)),
        Err(AppError::Invalid(fields)) => {
            let code = fields.first().map_or(domain::FieldCode::Required, |field| field.code);
            Sent::Refused(Trouble::Field(code))
        }
        Err(AppError::Forbidden | AppError::NotFound) => Sent::Refused(Trouble::Forbidden),
        Err(AppError::Transport(_) | AppError::Internal { .. } | AppError::Unavailable { .. }) => Sent::Later,
    }
}

/// Sends a picture with its fields.
async fn picture(seq: u32, item: &str, fields: &[(&str, &str)]) -> Result<(), AppError> {
    let no_answer = |_| AppError::Transport("no answer".to_owned());
    let form = FormData::new().map_err(|_| AppError::Transport("no form".to_owned()))?;
    for (name, value) in fields {
        let _ = form.append_with_str(name, value);
    }
    if let Some(picture) = device::picture(seq).await {
        let _ = form.append_with_blob_and_filename("photo", &picture, "photo.jpg");
    }
    let request = Request::post(&format!("/chair/{item}/photos")).header("accept", "application/json");
    let answer = request.body(form).map_err(no_answer)?.send().await.map_err(no_answer)?;
    if answer.ok() && !answer.redirected() {
        return Ok(());
    }
    if answer.redirected() {
        return Err(AppError::SignedOut);
    }
    let told = answer.binary().await.map_err(no_answer)?;
    serde_json::from_slice(&told).map_err(|_| AppError::Transport("no answer".to_owned())).and_then(Err)
}

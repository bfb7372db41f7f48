//! Words for every error code. One function per enum, exhaustive: a new code cannot come without its words.

use crate::{
    error::AppError,
    tr, tr_n,
    ui::{Banner, IconName, Tone, format},
};
use domain::{FieldCode, Lang, LocalTime, Refusal};
use leptos::prelude::*;
use std::borrow::Cow;

/// What is wrong with a field, and how to put it right.
#[must_use]
pub fn field_text(lang: Lang, code: FieldCode) -> &'static str {
    match code {
        FieldCode::Required => tr!(lang, error.field.required),
        FieldCode::TooShort => tr!(lang, error.field.too_short),
        FieldCode::TooLong => tr!(lang, error.field.too_long),
        FieldCode::Phone => tr!(lang, error.field.phone),
        FieldCode::Code => tr!(lang, error.field.code),
        FieldCode::Characters => tr!(lang, error.field.characters),
        FieldCode::Choice => tr!(lang, error.field.choice),
        FieldCode::Range => tr!(lang, error.field.range),
        FieldCode::Past => tr!(lang, error.field.past),
        FieldCode::Common => tr!(lang, error.field.common),
        FieldCode::Taken => tr!(lang, error.field.taken),
        FieldCode::Picture => tr!(lang, error.field.picture),
        FieldCode::Heic => tr!(lang, error.field.heic),
        FieldCode::Heavy => tr!(lang, error.field.heavy),
    }
}

/// Why a rule said no, and the way on.
#[must_use]
pub fn refusal_text(lang: Lang, refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::SlotTaken { nearest } if nearest.is_empty() => tr!(lang, error.refused.slot_taken),
        Refusal::SlotTaken { nearest } => {
            let times = nearest.iter().map(LocalTime::hhmm).collect::<Vec<_>>().join(" · ");
            return tr!(lang, error.refused.slot_taken_near, times = times);
        }
        Refusal::SlotNotOffered => tr!(lang, error.refused.slot_not_offered),
        Refusal::OutsideNotice => tr!(lang, error.refused.outside_notice),
        Refusal::HoldExpired => tr!(lang, error.refused.hold_expired),
        Refusal::AfterCutOff { phone } => {
            return tr!(lang, error.refused.after_cut_off, phone = phone.clone());
        }
        Refusal::TooManyChanges { limit } => return tr_n!(lang, error.refused.too_many_changes, *limit),
        Refusal::WrongState { .. } => tr!(lang, error.refused.wrong_state),
        Refusal::Stale => tr!(lang, error.refused.stale),
        Refusal::KeyReused => tr!(lang, error.refused.key_reused),
        Refusal::CodeWrong { left } => return tr_n!(lang, error.refused.code_wrong, *left),
        Refusal::CodeExpired => tr!(lang, error.refused.code_expired),
        Refusal::TooMany { seconds } => {
            let span = format::span(lang, seconds.div_ceil(60).max(1));
            return tr!(lang, error.refused.too_many, span = span);
        }
        Refusal::SignInFailed => tr!(lang, error.refused.sign_in_failed),
        Refusal::NeedSecondFactor => tr!(lang, error.refused.need_second_factor),
        Refusal::NotCertified => tr!(lang, error.refused.not_certified),
        Refusal::PersonBusy { until: None } => tr!(lang, error.refused.person_busy),
        Refusal::PersonBusy { until: Some(until) } => {
            return tr!(lang, error.refused.person_busy_until, time = until.hhmm());
        }
        Refusal::NoRoomFree => tr!(lang, error.refused.no_room_free),
        Refusal::NotOnShift => tr!(lang, error.refused.not_on_shift),
        Refusal::AlreadyAnswered => tr!(lang, error.refused.already_answered),
        Refusal::LinkExpired => tr!(lang, error.refused.link_expired),
        Refusal::StepsOpen { count } => return tr_n!(lang, error.refused.steps_open, *count),
        Refusal::Contraindicated { stop: true } => tr!(lang, error.refused.contraindicated_stop),
        Refusal::Contraindicated { stop: false } => tr!(lang, error.refused.contraindicated_warn),
        Refusal::AllergenInside => tr!(lang, error.refused.allergen_inside),
        Refusal::NeedsFirst => tr!(lang, error.refused.needs_first),
        Refusal::NotOnline => tr!(lang, error.refused.not_online),
        Refusal::AboveLimit { limit } => return tr!(lang, error.refused.above_limit, limit = limit.yuan()),
        Refusal::AlreadyArrived => tr!(lang, error.refused.already_arrived),
        Refusal::OutcomeMissing => tr!(lang, error.refused.outcome_missing),
        Refusal::ShiftsOverlap => tr!(lang, error.refused.shifts_overlap),
        Refusal::WouldStrand { count, .. } => return tr_n!(lang, error.refused.would_strand, *count),
    };
    text.to_owned()
}

/// One sentence for any error.
#[must_use]
pub fn error_text(lang: Lang, error: &AppError) -> String {
    match error {
        AppError::SignedOut => tr!(lang, error.signed_out).to_owned(),
        AppError::Forbidden => tr!(lang, error.forbidden).to_owned(),
        AppError::NotFound => tr!(lang, error.not_found).to_owned(),
        AppError::Invalid(fields) => tr_n!(lang, ui.form.some, fields.len().max(1)),
        AppError::Refused(refusal) => refusal_text(lang, refusal),
        AppError::Internal { incident } => tr!(lang, error.internal, code = incident.clone()),
        AppError::Unavailable { .. } => tr!(lang, ui.error.away.text).to_owned(),
        AppError::Transport(_) => tr!(lang, error.transport).to_owned(),
    }
}

/// The last error of a form, for its fields and for the note above its button.
///
/// ```ignore
/// let act = ServerAction::<Book>::new();
/// let errors = FormErrors::of(lang, move || act.value().get());
/// view! { <ActionForm action=act> <FormNote errors/> <TextInput error=errors.field("phone") …/> </ActionForm> }
/// ```
#[derive(Clone, Copy)]
pub struct FormErrors {
    lang: Lang,
    error: Signal<Option<AppError>>,
}

impl FormErrors {
    /// `value` is the action's last answer. Works without scripts too: the action then finds the error in the address.
    pub fn of<T: 'static>(
        lang: Lang,
        value: impl Fn() -> Option<Result<T, AppError>> + Send + Sync + 'static,
    ) -> Self {
        Self { lang, error: Signal::derive(move || value().and_then(Result::err)) }
    }

    /// The words for one field, while it is wrong.
    #[must_use]
    pub fn field(self, name: impl Into<Cow<'static, str>>) -> Signal<Option<String>> {
        let name = name.into();
        Signal::derive(move || {
            self.error
                .with(|error| error.as_ref()?.field(&name))
                .map(|code| field_text(self.lang, code).to_owned())
        })
    }

    /// The error itself, for forms that answer some refusal with more than words.
    #[must_use]
    pub fn error(self) -> Signal<Option<AppError>> {
        self.error
    }
}

/// What went wrong with a form as a whole. Nothing while all is well.
#[component]
pub fn FormNote(errors: FormErrors) -> impl IntoView {
    let lang = errors.lang;
    move || {
        errors.error.get().map(|error| {
            let (tone, icon) = match error {
                AppError::Invalid(_) | AppError::Refused(_) => (Tone::Warn, IconName::Alert),
                _ => (Tone::Stop, IconName::XCircle),
            };
            view! {
                <div role="alert">
                    <Banner tone icon>{error_text(lang, &error)}</Banner>
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_amounts_reach_the_sentence() {
        assert_eq!(refusal_text(Lang::En, &Refusal::CodeWrong { left: 1 }), "Wrong code, 1 try left");
        assert_eq!(refusal_text(Lang::Zh, &Refusal::CodeWrong { left: 3 }), "验证码不对，还可以试 3 次");
        assert_eq!(refusal_text(Lang::Zh, &Refusal::TooMany { seconds: 61 }), "太频繁了，2 分钟后再试");
        assert_eq!(
            refusal_text(Lang::Zh, &Refusal::AboveLimit { limit: domain::Fen(500_000) }),
            "超过上限 ¥5,000"
        );
    }
}

//! Why something was not done. Codes, never prose: the wording lives in the translations.

use crate::{money::Fen, time::LocalTime};
use serde::{Deserialize, Serialize};

/// What is wrong with one field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    Required,
    TooShort,
    TooLong,
    /// Not a telephone number.
    Phone,
    /// Not six digits.
    Code,
    /// Contains what cannot be shown or stored, such as control characters.
    Characters,
    /// Not one of the choices offered.
    Choice,
    /// Outside the range allowed.
    Range,
    /// In the past.
    Past,
    /// Among the most common passwords.
    Common,
    /// Taken by someone else.
    Taken,
    /// Not a picture in one of the kinds taken: JPEG, PNG, WebP.
    Picture,
    /// A picture as Apple's telephones keep it.
    Heic,
    /// A picture of too many bytes or pixels.
    Heavy,
}

/// One field's error; `field` is the form field's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub code: FieldCode,
}

impl FieldError {
    #[must_use]
    pub fn new(field: &str, code: FieldCode) -> Self {
        Self { field: field.to_owned(), code }
    }
}

/// A rule said no. Everything a person needs to go on travels with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// BOOK-6: someone else has just taken this time. The nearest free times follow.
    SlotTaken {
        nearest: Vec<LocalTime>,
    },
    /// The time was never free: closed, nobody qualified, or already past.
    SlotNotOffered,
    /// BOOK-4: closer than the minimum notice or beyond the horizon.
    OutsideNotice,
    /// BOOK-5: the hold ran out.
    HoldExpired,
    /// BOOK-9: after the cut-off the customer has to call.
    AfterCutOff {
        phone: String,
    },
    /// BOOK-9: changed too often.
    TooManyChanges {
        limit: u8,
    },
    /// The record is in a state in which this cannot be done (any more).
    WrongState {
        state: String,
    },
    /// Somebody else saved a newer version.
    Stale,
    /// BOOK-7: the same key with another request.
    KeyReused,
    /// The one-time code is wrong; so many tries are left.
    CodeWrong {
        left: u8,
    },
    /// The one-time code is used, too old, or was tried too often.
    CodeExpired,
    /// Too many requests; try again after so many seconds.
    TooMany {
        seconds: u32,
    },
    /// User name, password or second factor do not match.
    SignInFailed,
    /// A second factor is needed as well.
    NeedSecondFactor,
    /// CERT: no valid certificate for this service that day.
    NotCertified,
    /// The person is with another customer.
    PersonBusy {
        until: Option<LocalTime>,
    },
    NoRoomFree,
    /// The person is not at work then.
    NotOnShift,
    /// SURVEY-1: one visit, one answer.
    AlreadyAnswered,
    /// The link is not valid any more.
    LinkExpired,
    /// TREAT-3: mandatory steps are open; so many.
    StepsOpen {
        count: u32,
    },
    /// CONSULT-3: a rule speaks against the service, and nobody has taken the responsibility yet.
    Contraindicated {
        /// Only the technical lead or the manager may; else a reason is enough.
        stop: bool,
    },
    /// The product contains what the customer is allergic to.
    AllergenInside,
    /// A consultation or patch test has to come first.
    NeedsFirst,
    /// This service cannot be booked online.
    NotOnline,
    /// The amount is above what is allowed.
    AboveLimit {
        limit: Fen,
    },
    /// Already checked in.
    AlreadyArrived,
    /// CARE-1: what the re-check found has to be recorded first.
    OutcomeMissing,
    /// BOOK-1: two shifts of one person at the same time.
    ShiftsOverlap,
    /// Saving would make bookings impossible that are already made; the first of them. Saved when confirmed.
    WouldStrand {
        count: u32,
        first: Vec<crate::booking::stranded::Brief>,
    },
}

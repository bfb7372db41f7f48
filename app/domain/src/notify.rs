//! Messages to customers and staff (CRM-5): what leaves through the outbox.

use crate::{
    ids::*,
    lang::{Lang, Text},
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Sms,
    Wechat,
    Email,
}

impl Channel {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Wechat => "wechat",
            Self::Email => "email",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Sms, Self::Wechat, Self::Email].into_iter().find(|c| c.code() == code)
    }
}

/// What is said. The wording is kept in both languages where messages are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// One-time code.
    Code,
    BookingConfirmed,
    BookingMoved,
    BookingCancelled,
    ReminderDay,
    ReminderHours,
    /// BOOK-10: on the waitlist.
    WaitJoined,
    /// BOOK-10: a time has become free and is kept.
    WaitOffer,
    /// BOOK-11: all sessions of a series.
    SeriesTimes,
    QueueTicket,
    Aftercare,
    Rate,
    /// To the manager: a low score or a wish to be called (SURVEY-2).
    LowScore,
    /// CARE-1: a free re-check is open.
    RecheckOpen,
    /// CARE-1: it ends soon.
    RecheckEnds,
    /// To the manager: an adverse reaction (TREAT-4). Says where and how bad, never who or what.
    Incident,
}

impl Template {
    pub const ALL: &[Self] = &[
        Self::Code,
        Self::BookingConfirmed,
        Self::BookingMoved,
        Self::BookingCancelled,
        Self::ReminderDay,
        Self::ReminderHours,
        Self::WaitJoined,
        Self::WaitOffer,
        Self::SeriesTimes,
        Self::QueueTicket,
        Self::Aftercare,
        Self::Rate,
        Self::LowScore,
        Self::RecheckOpen,
        Self::RecheckEnds,
        Self::Incident,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::BookingConfirmed => "booking_confirmed",
            Self::BookingMoved => "booking_moved",
            Self::BookingCancelled => "booking_cancelled",
            Self::ReminderDay => "reminder_day",
            Self::ReminderHours => "reminder_hours",
            Self::WaitJoined => "wait_joined",
            Self::WaitOffer => "wait_offer",
            Self::SeriesTimes => "series_times",
            Self::QueueTicket => "queue_ticket",
            Self::Aftercare => "aftercare",
            Self::Rate => "rate",
            Self::LowScore => "low_score",
            Self::RecheckOpen => "recheck_open",
            Self::RecheckEnds => "recheck_ends",
            Self::Incident => "incident",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.code() == code)
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Pending,
    Sent,
    /// Given up after the last try.
    Dead,
    Cancelled,
}

impl MessageState {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Dead, Self::Cancelled].into_iter().find(|s| s.code() == code)
    }
}

/// A message as the demo outbox shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    pub id: MessageId,
    pub channel: Channel,
    pub template: Template,
    pub lang: Lang,
    /// Masked.
    pub to: String,
    pub text: String,
    /// A path in the app that the message links to.
    pub link: Option<String>,
    pub state: MessageState,
    pub due: LocalTime,
    pub sent: Option<LocalTime>,
}

/// What a message is made of, as JSON in the outbox. Every template uses some of these; the rest stays empty, and a
/// sentence whose value is missing is left out. Texts are kept in both languages: the message is worded when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageParams {
    /// The one-time code.
    pub code: String,
    /// How the chain is called: stands first in a short message.
    pub brand: Text,
    pub branch: Text,
    pub address: Text,
    /// The branch's telephone.
    pub phone: String,
    /// The customer's name.
    pub name: String,
    /// Booking number.
    pub number: String,
    pub checkin_code: String,
    /// The services of one visit, in sequence.
    pub services: Vec<Text>,
    pub staff: Text,
    /// When the booking begins, by the branch's clock.
    pub at: Option<LocalTime>,
    /// All sessions of a series.
    pub times: Vec<LocalTime>,
    /// Until when something is kept, by the branch's clock.
    pub until: Option<LocalTime>,
    /// BOOK-12: when to be there.
    pub arrive_at: Option<LocalTime>,
    /// BOOK-12: what to mind before.
    pub precautions: Vec<Text>,
    /// TREAT-6: what to mind afterwards.
    pub advice: Vec<Text>,
    pub ticket: String,
    /// Place in the queue, 1 = next.
    pub place: u32,
    /// Estimated minutes to wait.
    #[serde(alias = "minutes")]
    pub estimate: Option<u32>,
    /// Overall score 1 … 5.
    #[serde(alias = "overall")]
    pub score: Option<u8>,
    /// Wishes to be called.
    pub call: bool,
    /// What the customer wrote.
    pub comment: Option<String>,
    /// A path of ours: `/b/<token>`, `/q/<token>`, `/r/<token>`. Whoever sends puts the address of the site before it.
    pub link: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_does_not_need_may_be_missing() -> Result<(), serde_json::Error> {
        let params: MessageParams = serde_json::from_str(r#"{ "code": "204918" }"#)?;
        assert_eq!(params, MessageParams { code: "204918".to_owned(), ..MessageParams::default() });
        Ok(())
    }
}

//! Messages to customers and staff (CRM-5): what leaves through the outbox.

use crate::{ids::*, lang::Lang, time::LocalTime};
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
    QueueTicket,
    Aftercare,
    Rate,
    /// To the manager: a low score or a wish to be called (SURVEY-2).
    LowScore,
}

impl Template {
    pub const ALL: [Self; 10] = [
        Self::Code,
        Self::BookingConfirmed,
        Self::BookingMoved,
        Self::BookingCancelled,
        Self::ReminderDay,
        Self::ReminderHours,
        Self::QueueTicket,
        Self::Aftercare,
        Self::Rate,
        Self::LowScore,
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
            Self::QueueTicket => "queue_ticket",
            Self::Aftercare => "aftercare",
            Self::Rate => "rate",
            Self::LowScore => "low_score",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
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

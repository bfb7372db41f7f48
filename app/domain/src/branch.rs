//! A branch, its menu and what the public sees of it.

pub mod hours;
pub mod menu;
pub mod place;

use crate::{ids::*, lang::Text, money::Fen, promise::Figure, time::LocalTime};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What kind of house it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchKind {
    /// 美容院
    Salon,
    /// 皮肤管理中心
    SkinCentre,
    /// 洗浴中心
    Bathhouse,
}

/// A branch as the public sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BranchInfo {
    pub id: BranchId,
    /// Name in addresses: `/s/<slug>`.
    pub slug: String,
    pub kind: BranchKind,
    /// The chain's name, e.g. 栖云.
    pub brand: Text,
    pub name: Text,
    pub address: Text,
    pub phone: String,
    /// Today's opening, `None` when closed.
    pub open_today: Option<(LocalTime, LocalTime)>,
    pub open_now: bool,
    /// Today by the branch's clock.
    #[serde(with = "crate::time::day_number")]
    pub today: NaiveDate,
    pub now: LocalTime,
}

/// What has to come before a service (BOOK-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedsFirst {
    Consultation,
    PatchTest,
}

/// A service on the menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceCard {
    pub id: ServiceId,
    pub category: String,
    pub name: Text,
    pub summary: Text,
    /// Minutes the customer spends, without room preparation and clean-up.
    pub minutes: u32,
    pub price: Fen,
    /// Which drawing stands for it: cream, gel, light, …
    pub swatch: String,
    pub needs_first: Option<NeedsFirst>,
    pub online: bool,
}

/// A heading of the menu with its services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    pub code: String,
    pub name: Text,
    pub services: Vec<ServiceCard>,
}

/// The salon's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalonPage {
    pub branch: BranchInfo,
    pub categories: Vec<Category>,
    /// The promises a customer cares about before booking.
    pub promises: Vec<Figure>,
}

/// The chain's front page: its branches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainPage {
    pub brand: Text,
    pub branches: Vec<BranchInfo>,
}

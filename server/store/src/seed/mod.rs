//! Demo data (AROUND-5): a believable year of a three-branch chain that ends in the middle of today. Made from a seeded
//! generator and the caller's clock, ids and links too: two runs with both the same give the same rows. For
//! demonstrations and tests only, since links that come from a known seed can be guessed.

mod bath;
mod care;
mod chair;
mod day;
mod desk;
mod emit;
mod history;
mod house;
mod load;
mod menu;
mod names;
mod people;
mod place;
mod settings;
mod today;
mod waitlist;
mod world;

use crate::{Error, Result, Store, entity::branch};
use chrono::NaiveDate;
use domain::{Role, Text};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::sync::Arc;

/// The password of every login of the demo.
pub const PASSWORD: &str = "meiyue demo 2026 spring";

/// How much is made.
#[derive(Clone, Copy, Debug)]
pub struct SeedOptions {
    pub seed: u64,
    /// Days of history before today.
    pub days_back: i32,
    /// Days from tomorrow on that have bookings.
    pub days_booked: i32,
    /// Days from today on that have a rota.
    pub days_ahead: i32,
    pub customers: usize,
    /// How busy ordinary days are, in percent of what the demo shows.
    pub pace: u32,
}

impl Default for SeedOptions {
    fn default() -> Self {
        Self { seed: 20_260_610, days_back: 365, days_booked: 14, days_ahead: 92, customers: 600, pace: 100 }
    }
}

/// A login that can be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoLogin {
    pub username: String,
    pub role: Role,
    pub name: Text,
    /// `None`: the whole chain.
    pub branch: Option<String>,
}

/// What was made, for whoever wants to look around.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub logins: Vec<DemoLogin>,
    /// Of all logins.
    pub password: &'static str,
    /// Paths: a booking still to come, a place in the queue, a rating not yet given.
    pub booking: Option<String>,
    pub queue: Option<String>,
    pub survey: Option<String>,
    pub customers: u64,
    pub bookings: u64,
    pub visits: u64,
    pub responses: u64,
}

/// Whether there is nothing in the database yet.
///
/// # Errors
/// The database's.
pub async fn is_empty(store: &Store) -> Result<bool> {
    Ok(branch::Entity::find().count(store.db()).await? == 0)
}

/// All logins of the demo, also without making it anew.
#[must_use]
pub fn logins() -> Vec<DemoLogin> {
    let login = |l: &people::LoginSeed| DemoLogin {
        username: l.username.to_owned(),
        role: l.role,
        name: Text::new(l.name.0, l.name.1),
        branch: l.branch.map(|i| people::BRANCHES[i].slug.to_owned()),
    };
    people::LOGINS.iter().map(login).collect()
}

/// Fills an empty, migrated database. `today` is the day in progress, by the branches' clock; how far it has come is
/// the store's clock's business.
///
/// # Errors
/// `Internal` when the database is not empty, else the database's.
pub async fn demo(store: &Arc<Store>, today: NaiveDate, options: SeedOptions) -> Result<Summary> {
    if !is_empty(store).await? {
        return Err(Error::internal("demo data only goes into an empty database"));
    }
    let password = crate::account::hash_password(PASSWORD.to_owned()).await?;
    let mut world = world::World::new(store.now(), today, options);
    house::build(&mut world, &password);
    history::build(&mut world);
    today::build(&mut world);
    history::build_ahead(&mut world);
    care::build(&mut world);
    settings::build(&mut world);
    desk::build(&mut world);
    let readings = bath::build(&mut world);
    world.finish();
    let summary = world.summary();
    let chair = chair::rows(&mut world);
    load::insert(store, world.rows).await?;
    chair::insert(store, chair).await?;
    bath::insert(store, readings).await?;
    store.forget_kept();
    waitlist::fill(store, today).await?;
    Ok(summary)
}

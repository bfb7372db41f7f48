//! What every day of a house has: its customers, and tickets in the order of arrival.

use super::world::World;
use rand::Rng;
use std::collections::HashSet;

/// Customers who have been chosen for a day; nobody comes twice.
#[derive(Default)]
pub(super) struct Guests(HashSet<usize>);

impl Guests {
    /// Somebody who mostly comes to this house; regulars more often.
    pub fn choose(&mut self, w: &mut World, house: usize) -> usize {
        for _ in 0..40 {
            let own = &w.houses[house].customers;
            let customer = if own.is_empty() || w.rng.random_range(0..100) < 6 {
                w.rng.random_range(0..w.rows.customer.len())
            } else {
                let r: f64 = w.rng.random();
                own[((r * r * own.len() as f64) as usize).min(own.len() - 1)]
            };
            if self.0.insert(customer) {
                return customer;
            }
        }
        // A very busy day: whoever is left.
        let free = (0..w.rows.customer.len()).find(|customer| !self.0.contains(customer)).unwrap_or(0);
        self.0.insert(free);
        free
    }
}

/// Gives the tickets of the visits from the `first` row on: all those of one house and day.
pub(super) fn tickets(w: &mut World, first: usize) {
    let mut order: Vec<usize> = (first..w.rows.visit.len()).collect();
    order.sort_by_key(|i| (w.rows.visit[*i].arrived_at, *i));
    for (n, i) in order.into_iter().enumerate() {
        w.rows.visit[i].ticket = crate::desk::ticket_number(n as i64 + 1);
    }
}

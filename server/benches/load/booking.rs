//! Bookings of the large branch, each on a time of its own. By the customer: a time is held, a code is sent to the phone,
//! the code makes it a booking; three requests. By the desk: one request.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::CONNECTIONS;
use crate::client::{Reply, call, call_from};
use crate::drive::Ask;
use crate::world::{BOOKED_DAYS, CUSTOMERS, Of, PEOPLE, PER_DAY, SLUG, World, id};

/// Days for each of the two ways, on which nothing was booked before.
const DAYS: u64 = 27;

enum Next {
    Hold,
    SendCode,
    Book(String),
}

struct Customer {
    world: Arc<World>,
    /// Counts the bookings of all connections: this one's are every 32nd.
    n: u64,
    next: Next,
}

/// One for each connection.
pub fn asks(world: &Arc<World>) -> Vec<Ask> {
    (0..CONNECTIONS as u64)
        .map(|n| {
            let mut customer = Customer { world: world.clone(), n, next: Next::Hold };
            Box::new(move |last: &Reply| customer.ask(last)) as Ask
        })
        .collect()
}

/// The desk's, one for each connection; each booking is for a regular customer.
pub fn entered(world: &Arc<World>, desk: &str) -> Vec<Ask> {
    (0..CONNECTIONS as u64)
        .map(|mut n| {
            let (world, desk) = (world.clone(), desk.to_owned());
            Box::new(move |_: &Reply| {
                let (who, at) = time(&world, n, DAYS);
                let (service, customer) =
                    (id(Of::Service, 0).to_string(), id(Of::Customer, n % CUSTOMERS).to_string());
                let key = format!("enter-{n}");
                n += CONNECTIONS as u64;
                let fields = [
                    ("customer", &*customer),
                    ("services", &service),
                    ("who", &who),
                    ("at", &at),
                    ("told", "on"),
                    ("key", &key),
                ];
                call("/api/schedule/enter", &fields, &desk)
            }) as Ask
        })
        .collect()
}

/// A time held and given back again and again, by each connection another.
pub fn held(world: &Arc<World>) -> Vec<Ask> {
    (0..CONNECTIONS as u64)
        .map(|n| {
            let mut number = 0_u64;
            let world = world.clone();
            Box::new(move |last: &Reply| {
                if let Some(token) = last.location.strip_prefix("/hold/") {
                    return call("/api/booking/release", &[("token", token), ("branch", SLUG)], "");
                }
                // The first stays held when it was asked to warm up.
                let (who, at) = time(&world, if number == 0 { n + PEOPLE } else { n }, 2 * DAYS);
                number += 1;
                hold(&who, &at, &format!("held-{n}-{number}"), "127.0.0.1")
            }) as Ask
        })
        .collect()
}

fn hold(who: &str, at: &str, key: &str, addr: &str) -> Vec<u8> {
    let service = id(Of::Service, 0).to_string();
    let fields = [("branch", SLUG), ("services", &*service), ("who", who), ("at", at), ("key", key)];
    call_from("/api/booking/hold", &fields, "", addr)
}

/// Whose time the `n`th booking is on, and which. People first, so that connections are with different people; then
/// hours, then days, from the `skipped`th unbooked one on.
fn time(world: &World, n: u64, skipped: u64) -> (String, String) {
    let (person, rest) = (n % PEOPLE, n / PEOPLE);
    let (hour, day) = (rest % PER_DAY, rest / PER_DAY % DAYS);
    let day = world.today + chrono::Duration::days((1 + BOOKED_DAYS + skipped + day) as i64);
    (id(Of::Person, person).to_string(), world.at(day, 10 + hour as i64).to_string())
}

impl Customer {
    fn ask(&mut self, last: &Reply) -> Vec<u8> {
        match std::mem::replace(&mut self.next, Next::Hold) {
            Next::SendCode => {
                let Some(hold) = last.location.strip_prefix("/hold/").map(str::to_owned) else {
                    return self.another();
                };
                self.next = Next::Book(hold.clone());
                let (phone, name) = (self.phone(), "王雅琴");
                self.call("send_code", &[("hold", &*hold), ("name", name), ("phone", &phone)])
            }
            Next::Book(hold) => {
                let phone = self.phone();
                let code = block_in_place(|| Handle::current().block_on(self.world.code(&phone)))
                    .unwrap_or_default();
                let key = format!("book-{}", self.n);
                let fields =
                    [("hold", &*hold), ("name", "王雅琴"), ("phone", &phone), ("code", &code), ("key", &key)];
                let request = self.call("book", &fields);
                self.n += CONNECTIONS as u64;
                request
            }
            Next::Hold => self.hold(),
        }
    }

    /// The time was not to be had: the next one.
    fn another(&mut self) -> Vec<u8> {
        self.n += CONNECTIONS as u64;
        self.hold()
    }

    fn hold(&mut self) -> Vec<u8> {
        self.next = Next::SendCode;
        let (who, at) = time(&self.world, self.n, 0);
        hold(&who, &at, &format!("hold-{}", self.n), &self.addr())
    }

    fn addr(&self) -> String {
        let [.., a, b, c] = self.n.to_be_bytes();
        format!("10.{a}.{b}.{c}")
    }

    fn phone(&self) -> String {
        format!("135{:08}", self.n)
    }

    fn call(&self, name: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        call_from(&format!("/api/booking/{name}"), fields, "", &self.addr())
    }
}

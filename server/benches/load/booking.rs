//! A customer's whole way to a booking: a time is held, a code is sent to the phone, the code makes it a booking. Three
//! requests with five durable transactions, each booking on a time of its own.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::CONNECTIONS;
use crate::client::{Reply, call_from};
use crate::drive::Ask;
use crate::world::{BOOKED_DAYS, Of, PEOPLE, PER_DAY, SLUG, World, id};

/// Days on which nothing was booked before.
const DAYS: u64 = 50;

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
        // People first, so that connections are with different people; then hours, then days. The last hour is a break.
        let (person, rest) = (self.n % PEOPLE, self.n / PEOPLE);
        let (hour, day) = (rest % PER_DAY, rest / PER_DAY % DAYS);
        let day = self.world.today + chrono::Duration::days((1 + BOOKED_DAYS + day) as i64);
        let at = self.world.at(day, 10 + hour as i64).to_string();
        let (who, service, key) =
            (id(Of::Person, person).to_string(), id(Of::Service, 0).to_string(), format!("hold-{}", self.n));
        let fields = [("branch", SLUG), ("services", &*service), ("who", &who), ("at", &at), ("key", &key)];
        self.call("hold", &fields)
    }

    fn phone(&self) -> String {
        format!("135{:08}", self.n)
    }

    fn call(&self, name: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let [.., a, b, c] = self.n.to_be_bytes();
        call_from(&format!("/api/booking/{name}"), fields, "", &format!("10.{a}.{b}.{c}"))
    }
}

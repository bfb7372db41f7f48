//! The database that is asked: the demo, and beside it a large branch with fifty people. Thirty days ahead are half
//! booked, and there is as much history as is wanted.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{Duration, NaiveDate};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use store::seed::{self, SeedOptions};
use store::{Options, Store, SystemClock, time};
use uuid::Uuid;

pub const SLUG: &str = "bench";
pub const PEOPLE: u64 = 50;
/// Days from tomorrow on that are half booked; on later ones nothing is.
pub const BOOKED_DAYS: u64 = 30;
/// Bookings of the service that fit into a day of one person: each hour from 10 until 20.
pub const PER_DAY: u64 = 10;
/// Regular customers, who come in turn.
pub const CUSTOMERS: u64 = 10_000;
/// Bookings written in one statement.
const PART: u64 = 50_000;
const DAY: i64 = time::DAY_MS;
const HOUR: i64 = 3_600_000;

/// What an id is of: its fifth to eighth digit.
#[derive(Clone, Copy)]
#[repr(u16)]
pub enum Of {
    Branch = 1,
    Service,
    Customer,
    Person,
    Room,
    Booking,
    Item,
    PersonTaken,
    RoomTaken,
}

/// The `n`th of a kind.
pub fn id(of: Of, n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000 | u64::from(of as u16) << 32, n)
}

pub struct World {
    db: DatabaseConnection,
    pub today: NaiveDate,
    /// Past bookings so far.
    past: u64,
}

impl World {
    /// Fills an empty database.
    pub async fn build(url: &str) -> Result<Self> {
        let options = Options {
            url: url.to_owned(),
            clock: Arc::new(SystemClock),
            demo: true,
            base_url: "http://127.0.0.1".to_owned(),
            patience: std::time::Duration::from_secs(60),
        };
        let store = Store::open(options).await?;
        store.migrate().await?;
        let today = (store.now() + Duration::hours(8)).date_naive();
        seed::demo(&store, today, SeedOptions::default()).await?;
        store.close().await;
        let world = Self { db: Database::connect(url).await?, today, past: 0 };
        world.branch().await?;
        world.people().await?;
        let (n, per_person) = (PEOPLE * BOOKED_DAYS * PER_DAY / 2, BOOKED_DAYS * PER_DAY / 2);
        // Every other hour of everybody.
        let at = format!(
            "({} + (k % {per_person} / 5) * {DAY} + (k % 5) * {})",
            world.at(today + Duration::days(1), 10),
            2 * HOUR
        );
        world.bookings(1 << 40, n, &format!("(k / {per_person} % {PEOPLE})"), &at, "confirmed").await?;
        world.run("ANALYZE").await?;
        Ok(world)
    }

    /// An hour of a day by the branches' clock, which is eight hours ahead all year, in milliseconds since 1970.
    pub fn at(&self, day: NaiveDate, hour: i64) -> i64 {
        i64::from(time::day_number(day)) * DAY + (hour - 8) * HOUR
    }

    async fn run(&self, sql: &str) -> Result<()> {
        let start: String = sql.chars().take(300).collect();
        self.db.execute_unprepared(sql).await.context(start)?;
        Ok(())
    }

    fn postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    fn literal(&self, id: Uuid) -> String {
        if self.postgres() { format!("'{id}'") } else { format!("x'{}'", id.as_simple()) }
    }

    /// [`id`] of a number that SQL computes.
    fn computed(&self, of: Of, n: &str) -> String {
        let start = format!("0190{:04x}00007000", of as u16);
        if self.postgres() {
            format!("('{start}' || lpad(to_hex(({n})::bigint), 16, '0'))::uuid")
        } else {
            format!("unhex('{start}' || printf('%016x', {n}))")
        }
    }

    /// A table of the numbers `k` between two.
    fn numbers(&self, from: u64, last: u64) -> String {
        if self.postgres() {
            format!("(SELECT generate_series({from}::bigint, {last}::bigint) AS k) AS n")
        } else {
            format!(
                "(WITH RECURSIVE n (k) AS (SELECT {from} UNION ALL SELECT k + 1 FROM n WHERE k < {last}) SELECT k FROM n)"
            )
        }
    }

    async fn branch(&self) -> Result<()> {
        let branch = self.literal(id(Of::Branch, 0));
        let service = self.literal(id(Of::Service, 0));
        self.run(&format!(
            "INSERT INTO branch (id, slug, kind, brand_zh, brand_en, name_zh, name_en, address_zh, address_en, phone, tz, \
             policy, position) VALUES ({branch}, '{SLUG}', 'skin_centre', '美约', 'Meiyue', '大店', 'Large branch', '上海', \
             'Shanghai', '021-5550-0199', 'Asia/Shanghai', '{{}}', 99)"
        ))
        .await?;
        for day in 0..7 {
            let sql = format!(
                "INSERT INTO opening (branch_id, weekday, open_min, close_min) VALUES ({branch}, {day}, 600, 1260)"
            );
            self.run(&sql).await?;
        }
        self.run(
            "INSERT INTO category (code, name_zh, name_en, position) VALUES ('bench', '护理', 'Care', 99)",
        )
        .await?;
        self.run(&format!(
            "INSERT INTO service (id, category_code, name_zh, name_en, summary_zh, summary_en, swatch, price_fen, prepare_min, \
             active_min, processing_min, finish_min, cleanup_min, qualification, room_type, arrive_early_min, precautions_zh, \
             precautions_en, online, position, version) VALUES ({service}, 'bench', '护理', 'Care', '护理', 'Care', 'cream', \
             30000, 0, 50, 0, 0, 10, 'bench', 'bench', 10, '无', 'None', TRUE, 1, 1)"
        ))
        .await?;
        self.run(&format!("INSERT INTO service_branch (service_id, branch_id) VALUES ({service}, {branch})"))
            .await?;
        self.run(&format!(
            "INSERT INTO customer (id, name, pinyin, initials, phone, phone_tail, lang, marketing, created_at, version) \
             SELECT {}, '老客', 'laoke', 'lk', '' || (16600000000 + k), substr('' || (10000 + k % 10000), 2), 'zh-CN', \
             FALSE, 1, 1 FROM {}",
            self.computed(Of::Customer, "k"),
            self.numbers(0, CUSTOMERS - 1)
        ))
        .await?;
        // The front desk, with the password of the demo's.
        self.run(&format!(
            "INSERT INTO user_account (id, username, password_hash, role, branch_id, name_zh, name_en, created_at, version) \
             SELECT {branch}, '{SLUG}', password_hash, role, {branch}, '前台', 'Front desk', 1, 1 FROM user_account \
             WHERE username = 'qiantai'"
        ))
        .await
    }

    async fn people(&self) -> Result<()> {
        let branch = self.literal(id(Of::Branch, 0));
        let today = time::day_number(self.today);
        for n in 0..PEOPLE {
            let (person, room) = (self.literal(id(Of::Person, n)), self.literal(id(Of::Room, n)));
            let mut rota = Vec::new();
            for ahead in 0..93 {
                let day = self.today + Duration::days(ahead);
                for (kind, from, to) in [("shift", 10, 21), ("break", 20, 21)] {
                    let row = self.literal(Uuid::now_v7());
                    let (from, to) = (self.at(day, from), self.at(day, to));
                    rota.push(format!("({row}, {person}, {branch}, '{kind}', {from}, {to})"));
                }
            }
            self.run(&format!(
                "INSERT INTO resource (id, branch_id, kind, type_code, name_zh, name_en, state) VALUES \
                 ({person}, {branch}, 'staff', 'person', '师傅 {n:02}', 'Person {n:02}', 'active'), \
                 ({room}, {branch}, 'room', 'bench', '房 {n:02}', 'Room {n:02}', 'active'); \
                 INSERT INTO staff (id, branch_id, name_zh, name_en, title_zh, title_en, initials, bookable, position) VALUES \
                 ({person}, {branch}, '师傅 {n:02}', 'Person {n:02}', '技师', 'Technician', 'B{n:02}', TRUE, {n}); \
                 INSERT INTO staff_skill (staff_id, qualification) VALUES ({person}, 'bench'); \
                 INSERT INTO credential (id, staff_id, qualification, kind, number, valid_from_day, valid_to_day) VALUES \
                 ({}, {person}, 'bench', 'licence', 'B-{n}', {}, {}); \
                 INSERT INTO rota (id, staff_id, branch_id, kind, from_ms, to_ms) VALUES {}",
                self.literal(Uuid::now_v7()),
                today - 100,
                today + 400,
                rota.join(",")
            ))
            .await?;
        }
        Ok(())
    }

    /// Has at least `n` past bookings from now on: ten a day for everybody, going back from yesterday.
    pub async fn past(&mut self, n: u64) -> Result<()> {
        let first = self.at(self.today - Duration::days(1), 10);
        let at =
            format!("({first} - (k / {}) * {DAY} + (k / {PEOPLE} % {PER_DAY}) * {HOUR})", PEOPLE * PER_DAY);
        while self.past < n {
            let part = PART.min(n - self.past);
            self.bookings(self.past, part, &format!("(k % {PEOPLE})"), &at, "completed").await?;
            self.past += part;
        }
        self.run("ANALYZE").await
    }

    /// Bookings `from .. from + n` with their service and what they take; `who` and `at` are SQL over the number `k`.
    async fn bookings(&self, from: u64, n: u64, who: &str, at: &str, state: &str) -> Result<()> {
        let numbers = self.numbers(from, from + n - 1);
        let branch = self.literal(id(Of::Branch, 0));
        let (service, customer) =
            (self.literal(id(Of::Service, 0)), self.computed(Of::Customer, &format!("k % {CUSTOMERS}")));
        let (booking, item) = (self.computed(Of::Booking, "k"), self.computed(Of::Item, "k"));
        let (person, room) = (self.computed(Of::Person, who), self.computed(Of::Room, who));
        let taken = |of: Of, resource: &str| {
            format!(
                "INSERT INTO allocation (id, resource_id, from_ms, to_ms, active, booking_item_id) \
                 SELECT {}, {resource}, {at}, {at} + {HOUR}, TRUE, {item} FROM {numbers};",
                self.computed(of, "k")
            )
        };
        let sql = format!(
            "BEGIN; INSERT INTO booking (id, branch_id, customer_id, state, channel, number, token_hash, token, checkin_code, \
             from_ms, to_ms, day, price_fen, changes, created_at, updated_at, version) \
             SELECT {booking}, {branch}, {customer}, '{state}', 'online', 'P-' || k, 'h-' || k, 't', '0000', {at}, {at} + 3000000, \
             ({at} + 28800000) / {DAY}, 30000, 0, 1, 1, 1 FROM {numbers}; \
             INSERT INTO booking_item (id, booking_id, position, service_id, name_zh, name_en, price_fen, prepare_min, \
             active_min, processing_min, finish_min, cleanup_min, staff_id, room_id, wished, from_ms, to_ms) \
             SELECT {item}, {booking}, 0, {service}, '护理', 'Care', 30000, 0, 50, 0, 0, 10, {person}, {room}, FALSE, {at}, \
             {at} + 3000000 FROM {numbers}; {} {} COMMIT",
            taken(Of::PersonTaken, &person),
            taken(Of::RoomTaken, &room),
        );
        self.run(&sql).await
    }

    pub fn on_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// The code that was sent to a phone last.
    pub async fn code(&self, phone: &str) -> Result<String> {
        // Ids are in the order of time. However the database plans it, only the newest are looked through.
        let sql = "SELECT params FROM (SELECT id, recipient, template, params FROM outbox ORDER BY id DESC LIMIT 500) newest \
                   WHERE recipient = $1 AND template = 'code' ORDER BY id DESC LIMIT 1";
        let values = [phone.into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        let row = self.db.query_one_raw(statement).await?.context("no code was sent")?;
        let params: serde_json::Value = serde_json::from_str(&row.try_get_by_index::<String>(0)?)?;
        Ok(params["code"].as_str().context("no code in the message")?.to_owned())
    }
}

//! The tables, append-only: a migration that has been released is never edited, a new one follows it. One set serves
//! both databases; where they differ, the words in braces do, or a file of its own.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// One step: statements for both databases, then those of the one at hand.
struct Sql {
    name: &'static str,
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// All migrations, oldest first.
const ALL: &[Sql] = &[
    Sql {
        name: "m20261122_000001_first",
        both: include_str!("first.sql"),
        sqlite: include_str!("first_sqlite.sql"),
        postgres: include_str!("first_postgres.sql"),
    },
    Sql { name: "m20261122_000002_promise", both: include_str!("promise.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_care", both: include_str!("care.sql"), sqlite: "", postgres: "" },
    Sql {
        name: "m20261125_settings",
        both: include_str!("settings.sql"),
        sqlite: include_str!("settings_sqlite.sql"),
        postgres: include_str!("settings_postgres.sql"),
    },
    Sql {
        name: "m20261125_consult",
        both: include_str!("consult.sql"),
        sqlite: include_str!("consult_sqlite.sql"),
        postgres: include_str!("consult_postgres.sql"),
    },
    Sql {
        name: "m20261125_chair",
        both: include_str!("chair.sql"),
        sqlite: include_str!("chair_sqlite.sql"),
        postgres: include_str!("chair_postgres.sql"),
    },
    Sql { name: "m20261125_schedule", both: include_str!("schedule.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_desk", both: include_str!("desk.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_waitlist", both: include_str!("waitlist.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_offline", both: include_str!("offline.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_sop", both: include_str!("sop.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261125_baths", both: include_str!("baths.sql"), sqlite: "", postgres: "" },
    Sql { name: "m20261126_codes", both: include_str!("codes.sql"), sqlite: "", postgres: "" },
    Sql {
        name: "m20261126_lean",
        both: include_str!("lean.sql"),
        sqlite: "",
        postgres: include_str!("lean_postgres.sql"),
    },
    Sql {
        name: "m20261126_remind",
        both: include_str!("remind.sql"),
        sqlite: "",
        postgres: include_str!("remind_postgres.sql"),
    },
    Sql { name: "m20261126_locks", both: "", sqlite: "", postgres: include_str!("locks_postgres.sql") },
];

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        ALL.iter().map(|sql| Box::new(sql) as Box<dyn MigrationTrait>).collect()
    }
}

/// Every statement there is, to tell one state of the tables from another.
#[cfg(feature = "testing")]
pub(crate) fn sources() -> String {
    ALL.iter().flat_map(|sql| [sql.name, sql.both, sql.sqlite, sql.postgres]).collect()
}

/// `{uuid}` and friends in the database's own words.
fn dialect(sql: &str, backend: DbBackend) -> String {
    let (uuid, text_c) = match backend {
        DbBackend::Postgres => ("uuid", "TEXT COLLATE \"C\""),
        _ => ("BLOB", "TEXT"),
    };
    sql.replace("{uuid}", uuid).replace("{text_c}", text_c)
}

impl MigrationName for &'static Sql {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for &'static Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        let own = match backend {
            DbBackend::Postgres => self.postgres,
            _ => self.sqlite,
        };
        for sql in [dialect(self.both, backend).as_str(), own] {
            if !sql.is_empty() {
                db.execute_unprepared(sql).await?;
            }
        }
        Ok(())
    }

    /// C-19: a migration that was interrupted leaves nothing behind, so that running it again completes.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

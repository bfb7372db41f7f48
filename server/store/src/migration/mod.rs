//! The tables, append-only: a migration that has been released is never edited, a new one follows it. One set serves
//! both databases; where they differ, the words in braces do, or a file of its own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// All migrations, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(First), Box::new(Promise)]
    }
}

/// `{uuid}` and friends in the database's own words.
fn dialect(sql: &str, backend: DbBackend) -> String {
    let (uuid, text_c) = match backend {
        DbBackend::Postgres => ("uuid", "TEXT COLLATE \"C\""),
        _ => ("BLOB", "TEXT"),
    };
    sql.replace("{uuid}", uuid).replace("{text_c}", text_c)
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m20261122_000001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        db.execute_unprepared(&dialect(include_str!("first.sql"), backend)).await?;
        let own = match backend {
            DbBackend::Postgres => include_str!("first_postgres.sql"),
            _ => include_str!("first_sqlite.sql"),
        };
        db.execute_unprepared(own).await?;
        Ok(())
    }

    /// C-19: a migration that was interrupted leaves nothing behind, so that running it again completes.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

struct Promise;

impl MigrationName for Promise {
    fn name(&self) -> &'static str {
        "m20261122_000002_promise"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Promise {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(include_str!("promise.sql")).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

//! After the service: re-checks and calls.

pub(crate) mod recheck {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recheck")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub branch_id: Uuid,
        pub customer_id: Uuid,
        pub visit_service_id: Uuid,
        pub service_id: Uuid,
        pub staff_id: Option<Uuid>,
        pub started_at: i64,
        pub finished_at: i64,
        pub minutes: i32,
        pub token_hash: String,
        pub token: String,
        pub state: String,
        pub opened_at: i64,
        pub until_at: i64,
        pub remind_at: Option<i64>,
        pub remind_last: Option<i64>,
        pub booking_id: Option<Uuid>,
        pub outcome: Option<String>,
        pub note: Option<String>,
        pub done_at: Option<i64>,
        pub done_by: Option<Uuid>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod followup {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "followup")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub branch_id: Uuid,
        pub customer_id: Uuid,
        pub visit_id: Uuid,
        pub visit_service_id: Uuid,
        pub service_id: Uuid,
        pub staff_id: Option<Uuid>,
        pub day_no: i32,
        pub due_day: i32,
        pub most: i32,
        pub state: String,
        pub tries: i32,
        pub outcome: Option<String>,
        pub note: Option<String>,
        pub at: Option<i64>,
        pub by_zh: Option<String>,
        pub by_en: Option<String>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

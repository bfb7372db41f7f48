//! Customers and their bookings.

pub(crate) mod customer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub pinyin: String,
        pub initials: String,
        pub phone: Option<String>,
        pub phone_tail: Option<String>,
        pub level: Option<String>,
        pub care: Option<String>,
        pub birth_day: Option<i32>,
        pub lang: String,
        pub marketing: bool,
        pub created_at: i64,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod booking {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "booking")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub branch_id: Uuid,
        pub customer_id: Option<Uuid>,
        pub state: String,
        pub channel: String,
        pub number: String,
        pub token_hash: String,
        pub token: String,
        pub checkin_code: String,
        pub from_ms: i64,
        pub to_ms: i64,
        pub day: i32,
        pub price_fen: i64,
        pub held_until: Option<i64>,
        pub remind_at: Option<i64>,
        pub remind_last: Option<i64>,
        pub changes: i32,
        pub salon_error: Option<String>,
        pub cancel_reason: Option<String>,
        pub cancel_note: Option<String>,
        pub contact_name: Option<String>,
        pub contact_phone: Option<String>,
        pub key: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod booking_item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "booking_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub booking_id: Uuid,
        pub position: i32,
        pub service_id: Uuid,
        pub name_zh: String,
        pub name_en: String,
        pub price_fen: i64,
        pub prepare_min: i32,
        pub active_min: i32,
        pub processing_min: i32,
        pub finish_min: i32,
        pub cleanup_min: i32,
        pub staff_id: Uuid,
        pub room_id: Option<Uuid>,
        pub wished: bool,
        pub from_ms: i64,
        pub to_ms: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod booking_event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "booking_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub booking_id: Uuid,
        pub at: i64,
        pub kind: String,
        pub by_kind: String,
        pub by_id: Option<Uuid>,
        pub reason: Option<String>,
        pub detail: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod allocation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "allocation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub resource_id: Uuid,
        pub from_ms: i64,
        pub to_ms: i64,
        pub active: bool,
        pub booking_item_id: Option<Uuid>,
        pub visit_service_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

//! Visits, their services and what was done.

pub(crate) mod visit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub branch_id: Uuid,
        pub customer_id: Uuid,
        pub booking_id: Option<Uuid>,
        pub day: i32,
        pub state: String,
        pub ticket: String,
        pub token_hash: String,
        pub token: String,
        pub planned_ms: Option<i64>,
        pub arrived_at: i64,
        pub ready_at: i64,
        pub assigned_staff_id: Option<Uuid>,
        pub assigned_at: Option<i64>,
        pub first_contact_at: Option<i64>,
        pub started_at: Option<i64>,
        pub finished_at: Option<i64>,
        pub told_at: Option<i64>,
        pub breach_reason: Option<String>,
        pub breach_note: Option<String>,
        pub walk_in: bool,
        pub key: Option<String>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod visit_service {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit_service")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_id: Uuid,
        pub branch_id: Uuid,
        pub day: i32,
        pub position: i32,
        pub service_id: Uuid,
        pub name_zh: String,
        pub name_en: String,
        pub prepare_min: i32,
        pub active_min: i32,
        pub processing_min: i32,
        pub finish_min: i32,
        pub cleanup_min: i32,
        pub price_fen: i64,
        pub qualification: String,
        pub staff_id: Option<Uuid>,
        pub wished_staff_id: Option<Uuid>,
        pub room_id: Option<Uuid>,
        pub state: String,
        pub booked_from_ms: Option<i64>,
        pub started_at: Option<i64>,
        pub finished_at: Option<i64>,
        pub credential_id: Option<Uuid>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod treatment_step {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "treatment_step")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_service_id: Uuid,
        pub position: i32,
        pub phase: String,
        pub text_zh: String,
        pub text_en: String,
        pub mandatory: bool,
        pub minutes: Option<i32>,
        pub state: String,
        pub done_by: Option<Uuid>,
        pub done_at: Option<i64>,
        pub reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod treatment_note {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "treatment_note")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_service_id: Uuid,
        pub at: i64,
        pub by_user: Option<Uuid>,
        pub by_zh: String,
        pub by_en: String,
        pub text: String,
        pub key: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod aftercare_told {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "aftercare_told")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub visit_service_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub aftercare_id: Uuid,
        pub told_at: i64,
        pub by_user: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod treatment_photo {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "treatment_photo")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_service_id: Uuid,
        pub at: i64,
        pub by_zh: String,
        pub by_en: String,
        pub angle: String,
        pub label: Option<String>,
        pub file: String,
        pub width: i32,
        pub height: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

//! Ratings asked for and given.

pub(crate) mod survey {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_id: Uuid,
        pub branch_id: Uuid,
        pub token_hash: String,
        pub token: String,
        pub created_at: i64,
        pub expires_at: i64,
        pub answered_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod response {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "response")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub survey_id: Uuid,
        pub visit_id: Uuid,
        pub branch_id: Uuid,
        pub customer_id: Option<Uuid>,
        pub at: i64,
        pub questionnaire: i32,
        pub overall: i32,
        pub reliability: Option<i32>,
        pub responsiveness: Option<i32>,
        pub assurance: Option<i32>,
        pub empathy: Option<i32>,
        pub tangibles: Option<i32>,
        pub hygiene: Option<i32>,
        pub privacy: Option<i32>,
        pub waiting: Option<i32>,
        pub nps: Option<i32>,
        pub comment: Option<String>,
        pub wants_call: bool,
        pub key: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

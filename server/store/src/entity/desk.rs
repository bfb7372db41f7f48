//! The desk's books: questions, calls, handovers, wristbands, scripts, links.

macro_rules! table {
    ($name:ident, $table:literal, { $($(#[$meta:meta])* $field:ident: $type:ty,)* }) => {
        pub(crate) mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                $($(#[$meta])* pub $field: $type,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(desk_question, "desk_question", {
    branch_id: Uuid,
    customer_id: Option<Uuid>,
    text: String,
    asked_of: Uuid,
    owner_id: Uuid,
    opened_at: i64,
    handed_at: Option<i64>,
    accepted_at: Option<i64>,
    closed_at: Option<i64>,
    closed_by: Option<Uuid>,
    outcome: Option<String>,
    version: i32,
});
table!(phone_call, "phone_call", {
    branch_id: Uuid,
    at: i64,
    rings: i32,
    answered: bool,
    phone: Option<String>,
    caller: Option<String>,
    customer_id: Option<Uuid>,
    matter: String,
    note: Option<String>,
    taken_by: Option<Uuid>,
    callback_due: Option<i64>,
    called_back_at: Option<i64>,
    called_back_by: Option<Uuid>,
    outcome: Option<String>,
    version: i32,
});
table!(shift_handover, "shift_handover", {
    branch_id: Uuid,
    given_at: i64,
    given_by: Uuid,
    matters: String,
    cash_note: Option<String>,
    note: Option<String>,
    taken_at: Option<i64>,
    taken_by: Option<Uuid>,
    take_note: Option<String>,
    version: i32,
});
table!(wristband, "wristband", {
    branch_id: Uuid,
    kind: String,
    label: String,
    lost_at: Option<i64>,
});
table!(band_out, "band_out", {
    branch_id: Uuid,
    band_id: Uuid,
    locker_id: Option<Uuid>,
    room_id: Option<Uuid>,
    visit_id: Uuid,
    out_at: i64,
    due_at: i64,
    out_by: Option<Uuid>,
    back_at: Option<i64>,
    back_by: Option<Uuid>,
    lost: bool,
    version: i32,
});
table!(desk_script, "desk_script", {
    branch_id: Uuid,
    moment: String,
    title_zh: String,
    title_en: String,
    text_zh: String,
    text_en: String,
    position: i32,
    retired_at: Option<i64>,
    version: i32,
});
table!(desk_link, "desk_link", {
    branch_id: Uuid,
    kind: String,
    token_hash: String,
    token: String,
    created_at: i64,
    revoked_at: Option<i64>,
});

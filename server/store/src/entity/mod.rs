//! The tables as rows, private to this crate: nobody else knows them.
#![allow(dead_code, unused_imports)] // Complete even where no verb uses a table or a column yet.

mod bookings;
mod cares;
mod desk;
mod house;
mod logins;
mod logs;
mod menu;
mod surveys;
mod visits;

pub(crate) use bookings::{allocation, booking, booking_event, booking_item, customer};
pub(crate) use cares::{followup, recheck};
pub(crate) use desk::{
    band_out, desk_link, desk_question, desk_script, phone_call, shift_handover, wristband,
};
pub(crate) use house::{
    branch, credential, downtime, leave_note, opening, resource, rota, setting, special_day, staff,
    staff_skill,
};
pub(crate) use logins::{login_code, rate, session, user_account};
pub(crate) use logs::{audit, idempotency, outbox};
pub(crate) use menu::{aftercare, category, service, service_branch, service_device, sop_step};
pub(crate) use surveys::{response, survey};
pub(crate) use visits::{
    aftercare_told, treatment_note, treatment_photo, treatment_step, visit, visit_service,
};

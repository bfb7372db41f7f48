//! Server functions of the desk's books: questions, calls, wristbands, handover, scripts, links (DESK-5 … DESK-10).
//! Forms with numbers or switches are taken field by field: only texts can be read from a flattened form.
#![allow(clippy::too_many_arguments)] // A form's fields are a server function's arguments.

use crate::error::AppError;
use domain::desk::{
    Called,
    arrive::{LinksPage, ScreenView},
    band::{BandForm, BandsPage, RegisterForm},
    call::{CallForm, PhonePage},
    handover::{GiveForm, HandoverPage, HandoverView},
    question::AskForm,
    script::ScriptView,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    account::api::branch_of,
    ssr::{op_context, qr_of_path},
};
#[cfg(feature = "ssr")]
use domain::desk::{
    band::BandBackForm, call::CalledBackForm, handover::TakeForm, question::QuestionForm, script::ScriptForm,
};

/// Calls the ticket that is first in line to the desk (C-8).
#[server(prefix = "/api", endpoint = "desk/call_next")]
pub async fn call_next() -> Result<Option<Called>, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::call_next(&cx, branch).await?)
}

/// Writes a question down (DESK-5).
#[server(prefix = "/api", endpoint = "desk/ask")]
pub async fn ask(#[server(flatten)] form: AskForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    store::desk::ask(&cx, branch, form.check()?).await?;
    Ok(())
}

/// Hands a question to somebody else.
#[server(prefix = "/api", endpoint = "desk/hand")]
pub async fn hand(
    question: String,
    #[server(default)] version: i32,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    let (one, to) = QuestionForm { question, version, to, ..QuestionForm::default() }.check_hand()?;
    Ok(store::desk::hand(&op_context()?, one, to).await?)
}

/// Takes a question on that was handed over.
#[server(prefix = "/api", endpoint = "desk/accept")]
pub async fn accept(question: String, #[server(default)] version: i32) -> Result<(), AppError> {
    let form = QuestionForm { question, version, ..QuestionForm::default() };
    Ok(store::desk::accept(&op_context()?, form.check()?).await?)
}

/// Closes a question with what came of it.
#[server(prefix = "/api", endpoint = "desk/close")]
pub async fn close(
    question: String,
    #[server(default)] version: i32,
    #[server(default)] outcome: String,
) -> Result<(), AppError> {
    let form = QuestionForm { question, version, outcome, ..QuestionForm::default() };
    let (one, outcome) = form.check_close()?;
    Ok(store::desk::close(&op_context()?, one, outcome).await?)
}

/// The phone log (DESK-6).
#[server(name = ReadPhonePage, prefix = "/api", endpoint = "desk/phone_page")]
pub async fn phone_page(#[server(default)] after: Option<String>) -> Result<PhonePage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::phone_page(&cx, branch, after).await?)
}

/// Writes a call down.
#[server(prefix = "/api", endpoint = "desk/log_call")]
pub async fn log_call(#[server(flatten)] form: CallForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    store::desk::log_call(&cx, branch, form.check()?).await?;
    leptos_axum::redirect("/desk/phone");
    Ok(())
}

/// The callback was made.
#[server(prefix = "/api", endpoint = "desk/called_back")]
pub async fn called_back(
    call: String,
    #[server(default)] version: i32,
    #[server(default)] outcome: String,
) -> Result<(), AppError> {
    let (call, version, outcome) = CalledBackForm { call, version, outcome }.check()?;
    Ok(store::desk::called_back(&op_context()?, call, version, outcome).await?)
}

/// Wristbands and lockers (DESK-8).
#[server(name = ReadBandsPage, prefix = "/api", endpoint = "desk/bands_page")]
pub async fn bands_page() -> Result<BandsPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::bands_page(&cx, branch).await?)
}

/// Hands a band out to a visit.
#[server(prefix = "/api", endpoint = "desk/give_band")]
pub async fn give_band(#[server(flatten)] form: BandForm) -> Result<(), AppError> {
    store::desk::give_band(&op_context()?, form.check()?).await?;
    leptos_axum::redirect("/desk/bands");
    Ok(())
}

/// A band comes back, or is lost.
#[server(prefix = "/api", endpoint = "desk/band_back")]
pub async fn band_back(
    out: String,
    #[server(default)] version: i32,
    #[server(default)] lost: bool,
) -> Result<(), AppError> {
    let (out, version, lost) = BandBackForm { out, version, lost }.check()?;
    Ok(store::desk::band_back(&op_context()?, out, version, lost).await?)
}

/// A lost band was found.
#[server(prefix = "/api", endpoint = "desk/band_found")]
pub async fn band_found(band: String) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::band_found(&cx, branch, band.trim()).await?)
}

/// Registers the numbers of bands or lockers.
#[server(prefix = "/api", endpoint = "desk/register_bands")]
pub async fn register_bands(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let (kind, labels) = form.check()?;
    store::desk::register_bands(&cx, branch, kind, labels).await?;
    leptos_axum::redirect("/desk/bands");
    Ok(())
}

/// What is open, what waits to be taken over, past handovers (DESK-9).
#[server(name = ReadHandoverPage, prefix = "/api", endpoint = "desk/handover_page")]
pub async fn handover_page(#[server(default)] after: Option<String>) -> Result<HandoverPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::handover_page(&cx, branch, after).await?)
}

/// One handover.
#[server(name = ReadHandover, prefix = "/api", endpoint = "desk/handover")]
pub async fn handover(id: String) -> Result<HandoverView, AppError> {
    let id = id.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::desk::handover(&op_context()?, id).await?)
}

/// Signs the shift over.
#[server(prefix = "/api", endpoint = "desk/give_shift")]
pub async fn give_shift(#[server(flatten)] form: GiveForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    store::desk::give_shift(&cx, branch, form.check()?).await?;
    leptos_axum::redirect("/desk/handover");
    Ok(())
}

/// Takes the shift over.
#[server(prefix = "/api", endpoint = "desk/take_shift")]
pub async fn take_shift(
    handover: String,
    #[server(default)] version: i32,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let (id, version, note) = TakeForm { handover, version, note }.check()?;
    store::desk::take_shift(&op_context()?, id, version, note).await?;
    leptos_axum::redirect(&format!("/desk/handover/{id}"));
    Ok(())
}

/// The branch's scripts (DESK-10).
#[server(name = ReadScripts, prefix = "/api", endpoint = "desk/scripts")]
pub async fn scripts() -> Result<Vec<ScriptView>, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::scripts(&cx, branch).await?)
}

/// Writes a script, changes it, or takes it out.
#[server(prefix = "/api", endpoint = "desk/save_script")]
pub async fn save_script(
    #[server(default)] script: String,
    #[server(default)] version: i32,
    #[server(default)] moment: String,
    #[server(default)] title_zh: String,
    #[server(default)] title_en: String,
    #[server(default)] text_zh: String,
    #[server(default)] text_en: String,
    #[server(default)] retire: bool,
) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let form = ScriptForm { script, version, moment, title_zh, title_en, text_zh, text_en, retire };
    store::desk::save_script(&cx, branch, form.check()?).await?;
    leptos_axum::redirect("/desk/scripts");
    Ok(())
}

/// Puts the usual scripts into an empty library.
#[server(prefix = "/api", endpoint = "desk/usual_scripts")]
pub async fn usual_scripts() -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::usual_scripts(&cx, branch).await?)
}

/// The links of the screen and of the door, with their codes.
#[server(name = ReadLinks, prefix = "/api", endpoint = "desk/links")]
pub async fn links() -> Result<LinksPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let mut page = store::desk::links(&cx, branch).await?;
    for link in [&mut page.screen, &mut page.arrive].into_iter().flatten() {
        link.qr = qr_of_path(&cx, &link.path);
        link.path = crate::ssr::absolute(&cx, &link.path);
    }
    Ok(page)
}

/// Puts a new link in force, or none. `kind` is `screen` or `arrive`, `anew` whether there shall be one.
#[server(prefix = "/api", endpoint = "desk/renew_link")]
pub async fn renew_link(kind: String, #[server(default)] anew: bool) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let kind = domain::desk::arrive::LinkKind::from_code(&kind).ok_or(store::Error::NotFound)?;
    Ok(store::desk::renew_link(&cx, branch, kind, anew).await?)
}

/// What the screen on the wall shows (DESK-1); whoever has the link.
#[server(name = ReadScreen, prefix = "/api", endpoint = "desk/screen")]
pub async fn screen(token: String) -> Result<ScreenView, AppError> {
    Ok(store::desk::screen(&op_context()?, &token).await?)
}

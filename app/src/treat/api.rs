//! Server functions at the chair. Each act answers with the whole record, so that the page shows what was stored.

use crate::error::AppError;
use domain::{
    Page,
    offline::{LateNoteForm, LateTickForm},
    treat::{
        AcknowledgeForm, AdviceForm, DeviationPage, DeviationSearch, DeviceForm, FeelForm, FirstAidForm,
        IncidentForm, IncidentMoveForm, IncidentPage, IncidentRow, ItemForm, MyDay, NextForm, NextVisit,
        NoteForm, PrepForm, ProductForm, RecordPage, StepForm, Treatment, UnuseForm,
    },
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::staff, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::treat::AftercareForm;

/// The day of the signed-in person, or of `who` for those who may see it (TREAT-1).
#[server(name = ReadDay, prefix = "/api", endpoint = "treat/my_day")]
pub async fn my_day(#[server(default)] who: String) -> Result<MyDay, AppError> {
    let who = match who.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| store::Error::NotFound)?),
    };
    Ok(store::treat::my_day(&op_context()?, who).await?)
}

/// The record, with the rating link drawn as a code.
#[cfg(feature = "ssr")]
pub(crate) fn drawn(cx: &store::OpContext, treatment: Treatment) -> Treatment {
    let survey = treatment
        .survey
        .map(|(path, _)| (crate::ssr::absolute(cx, &path), crate::ssr::qr_of_path(cx, &path)));
    Treatment { survey, ..treatment }
}

/// One service at the chair.
#[server(name = ReadTreatment, prefix = "/api", endpoint = "treat/treatment")]
pub async fn treatment(item: String) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let item = item.parse().map_err(|_| store::Error::NotFound)?;
    Ok(drawn(&cx, store::treat::treatment(&cx, item).await?))
}

/// First contact: ends the wait that is promised (WAIT).
#[server(prefix = "/api", endpoint = "treat/greet")]
pub async fn greet(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::greet(&cx, form.check()?).await?))
}

/// The service begins (ONTIME).
#[server(prefix = "/api", endpoint = "treat/start")]
pub async fn start(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::start(&cx, form.check()?).await?))
}

/// The service ends; refused while mandatory steps are open (TREAT-3).
#[server(prefix = "/api", endpoint = "treat/finish")]
pub async fn finish(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::finish(&cx, form.check()?).await?))
}

/// Ticks a step, opens it again, or leaves it out with its reason (TREAT-3).
#[server(prefix = "/api", endpoint = "treat/tick")]
pub async fn tick(#[server(flatten)] form: StepForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::tick(&cx, form.check()?).await?))
}

/// A tick that may have waited on the device: arrives once, overwrites nothing (TREAT-7).
#[server(prefix = "/api", endpoint = "treat/late_tick")]
pub async fn late_tick(#[server(flatten)] form: LateTickForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::late_tick(&cx, form.check()?).await?))
}

/// A note that may have waited on the device (TREAT-7).
#[server(prefix = "/api", endpoint = "treat/late_note")]
pub async fn late_note(#[server(flatten)] form: LateNoteForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::late_note(&cx, form.check()?).await?))
}

/// Adds a note to the record.
#[server(prefix = "/api", endpoint = "treat/note")]
pub async fn note(#[server(flatten)] form: NoteForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, text, key) = form.check()?;
    Ok(drawn(&cx, store::treat::note(&cx, item, text, key).await?))
}

/// Aftercare told, and sent to the customer's phone (TREAT-6). `told[]` are ids.
#[server(prefix = "/api", endpoint = "treat/aftercare")]
pub async fn aftercare(
    #[server(default)] item: String,
    #[server(default)] told: Vec<String>,
) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, told) = AftercareForm { item, told: told.join(",") }.check()?;
    Ok(drawn(&cx, store::treat::aftercare(&cx, item, told).await?))
}

/// A line of the preparation (TREAT-2).
#[server(prefix = "/api", endpoint = "treat/prepare")]
pub async fn prepare(#[server(flatten)] form: PrepForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::prepare(&cx, form.check()?).await?))
}

/// How the customer feels now (TREAT-4).
#[server(name = SayFeel, prefix = "/api", endpoint = "treat/feel")]
pub async fn feel(#[server(flatten)] form: FeelForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::feel(&cx, form.check()?).await?))
}

/// An adverse reaction: opens an incident and tells the manager (TREAT-4).
#[server(name = ReportIncident, prefix = "/api", endpoint = "treat/incident")]
pub async fn report(#[server(flatten)] form: IncidentForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::report(&cx, form.check()?).await?))
}

/// Further steps of first aid.
#[server(name = TickFirstAid, prefix = "/api", endpoint = "treat/first_aid")]
pub async fn first_aid(#[server(flatten)] form: FirstAidForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (incident, steps) = form.check()?;
    Ok(drawn(&cx, store::treat::first_aid(&cx, incident, steps).await?))
}

/// A product with its batch and amount (TREAT-5).
#[server(prefix = "/api", endpoint = "treat/use_product")]
pub async fn use_product(#[server(flatten)] form: ProductForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::use_product(&cx, form.check()?).await?))
}

/// A device with its settings (TREAT-5).
#[server(prefix = "/api", endpoint = "treat/use_device")]
pub async fn use_device(#[server(flatten)] form: DeviceForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::use_device(&cx, form.check()?).await?))
}

/// Crosses out what was noted by mistake.
#[server(prefix = "/api", endpoint = "treat/unuse")]
pub async fn unuse(#[server(flatten)] form: UnuseForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, used) = form.check()?;
    Ok(drawn(&cx, store::treat::unuse(&cx, item, used).await?))
}

/// Products and settings of last time, in one tap.
#[server(prefix = "/api", endpoint = "treat/same_again")]
pub async fn same_again(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::same_again(&cx, form.check()?).await?))
}

/// Advice on diet or products, sent to the customer's phone (TREAT-6).
#[server(prefix = "/api", endpoint = "treat/advise")]
pub async fn advise(#[server(flatten)] form: AdviceForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::advise(&cx, form.check()?).await?))
}

/// The best free time so many weeks ahead with the same person (TREAT-6).
#[server(name = ReadOffer, prefix = "/api", endpoint = "treat/offer")]
pub async fn offer(item: String, #[server(default)] weeks: u32) -> Result<Option<NextVisit>, AppError> {
    let item = item.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::treat::offer(&op_context()?, item, weeks).await?)
}

/// Books the time that was offered.
#[server(prefix = "/api", endpoint = "treat/book_next")]
pub async fn book_next(#[server(flatten)] form: NextForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, at, key) = form.check()?;
    Ok(drawn(&cx, store::treat::book_next(&cx, item, at, key).await?))
}

/// The whole record of a service; an earlier one through the service being done.
#[server(name = ReadRecord, prefix = "/api", endpoint = "treat/record")]
pub async fn record(item: String, #[server(default)] through: String) -> Result<RecordPage, AppError> {
    let item = item.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::treat::record(&op_context()?, item, through.parse().ok()).await?)
}

/// Departures from procedures in the branch looked at (TREAT-3).
#[server(name = ReadDeviations, prefix = "/api", endpoint = "treat/deviations")]
pub async fn deviations(#[server(flatten)] search: DeviationSearch) -> Result<DeviationPage, AppError> {
    let cx = op_context()?;
    let me = staff(&cx).await?;
    Ok(store::treat::deviations(&cx, me.branch, search.read()).await?)
}

/// A departure has been looked at.
#[server(prefix = "/api", endpoint = "treat/acknowledge")]
pub async fn acknowledge(#[server(flatten)] form: AcknowledgeForm) -> Result<(), AppError> {
    let (id, comment) = form.check()?;
    Ok(store::treat::acknowledge(&op_context()?, id, comment).await?)
}

/// Adverse reactions of the branch looked at (TREAT-4).
#[server(name = ReadIncidents, prefix = "/api", endpoint = "treat/incidents")]
pub async fn incidents(
    #[server(default)] closed: bool,
    #[server(default)] after: Option<String>,
) -> Result<Page<IncidentRow>, AppError> {
    let cx = op_context()?;
    let me = staff(&cx).await?;
    Ok(store::treat::incidents(&cx, me.branch, closed, after.as_deref()).await?)
}

/// One adverse reaction with its course.
#[server(name = ReadIncident, prefix = "/api", endpoint = "treat/incident_page")]
pub async fn incident(id: String) -> Result<IncidentPage, AppError> {
    let id = id.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::treat::incident(&op_context()?, id).await?)
}

/// Notes, handles or closes it.
#[server(name = ActOnIncident, prefix = "/api", endpoint = "treat/incident_act")]
pub async fn act(#[server(flatten)] form: IncidentMoveForm) -> Result<IncidentPage, AppError> {
    Ok(store::treat::act(&op_context()?, form.check()?).await?)
}

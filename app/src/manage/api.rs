//! Server functions of the settings. The branch is always the one that the signed-in person works in or looks at.

use crate::error::AppError;
use domain::{
    booking::stranded::{ResolveForm, ResolvePage, StrandedPage},
    branch::{
        hours::{HoursForm, HoursPage, PolicyForm, SpecialForm},
        menu::{CategoryForm, ServiceForm, ServicePage, ServicesPage},
        place::{DownForm, PlaceForm, PlacesPage},
    },
    staff::{
        CopyForm, CredentialForm, LeaveForm, PersonForm, PersonLine, PersonPage, RotaPage, ShiftForm,
        ShiftPage,
    },
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::kept::done;
#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::{FieldError, booking::check_id, branch::menu::ServiceQuery};

#[cfg(feature = "ssr")]
async fn here() -> Result<(store::OpContext, domain::BranchId), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok((cx, branch))
}

#[cfg(feature = "ssr")]
fn id<T: std::str::FromStr>(field: &str, raw: &str) -> Result<T, AppError> {
    check_id(raw).map_err(|code| FieldError::new(field, code).into())
}

/// `new` and nothing are a new one.
#[cfg(feature = "ssr")]
fn id_or_new<T: std::str::FromStr>(raw: &str) -> Result<Option<T>, AppError> {
    match raw {
        "" | "new" => Ok(None),
        raw => raw.parse().map(Some).map_err(|_| store::Error::NotFound.into()),
    }
}

/// Opening hours, special days and rules.
#[server(name = ReadHours, prefix = "/api", endpoint = "branch/hours")]
pub async fn hours() -> Result<HoursPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::branch::hours::page(&cx, branch).await?)
}

#[server(prefix = "/api", endpoint = "branch/save_hours")]
pub async fn save_hours(#[server(flatten)] form: HoursForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::hours::set_hours(&cx, branch, form.check()?).await?) }.await;
    done(answer, "hours", "/settings/hours", &typed)
}

#[server(prefix = "/api", endpoint = "branch/save_special")]
pub async fn save_special(#[server(flatten)] form: SpecialForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::hours::set_special(&cx, branch, form.check()?).await?) }.await;
    done(answer, if typed.ordinary == "yes" { "ordinary" } else { "special" }, "/settings/hours", &typed)
}

#[server(prefix = "/api", endpoint = "branch/save_policy")]
pub async fn save_policy(#[server(flatten)] form: PolicyForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::hours::set_policy(&cx, branch, form.check()?).await?) }.await;
    done(answer, "policy", "/settings/hours", &typed)
}

/// The list of services.
#[server(name = ReadServices, prefix = "/api", endpoint = "branch/services")]
pub async fn services(
    #[server(default)] q: String,
    #[server(default)] category: String,
    #[server(default)] retired: bool,
    #[server(default)] after: Option<String>,
) -> Result<ServicesPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::branch::menu::list(&cx, branch, ServiceQuery { q, category, retired, after }).await?)
}

/// One service; `new` for an empty form.
#[server(name = ReadService, prefix = "/api", endpoint = "branch/service")]
pub async fn service(id: String) -> Result<ServicePage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::branch::menu::page(&cx, branch, id_or_new(&id)?).await?)
}

/// `at[]` are ids of branches, `device[]` known types of devices.
#[server(prefix = "/api", endpoint = "branch/save_service")]
pub async fn save_service(
    #[server(flatten)] form: ServiceForm,
    #[server(default)] at: Vec<String>,
    #[server(default)] device: Vec<String>,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let devices = device.into_iter().chain([form.devices.clone()]).collect::<Vec<_>>().join(",");
    let form = ServiceForm { branches: at.join(","), devices, ..form };
    let typed = form.clone();
    let answer = async { Ok(store::branch::menu::save(&cx, branch, form.check()?).await?) }.await;
    let (path, answer) = match answer {
        Ok(id) => (format!("/settings/services/{id}"), Ok(())),
        Err(error) if typed.id.is_empty() => ("/settings/services/new".to_owned(), Err(error)),
        Err(error) => (format!("/settings/services/{}", typed.id), Err(error)),
    };
    done(answer, "service", &path, &typed)
}

#[server(prefix = "/api", endpoint = "branch/retire_service")]
pub async fn retire_service(
    id: String,
    #[server(default)] version: i32,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let service: domain::ServiceId = self::id("id", &id)?;
    let answer = store::branch::menu::retire(&cx, branch, service, version, back == "true").await;
    done(answer.map_err(Into::into), "retire", &format!("/settings/services/{service}"), &())
}

#[server(prefix = "/api", endpoint = "branch/save_category")]
pub async fn save_category(#[server(flatten)] form: CategoryForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::menu::save_category(&cx, branch, form.check()?).await?) }.await;
    done(answer, &format!("category{}", typed.code), "/settings", &typed)
}

/// Rooms and devices.
#[server(name = ReadPlaces, prefix = "/api", endpoint = "branch/places")]
pub async fn places() -> Result<PlacesPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::branch::place::page(&cx, branch).await?)
}

#[server(prefix = "/api", endpoint = "branch/save_place")]
pub async fn save_place(#[server(flatten)] form: PlaceForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::place::save(&cx, branch, form.check()?).await?) }.await;
    let of = if typed.id.is_empty() { format!("new-{}", typed.kind) } else { format!("place-{}", typed.id) };
    done(answer, &of, "/settings/places", &typed)
}

/// Out of service, back, retired, used again.
#[server(prefix = "/api", endpoint = "branch/place_state")]
pub async fn place_state(#[server(flatten)] form: DownForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::branch::place::set_down(&cx, branch, form.check()?).await?) }.await;
    done(answer, &format!("{}-{}", typed.act, typed.id), "/settings/places", &typed)
}

/// Everybody of the branch.
#[server(name = ReadPeople, prefix = "/api", endpoint = "staff/people")]
pub async fn people() -> Result<Vec<PersonLine>, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::staff::list(&cx, branch).await?)
}

/// One person; `new` for an empty form.
#[server(name = ReadPerson, prefix = "/api", endpoint = "staff/person")]
pub async fn person(id: String) -> Result<PersonPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::staff::page(&cx, branch, id_or_new(&id)?).await?)
}

/// `skill[]` are known qualifications.
#[server(prefix = "/api", endpoint = "staff/save_person")]
pub async fn save_person(
    #[server(flatten)] form: PersonForm,
    #[server(default)] skill: Vec<String>,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let skills = skill.into_iter().chain([form.skills.clone()]).collect::<Vec<_>>().join(",");
    let form = PersonForm { skills, ..form };
    // Names do not belong into an address.
    let typed = PersonForm { name_zh: String::new(), name_en: String::new(), ..form.clone() };
    let answer = async { Ok(store::staff::save(&cx, branch, form.check()?).await?) }.await;
    let (path, answer) = match answer {
        Ok(id) => (format!("/settings/people/{id}"), Ok(())),
        Err(error) if typed.id.is_empty() => ("/settings/people/new".to_owned(), Err(error)),
        Err(error) => (format!("/settings/people/{}", typed.id), Err(error)),
    };
    done(answer, "person", &path, &typed)
}

#[server(prefix = "/api", endpoint = "staff/save_credential")]
pub async fn save_credential(#[server(flatten)] form: CredentialForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = CredentialForm { number: String::new(), ..form.clone() };
    let answer = async { Ok(store::staff::save_credential(&cx, branch, form.check()?).await?) }.await;
    done(answer, &format!("credential{}", typed.id), &format!("/settings/people/{}", typed.staff), &typed)
}

/// The rota of the week of a day; of this week for none.
#[server(name = ReadRota, prefix = "/api", endpoint = "staff/rota")]
pub async fn rota(#[server(default)] week: String) -> Result<RotaPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::staff::week(&cx, branch, week.parse().ok()).await?)
}

/// One person's day.
#[server(name = ReadShift, prefix = "/api", endpoint = "staff/shift")]
pub async fn shift(staff: String, day: String) -> Result<ShiftPage, AppError> {
    let (cx, branch) = here().await?;
    let day = day.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::staff::shift(&cx, branch, id("staff", &staff)?, day).await?)
}

#[server(prefix = "/api", endpoint = "staff/save_shift")]
pub async fn save_shift(#[server(flatten)] form: ShiftForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::staff::save_shift(&cx, branch, form.check()?).await?) }.await;
    let path = match answer {
        Ok(()) => format!("/settings/rota?week={}", typed.day),
        Err(_) => format!("/settings/rota/{}/{}", typed.staff, typed.day),
    };
    done(answer, "shift", &path, &typed)
}

#[server(prefix = "/api", endpoint = "staff/copy_week")]
pub async fn copy_week(#[server(flatten)] form: CopyForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::staff::copy_week(&cx, branch, form.check()?).await?) }.await;
    done(answer, "copy", &format!("/settings/rota?week={}", typed.week), &typed)
}

/// `week` is the one looked at.
#[server(prefix = "/api", endpoint = "staff/save_leave")]
pub async fn save_leave(
    #[server(flatten)] form: LeaveForm,
    #[server(default)] week: String,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = LeaveForm { note: String::new(), ..form.clone() };
    let answer = async { Ok(store::staff::save_leave(&cx, branch, form.check()?).await?) };
    done(answer.await, "leave", &format!("/settings/rota?week={week}"), &typed)
}

#[server(prefix = "/api", endpoint = "staff/drop_leave")]
pub async fn drop_leave(
    staff: String,
    id: String,
    #[server(default)] version: i32,
    #[server(default)] week: String,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let (person, leave) = (self::id("staff", &staff)?, self::id("id", &id)?);
    let answer = store::staff::drop_leave(&cx, branch, person, leave, version).await;
    done(answer.map_err(Into::into), "drop", &format!("/settings/rota?week={week}"), &())
}

/// Bookings that cannot be kept as things stand.
#[server(name = ReadStranded, prefix = "/api", endpoint = "booking/stranded")]
pub async fn stranded(#[server(default)] after: Option<String>) -> Result<StrandedPage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::booking::stranded::list(&cx, branch, after.as_deref()).await?)
}

/// One of them with the ways out.
#[server(name = ReadResolvePage, prefix = "/api", endpoint = "booking/resolve_page")]
pub async fn resolve_page(booking: String) -> Result<ResolvePage, AppError> {
    let (cx, branch) = here().await?;
    Ok(store::booking::stranded::resolve_page(&cx, branch, id("booking", &booking)?).await?)
}

/// Moves one to another time or person.
#[server(prefix = "/api", endpoint = "booking/resolve")]
pub async fn resolve(#[server(flatten)] form: ResolveForm) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let typed = form.clone();
    let answer = async { Ok(store::booking::stranded::resolve(&cx, branch, form.check()?).await?) }.await;
    let path = match answer {
        Ok(()) => "/settings/stranded".to_owned(),
        Err(_) => format!("/settings/stranded/{}", typed.booking),
    };
    done(answer, "resolve", &path, &typed)
}

/// Cancels one for the salon.
#[server(prefix = "/api", endpoint = "booking/give_up")]
pub async fn give_up(
    booking: String,
    #[server(default)] version: i32,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let (cx, branch) = here().await?;
    let found: domain::BookingId = id("booking", &booking)?;
    let answer = async {
        let note = domain::customer::check_note(&note).map_err(|code| FieldError::new("note", code))?;
        Ok(store::booking::stranded::give_up(&cx, branch, found, version, note).await?)
    };
    let answer = answer.await;
    let path = match answer {
        Ok(()) => "/settings/stranded".to_owned(),
        Err(_) => format!("/settings/stranded/{found}"),
    };
    // What is told to a customer does not belong into an address.
    done(answer, "give_up", &path, &())
}

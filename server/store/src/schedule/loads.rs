//! How full the days are: all people over a week, the branch over a month.

use super::{monday, rota, rows, sheet::everyone};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    sql,
    sql::vals,
    time::{at, date, day_bounds, day_number, day_of, ms},
};
use chrono::{Datelike, Duration, Months as Later, NaiveDate};
use domain::{
    Interval, LocalTime,
    permission::{Action, Scope},
    schedule::{DayLoad, Month, Months, Week, WeekRow},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

pub(super) async fn week(cx: &OpContext, catalog: &Catalog, day: NaiveDate, now: LocalTime) -> Result<Week> {
    let first = monday(day);
    let last = first + Duration::days(6);
    let days: Vec<NaiveDate> = first.iter_days().take(7).collect();
    let items = rows::items(cx.db(), catalog.branch.id, (first, last), ms(cx.now())).await?;
    let rota = rota::read(cx.db(), catalog, (first, last)).await?;
    let mut sums = vec![DayLoad::default(); 7];
    let mut rows = Vec::new();
    for person in catalog.people.iter().filter(|p| p.works_here()) {
        let mut cells = vec![DayLoad::default(); 7];
        for (cell, day) in cells.iter_mut().zip(&days) {
            let (from, to) = day_bounds(catalog.tz(), *day);
            let working = rota.get(&person.id).zip(Interval::new(from, to));
            cell.working_min = working.map_or(0, |(own, span)| own.working_min(span));
        }
        for row in items.iter().filter(|row| row.staff() == person.id.0) {
            let at = (date(day_of(catalog.tz(), at(row.begin_ms))) - first).num_days();
            if let Some(cell) = usize::try_from(at).ok().and_then(|at| cells.get_mut(at)) {
                cell.bookings += 1;
                cell.booked_min += row.busy_min(ms(cx.now()));
            }
        }
        for (sum, cell) in sums.iter_mut().zip(&cells) {
            *sum += *cell;
        }
        rows.push(WeekRow {
            staff: person.id,
            name: person.name.clone(),
            title: person.title.clone(),
            cells,
        });
    }
    Ok(Week { day, now, days, rows, sums, people: everyone(catalog) })
}

#[derive(FromQueryResult)]
struct Booked {
    day: i32,
    bookings: i64,
    minutes: i64,
}

/// The month of the branch, and of all others for who may look at them.
pub(super) async fn months(
    cx: &OpContext,
    catalog: &Catalog,
    day: NaiveDate,
    now: LocalTime,
) -> Result<Months> {
    let first = day.with_day(1).unwrap_or(day);
    let mut branches = vec![month(cx, catalog, first, true).await?];
    // A handful of branches; each has its own clock, so each is asked for by itself.
    for other in cx.store.cache.branches(&cx.store).await?.iter() {
        if other.id != catalog.branch.id && cx.may(Action::SeeBoard, &Scope::branch(other.id)) {
            let other = cx.store.catalog(other.id).await?;
            branches.push(month(cx, &other, first, false).await?);
        }
    }
    Ok(Months { day, now, branches })
}

async fn month(cx: &OpContext, catalog: &Catalog, first: NaiveDate, own: bool) -> Result<Month> {
    let last = first + Later::new(1) - Duration::days(1);
    let sql = "SELECT b.day, COUNT(DISTINCT b.id) AS bookings, \
               CAST(SUM((i.to_ms - i.from_ms) / 60000 - i.processing_min) AS BIGINT) AS minutes \
               FROM booking b JOIN booking_item i ON i.booking_id = b.id \
               WHERE b.branch_id = $1 AND b.day BETWEEN $2 AND $3 \
               AND b.state IN ('booked', 'confirmed', 'arrived', 'in_service', 'completed') GROUP BY b.day";
    let values = vals![catalog.branch.id.0, day_number(first), day_number(last)];
    let booked: Vec<Booked> = sql::all(cx.db(), sql, values).await?;
    let booked: HashMap<i32, Booked> = booked.into_iter().map(|row| (row.day, row)).collect();
    let rota = rota::read(cx.db(), catalog, (first, last)).await?;
    let load = |day: NaiveDate| {
        let (from, to) = day_bounds(catalog.tz(), day);
        let row = booked.get(&day_number(day));
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        DayLoad {
            bookings: row.map_or(0, |row| number(row.bookings)),
            booked_min: row.map_or(0, |row| number(row.minutes)),
            working_min: Interval::new(from, to)
                .map_or(0, |span| rota.values().map(|own| own.working_min(span)).sum()),
        }
    };
    let days = first.iter_days().take_while(|day| *day <= last).map(|day| (day, load(day))).collect();
    Ok(Month { branch: catalog.branch.name.clone(), own, days })
}

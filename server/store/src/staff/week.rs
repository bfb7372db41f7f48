//! Rows of rotas as days of people: which shift and which break belong to which day, also past midnight and when clocks
//! change.

use crate::{
    entity::rota,
    time::{day_number, instant, local_ms, ms},
};
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use domain::{RotaId, staff::Minutes};
use std::collections::HashMap;
use uuid::Uuid;

/// The shifts and breaks of one person's day, by the wall clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Day {
    pub shifts: Minutes,
    pub breaks: Minutes,
    pub ids: Vec<Uuid>,
}

/// Minutes between midnight of `day` and what the wall shows at an instant.
fn minutes(tz: Tz, day: NaiveDate, at_ms: i64) -> i32 {
    let span = local_ms(tz, at_ms).wall - day.and_time(NaiveTime::MIN);
    i32::try_from(span.num_minutes()).unwrap_or(0)
}

/// By person and day number. A break belongs to the shift around it, a shift to the day on which it begins.
pub(super) fn days(tz: Tz, rows: &[rota::Model]) -> HashMap<(Uuid, i32), Day> {
    let mut days: HashMap<(Uuid, i32), Day> = HashMap::new();
    let shifts: Vec<&rota::Model> = rows.iter().filter(|row| row.kind == "shift").collect();
    for row in rows.iter().filter(|row| row.kind != "leave") {
        let around = |shift: &&&rota::Model| {
            shift.staff_id == row.staff_id && shift.from_ms <= row.from_ms && row.to_ms <= shift.to_ms
        };
        let owner = if row.kind == "break" { shifts.iter().find(around).copied() } else { None };
        let day = local_ms(tz, owner.unwrap_or(row).from_ms).date();
        let span = (minutes(tz, day, row.from_ms), minutes(tz, day, row.to_ms));
        let known = days.entry((row.staff_id, day_number(day))).or_default();
        known.ids.push(row.id);
        if row.kind == "break" { known.breaks.push(span) } else { known.shifts.push(span) }
    }
    for day in days.values_mut() {
        day.shifts.sort_unstable();
        day.breaks.sort_unstable();
    }
    days
}

impl Day {
    /// The rows of the same times by the clock on another day or for somebody else.
    pub fn rows(&self, tz: Tz, branch: Uuid, staff: Uuid, day: NaiveDate) -> Vec<rota::Model> {
        let kinds = [("shift", &self.shifts), ("break", &self.breaks)];
        let all = kinds.into_iter().flat_map(|(kind, spans)| spans.iter().map(move |span| (kind, *span)));
        all.map(|(kind, (from, to))| rota::Model {
            id: RotaId::new().0,
            staff_id: staff,
            branch_id: branch,
            kind: kind.into(),
            from_ms: ms(instant(tz, day, from)),
            to_ms: ms(instant(tz, day, to)),
        })
        // A night in which the clock jumps may swallow a short break.
        .filter(|row| row.from_ms < row.to_ms)
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn ymd(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_break_after_midnight_belongs_to_the_evening() {
        let (tz, staff) = (Tz::Asia__Shanghai, Uuid::now_v7());
        let day = Day { shifts: vec![(1080, 1560)], breaks: vec![(1440, 1470)], ids: vec![] };
        let rows = day.rows(tz, Uuid::nil(), staff, ymd(2026, 6, 12));
        let read = days(tz, &rows);
        assert_eq!(read.len(), 1);
        let read = &read[&(staff, day_number(ymd(2026, 6, 12)))];
        assert_eq!((&read.shifts, &read.breaks, read.ids.len()), (&day.shifts, &day.breaks, 2));
    }

    /// The week in which Berlin's clocks go forward, copied from the week before: the same times by the wall clock.
    #[test]
    fn the_wall_clock_counts_when_clocks_change() {
        let (tz, staff) = (Tz::Europe__Berlin, Uuid::now_v7());
        let shift = Day { shifts: vec![(540, 1080)], breaks: vec![(720, 765)], ids: vec![] };
        for n in 0..14 {
            let day = ymd(2026, 3, 20) + Duration::days(n);
            let rows = shift.rows(tz, Uuid::nil(), staff, day);
            let read = days(tz, &rows).remove(&(staff, day_number(day))).unwrap();
            assert_eq!((read.shifts, read.breaks), (shift.shifts.clone(), shift.breaks.clone()), "{day}");
        }
        let night = Day { shifts: vec![(1320, 1800)], breaks: vec![], ids: vec![] };
        let row = &night.rows(tz, Uuid::nil(), staff, ymd(2026, 3, 28))[0];
        assert_eq!((row.to_ms - row.from_ms) / 3_600_000, 7, "an hour is missing in that night");
        assert_eq!(days(tz, std::slice::from_ref(row)).into_values().next().unwrap().shifts, [(1320, 1800)]);
    }
}

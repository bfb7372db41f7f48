//! Bookings that cannot be kept as things stand: hours were shortened, a shift went, a room is out of service. Nothing
//! is stored about it; whoever asks lays the bookings to come over the catalogue as it is.

use super::slots::{Slot, Span};
use crate::{error::FieldError, ids::*, lang::Text, time::LocalTime};
use serde::{Deserialize, Serialize};

/// Why a booked service cannot be done as it was booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The branch is closed at that time.
    Closed,
    /// The branch does not offer the service any more.
    NotOffered,
    /// The person has left or takes no customers.
    PersonGone,
    /// The person is not on duty then.
    OffDuty,
    /// The person does not do this any more.
    NotSkilled,
    /// No valid certificate that day (CERT).
    NotCertified,
    RoomDown,
    DeviceDown,
}

/// What a booked service takes, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Promised<'a> {
    /// The customer's own time.
    pub served: Span,
    /// What the person is taken for; free while something takes effect by itself.
    pub person: &'a [Span],
}

/// The house as it is (or would be) at that time.
#[derive(Clone, Debug, Default)]
pub struct House<'a> {
    /// Opening hours around that time. Sorted, disjoint.
    pub opening: &'a [Span],
    /// The service is on the branch's menu, or was retired from it.
    pub offered: bool,
    /// The person works here and takes customers.
    pub here: bool,
    pub skilled: bool,
    pub certified: bool,
    /// Shifts − breaks − leave. Sorted, disjoint.
    pub work: &'a [Span],
    pub room: Option<Place<'a>>,
    pub devices: &'a [Place<'a>],
}

/// A room or a device, and what it is taken for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// In use at all.
    pub active: bool,
    /// Out of service. Sorted.
    pub down: &'a [Span],
    pub taken: Span,
}

impl Place<'_> {
    fn works(&self) -> bool {
        self.active && !self.down.iter().any(|down| down.overlaps(&self.taken))
    }
}

/// Everything that stands in the way; empty when the booking can be kept.
#[must_use]
pub fn causes(promised: &Promised<'_>, house: &House<'_>) -> Vec<Cause> {
    let mut causes = Vec::new();
    if !house.opening.iter().any(|open| open.contains(&promised.served)) {
        causes.push(Cause::Closed);
    }
    if !house.offered {
        causes.push(Cause::NotOffered);
    }
    if !house.here {
        causes.push(Cause::PersonGone);
    } else if !promised.person.iter().all(|span| house.work.iter().any(|work| work.contains(span))) {
        causes.push(Cause::OffDuty);
    }
    if house.here && house.offered {
        if !house.skilled {
            causes.push(Cause::NotSkilled);
        } else if !house.certified {
            causes.push(Cause::NotCertified);
        }
    }
    if house.room.is_some_and(|room| !room.works()) {
        causes.push(Cause::RoomDown);
    }
    if house.devices.iter().any(|device| !device.works()) {
        causes.push(Cause::DeviceDown);
    }
    causes
}

/// A booking that a change would strand, without a word about the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    pub number: String,
    pub at: LocalTime,
    pub staff: Text,
    pub cause: Cause,
}

/// A stranded booking as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrandedLine {
    pub booking: BookingId,
    pub number: String,
    pub from: LocalTime,
    pub to: LocalTime,
    pub customer: String,
    pub phone: String,
    pub services: Vec<Text>,
    pub staff: Vec<Text>,
    pub causes: Vec<Cause>,
}

/// The list of stranded bookings, the next first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrandedPage {
    pub list: crate::Page<StrandedLine>,
    pub count: u32,
}

/// One stranded booking with the ways out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolvePage {
    pub line: StrandedLine,
    /// As loaded: a booking changed meanwhile is not overwritten.
    pub version: i32,
    /// Nothing stands in its way any more.
    pub settled: bool,
    pub offers: Vec<Offer>,
}

/// A free time, and who would do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub at: LocalTime,
    pub who: Option<StaffId>,
    pub staff: Vec<Text>,
    pub same_time: bool,
    pub same_person: bool,
}

/// Moving a stranded booking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResolveForm {
    pub booking: String,
    /// Milliseconds since 1970 and, after a dot, the person held on to: `1781245800000.0190…`.
    pub to: String,
    pub version: String,
    pub key: String,
}

/// A checked [`ResolveForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    pub booking: BookingId,
    pub at: chrono::DateTime<chrono::Utc>,
    pub who: Option<StaffId>,
    pub version: i32,
    pub key: String,
}

impl Offer {
    /// As [`ResolveForm::to`] carries it.
    #[must_use]
    pub fn code(&self) -> String {
        match self.who {
            Some(who) => format!("{}.{who}", self.at.millis()),
            None => self.at.millis().to_string(),
        }
    }
}

impl ResolveForm {
    /// # Errors
    /// `booking`, `to`, `version`, `key`.
    pub fn check(self) -> Result<Resolve, Vec<FieldError>> {
        let mut errors = crate::customer::Errors::default();
        let booking = errors.take("booking", super::check_id(&self.booking));
        let (at, who) = self.to.split_once('.').unwrap_or((&self.to, ""));
        let at = errors.take("to", super::check_instant(at));
        let who = match who {
            "" => Some(None),
            raw => errors.take("to", super::check_id(raw).map(Some)),
        };
        let version = errors.take("version", crate::branch::hours::check_version(&self.version));
        let key = errors.take("key", super::check_key(&self.key));
        match (booking, at, who, version, key) {
            (Some(booking), Some(at), Some(who), Some(version), Some(key)) => {
                Ok(Resolve { booking, at, who, version, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// The free times worth offering instead of `at`: the same time first, then the nearest ones.
#[must_use]
pub fn instead(slots: &[Slot], at: i64, n: usize) -> Vec<i64> {
    let mut free: Vec<i64> = slots.iter().filter(|slot| slot.free).map(|slot| slot.at).collect();
    free.sort_by_key(|time| ((time - at).abs(), *time));
    free.truncate(n);
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const fn span(from: i64, to: i64) -> Span {
        Span { from, to }
    }

    /// What a change does to a booking from 10 to 12 (the person free between 11 and 11:30) in a house that is as booked.
    fn after(change: impl FnOnce(&mut House<'_>)) -> Vec<Cause> {
        let promised = Promised { served: span(100, 120), person: &[span(98, 110), span(115, 122)] };
        let place = Place { active: true, down: &[span(50, 95), span(125, 200)], taken: span(95, 125) };
        let devices = [place];
        let mut house = House {
            opening: &[span(80, 120)],
            offered: true,
            here: true,
            skilled: true,
            certified: true,
            work: &[span(90, 110), span(115, 130)],
            room: Some(place),
            devices: &devices,
        };
        change(&mut house);
        causes(&promised, &house)
    }

    const DOWN: [Place<'static>; 1] = [Place { active: true, down: &[span(124, 130)], taken: span(95, 125) }];
    const RETIRED: [Place<'static>; 1] = [Place { active: false, down: &[], taken: span(95, 125) }];

    #[test]
    fn nothing_changed_strands_nothing() {
        assert_eq!(after(|_| {}), []);
    }

    #[rstest]
    #[case::hours_shortened(|h: &mut House<'_>| h.opening = &[Span { from: 80, to: 119 }], &[Cause::Closed])]
    #[case::day_closed(|h: &mut House<'_>| h.opening = &[], &[Cause::Closed])]
    #[case::shift_removed(|h: &mut House<'_>| h.work = &[], &[Cause::OffDuty])]
    #[case::break_in_between(|h: &mut House<'_>| h.work = &[Span { from: 90, to: 110 }, Span { from: 116, to: 130 }], &[Cause::OffDuty])]
    #[case::left(|h: &mut House<'_>| { h.here = false; h.work = &[]; h.skilled = false }, &[Cause::PersonGone])]
    #[case::skill_removed(|h: &mut House<'_>| h.skilled = false, &[Cause::NotSkilled])]
    #[case::certificate_ended(|h: &mut House<'_>| h.certified = false, &[Cause::NotCertified])]
    #[case::not_offered(|h: &mut House<'_>| h.offered = false, &[Cause::NotOffered])]
    #[case::room_down(|h: &mut House<'_>| h.room = Some(DOWN[0]), &[Cause::RoomDown])]
    #[case::room_retired(|h: &mut House<'_>| h.room = Some(RETIRED[0]), &[Cause::RoomDown])]
    #[case::device_down(|h: &mut House<'_>| h.devices = &DOWN, &[Cause::DeviceDown])]
    #[case::no_room_needed(|h: &mut House<'_>| h.room = None, &[])]
    fn each_change_strands_for_its_reason(#[case] change: fn(&mut House<'_>), #[case] want: &[Cause]) {
        assert_eq!(after(change), want);
    }

    #[test]
    fn the_same_time_comes_first_then_the_nearest() {
        let slots: Vec<Slot> = [(1, true), (2, false), (3, true), (5, true), (9, true)]
            .map(|(at, free)| Slot { at, free })
            .to_vec();
        assert_eq!(instead(&slots, 3, 3), [3, 1, 5]);
        assert_eq!(instead(&slots, 2, 2), [1, 3]);
    }

    #[test]
    fn a_way_out_survives_the_form() {
        let at = chrono::DateTime::from_timestamp(1_781_245_800, 0).unwrap();
        let who = Some(StaffId::new());
        for who in [None, who] {
            let offer = Offer {
                at: LocalTime { utc: at, wall: at.naive_utc() },
                who,
                staff: vec![],
                same_time: true,
                same_person: false,
            };
            let form = ResolveForm {
                booking: BookingId::new().to_string(),
                to: offer.code(),
                version: "3".into(),
                key: "k".into(),
            };
            let cmd = form.check().unwrap();
            assert_eq!((cmd.at, cmd.who, cmd.version), (at, who, 3));
        }
        assert_eq!(ResolveForm::default().check().unwrap_err().len(), 3);
    }
}

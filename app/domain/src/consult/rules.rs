//! Contraindications (CONSULT-3): which fact speaks against which service, and how strongly. Plain values in, plain values
//! out.

use super::{Fact, FactKind, Severity, codes};
use crate::{
    ids::{FactId, ServiceId},
    lang::Text,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

codes! {
    /// What a rule does.
    Effect {
        /// Go on with a reason.
        Warn = "warn",
        /// Not without the word of the technical lead or the manager.
        Stop = "stop",
    }
}

impl Effect {
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Warn => Verdict::Warn,
            Self::Stop => Verdict::Stop,
        }
    }
}

/// What all rules together say of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    #[default]
    Clear,
    Warn,
    Stop,
}

/// A row of the house's table. What is left open fits everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub code: String,
    pub kind: FactKind,
    pub fact: Option<String>,
    pub service: Option<ServiceId>,
    pub category: Option<String>,
    pub qualification: Option<String>,
    pub device: Option<String>,
    pub effect: Effect,
    /// Fires from this severity on; a fact whose severity is not known counts as severe.
    pub severity: Option<Severity>,
    /// Fires so many days after the fact; one whose day is not known counts as of today.
    pub days: Option<u32>,
    pub text: Text,
}

/// The service that is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    pub service: ServiceId,
    pub category: &'a str,
    pub qualification: &'a str,
    pub devices: &'a [String],
}

/// A rule that fires because of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    pub rule: &'a Rule,
    pub fact: FactId,
}

impl Rule {
    fn fits(&self, fact: &Fact, target: &Target<'_>, today: NaiveDate) -> bool {
        let open_or = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        self.kind == fact.kind
            && self.fact.as_ref().is_none_or(|code| fact.code.as_ref() == Some(code))
            && self.service.is_none_or(|id| id == target.service)
            && open_or(&self.category, target.category)
            && open_or(&self.qualification, target.qualification)
            && self.device.as_ref().is_none_or(|device| target.devices.contains(device))
            && self.severity.is_none_or(|from| fact.severity.unwrap_or(Severity::Severe) >= from)
            && self.days.is_none_or(|days| {
                fact.since.is_none_or(|since| (today - since).num_days() <= i64::from(days))
            })
    }

    /// How closely it speaks of this service and this fact; the closest one words the alert.
    fn closeness(&self) -> u8 {
        u8::from(self.service.is_some()) * 16
            + u8::from(self.device.is_some()) * 8
            + u8::from(self.qualification.is_some()) * 4
            + u8::from(self.category.is_some()) * 2
            + u8::from(self.fact.is_some())
    }
}

/// What speaks against a service: for each fact the strongest rule that fits, of equally strong ones the closest, then by
/// code. *Stop* comes first. The order of the rows does not matter, and no rule can weaken another.
#[must_use]
pub fn contraindications<'a>(
    rules: &'a [Rule],
    facts: &[Fact],
    target: &Target<'_>,
    today: NaiveDate,
) -> Vec<Hit<'a>> {
    let strongest = |fact: &Fact| {
        rules
            .iter()
            .filter(|rule| rule.fits(fact, target, today))
            .max_by(|a, b| (a.effect, a.closeness(), &b.code).cmp(&(b.effect, b.closeness(), &a.code)))
            .map(|rule| Hit { rule, fact: fact.id })
    };
    let mut hits: Vec<Hit<'a>> = facts.iter().filter_map(strongest).collect();
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.rule.effect), hit.fact));
    hits
}

/// The strongest of the hits.
#[must_use]
pub fn verdict(hits: &[Hit<'_>]) -> Verdict {
    hits.iter().map(|hit| hit.rule.effect.verdict()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn rule(code: &str, kind: FactKind, fact: Option<&str>, effect: Effect) -> Rule {
        Rule {
            code: code.into(),
            kind,
            fact: fact.map(Into::into),
            service: None,
            category: None,
            qualification: None,
            device: None,
            effect,
            severity: None,
            days: None,
            text: Text::new(code, code),
        }
    }

    fn fact(kind: FactKind, code: &str, severity: Option<Severity>, since: Option<NaiveDate>) -> Fact {
        let code = (!code.is_empty()).then(|| code.to_owned());
        Fact { id: FactId::new(), kind, code, severity, since }
    }

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, n).unwrap()
    }

    fn target(devices: &[String]) -> Target<'_> {
        Target { service: ServiceId::new(), category: "face", qualification: "light", devices }
    }

    #[rstest]
    // the substance decides
    #[case(Some("acid"), None, None, "acid", None, None, Verdict::Stop)]
    #[case(Some("acid"), None, None, "latex", None, None, Verdict::Clear)]
    #[case(None, None, None, "", None, None, Verdict::Stop)]
    // from a severity on; unknown counts as severe
    #[case(None, Some(Severity::Moderate), None, "acid", Some(Severity::Mild), None, Verdict::Clear)]
    #[case(None, Some(Severity::Moderate), None, "acid", Some(Severity::Moderate), None, Verdict::Stop)]
    #[case(None, Some(Severity::Severe), None, "acid", None, None, Verdict::Stop)]
    // for so many days; both ends
    #[case(None, None, Some(7), "acid", None, Some(5), Verdict::Stop)]
    #[case(None, None, Some(7), "acid", None, Some(4), Verdict::Clear)]
    #[case(None, None, Some(7), "acid", None, None, Verdict::Stop)]
    fn one_rule(
        #[case] code: Option<&str>,
        #[case] from: Option<Severity>,
        #[case] days: Option<u32>,
        #[case] is: &str,
        #[case] severity: Option<Severity>,
        #[case] since: Option<u32>,
        #[case] want: Verdict,
    ) {
        let rules = [Rule { severity: from, days, ..rule("r", FactKind::Allergy, code, Effect::Stop) }];
        let facts = [fact(FactKind::Allergy, is, severity, since.map(day))];
        assert_eq!(verdict(&contraindications(&rules, &facts, &target(&[]), day(12))), want);
    }

    #[test]
    fn a_rule_for_a_device_fires_only_where_it_is_used() {
        let rules =
            [Rule { device: Some("ipl".into()), ..rule("r", FactKind::Pregnancy, None, Effect::Stop) }];
        let facts = [fact(FactKind::Pregnancy, "", None, None)];
        assert_eq!(verdict(&contraindications(&rules, &facts, &target(&[]), day(12))), Verdict::Clear);
        let devices = ["ipl".to_owned()];
        assert_eq!(verdict(&contraindications(&rules, &facts, &target(&devices), day(12))), Verdict::Stop);
    }

    #[test]
    fn the_closest_of_equals_speaks_and_stop_comes_first() {
        let wide = rule("wide", FactKind::Allergy, None, Effect::Stop);
        let close = Rule {
            qualification: Some("light".into()),
            ..rule("close", FactKind::Allergy, None, Effect::Stop)
        };
        let soft = Rule { device: None, ..rule("soft", FactKind::Medicine, None, Effect::Warn) };
        let facts = [fact(FactKind::Medicine, "", None, None), fact(FactKind::Allergy, "", None, None)];
        let rules = [soft, wide, close];
        let hits = contraindications(&rules, &facts, &target(&[]), day(12));
        assert_eq!(hits.iter().map(|hit| hit.rule.code.as_str()).collect::<Vec<_>>(), ["close", "soft"]);
    }

    fn any_rule() -> impl Strategy<Value = Rule> {
        let kinds = prop::sample::select(FactKind::ALL.to_vec());
        let codes = prop::option::of(prop::sample::select(vec!["acid", "latex"]));
        let effects = prop::sample::select(Effect::ALL.to_vec());
        let from = prop::option::of(prop::sample::select(Severity::ALL.to_vec()));
        (kinds, codes, effects, from, prop::option::of(0u32..30), any::<bool>(), 0u32..1000).prop_map(
            |(kind, code, effect, severity, days, light, n)| Rule {
                severity,
                days,
                qualification: light.then(|| "light".to_owned()),
                ..rule(&format!("r{n}"), kind, code, effect)
            },
        )
    }

    fn any_fact() -> impl Strategy<Value = Fact> {
        let kinds = prop::sample::select(FactKind::ALL.to_vec());
        let codes = prop::sample::select(vec!["", "acid", "latex"]);
        let severity = prop::option::of(prop::sample::select(Severity::ALL.to_vec()));
        (kinds, codes, severity, prop::option::of(1u32..=12))
            .prop_map(|(kind, code, severity, since)| fact(kind, code, severity, since.map(day)))
    }

    proptest! {
        /// One more rule or one more fact never makes a service safer.
        #[test]
        fn more_never_weakens(rules in prop::collection::vec(any_rule(), 1..12), facts in prop::collection::vec(any_fact(), 1..6)) {
            let all = verdict(&contraindications(&rules, &facts, &target(&[]), day(12)));
            let fewer = verdict(&contraindications(&rules[1..], &facts, &target(&[]), day(12)));
            prop_assert!(all >= fewer);
            let fewer = verdict(&contraindications(&rules, &facts[1..], &target(&[]), day(12)));
            prop_assert!(all >= fewer);
        }

        /// The order of the table does not matter, and each fact fires at most once, with the strongest that fits.
        #[test]
        fn order_does_not_matter(rules in prop::collection::vec(any_rule(), 0..12), facts in prop::collection::vec(any_fact(), 0..6)) {
            let mut rules = rules;
            rules.dedup_by_key(|rule| rule.code.clone());
            let target = target(&[]);
            let told = |rules: &[Rule]| {
                contraindications(rules, &facts, &target, day(12)).iter().map(|hit| (hit.fact, hit.rule.effect)).collect::<Vec<_>>()
            };
            let before = told(&rules);
            let mut turned = rules.clone();
            turned.reverse();
            prop_assert_eq!(&before, &told(&turned));
            for fact in &facts {
                let fitting = rules.iter().filter(|rule| rule.fits(fact, &target, day(12))).map(|rule| rule.effect).max();
                let mine: Vec<Effect> = before.iter().filter(|(id, _)| *id == fact.id).map(|(_, effect)| *effect).collect();
                prop_assert_eq!(mine, fitting.into_iter().collect::<Vec<_>>());
            }
        }
    }
}

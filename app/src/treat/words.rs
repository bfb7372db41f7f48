//! Words for the codes of this area.

use crate::{tr, ui::format};
use domain::{
    Lang, LocalTime, Text,
    consult::{FactKind, FactSource, Severity},
    treat::{DeviationKind, FeelView, FirstAid, IncidentState, PrepItem, Reaction, SettingValue},
};

#[must_use]
pub fn severity_name(lang: Lang, severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => tr!(lang, consult.severity.mild),
        Severity::Moderate => tr!(lang, consult.severity.moderate),
        Severity::Severe => tr!(lang, consult.severity.severe),
    }
}

#[must_use]
pub fn kind_name(lang: Lang, kind: FactKind) -> &'static str {
    match kind {
        FactKind::Allergy => tr!(lang, consult.kind.allergy),
        FactKind::Pregnancy => tr!(lang, consult.kind.pregnancy),
        FactKind::Medicine => tr!(lang, consult.kind.medicine),
        FactKind::Condition => tr!(lang, consult.kind.condition),
        FactKind::Recent => tr!(lang, consult.kind.recent),
    }
}

#[must_use]
pub fn source_name(lang: Lang, source: FactSource) -> &'static str {
    match source {
        FactSource::Customer => tr!(lang, consult.source.customer),
        FactSource::Guardian => tr!(lang, consult.source.guardian),
        FactSource::Paper => tr!(lang, consult.source.paper),
        FactSource::Seen => tr!(lang, consult.source.seen),
    }
}

#[must_use]
pub fn prep_name(lang: Lang, what: PrepItem) -> &'static str {
    match what {
        PrepItem::Supplies => tr!(lang, chair.prep.supplies),
        PrepItem::Device => tr!(lang, chair.prep.device),
        PrepItem::Room => tr!(lang, chair.prep.room),
        PrepItem::Climate => tr!(lang, chair.prep.climate),
        PrepItem::Confirmed => tr!(lang, chair.prep.confirmed),
        PrepItem::Gown => tr!(lang, chair.prep.gown),
        PrepItem::Belongings => tr!(lang, chair.prep.belongings),
    }
}

#[must_use]
pub fn reaction_name(lang: Lang, reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Redness => tr!(lang, chair.feel.redness),
        Reaction::Stinging => tr!(lang, chair.feel.stinging),
        Reaction::Heat => tr!(lang, chair.feel.heat),
        Reaction::Itching => tr!(lang, chair.feel.itching),
        Reaction::Swelling => tr!(lang, chair.feel.swelling),
        Reaction::Cold => tr!(lang, chair.feel.cold),
    }
}

#[must_use]
pub fn first_aid_name(lang: Lang, step: FirstAid) -> &'static str {
    match step {
        FirstAid::StopProduct => tr!(lang, chair.incident.step.stop_product),
        FirstAid::Rinse => tr!(lang, chair.incident.step.rinse),
        FirstAid::Cool => tr!(lang, chair.incident.step.cool),
        FirstAid::Doctor => tr!(lang, chair.incident.step.doctor),
        FirstAid::TellManager => tr!(lang, chair.incident.step.tell_manager),
    }
}

#[must_use]
pub fn incident_state_name(lang: Lang, state: IncidentState) -> &'static str {
    match state {
        IncidentState::Open => tr!(lang, chair.incident.state.open),
        IncidentState::Handled => tr!(lang, chair.incident.state.handled),
        IncidentState::Closed => tr!(lang, chair.incident.state.closed),
    }
}

#[must_use]
pub fn deviation_name(lang: Lang, kind: DeviationKind) -> &'static str {
    match kind {
        DeviationKind::Step => tr!(lang, chair.deviation.kind.step),
        DeviationKind::Prep => tr!(lang, chair.deviation.kind.prep),
        DeviationKind::Stop => tr!(lang, chair.deviation.kind.stop),
    }
}

/// `刺痛、发红`; comfortable when nothing is felt and the score is high, else the score.
#[must_use]
pub fn feel_text(lang: Lang, feel: &FeelView) -> String {
    let reactions = list(lang, feel.reactions.iter().map(|one| reaction_name(lang, *one)));
    let mut parts = Vec::new();
    match (reactions.is_empty(), feel.comfort) {
        (true, 5) => parts.push(tr!(lang, chair.feel.comfortable).to_owned()),
        (true, n) => parts.push(tr!(lang, chair.feel.score, n = n)),
        // Three is what follows when only a reaction was tapped.
        (false, 3) => parts.push(reactions),
        (false, n) => {
            parts.push(reactions);
            parts.push(tr!(lang, chair.feel.score, n = n));
        }
    }
    parts.extend(feel.note.clone());
    list(lang, parts.iter().map(String::as_str))
}

/// `能量 14 J/cm² · 发数 120`.
#[must_use]
pub fn settings_text(lang: Lang, settings: &[SettingValue]) -> String {
    let one = |s: &SettingValue| {
        let parts = [s.name.get(lang), &s.value, &s.unit];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    settings.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// Joined as the language does it.
pub fn list<'a>(lang: Lang, parts: impl Iterator<Item = &'a str>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(tr!(lang, chair.join))
}

/// Names of the salon's own, joined.
pub fn names<'a>(lang: Lang, names: impl Iterator<Item = &'a Text>) -> String {
    list(lang, names.map(|name| name.get(lang)))
}

/// `14:40`, with the day when it is another one.
#[must_use]
pub fn when(lang: Lang, at: &LocalTime, today: &LocalTime) -> String {
    if at.date() == today.date() { at.hhmm() } else { format::day_time(lang, at, today.date()) }
}

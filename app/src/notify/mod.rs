//! The wording of messages to customers and staff (CRM-5, BOOK-12). Worded when they are sent, in the reader's language.

use crate::{tr, tr_n, ui::format};
use domain::{
    Lang, Text,
    notify::{MessageParams, Template},
};
use serde::{Deserialize, Deserializer};

/// A message in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// For channels that have one.
    pub subject: String,
    /// Without the link: whoever sends puts it at the end, or behind a button.
    pub text: String,
    /// A path of ours to open, if the message leads somewhere.
    pub link: Option<String>,
}

/// Words a message from the parameters as the outbox keeps them (a `&serde_json::Value`). What cannot be read is left
/// out rather than lost with the rest.
pub fn render<'de, P: Deserializer<'de>>(template: Template, lang: Lang, params: P) -> Rendered {
    words(template, lang, &MessageParams::deserialize(params).unwrap_or_default())
}

/// Words a message.
#[must_use]
pub fn words(template: Template, lang: Lang, params: &MessageParams) -> Rendered {
    let sentences = match template {
        Template::Code => vec![tr!(lang, notify.code, code = params.code.clone())],
        Template::BookingConfirmed => booked(lang, params, tr!(lang, notify.confirmed)),
        Template::BookingMoved => booked(lang, params, tr!(lang, notify.moved)),
        Template::BookingCancelled => {
            vec![
                tr!(lang, notify.cancelled, what = what(lang, params)),
                tr!(lang, notify.cancelled_hint).to_owned(),
            ]
        }
        Template::ReminderDay => booked(lang, params, tr!(lang, notify.reminder_day)),
        Template::ReminderHours => booked(lang, params, tr!(lang, notify.reminder_hours)),
        Template::WaitJoined => {
            let services = params.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
            vec![
                tr!(lang, notify.wait_joined, what = services),
                tr!(lang, notify.wait_joined_hint).to_owned(),
            ]
        }
        Template::WaitOffer => offered(lang, params),
        Template::SeriesTimes => sessions(lang, params),
        Template::QueueTicket => ticket(lang, params),
        Template::Aftercare => {
            let advice = params.advice.iter().map(|text| format!("· {}", text.get(lang)));
            std::iter::once(tr!(lang, notify.aftercare).to_owned()).chain(advice).collect()
        }
        Template::Rate => vec![tr!(lang, notify.rate).to_owned()],
        Template::LowScore => low_score(lang, params),
        Template::RecheckOpen => vec![recheck(lang, params, false)],
        Template::RecheckEnds => vec![recheck(lang, params, true)],
        Template::Incident => vec![incident(lang, params)],
    };
    let joint = match (template, lang) {
        (Template::Aftercare, _) => "\n",
        (_, Lang::Zh) => "",
        (_, Lang::En) => " ",
    };
    let brand = params.brand.get(lang);
    let text = sentences.join(joint);
    let text = if brand.is_empty() { text } else { tr!(lang, notify.signed, brand = brand, text = text) };
    Rendered { subject: subject(lang, template).to_owned(), text, link: params.link.clone() }
}

fn subject(lang: Lang, template: Template) -> &'static str {
    match template {
        Template::Code => tr!(lang, notify.subject.code),
        Template::BookingConfirmed => tr!(lang, notify.subject.confirmed),
        Template::BookingMoved => tr!(lang, notify.subject.moved),
        Template::BookingCancelled => tr!(lang, notify.subject.cancelled),
        Template::ReminderDay | Template::ReminderHours => tr!(lang, notify.subject.reminder),
        Template::WaitJoined => tr!(lang, notify.subject.wait_joined),
        Template::WaitOffer => tr!(lang, notify.subject.wait_offer),
        Template::SeriesTimes => tr!(lang, notify.subject.series_times),
        Template::QueueTicket => tr!(lang, notify.subject.ticket),
        Template::Aftercare => tr!(lang, notify.subject.aftercare),
        Template::Rate => tr!(lang, notify.subject.rate),
        Template::LowScore => tr!(lang, notify.subject.low_score),
        Template::RecheckOpen | Template::RecheckEnds => tr!(lang, notify.subject.recheck),
        Template::Incident => tr!(lang, notify.subject.incident),
    }
}

/// `6月12日 周五 14:30，敏感肌舒缓修护，林静怡`.
fn what(lang: Lang, params: &MessageParams) -> String {
    let when = params.at.map(|at| format!("{} {}", format::day_weekday(lang, at.date()), at.hhmm()));
    let services = params.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let joint = match lang {
        Lang::Zh => "，",
        Lang::En => ", ",
    };
    [when.unwrap_or_default(), services, params.staff.get(lang).to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(joint)
}

/// BOOK-11: what was booked, and every time of it.
fn sessions(lang: Lang, params: &MessageParams) -> Vec<String> {
    let services = params.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let (joint, n) = (if lang == Lang::Zh { "、" } else { "; " }, params.times.len());
    let times = (params.times.iter())
        .map(|at| format!("{} {}", format::day_weekday(lang, at.date()), at.hhmm()))
        .collect::<Vec<_>>()
        .join(joint);
    let mut sentences = vec![tr!(lang, notify.series_times, what = services, n = n, times = times)];
    if !params.branch.is_empty() {
        sentences.push(tr!(lang, notify.place, place = params.branch.get(lang)));
    }
    sentences
}

/// BOOK-10: what has become free, where, and until when it is kept.
fn offered(lang: Lang, params: &MessageParams) -> Vec<String> {
    let mut sentences = vec![tr!(lang, notify.wait_offer, what = what(lang, params))];
    if !params.branch.is_empty() {
        sentences.push(tr!(lang, notify.place, place = params.branch.get(lang)));
    }
    if let Some(until) = params.until {
        sentences.push(tr!(lang, notify.wait_until, time = until.hhmm()));
    }
    sentences
}

/// BOOK-12: time, when to be there, what to mind.
fn booked(lang: Lang, params: &MessageParams, opening: &str) -> Vec<String> {
    let mut sentences = vec![tr!(lang, notify.opening, opening = opening, what = what(lang, params))];
    if !params.branch.is_empty() {
        let place = [params.branch.get(lang), params.address.get(lang)];
        let place = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        sentences.push(tr!(lang, notify.place, place = place));
    }
    if let Some(arrive) = params.arrive_at.filter(|arrive| params.at.is_none_or(|at| *arrive < at)) {
        sentences.push(tr!(lang, notify.arrive, time = arrive.hhmm()));
    }
    sentences.extend(texts(lang, &params.precautions));
    if !params.checkin_code.is_empty() {
        sentences.push(tr!(lang, notify.check_in, code = params.checkin_code.clone()));
    }
    sentences
}

/// Content of the salon as sentences: a full stop where there is none.
fn texts(lang: Lang, texts: &[Text]) -> Vec<String> {
    texts
        .iter()
        .map(|text| text.get(lang).trim())
        .filter(|text| !text.is_empty())
        .map(|text| match (lang, text.ends_with(['。', '.', '！', '!', '？', '?'])) {
            (_, true) => text.to_owned(),
            (Lang::Zh, false) => format!("{text}。"),
            (Lang::En, false) => format!("{text}."),
        })
        .collect()
}

fn ticket(lang: Lang, params: &MessageParams) -> Vec<String> {
    let before = params.place.saturating_sub(1);
    let mut sentences = vec![tr!(lang, notify.ticket, ticket = params.ticket.clone())];
    sentences.push(match before {
        0 => tr!(lang, notify.ticket_next).to_owned(),
        n => tr_n!(lang, notify.ticket_before, n),
    });
    if let Some(minutes) = params.estimate.filter(|minutes| *minutes > 0) {
        sentences.push(tr!(lang, notify.ticket_wait, span = format::span(lang, minutes)));
    }
    sentences
}

/// CARE-1: what can be looked at again, and until which day.
fn recheck(lang: Lang, params: &MessageParams, ends: bool) -> String {
    let service = params.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let day = params.at.map(|at| format::day_weekday(lang, at.date())).unwrap_or_default();
    if ends {
        tr!(lang, notify.recheck_ends, service = service, day = day)
    } else {
        tr!(lang, notify.recheck_open, service = service, day = day)
    }
}

fn low_score(lang: Lang, params: &MessageParams) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(score) = params.score {
        sentences.push(tr!(lang, notify.low_score, score = score, what = what(lang, params)));
    }
    if params.call {
        sentences.push(tr!(lang, notify.wants_call).to_owned());
    }
    sentences
}

/// TREAT-4: how bad, which service, which ticket; never who, and never what.
fn incident(lang: Lang, params: &MessageParams) -> String {
    let severity =
        domain::consult::Severity::from_code(&params.code).unwrap_or(domain::consult::Severity::Severe);
    let severity = crate::treat::severity_name(lang, severity);
    let what = [what(lang, params), params.ticket.clone()].join(" · ");
    tr!(lang, notify.incident, severity = severity, what = what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use domain::LocalTime;

    fn at(hour: u32, minute: u32) -> LocalTime {
        let wall = NaiveDate::from_ymd_opt(2026, 6, 12).unwrap().and_hms_opt(hour, minute, 0).unwrap();
        LocalTime { utc: (wall - chrono::Duration::hours(8)).and_utc(), wall }
    }

    fn params() -> MessageParams {
        MessageParams {
            brand: Text::new("栖云", "Qiyun"),
            branch: Text::new("静安店", "Jing'an"),
            services: vec![Text::new("敏感肌舒缓修护", "Calming care for sensitive skin")],
            staff: Text::new("林静怡", "Lin Jingyi"),
            at: Some(at(14, 30)),
            arrive_at: Some(at(14, 20)),
            precautions: vec![Text::new("前三天不用酸类产品", "No acids for three days before")],
            checkin_code: "4826".to_owned(),
            link: Some("/b/t0k".to_owned()),
            ..MessageParams::default()
        }
    }

    #[test]
    fn a_confirmation_tells_time_arrival_and_precautions() {
        let zh = words(Template::BookingConfirmed, Lang::Zh, &params());
        for part in
            ["【栖云】", "6月12日 周五 14:30", "敏感肌舒缓修护", "14:20", "前三天不用酸类产品。", "4826"]
        {
            assert!(zh.text.contains(part), "{part}: {}", zh.text);
        }
        let en = words(Template::BookingConfirmed, Lang::En, &params());
        assert!(
            en.text.contains("Fri 12 June 14:30, Calming care for sensitive skin, Lin Jingyi"),
            "{}",
            en.text
        );
        assert_eq!(en.link.as_deref(), Some("/b/t0k"));
    }

    #[test]
    fn every_template_says_something_in_both_languages() {
        let full = MessageParams {
            code: "204918".to_owned(),
            ticket: "B07".to_owned(),
            place: 3,
            estimate: Some(12),
            score: Some(2),
            call: true,
            advice: vec![Text::new("三天内不蒸桑拿", "No sauna for three days")],
            ..params()
        };
        for &template in Template::ALL {
            for lang in [Lang::Zh, Lang::En] {
                let said = words(template, lang, &full);
                assert!(
                    said.text.chars().count() > 8 && !said.subject.is_empty(),
                    "{template:?} {lang:?}: {said:?}"
                );
                assert!(!said.text.contains("{{"), "{}", said.text);
            }
        }
    }
}

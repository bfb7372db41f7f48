//! Houses, menu, people with certificates and rotas, customers, logins.

use super::{
    menu::{CATEGORIES, SERVICES, advice, steps},
    names::{FOREIGN, GIVEN, SURNAMES},
    people::{BRANCHES, BRAND, LOGINS, PEOPLE},
    world::{House, Item, Person, TZ, World},
};
use crate::{entity::*, time::DAY_MS};
use rand::{Rng, seq::SliceRandom};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) fn build(w: &mut World, password: &str) {
    houses(w);
    menu(w);
    people(w);
    rotas(w);
    logins(w, password);
    customers(w);
}

/// When the chain was set up.
fn founded(w: &World) -> i64 {
    w.at(w.today - w.options.days_back - 40, 540)
}

fn houses(w: &mut World) {
    let at = founded(w);
    for (index, seed) in BRANCHES.iter().enumerate() {
        let id = w.id(at);
        w.rows.branch.push(branch::Model {
            id,
            slug: seed.slug.into(),
            kind: seed.code.into(),
            brand_zh: BRAND.0.into(),
            brand_en: BRAND.1.into(),
            name_zh: seed.name.0.into(),
            name_en: seed.name.1.into(),
            address_zh: seed.address.0.into(),
            address_en: seed.address.1.into(),
            phone: seed.phone.into(),
            tz: TZ.name().into(),
            policy: "{}".into(),
            position: index as i32 + 1,
        });
        for weekday in 0..7 {
            let (open_min, close_min) = seed.open[usize::from(weekday >= 5)];
            w.rows.opening.push(opening::Model { branch_id: id, weekday, open_min, close_min });
        }
        let email =
            setting::Model { key: "manager_email".into(), branch_id: Some(id), value: seed.email.into() };
        w.rows.setting.push(email);
        let mut house = House {
            id,
            index,
            rooms: Vec::new(),
            devices: Vec::new(),
            people: Vec::new(),
            menu: Vec::new(),
            customers: Vec::new(),
        };
        for (kind, count, name) in seed.rooms {
            for n in 1..=*count {
                let (zh, en) = (format!("{} {n}", name.0), format!("{} {n}", name.1));
                let room = resource(w, id, "room", kind, zh, en);
                house.rooms.push((room, kind));
            }
        }
        for (kind, name) in seed.devices {
            let device = resource(w, id, "device", kind, name.0.into(), name.1.into());
            house.devices.push((device, kind));
        }
        w.houses.push(house);
    }
}

fn resource(w: &mut World, branch: Uuid, kind: &str, type_code: &str, zh: String, en: String) -> Uuid {
    let at = founded(w);
    let id = w.id(at);
    w.rows.resource.push(resource::Model {
        id,
        branch_id: branch,
        kind: kind.into(),
        type_code: type_code.into(),
        name_zh: zh,
        name_en: en,
        state: "active".into(),
    });
    id
}

fn menu(w: &mut World) {
    let at = founded(w);
    for (position, c) in CATEGORIES.iter().enumerate() {
        w.rows.category.push(category::Model {
            code: c.code.into(),
            name_zh: c.name.0.into(),
            name_en: c.name.1.into(),
            position: position as i32 + 1,
        });
    }
    for (position, s) in SERVICES.iter().enumerate() {
        let Some(category) = CATEGORIES.iter().find(|c| c.code == s.category) else { continue };
        let id = w.id(at);
        let [prepare_min, active_min, processing_min, finish_min, cleanup_min] = s.blocks;
        let row = service::Model {
            id,
            category_code: s.category.into(),
            name_zh: s.name.0.into(),
            name_en: s.name.1.into(),
            summary_zh: s.summary.0.into(),
            summary_en: s.summary.1.into(),
            swatch: s.swatch.into(),
            price_fen: s.yuan * 100,
            prepare_min,
            active_min,
            processing_min,
            finish_min,
            cleanup_min,
            qualification: category.qualification.into(),
            room_type: category.room.map(Into::into),
            arrive_early_min: category.early,
            precautions_zh: category.precautions.0.into(),
            precautions_en: category.precautions.1.into(),
            online: s.online,
            needs_first: s.needs_first.map(Into::into),
            position: position as i32 + 1,
            retired_at: None,
            version: 1,
        };
        let index = w.menu.len();
        for (house, seed) in BRANCHES.iter().enumerate() {
            if category.kinds.contains(&seed.kind) {
                let branch_id = w.houses[house].id;
                w.rows.service_branch.push(service_branch::Model { service_id: id, branch_id });
                w.houses[house].menu.push(index);
            }
        }
        if let Some(device) = s.device {
            w.rows.service_device.push(service_device::Model { service_id: id, device_type: device.into() });
        }
        let advice = procedure(w, id, category.qualification, at);
        w.rows.service.push(row.clone());
        w.menu.push(Item {
            row,
            qualification: category.qualification,
            room: category.room,
            device: s.device,
            weight: s.weight,
            advice,
        });
    }
}

/// Checklist and aftercare of a service; gives the ids of the advice.
fn procedure(w: &mut World, service: Uuid, qualification: &str, at: i64) -> Vec<Uuid> {
    for (position, (phase, text, mandatory, minutes)) in steps(qualification).iter().enumerate() {
        let id = w.id(at);
        w.rows.sop_step.push(sop_step::Model {
            id,
            service_id: service,
            position: position as i32,
            phase: phase.code().into(),
            text_zh: text.0.into(),
            text_en: text.1.into(),
            mandatory: *mandatory,
            minutes: *minutes,
        });
    }
    let mut ids = Vec::new();
    for (position, text) in advice(qualification).iter().enumerate() {
        let id = w.id(at);
        w.rows.aftercare.push(aftercare::Model {
            id,
            service_id: service,
            position: position as i32,
            text_zh: text.0.into(),
            text_en: text.1.into(),
        });
        ids.push(id);
    }
    ids
}

fn people(w: &mut World) {
    let from = w.today - w.options.days_back - 400;
    for (index, seed) in PEOPLE.iter().enumerate() {
        let branch = w.houses[seed.branch].id;
        let id = resource(w, branch, "staff", "person", seed.name.0.into(), seed.name.1.into());
        w.rows.staff.push(staff::Model {
            id,
            branch_id: branch,
            name_zh: seed.name.0.into(),
            name_en: seed.name.1.into(),
            title_zh: seed.title.0.into(),
            title_en: seed.title.1.into(),
            initials: seed.name.0.chars().take(1).collect(),
            bookable: true,
            position: index as i32 + 1,
            left_at: None,
        });
        let mut credentials = HashMap::new();
        for (n, skill) in seed.skills.iter().enumerate() {
            w.rows.staff_skill.push(staff_skill::Model { staff_id: id, qualification: (*skill).into() });
            let at = founded(w);
            let credential = w.id(at);
            credentials.insert(*skill, credential);
            w.rows.credential.push(credential::Model {
                id: credential,
                staff_id: id,
                qualification: (*skill).into(),
                kind: "licence".into(),
                number: format!("沪美 {:04}-{:02}{}", 1200 + index * 37, index + 1, n + 1),
                valid_from_day: from,
                // The first one ends soon for some: they have to be renewed (STAFF-1).
                valid_to_day: w.today + if n == 0 { seed.ends } else { seed.ends + 200 },
            });
        }
        w.houses[seed.branch].people.push(index);
        w.people.push(Person { id, seed, credentials, user: None });
    }
}

fn rotas(w: &mut World) {
    // Two are away for some days soon.
    for (person, from, days) in [(5, 5, 3), (13, 9, 4)] {
        for day in from..from + days {
            let leave = w.today + day;
            let (branch_id, staff_id) = (w.houses[w.people[person].seed.branch].id, w.people[person].id);
            let (from_ms, to_ms) = (w.at(leave, 0), w.at(leave, 1440));
            let id = w.id(from_ms);
            w.rows.rota.push(rota::Model { id, staff_id, branch_id, kind: "leave".into(), from_ms, to_ms });
            w.leave.insert((person, leave));
        }
    }
    for day in w.today - w.options.days_back..=w.today + w.options.days_ahead {
        for person in 0..w.people.len() {
            let Some(parts) = w.shift(person, day) else { continue };
            let (branch_id, staff_id) = (w.houses[w.people[person].seed.branch].id, w.people[person].id);
            for (kind, (from_ms, to_ms)) in ["shift", "break"].into_iter().zip(parts) {
                let id = w.id(from_ms);
                w.rows.rota.push(rota::Model { id, staff_id, branch_id, kind: kind.into(), from_ms, to_ms });
            }
        }
    }
}

fn logins(w: &mut World, password: &str) {
    let at = founded(w);
    for seed in &LOGINS {
        let id = w.id(at);
        let person = seed.person.and_then(|name| w.people.iter_mut().find(|p| p.seed.name.0 == name));
        let staff_id = person.map(|p| {
            p.user = Some(id);
            p.id
        });
        w.rows.user_account.push(user_account::Model {
            id,
            username: seed.username.into(),
            password_hash: password.into(),
            role: seed.role.code().into(),
            branch_id: seed.branch.map(|i| w.houses[i].id),
            staff_id,
            name_zh: seed.name.0.into(),
            name_en: seed.name.1.into(),
            factor_secret: None,
            factor_pending: None,
            factor_step: None,
            disabled_at: None,
            created_at: at,
            version: 1,
        });
    }
}

fn customers(w: &mut World) {
    let start = w.at(w.today - w.options.days_back, 600);
    let mut tails: Vec<u32> = (0..10_000).collect();
    tails.shuffle(&mut w.rng);
    for (n, tail) in (0..w.options.customers).zip(tails) {
        let foreign = n % 47 == 46;
        let name = match foreign {
            true => FOREIGN[(n / 47) % FOREIGN.len()].to_owned(),
            false => format!("{}{}", w.pick(&SURNAMES), w.pick(&GIVEN)),
        };
        let (pinyin, initials) = crate::customer::sound(&name);
        let phone =
            format!("{}0000{tail:04}", w.pick(&["138", "139", "137", "136", "135", "150", "159", "187"]));
        let level = match n {
            _ if n % 60 < 4 => Some("gold"),
            _ if n % 60 < 14 => Some("silver"),
            _ => None,
        };
        let care = match w.rng.random_range(0..1000) {
            0..60 => Some("elderly"),
            60..75 => Some("pregnant"),
            75..88 => Some("child"),
            88..95 => Some("disabled"),
            _ => None,
        };
        let id = w.id(start);
        let birth_day = w.chance(700).then(|| w.rng.random_range(-8_000..13_000));
        let marketing = w.chance(550);
        w.rows.customer.push(customer::Model {
            id,
            name,
            pinyin,
            initials,
            phone_tail: Some(phone[phone.len() - 4..].to_owned()),
            phone: Some(phone),
            level: level.map(Into::into),
            care: care.map(Into::into),
            birth_day,
            lang: if foreign { "en" } else { "zh-CN" }.into(),
            marketing,
            created_at: start,
            version: 1,
        });
        w.known_since.push(w.now - i64::from(w.options.days_back.min(30)) * DAY_MS);
        let home = match n % 10 {
            0..4 => 0,
            4..7 => 1,
            _ => 2,
        };
        w.houses[home].customers.push(n);
    }
}

//! The fixture's four services with their SOP steps and aftercare.

use super::{BUBBLE, HYDRATE, JINGAN, LIGHT, MASSAGE, id};
use crate::{
    Result, Tx,
    entity::{aftercare, service, service_branch, service_device, sop_step},
};
use domain::ServiceId;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

struct Dish {
    id: ServiceId,
    category: &'static str,
    name: (&'static str, &'static str),
    price: i64,
    /// prepare, active, processing, finish, clean-up
    blocks: [i32; 5],
    qualification: &'static str,
    room: &'static str,
    device: Option<&'static str>,
    online: bool,
}

const MENU: [Dish; 4] = [
    Dish {
        id: HYDRATE,
        category: "face",
        name: ("深层补水护理", "Deep hydration"),
        price: 45_800,
        blocks: [5, 50, 0, 10, 10],
        qualification: "facial",
        room: "facial",
        device: None,
        online: true,
    },
    Dish {
        id: BUBBLE,
        category: "face",
        name: ("小气泡清洁", "Bubble cleansing"),
        price: 29_800,
        blocks: [0, 20, 15, 10, 5],
        qualification: "facial",
        room: "facial",
        device: None,
        online: true,
    },
    Dish {
        id: LIGHT,
        category: "face",
        name: ("光子嫩肤", "Light rejuvenation"),
        price: 128_000,
        blocks: [0, 40, 0, 0, 10],
        qualification: "light",
        room: "light",
        device: Some("ipl"),
        online: true,
    },
    Dish {
        id: MASSAGE,
        category: "body",
        name: ("肩颈舒缓", "Neck and shoulders"),
        price: 36_800,
        blocks: [0, 60, 0, 0, 10],
        qualification: "body",
        room: "body",
        device: None,
        online: false,
    },
];

pub(super) async fn fill(tx: &Tx) -> Result<()> {
    for (position, dish) in MENU.iter().enumerate() {
        service(tx, dish, position as i32).await?;
        steps(tx, dish.id, position as u128).await?;
    }
    Ok(())
}

async fn service(tx: &Tx, dish: &Dish, position: i32) -> Result<()> {
    let [prepare_min, active_min, processing_min, finish_min, cleanup_min] = dish.blocks;
    let row = service::Model {
        id: dish.id.0,
        category_code: dish.category.into(),
        name_zh: dish.name.0.into(),
        name_en: dish.name.1.into(),
        summary_zh: "测试用".into(),
        summary_en: "For tests".into(),
        swatch: "cream".into(),
        price_fen: dish.price,
        prepare_min,
        active_min,
        processing_min,
        finish_min,
        cleanup_min,
        qualification: dish.qualification.into(),
        room_type: Some(dish.room.into()),
        arrive_early_min: 10,
        precautions_zh: "护理前请勿化妆".into(),
        precautions_en: "Please come without make-up".into(),
        online: dish.online,
        needs_first: None,
        position,
        retired_at: None,
        version: 1,
    };
    row.into_active_model().insert(tx).await?;
    let row = service_branch::Model { service_id: dish.id.0, branch_id: JINGAN.0 };
    row.into_active_model().insert(tx).await?;
    if let Some(device) = dish.device {
        let row = service_device::Model { service_id: dish.id.0, device_type: device.into() };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

/// Five steps, of which the second and the fourth are mandatory, and two pieces of advice.
async fn steps(tx: &Tx, service: ServiceId, n: u128) -> Result<()> {
    let steps = [
        ("before", "准备用品", "Lay out supplies", false),
        ("before", "核对姓名与过敏史", "Confirm name and allergies", true),
        ("during", "清洁", "Cleanse", false),
        ("during", "主要护理", "Main treatment", true),
        ("after", "整理房间", "Tidy the room", false),
    ];
    for (position, (phase, zh, en, mandatory)) in (1i32..).zip(steps) {
        let row = sop_step::Model {
            id: id(0x200 + n * 16 + position as u128),
            service_id: service.0,
            position,
            phase: phase.into(),
            text_zh: zh.into(),
            text_en: en.into(),
            mandatory,
            minutes: Some(10),
        };
        row.into_active_model().insert(tx).await?;
    }
    for (position, (zh, en)) in
        (1i32..).zip([("24 小时内避免日晒", "Stay out of the sun for a day"), ("多喝水", "Drink water")])
    {
        let row = aftercare::Model {
            id: id(0x300 + n * 16 + position as u128),
            service_id: service.0,
            position,
            text_zh: zh.into(),
            text_en: en.into(),
        };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

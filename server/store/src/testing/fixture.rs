//! A small salon: 静安店, open 10:00–21:00 by Shanghai's clock, three people, four rooms, one device, four services,
//! three customers, and 徐汇店 that has nothing but a manager. Every id is fixed. It is Friday, 12 June 2026, 10:00.

use crate::{
    Result, Store,
    entity::{
        branch, category, credential, customer, opening, resource, rota, staff, staff_skill, user_account,
    },
    time::{date, day_number, instant, ms},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use domain::{BranchId, CredentialId, CustomerId, ResourceId, Role, ServiceId, StaffId, UserId};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use std::sync::Arc;
use uuid::Uuid;

#[path = "fixture_menu.rs"]
mod menu;

pub const TZ: Tz = Tz::Asia__Shanghai;
/// The password of every login of the fixture.
pub const PASSWORD: &str = "a quiet lake in may";

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | n)
}

pub const JINGAN: BranchId = BranchId(id(1));
pub const XUHUI: BranchId = BranchId(id(2));

/// 林晓雯: facials and light, 10:00–19:00, break 13:00–14:00.
pub const LIN: StaffId = StaffId(id(11));
/// 周琪: facials, 12:00–21:00, break 16:00–17:00, on leave on Monday, 15 June.
pub const ZHOU: StaffId = StaffId(id(12));
/// 陈静: facials and body, 10:00–21:00, break 14:00–15:00; her facial certificate ends on 30 June 2026.
pub const CHEN: StaffId = StaffId(id(13));

pub const FACIAL_ROOM_1: ResourceId = ResourceId(id(21));
pub const FACIAL_ROOM_2: ResourceId = ResourceId(id(22));
pub const LIGHT_ROOM: ResourceId = ResourceId(id(23));
pub const BODY_ROOM: ResourceId = ResourceId(id(24));
/// The only device of type `ipl`.
pub const IPL: ResourceId = ResourceId(id(25));

/// 60 minutes with the customer (50 active, 10 finish), 5 before, 10 clean-up; ¥458; facial room.
pub const HYDRATE: ServiceId = ServiceId(id(31));
/// 45 minutes: 20 active, 15 processing (the person is free), 10 finish; 5 clean-up; ¥298; facial room.
pub const BUBBLE: ServiceId = ServiceId(id(32));
/// 40 minutes, 10 clean-up; ¥1,280; only 林 may, light room and the one device.
pub const LIGHT: ServiceId = ServiceId(id(33));
/// 60 minutes; ¥368; only 陈 may, body room; not bookable online.
pub const MASSAGE: ServiceId = ServiceId(id(34));

/// 王雅琴, 138 0000 2716.
pub const WANG: CustomerId = CustomerId(id(41));
/// 李娜, 139 0000 1234, silver.
pub const LI: CustomerId = CustomerId(id(42));
/// 赵秀英, 137 0000 5678, elderly.
pub const ZHAO: CustomerId = CustomerId(id(43));
pub const WANG_PHONE: &str = "13800002716";

/// `owner`, the whole chain.
pub const OWNER: UserId = UserId(id(51));
/// `manager` of 静安店.
pub const MANAGER: UserId = UserId(id(52));
/// `desk`, receptionist of 静安店.
pub const DESK: UserId = UserId(id(53));
/// `lin`, beautician of 静安店.
pub const LIN_USER: UserId = UserId(id(54));
/// `elsewhere`, manager of 徐汇店.
pub const MANAGER_ELSEWHERE: UserId = UserId(id(55));
/// `zhou`, beautician of 静安店.
pub const ZHOU_USER: UserId = UserId(id(56));

/// The certificate of 林 for facials.
pub const LIN_FACIAL: CredentialId = CredentialId(id(61));

/// Today.
#[must_use]
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 12).unwrap()
}

/// Where a test's clock stands at first: today, 10:00.
#[must_use]
pub fn now() -> DateTime<Utc> {
    instant(TZ, today(), 600)
}

/// An instant by the branch's clock: `"2026-06-12 14:30"`.
#[must_use]
pub fn at(wall: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(wall, "%Y-%m-%d %H:%M").expect(wall);
    instant(TZ, wall.date(), 0) + (wall - wall.date().and_time(chrono::NaiveTime::MIN))
}

/// Writes all of it into an empty, migrated database.
///
/// # Errors
/// The database's.
pub async fn fill(store: &Arc<Store>) -> Result<()> {
    let tx = store.begin().await?;
    branches(&tx).await?;
    people(&tx).await?;
    rotas(&tx).await?;
    things(&tx).await?;
    menu::fill(&tx).await?;
    customers(&tx).await?;
    users(&tx).await?;
    tx.commit().await
}

type Tx = crate::Tx;

async fn branches(tx: &Tx) -> Result<()> {
    for (id, slug, zh, en, position) in
        [(JINGAN, "jingan", "静安店", "Jing'an", 1), (XUHUI, "xuhui", "徐汇店", "Xuhui", 2)]
    {
        let row = branch::Model {
            id: id.0,
            slug: slug.into(),
            kind: "skin_centre".into(),
            brand_zh: "栖云".into(),
            brand_en: "Qiyun".into(),
            name_zh: zh.into(),
            name_en: en.into(),
            address_zh: "上海市南京西路 1 号".into(),
            address_en: "1 West Nanjing Road, Shanghai".into(),
            phone: "021-5550-0101".into(),
            tz: TZ.name().into(),
            policy: "{}".into(),
            position,
        };
        row.into_active_model().insert(tx).await?;
        for weekday in 0..7 {
            let row = opening::Model { branch_id: id.0, weekday, open_min: 600, close_min: 1260 };
            row.into_active_model().insert(tx).await?;
        }
    }
    Ok(())
}

async fn people(tx: &Tx) -> Result<()> {
    let people = [
        (LIN, "林晓雯", "Lin Xiaowen", "高级美容师", "Senior beautician", "LX", 1),
        (ZHOU, "周琪", "Zhou Qi", "美容师", "Beautician", "ZQ", 2),
        (CHEN, "陈静", "Chen Jing", "美容师", "Beautician", "CJ", 3),
    ];
    for (id, zh, en, title_zh, title_en, initials, position) in people {
        resource(tx, id.0, "staff", "person", zh, en).await?;
        let row = staff::Model {
            id: id.0,
            branch_id: JINGAN.0,
            name_zh: zh.into(),
            name_en: en.into(),
            title_zh: title_zh.into(),
            title_en: title_en.into(),
            initials: initials.into(),
            bookable: true,
            position,
            left_at: None,
        };
        row.into_active_model().insert(tx).await?;
    }
    let day = |y, m, d| day_number(NaiveDate::from_ymd_opt(y, m, d).unwrap());
    let (from, to) = (day(2026, 1, 1), day(2027, 12, 31));
    let certificates = [
        (LIN_FACIAL.0, LIN, "facial", to),
        (id(62), LIN, "light", to),
        (id(63), ZHOU, "facial", to),
        (id(64), CHEN, "facial", day(2026, 6, 30)),
        (id(65), CHEN, "body", to),
    ];
    for (id, person, qualification, to) in certificates {
        let skill = staff_skill::Model { staff_id: person.0, qualification: qualification.into() };
        skill.into_active_model().insert(tx).await?;
        let row = credential::Model {
            id,
            staff_id: person.0,
            qualification: qualification.into(),
            kind: "licence".into(),
            number: format!("SH-{}", id.as_u128() & 0xff),
            valid_from_day: from,
            valid_to_day: to,
        };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

async fn resource(tx: &Tx, id: Uuid, kind: &str, type_code: &str, zh: &str, en: &str) -> Result<()> {
    let row = resource::Model {
        id,
        branch_id: JINGAN.0,
        kind: kind.into(),
        type_code: type_code.into(),
        name_zh: zh.into(),
        name_en: en.into(),
        state: "active".into(),
    };
    row.into_active_model().insert(tx).await?;
    Ok(())
}

/// From a week ago until 100 days ahead, every day.
async fn rotas(tx: &Tx) -> Result<()> {
    let mut rows = Vec::new();
    let mut add = |person: StaffId, day: i32, kind: &str, from: i32, to: i32| {
        let (day, n) = (date(day), rows.len() as u128);
        rows.push(rota::Model {
            id: id(0x1_0000 + n),
            staff_id: person.0,
            branch_id: JINGAN.0,
            kind: kind.into(),
            from_ms: ms(instant(TZ, day, from)),
            to_ms: ms(instant(TZ, day, to)),
        });
    };
    let first = day_number(today());
    for day in first - 7..first + 100 {
        for (person, from, to, rest) in
            [(LIN, 600, 1140, 780), (ZHOU, 720, 1260, 960), (CHEN, 600, 1260, 840)]
        {
            add(person, day, "shift", from, to);
            add(person, day, "break", rest, rest + 60);
        }
    }
    add(ZHOU, first + 3, "leave", 0, 1440);
    for part in rows.chunks(200) {
        rota::Entity::insert_many(part.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn things(tx: &Tx) -> Result<()> {
    resource(tx, FACIAL_ROOM_1.0, "room", "facial", "护理间 1", "Facial room 1").await?;
    resource(tx, FACIAL_ROOM_2.0, "room", "facial", "护理间 2", "Facial room 2").await?;
    resource(tx, LIGHT_ROOM.0, "room", "light", "光电室", "Light room").await?;
    resource(tx, BODY_ROOM.0, "room", "body", "身体护理间", "Body room").await?;
    resource(tx, IPL.0, "device", "ipl", "光子仪", "IPL device").await?;
    for (code, zh, en, position) in [("face", "面部护理", "Face", 1), ("body", "身体护理", "Body", 2)]
    {
        let row = category::Model { code: code.into(), name_zh: zh.into(), name_en: en.into(), position };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

async fn customers(tx: &Tx) -> Result<()> {
    let people = [
        (WANG, "王雅琴", WANG_PHONE, None, None),
        (LI, "李娜", "13900001234", Some("silver"), None),
        (ZHAO, "赵秀英", "13700005678", None, Some("elderly")),
    ];
    for (id, name, phone, level, care) in people {
        let (pinyin, initials) = crate::customer::sound(name);
        let row = customer::Model {
            id: id.0,
            name: name.into(),
            pinyin,
            initials,
            phone: Some(phone.into()),
            phone_tail: Some(phone[7..].into()),
            level: level.map(Into::into),
            care: care.map(Into::into),
            birth_day: None,
            lang: "zh-CN".into(),
            marketing: false,
            created_at: ms(now()),
            version: 1,
        };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

async fn users(tx: &Tx) -> Result<()> {
    let password_hash = crate::account::hash_password(PASSWORD.to_owned()).await?;
    let users = [
        (OWNER, "owner", Role::Owner, None, None, "沈老板", "Ms Shen"),
        (MANAGER, "manager", Role::Manager, Some(JINGAN), None, "许店长", "Manager Xu"),
        (DESK, "desk", Role::Receptionist, Some(JINGAN), None, "小何", "He"),
        (LIN_USER, "lin", Role::Beautician, Some(JINGAN), Some(LIN), "林晓雯", "Lin Xiaowen"),
        (ZHOU_USER, "zhou", Role::Beautician, Some(JINGAN), Some(ZHOU), "周琪", "Zhou Qi"),
        (MANAGER_ELSEWHERE, "elsewhere", Role::Manager, Some(XUHUI), None, "吴店长", "Manager Wu"),
    ];
    for (id, username, role, branch, staff, zh, en) in users {
        let row = user_account::Model {
            id: id.0,
            username: username.into(),
            password_hash: password_hash.clone(),
            role: role.code().into(),
            branch_id: branch.map(|b| b.0),
            staff_id: staff.map(|s: StaffId| s.0),
            name_zh: zh.into(),
            name_en: en.into(),
            factor_secret: None,
            factor_pending: None,
            factor_step: None,
            disabled_at: None,
            created_at: ms(now()),
            version: 1,
        };
        row.into_active_model().insert(tx).await?;
    }
    Ok(())
}

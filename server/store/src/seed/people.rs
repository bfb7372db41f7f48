//! The three houses and those who work there. All invented.

use super::menu::Bi;
use domain::{Role, branch::BranchKind};

pub(super) struct BranchSeed {
    pub slug: &'static str,
    pub kind: BranchKind,
    pub code: &'static str,
    pub name: Bi,
    pub address: Bi,
    pub phone: &'static str,
    /// Opening on weekdays and at the weekend, in minutes after midnight.
    pub open: [(i32, i32); 2],
    /// Rooms: type, how many, name.
    pub rooms: &'static [(&'static str, usize, Bi)],
    pub devices: &'static [(&'static str, Bi)],
    /// How busy an ordinary day is, in percent.
    pub pace: u32,
    /// Share of customers without a booking, in percent.
    pub walk_ins: u32,
    pub email: &'static str,
}

pub(super) const BRAND: Bi = ("栖云", "Qiyun");

pub(super) const BRANCHES: [BranchSeed; 3] = [
    BranchSeed {
        slug: "jingan",
        kind: BranchKind::SkinCentre,
        code: "skin_centre",
        name: ("栖云皮肤管理 · 静安店", "Qiyun Skin Care, Jing'an"),
        address: (
            "上海市静安区云栖支路 18 弄 6 号 2 楼",
            "2/F, 6, Lane 18, Yunqi Branch Road, Jing'an, Shanghai",
        ),
        phone: "021-5555 0118",
        open: [(600, 1260), (600, 1320)],
        rooms: &[
            ("facial", 6, ("护理间", "Facial room")),
            ("light", 2, ("光电室", "Light room")),
            ("body", 2, ("身体护理间", "Body room")),
            ("consult", 1, ("咨询室", "Consultation room")),
        ],
        devices: &[
            ("ipl", ("光子仪 A", "IPL device A")),
            ("led", ("红蓝光仪 A", "LED device A")),
            ("led", ("红蓝光仪 B", "LED device B")),
            ("rf", ("射频仪 A", "RF device A")),
            ("infuser", ("水光导入仪 A", "Infuser A")),
        ],
        pace: 100,
        walk_ins: 22,
        email: "jingan.manager@qiyun.example",
    },
    BranchSeed {
        slug: "xuhui",
        kind: BranchKind::Salon,
        code: "salon",
        name: ("栖云美容 · 徐汇店", "Qiyun Beauty, Xuhui"),
        address: ("上海市徐汇区衡山西弄 72 号", "72 Hengshan West Lane, Xuhui, Shanghai"),
        phone: "021-5555 0272",
        open: [(600, 1260), (600, 1320)],
        rooms: &[
            ("facial", 4, ("护理间", "Facial room")),
            ("body", 3, ("身体护理间", "Body room")),
            ("nail", 3, ("美甲位", "Nail seat")),
            ("scalp", 2, ("头疗间", "Scalp room")),
            ("consult", 1, ("咨询室", "Consultation room")),
        ],
        devices: &[],
        pace: 95,
        walk_ins: 28,
        email: "xuhui.manager@qiyun.example",
    },
    BranchSeed {
        slug: "yuntang",
        kind: BranchKind::Bathhouse,
        code: "bathhouse",
        name: ("云汤 · 普陀店", "Yuntang Baths, Putuo"),
        address: ("上海市普陀区云汤路 303 号", "303 Yuntang Road, Putuo, Shanghai"),
        phone: "021-5555 0303",
        open: [(600, 1500), (600, 1560)],
        rooms: &[
            ("bath", 8, ("汤屋", "Bath room")),
            ("body", 4, ("推拿间", "Massage room")),
            ("facial", 2, ("护理间", "Facial room")),
            ("nail", 2, ("修脚位", "Foot seat")),
            ("scalp", 1, ("头疗间", "Scalp room")),
        ],
        devices: &[],
        pace: 110,
        walk_ins: 46,
        email: "yuntang.manager@qiyun.example",
    },
];

pub(super) struct PersonSeed {
    pub branch: usize,
    pub name: Bi,
    pub title: Bi,
    pub skills: &'static [&'static str],
    /// Days until the first certificate ends.
    pub ends: i32,
    /// Late shift.
    pub late: bool,
}

const fn p(
    branch: usize,
    name: Bi,
    title: Bi,
    skills: &'static [&'static str],
    ends: i32,
    late: bool,
) -> PersonSeed {
    PersonSeed { branch, name, title, skills, ends, late }
}

const SENIOR: Bi = ("高级美容师", "Senior beautician");
const BEAUTICIAN: Bi = ("美容师", "Beautician");
const CONSULTANT: Bi = ("咨询顾问", "Consultant");
const TECHNICIAN: Bi = ("技师", "Technician");
const MASTER: Bi = ("高级技师", "Senior technician");
const LEAD: Bi = ("技术主管", "Technical lead");

/// Those who can be booked, in the order of the rotation.
pub(super) const PEOPLE: [PersonSeed; 26] = [
    p(0, ("林静怡", "Lin Jingyi"), SENIOR, &["facial", "lash"], 320, false),
    p(0, ("周晓岚", "Zhou Xiaolan"), SENIOR, &["facial", "light"], 210, false),
    p(0, ("陈若溪", "Chen Ruoxi"), BEAUTICIAN, &["facial", "lash"], 26, true),
    p(0, ("何佳宁", "He Jianing"), BEAUTICIAN, &["facial", "body"], 150, true),
    p(0, ("许知夏", "Xu Zhixia"), BEAUTICIAN, &["lash", "facial"], 400, false),
    p(0, ("吴迪", "Wu Di"), BEAUTICIAN, &["body"], 260, true),
    p(0, ("沈一诺", "Shen Yinuo"), BEAUTICIAN, &["light", "facial"], 95, true),
    p(0, ("苏婉", "Su Wan"), CONSULTANT, &["consult"], 500, false),
    p(0, ("秦岚", "Qin Lan"), LEAD, &["light", "facial", "consult"], 430, false),
    p(1, ("顾念慈", "Gu Nianci"), SENIOR, &["facial", "lash"], 280, false),
    p(1, ("孟小满", "Meng Xiaoman"), BEAUTICIAN, &["facial", "body"], 12, true),
    p(1, ("叶知秋", "Ye Zhiqiu"), BEAUTICIAN, &["facial", "scalp"], 190, true),
    p(1, ("邱雨桐", "Qiu Yutong"), BEAUTICIAN, &["body", "scalp"], 340, false),
    p(1, ("罗思齐", "Luo Siqi"), TECHNICIAN, &["nail", "lash"], 220, false),
    p(1, ("白露", "Bai Lu"), TECHNICIAN, &["nail"], 130, true),
    p(1, ("钟意", "Zhong Yi"), SENIOR, &["body", "facial"], 365, true),
    p(1, ("姜禾", "Jiang He"), CONSULTANT, &["consult"], 480, false),
    p(2, ("赵铁山", "Zhao Tieshan"), MASTER, &["bath", "body"], 300, false),
    p(2, ("马振华", "Ma Zhenhua"), MASTER, &["bath"], 28, true),
    p(2, ("韩雪", "Han Xue"), TECHNICIAN, &["bath", "body"], 240, false),
    p(2, ("冯春来", "Feng Chunlai"), TECHNICIAN, &["bath"], 170, false),
    p(2, ("董小川", "Dong Xiaochuan"), TECHNICIAN, &["bath", "nail"], 410, true),
    p(2, ("潘月", "Pan Yue"), BEAUTICIAN, &["facial", "scalp"], 205, false),
    p(2, ("石磊", "Shi Lei"), TECHNICIAN, &["body", "bath"], 90, true),
    p(2, ("田秀", "Tian Xiu"), TECHNICIAN, &["nail", "scalp"], 330, true),
    p(2, ("曹安", "Cao An"), TECHNICIAN, &["bath", "body"], 15, true),
];

/// Logins: name, role, branch (`None`: the whole chain), who it is.
pub(super) struct LoginSeed {
    pub username: &'static str,
    pub role: Role,
    pub branch: Option<usize>,
    pub name: Bi,
    /// Name of the bookable person it belongs to.
    pub person: Option<&'static str>,
}

const fn l(username: &'static str, role: Role, branch: usize, name: Bi) -> LoginSeed {
    LoginSeed { username, role, branch: Some(branch), name, person: None }
}

const fn own(username: &'static str, role: Role, branch: usize, name: Bi) -> LoginSeed {
    LoginSeed { person: Some(name.0), ..l(username, role, branch, name) }
}

pub(super) const LOGINS: [LoginSeed; 18] = [
    LoginSeed {
        username: "laoban",
        role: Role::Owner,
        branch: None,
        name: ("沈栖云", "Shen Qiyun"),
        person: None,
    },
    l("dianzhang", Role::Manager, 0, ("许曼", "Xu Man")),
    l("qiantai", Role::Receptionist, 0, ("方敏", "Fang Min")),
    own("meirong", Role::Beautician, 0, ("林静怡", "Lin Jingyi")),
    own("zhou", Role::Beautician, 0, ("周晓岚", "Zhou Xiaolan")),
    own("zixun", Role::Consultant, 0, ("苏婉", "Su Wan")),
    own("jishu", Role::TechnicalLead, 0, ("秦岚", "Qin Lan")),
    l("kefu", Role::ServiceLead, 0, ("唐悦", "Tang Yue")),
    l("caiwu", Role::FinanceLead, 0, ("郝敬", "Hao Jing")),
    l("jiandu", Role::Supervisor, 0, ("严正", "Yan Zheng")),
    l("dianzhang2", Role::Manager, 1, ("卢薇", "Lu Wei")),
    l("qiantai2", Role::Receptionist, 1, ("汪晴", "Wang Qing")),
    own("meirong2", Role::Beautician, 1, ("顾念慈", "Gu Nianci")),
    own("zixun2", Role::Consultant, 1, ("姜禾", "Jiang He")),
    l("dianzhang3", Role::Manager, 2, ("常胜", "Chang Sheng")),
    l("qiantai3", Role::Receptionist, 2, ("莫小雨", "Mo Xiaoyu")),
    own("jishi", Role::Technician, 2, ("赵铁山", "Zhao Tieshan")),
    own("meirong3", Role::Beautician, 2, ("潘月", "Pan Yue")),
];

//! The chain's menu: forty services with their minutes, prices, precautions, checklists and aftercare.

use domain::{branch::BranchKind, treat::Phase};

pub(super) type Bi = (&'static str, &'static str);

/// A heading of the menu.
pub(super) struct CategorySeed {
    pub code: &'static str,
    pub name: Bi,
    /// What those who do it have learnt, and where it is done.
    pub qualification: &'static str,
    pub room: Option<&'static str>,
    pub kinds: &'static [BranchKind],
    pub early: i32,
    pub precautions: Bi,
}

use BranchKind::{Bathhouse, Salon, SkinCentre};

pub(super) const CATEGORIES: [CategorySeed; 8] = [
    CategorySeed {
        code: "consult",
        name: ("皮肤评估", "Skin assessment"),
        qualification: "consult",
        room: Some("consult"),
        kinds: &[SkinCentre, Salon],
        early: 5,
        precautions: (
            "请素颜到店，带上近期用过的护肤品照片。",
            "Please come without make-up and bring photos of the products you use.",
        ),
    },
    CategorySeed {
        code: "face",
        name: ("面部护理", "Face"),
        qualification: "facial",
        room: Some("facial"),
        kinds: &[SkinCentre, Salon, Bathhouse],
        early: 10,
        precautions: (
            "护理前一天请勿去角质、刷酸；皮肤有破损或正在过敏，请先告诉我们。",
            "No peeling or acids the day before. Tell us first if your skin is broken or reacting.",
        ),
    },
    CategorySeed {
        code: "light",
        name: ("光电", "Light"),
        qualification: "light",
        room: Some("light"),
        kinds: &[SkinCentre],
        early: 15,
        precautions: (
            "两周内避免暴晒；孕期、光敏或正在服用光敏药物不能做。",
            "No strong sun for two weeks before. Not during pregnancy, with photosensitivity or photosensitising medicine.",
        ),
    },
    CategorySeed {
        code: "eye",
        name: ("眼周与眉睫", "Eyes and brows"),
        qualification: "lash",
        room: Some("facial"),
        kinds: &[SkinCentre, Salon],
        early: 5,
        precautions: ("请勿戴隐形眼镜，当天不要涂睫毛膏。", "No contact lenses, and no mascara on the day."),
    },
    CategorySeed {
        code: "body",
        name: ("身体", "Body"),
        qualification: "body",
        room: Some("body"),
        kinds: &[SkinCentre, Salon, Bathhouse],
        early: 10,
        precautions: (
            "饭后一小时内不做；孕期和腰椎不适请先告诉我们。",
            "Not within an hour after a meal. Tell us first when pregnant or with back trouble.",
        ),
    },
    CategorySeed {
        code: "hand",
        name: ("手足", "Hands and feet"),
        qualification: "nail",
        room: Some("nail"),
        kinds: &[Salon, Bathhouse],
        early: 5,
        precautions: ("指甲或脚部有感染不能做。", "Not with an infection of nails or feet."),
    },
    CategorySeed {
        code: "scalp",
        name: ("头皮", "Scalp"),
        qualification: "scalp",
        room: Some("scalp"),
        kinds: &[Salon, Bathhouse],
        early: 5,
        precautions: (
            "当天不用洗头；头皮有伤口请改期。",
            "No need to wash your hair. Please move the visit if your scalp is hurt.",
        ),
    },
    CategorySeed {
        code: "bath",
        name: ("汤泉", "Baths"),
        qualification: "bath",
        room: Some("bath"),
        kinds: &[Bathhouse],
        early: 10,
        precautions: (
            "空腹、酒后、血压高时请勿泡汤；儿童和长者须有人陪同。",
            "Not on an empty stomach, after alcohol, or with high blood pressure. Children and elderly guests come with somebody.",
        ),
    },
];

/// A service: category, name, summary, swatch, yuan, minutes of preparation, active, processing, finish, clean-up, how
/// often it is asked for, device.
pub(super) struct ServiceSeed {
    pub category: &'static str,
    pub name: Bi,
    pub summary: Bi,
    pub swatch: &'static str,
    pub yuan: i64,
    pub blocks: [i32; 5],
    pub weight: u32,
    pub device: Option<&'static str>,
    pub needs_first: Option<&'static str>,
    pub online: bool,
}

#[allow(clippy::too_many_arguments)] // A line of the menu.
const fn s(
    category: &'static str,
    name: Bi,
    summary: Bi,
    swatch: &'static str,
    yuan: i64,
    blocks: [i32; 5],
    weight: u32,
) -> ServiceSeed {
    ServiceSeed {
        category,
        name,
        summary,
        swatch,
        yuan,
        blocks,
        weight,
        device: None,
        needs_first: None,
        online: true,
    }
}

const fn with(service: ServiceSeed, device: &'static str) -> ServiceSeed {
    ServiceSeed { device: Some(device), ..service }
}

const fn after(service: ServiceSeed, needs: &'static str) -> ServiceSeed {
    ServiceSeed { needs_first: Some(needs), ..service }
}

const fn desk_only(service: ServiceSeed) -> ServiceSeed {
    ServiceSeed { online: false, ..service }
}

pub(super) const SERVICES: [ServiceSeed; 40] = [
    s(
        "consult",
        ("皮肤评估", "Skin assessment"),
        ("拍照、检测、给出护理方案", "Photos, measurements and a plan"),
        "water",
        98,
        [0, 30, 0, 0, 5],
        6,
    ),
    desk_only(s(
        "consult",
        ("方案讲解", "Plan consultation"),
        ("看上次的变化，定下一步", "What has changed, and what comes next"),
        "water",
        0,
        [0, 25, 0, 0, 5],
        2,
    )),
    s(
        "face",
        ("敏感肌舒缓修护", "Soothing care for sensitive skin"),
        ("冷喷、修护膜、红光", "Cool mist, repair mask, red light"),
        "cream",
        458,
        [5, 50, 0, 10, 10],
        16,
    ),
    s(
        "face",
        ("深层补水护理", "Deep hydration"),
        ("导入、按摩、补水膜", "Infusion, massage, hydrating mask"),
        "gel",
        398,
        [5, 60, 0, 15, 10],
        15,
    ),
    s(
        "face",
        ("小气泡清洁", "Hydro-cleansing"),
        ("清黑头、补水、收敛", "Blackheads, moisture, calm"),
        "water",
        298,
        [5, 25, 15, 10, 5],
        12,
    ),
    s(
        "face",
        ("胶原紧致护理", "Firming collagen care"),
        ("提拉手法、胶原膜", "Lifting massage and collagen mask"),
        "cream",
        568,
        [5, 60, 15, 10, 10],
        7,
    ),
    s(
        "face",
        ("净痘舒缓护理", "Care for blemishes"),
        ("消毒、清理、蓝光、镇静", "Disinfect, clear, blue light, calm"),
        "clay",
        368,
        [5, 55, 0, 10, 10],
        8,
    ),
    s(
        "face",
        ("亮肤焕采护理", "Brightening care"),
        ("维C导入、软膜", "Vitamin C infusion and soft mask"),
        "gel",
        428,
        [5, 50, 15, 10, 10],
        7,
    ),
    s(
        "face",
        ("男士净肤护理", "Care for men"),
        ("清洁、控油、补水", "Cleanse, balance, hydrate"),
        "clay",
        328,
        [5, 45, 0, 10, 5],
        4,
    ),
    s(
        "face",
        ("新娘急救护理", "Before-the-day care"),
        ("补水、去水肿、提亮", "Hydrate, drain, brighten"),
        "gel",
        688,
        [5, 70, 15, 10, 10],
        2,
    ),
    after(
        with(
            s(
                "light",
                ("光子嫩肤", "IPL rejuvenation"),
                ("匀净肤色，做之前先评估", "Evens the tone; an assessment comes first"),
                "light",
                980,
                [5, 35, 0, 10, 10],
                6,
            ),
            "ipl",
        ),
        "consultation",
    ),
    with(
        s(
            "light",
            ("红蓝光舒缓", "Red and blue light"),
            ("镇静、控痘", "Calms skin and blemishes"),
            "light",
            258,
            [5, 20, 0, 10, 5],
            7,
        ),
        "led",
    ),
    after(
        with(
            s(
                "light",
                ("射频紧致", "Radio-frequency firming"),
                ("提升轮廓，做之前先评估", "Firms the contour; an assessment comes first"),
                "light",
                1280,
                [5, 45, 0, 15, 10],
                4,
            ),
            "rf",
        ),
        "consultation",
    ),
    after(
        with(
            s(
                "light",
                ("光子脱毛·腋下", "IPL hair removal, underarms"),
                ("先做斑贴测试", "A patch test comes first"),
                "light",
                380,
                [5, 20, 0, 5, 10],
                3,
            ),
            "ipl",
        ),
        "patch_test",
    ),
    after(
        with(
            s(
                "light",
                ("水光导入", "Needle-free infusion"),
                ("无针导入，做之前先评估", "Without needles; an assessment comes first"),
                "gel",
                780,
                [5, 40, 0, 15, 10],
                4,
            ),
            "infuser",
        ),
        "consultation",
    ),
    s(
        "eye",
        ("眼周紧致护理", "Firming eye care"),
        ("冷敷、按摩、眼膜", "Cold compress, massage, eye mask"),
        "gel",
        328,
        [5, 30, 0, 10, 5],
        8,
    ),
    s(
        "eye",
        ("眉形修护", "Brow shaping"),
        ("设计、修整、镇静", "Design, trim, calm"),
        "cream",
        128,
        [0, 25, 0, 5, 5],
        6,
    ),
    s(
        "eye",
        ("睫毛滋养", "Lash care"),
        ("清洁、滋养、定型", "Cleanse, nourish, set"),
        "water",
        198,
        [0, 35, 10, 5, 5],
        4,
    ),
    s(
        "eye",
        ("黑眼圈舒缓", "Care for dark circles"),
        ("淋巴手法、冷热敷", "Lymph massage, warm and cold"),
        "gel",
        268,
        [5, 35, 0, 10, 5],
        4,
    ),
    s(
        "body",
        ("肩颈舒压", "Neck and shoulder relief"),
        ("推拿、热敷", "Massage and heat"),
        "cream",
        288,
        [5, 45, 0, 0, 10],
        12,
    ),
    s(
        "body",
        ("全身精油舒压", "Aromatherapy for the whole body"),
        ("慢节奏，全身", "Slow, from head to toe"),
        "cream",
        568,
        [5, 85, 0, 5, 10],
        7,
    ),
    s(
        "body",
        ("背部净痘护理", "Back care"),
        ("清洁、去角质、敷泥", "Cleanse, scrub, clay"),
        "clay",
        358,
        [5, 40, 15, 10, 10],
        4,
    ),
    s(
        "body",
        ("腰背调理", "Lower back care"),
        ("经络推拿、热敷", "Meridian massage and heat"),
        "clay",
        328,
        [5, 55, 0, 0, 10],
        6,
    ),
    s(
        "body",
        ("腿部轻盈护理", "Light legs"),
        ("淋巴引流、冷敷", "Lymph drainage and cooling"),
        "gel",
        298,
        [5, 45, 0, 5, 10],
        4,
    ),
    s(
        "body",
        ("产后舒缓护理", "Care after birth"),
        ("产后42天以上，先评估", "From day 42 after birth, with an assessment"),
        "cream",
        468,
        [5, 60, 0, 10, 10],
        2,
    ),
    s(
        "hand",
        ("手部滋养", "Hand care"),
        ("去角质、手膜、按摩", "Scrub, mask, massage"),
        "cream",
        158,
        [0, 30, 10, 5, 5],
        6,
    ),
    s(
        "hand",
        ("单色美甲", "One-colour manicure"),
        ("修型、上色、护理", "Shape, colour, care"),
        "gel",
        168,
        [0, 60, 0, 0, 5],
        6,
    ),
    s(
        "hand",
        ("足部护理", "Foot care"),
        ("泡脚、去角质、按摩", "Soak, scrub, massage"),
        "water",
        198,
        [5, 50, 0, 5, 10],
        7,
    ),
    s("hand", ("修脚", "Pedicure"), ("老师傅手艺", "By an old hand"), "clay", 128, [0, 40, 0, 0, 10], 5),
    s(
        "scalp",
        ("头皮清洁养护", "Scalp cleanse"),
        ("检测、清洁、滋养", "Check, cleanse, nourish"),
        "water",
        268,
        [5, 45, 0, 10, 5],
        7,
    ),
    s(
        "scalp",
        ("头疗舒压", "Head spa"),
        ("按摩、热敷、干发", "Massage, warmth, dry"),
        "cream",
        298,
        [5, 50, 0, 10, 5],
        6,
    ),
    s(
        "scalp",
        ("防脱养护", "Care against hair loss"),
        ("导入、按摩，一周一次", "Infusion and massage, once a week"),
        "gel",
        428,
        [5, 50, 10, 10, 5],
        3,
    ),
    s(
        "bath",
        ("汤泉套票", "Bath day"),
        ("泡汤、汗蒸、休息区", "Pools, sauna, rest area"),
        "water",
        168,
        [0, 120, 0, 0, 10],
        18,
    ),
    s(
        "bath",
        ("传统搓澡", "Traditional scrub"),
        ("搓澡、冲洗", "Scrub and rinse"),
        "clay",
        98,
        [5, 30, 0, 0, 10],
        14,
    ),
    s(
        "bath",
        ("牛奶搓澡", "Milk scrub"),
        ("搓澡、牛奶、冲洗", "Scrub, milk, rinse"),
        "cream",
        168,
        [5, 40, 0, 5, 10],
        8,
    ),
    s(
        "bath",
        ("海盐搓澡", "Sea-salt scrub"),
        ("去角质、海盐、润肤", "Peel, salt, lotion"),
        "clay",
        188,
        [5, 40, 0, 5, 10],
        6,
    ),
    s("bath", ("推拿按摩", "Massage"), ("全身推拿", "The whole body"), "cream", 258, [5, 60, 0, 0, 10], 10),
    s(
        "bath",
        ("拔罐刮痧", "Cupping and guasha"),
        ("先问身体状况", "After asking about your health"),
        "clay",
        158,
        [5, 35, 0, 5, 10],
        4,
    ),
    s(
        "bath",
        ("药浴", "Herbal bath"),
        ("时令药材，单人木桶", "Herbs of the season, a tub of your own"),
        "water",
        228,
        [10, 40, 0, 5, 15],
        4,
    ),
    s(
        "bath",
        ("亲子汤泉", "Family baths"),
        ("一大一小", "One grown-up, one child"),
        "water",
        258,
        [0, 90, 0, 0, 10],
        3,
    ),
];

/// A step of a checklist: when, what, mandatory, minutes.
pub(super) type Step = (Phase, Bi, bool, Option<i32>);

/// The checklist of everything that takes this qualification (TREAT-3).
pub(super) fn steps(qualification: &str) -> &'static [Step] {
    use Phase::{After, Before, During};
    const FACE: &[Step] = &[
        (
            Before,
            ("核对项目、过敏和禁忌，再问一遍", "Check service, allergies and contraindications once more"),
            true,
            None,
        ),
        (Before, ("手消毒，换一次性用品", "Disinfect hands, fresh disposables"), true, None),
        (Before, ("卸妆，温水清洁", "Remove make-up, cleanse with warm water"), false, Some(8)),
        (During, ("按方案护理，问一句感觉怎么样", "Treat as planned; ask how it feels"), true, None),
        (During, ("敷膜，先试温", "Mask; test the temperature first"), true, Some(15)),
        (During, ("精华与防晒", "Serum and sun protection"), false, None),
        (After, ("讲回家怎么护理", "Explain the care at home"), true, None),
        (After, ("整理、消毒、换床品", "Tidy, disinfect, change linen"), true, None),
    ];
    const LIGHT: &[Step] = &[
        (Before, ("核对评估和斑贴测试结果", "Check assessment and patch test"), true, None),
        (Before, ("双方戴护目镜", "Eye protection for both"), true, None),
        (Before, ("清洁，涂冷凝胶", "Cleanse, apply gel"), true, None),
        (During, ("小范围试打，看反应", "Try a small area, watch the reaction"), true, Some(5)),
        (During, ("按参数操作，记下档位", "Work to the settings, note the level"), true, None),
        (During, ("冷敷镇静", "Cool and calm"), true, Some(10)),
        (After, ("讲防晒和禁忌", "Explain sun protection and what to avoid"), true, None),
        (After, ("仪器消毒、登记", "Disinfect and log the device"), true, None),
    ];
    const BODY: &[Step] = &[
        (Before, ("问身体状况：孕期、血压、伤处", "Ask: pregnancy, blood pressure, injuries"), true, None),
        (Before, ("室温和床品准备好", "Room warm, linen ready"), false, None),
        (During, ("先轻后重，随时问力度", "Begin gently, keep asking about pressure"), true, None),
        (During, ("热敷", "Heat"), false, Some(10)),
        (After, ("喝温水，休息五分钟", "Warm water, five minutes of rest"), false, Some(5)),
        (After, ("讲当天注意事项", "Explain what to mind today"), true, None),
        (After, ("换床品、消毒", "Change linen, disinfect"), true, None),
    ];
    const SMALL: &[Step] = &[
        (Before, ("工具消毒，当面拆封", "Tools disinfected, opened in front of the customer"), true, None),
        (Before, ("看皮肤和指甲有没有伤", "Check skin and nails for injuries"), true, None),
        (During, ("按客人选的样式做", "Do it the way the customer chose"), true, None),
        (After, ("请客人看一看，不满意当场改", "Let the customer look; put it right at once"), true, None),
        (After, ("工具清洗消毒", "Clean and disinfect the tools"), true, None),
    ];
    const BATH: &[Step] = &[
        (Before, ("发手牌，提醒贵重物品", "Hand out the wristband, remind of valuables"), true, None),
        (Before, ("问血压、饮酒、孕期", "Ask: blood pressure, alcohol, pregnancy"), true, None),
        (During, ("查看水温和室温", "Check water and room temperature"), true, None),
        (During, ("每二十分钟看一次客人", "Look after the guest every twenty minutes"), true, Some(20)),
        (After, ("递水，请客人休息", "Offer water and rest"), false, None),
        (After, ("收回手牌，清洁消毒", "Take the wristband back, clean and disinfect"), true, None),
    ];
    const CONSULT: &[Step] = &[
        (Before, ("说明用途，征得拍照同意", "Explain why, ask before taking photos"), true, None),
        (During, ("问过敏、用药、孕期", "Ask: allergies, medicine, pregnancy"), true, None),
        (During, ("检测、拍照", "Measure, take photos"), true, Some(10)),
        (During, ("讲解结果和方案", "Explain the result and the plan"), true, None),
        (After, ("写进档案", "Write it down"), true, None),
    ];
    match qualification {
        "facial" | "lash" => FACE,
        "light" => LIGHT,
        "body" | "scalp" => BODY,
        "nail" => SMALL,
        "bath" => BATH,
        _ => CONSULT,
    }
}

/// What to tell afterwards (TREAT-6).
pub(super) fn advice(qualification: &str) -> &'static [Bi] {
    match qualification {
        "facial" | "lash" => &[
            ("24 小时内不要用酸类和去角质产品", "No acids or peeling for 24 hours"),
            ("今晚只用温水洁面，早晚涂保湿", "Only warm water tonight; moisturise morning and evening"),
            ("白天涂防晒，SPF30 以上", "Sun protection by day, SPF 30 or more"),
            ("有持续发红或刺痛，请马上联系我们", "Contact us at once if redness or stinging stays"),
        ],
        "light" => &[
            ("一周内严格防晒，不游泳、不汗蒸", "Strict sun protection, no swimming or sauna for a week"),
            ("三天内不化妆，不用热水洗脸", "No make-up and no hot water on the face for three days"),
            ("结痂让它自己掉，不要抠", "Let crusts fall off by themselves"),
            ("起泡或疼痛加重，请马上联系我们", "Contact us at once if blisters or pain appear"),
        ],
        "body" | "scalp" => &[
            ("当天多喝温水，不洗冷水澡", "Drink warm water today, no cold shower"),
            ("六小时内注意保暖", "Keep warm for six hours"),
            ("轻微酸胀一两天会消", "Slight soreness goes away in a day or two"),
        ],
        "nail" => &[
            ("两小时内避免磕碰", "Avoid knocks for two hours"),
            ("每天涂护手霜和甲油", "Hand cream and cuticle oil every day"),
        ],
        "bath" => &[
            ("多喝水，休息半小时再走", "Drink water and rest for half an hour"),
            ("当天皮肤敏感，请轻柔清洁", "Skin is sensitive today: wash gently"),
            ("头晕不适请马上告诉我们", "Tell us at once if you feel dizzy"),
        ],
        _ => &[("按方案顺序来，别同时换新产品", "Follow the plan; do not change products all at once")],
    }
}

//! What is usually said at a desk: the library a house begins with (DESK-10). Contents, like a menu, not wording of
//! pages: a house changes them.

use domain::desk::script::Moment::{self, Farewell, Greeting, Telephone, Waiting};

/// Chinese and English.
type Bi = (&'static str, &'static str);

pub(crate) const SCRIPTS: &[(Moment, Bi, Bi)] = &[
    (
        Telephone,
        ("接电话", "Picking up"),
        (
            "您好，这里是栖云，我是前台。您想约时间，还是有别的事我可以帮您？",
            "Good morning, this is Qiyun, front desk speaking. Would you like an appointment, or can I help with something else?",
        ),
    ),
    (
        Telephone,
        ("现在答不上来", "No answer yet"),
        (
            "这件事我要问清楚再告诉您，免得说错。我 30 分钟内回您电话，打这个号码方便吗？",
            "I would rather ask than tell you something wrong. I will call you back within 30 minutes. Is this number a good one?",
        ),
    ),
    (
        Telephone,
        ("回电晚了", "Calling back late"),
        (
            "您好，我是栖云前台，刚才说好的回电晚了，是我们没做到。您问的事是这样的：",
            "Hello, Qiyun front desk. We promised to call sooner and did not. Here is the answer to what you asked:",
        ),
    ),
    (
        Greeting,
        ("约好的客人", "A booked guest"),
        (
            "您好，您约的时间我看到了，是几点、做什么、谁来做，我跟您对一下。",
            "Hello, I have your appointment here. May I check the time, the service and the person with you?",
        ),
    ),
    (
        Greeting,
        ("第一次来", "First visit"),
        (
            "第一次来，我先带您认一下路。洗手间在这边，物品可以锁在柜子里，做之前会先讲清楚做什么、多久、多少钱。",
            "As this is your first visit, let me show you around. We explain what we do, how long it takes and what it costs before anything begins.",
        ),
    ),
    (
        Greeting,
        ("没有预约", "Without a booking"),
        (
            "今天没约也没关系。您想做什么？我给您一个号，手机上看得到排到第几、还要等多久。",
            "No booking is fine. What would you like? I will give you a ticket; your phone shows your place and the wait.",
        ),
    ),
    (
        Waiting,
        ("等到 10 分钟", "After 10 minutes"),
        (
            "让您等了 10 分钟，上一位还在收尾，预计再等几分钟。先给您倒杯水，可以吗？",
            "You have waited 10 minutes; the guest before you is just finishing. A few more minutes. May I bring you some water?",
        ),
    ),
    (
        Waiting,
        ("超过 15 分钟", "Over 15 minutes"),
        (
            "我们答应 15 分钟内接待您，这次没做到，是我们没排好。您可以继续等，也可以换一位现在空的，或者改个时间，听您的。",
            "We promised 15 minutes and did not keep it; we planned badly. You can wait, take somebody who is free now, or move the time. As you prefer.",
        ),
    ),
    (
        Farewell,
        ("送客", "Goodbye"),
        (
            "今天做完的注意事项发到您手机上了。7 天里觉得哪里不对，回来免费复查。路上慢走。",
            "The aftercare notes are on your phone. If anything feels wrong within 7 days, come back for a free check. Take care.",
        ),
    ),
    (
        Farewell,
        ("请客人评价", "Asking for a rating"),
        (
            "方便的话，扫这个码给今天打个分，不用登录，一分钟就好。不满意的地方写下来，店长会看。",
            "If you have a minute, scan this code and rate today. No login. Whatever was not right, write it down: the manager reads it.",
        ),
    ),
];

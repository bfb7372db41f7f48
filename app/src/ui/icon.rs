//! Icons, drawn from one cached sprite: `/icons.svg`. The browser code carries only their names.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $id:literal,)*) => {
        /// An icon's name; each has a `<symbol id="i-…">` in `public/icons.svg`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IconName { $($name,)* }

        impl IconName {
            /// Every icon, for the gallery and for tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the sprite, without the `i-`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Address of its symbol.
            #[must_use]
            pub const fn href(self) -> &'static str {
                match self { $(Self::$name => concat!("/icons.svg#i-", $id),)* }
            }
        }
    };
}

icons! {
    Alert = "alert",
    ArrowDown = "arrow-down",
    ArrowR = "arrow-r",
    ArrowUp = "arrow-up",
    Bed = "bed",
    Bell = "bell",
    Board = "board",
    Bolt = "bolt",
    Book = "book",
    Box = "box",
    Calendar = "calendar",
    CalendarCheck = "calendar-check",
    CalendarPlus = "calendar-plus",
    Camera = "camera",
    Card = "card",
    ChartBar = "chart-bar",
    ChartLine = "chart-line",
    Chat = "chat",
    Check = "check",
    CheckCircle = "check-circle",
    ChevD = "chev-d",
    ChevL = "chev-l",
    ChevR = "chev-r",
    ChevU = "chev-u",
    Clipboard = "clipboard",
    Clock = "clock",
    CloudUp = "cloud-up",
    Dash = "dash",
    Device = "device",
    Door = "door",
    Dotted = "dotted",
    Download = "download",
    Drop = "drop",
    Eye = "eye",
    Face1 = "face-1",
    Face2 = "face-2",
    Face3 = "face-3",
    Face4 = "face-4",
    Face5 = "face-5",
    Filter = "filter",
    Flag = "flag",
    Flask = "flask",
    Gauge = "gauge",
    Gift = "gift",
    Globe = "globe",
    Half = "half",
    Heat = "heat",
    Help = "help",
    History = "history",
    Hollow = "hollow",
    Home = "home",
    Image = "image",
    Info = "info",
    Key = "key",
    Leaf = "leaf",
    Link = "link",
    ListCheck = "list-check",
    Lock = "lock",
    Logout = "logout",
    Menu = "menu",
    Mic = "mic",
    Minus = "minus",
    Moon = "moon",
    More = "more",
    Pause = "pause",
    Pen = "pen",
    Phone = "phone",
    PhoneBack = "phone-back",
    Pin = "pin",
    Play = "play",
    Plus = "plus",
    Print = "print",
    Promise = "promise",
    Qr = "qr",
    Refund = "refund",
    Rotate = "rotate",
    Scan = "scan",
    Schedule = "schedule",
    Search = "search",
    Send = "send",
    Share = "share",
    Shield = "shield",
    Sign = "sign",
    Slash = "slash",
    Sliders = "sliders",
    Sort = "sort",
    Sparkle = "sparkle",
    Spray = "spray",
    Star = "star",
    Steam = "steam",
    Stop = "stop",
    Sun = "sun",
    Swap = "swap",
    Tap = "tap",
    TextSize = "text-size",
    Thermo = "thermo",
    Ticket = "ticket",
    Timer = "timer",
    Trash = "trash",
    Undo = "undo",
    User = "user",
    UserPlus = "user-plus",
    Users = "users",
    Wall = "wall",
    WifiOff = "wifi-off",
    X = "x",
    XCircle = "x-circle",
    Yuan = "yuan",
}

/// A decorative icon: what it means stands beside it in words, or in the `aria-label` of what holds it.
#[component]
pub fn Icon(
    name: IconName,
    /// Shown only while the choice around it is picked (chips, slots).
    #[prop(optional)]
    on: bool,
) -> impl IntoView {
    view! {
        <svg class=if on { "icon on" } else { "icon" } aria-hidden="true">
            <use_ href=name.href()></use_>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sprite_agree() {
        let sprite = include_str!("../../../public/icons.svg");
        assert_eq!(sprite.matches("id=\"i-").count(), IconName::ALL.len());
        for name in IconName::ALL {
            assert!(sprite.contains(&format!("id=\"i-{}\"", name.as_str())), "{}", name.as_str());
        }
    }
}

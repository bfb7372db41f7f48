//! The house's own components: small, dumb, one class each (see `style/`). They take values and give HTML; nothing
//! here calls the server. Amounts go into SVG attributes, never into `style`, so the strict CSP holds.

pub mod bars;
pub mod choice;
pub mod errors;
pub mod fields;
pub mod format;
pub mod fresh;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod icon;
pub mod list;
pub mod live;
pub mod marks;
pub mod notes;
pub mod overlay;
pub mod pages;
pub mod promise;
pub mod qr;
pub mod rate;
pub mod read;
pub mod shell;
pub mod slip;
pub mod swatch;
pub mod switches;
pub mod time;
pub mod words;

pub use bars::{ActionBar, BottomBar, Brandmark, NavItem, SideNav, Tab, TopBar};
pub use choice::{Check, Chip, Choice, Dot, Seg, SegLinks, Steps, Switch};
pub use errors::{FormErrors, FormNote, error_text};
pub use fields::{Field, Opt, SelectInput, SubmitButton, TextArea, TextInput};
pub use fresh::{Fresh, LiveMark, minutes_between, use_clock};
pub use icon::{Icon, IconName};
pub use list::{More, Pager, RowLink};
pub use live::{LiveState, use_live};
pub use marks::{Avatar, AvatarSize, Count, Glyph, Seal, Status, Tag, Tone};
pub use notes::{Banner, Blank, NetBar, Skeleton, StopAlert};
pub use overlay::{Dialog, Toasts, use_toasts};
pub use pages::{ErrorKind, ErrorPage};
pub use promise::{Kept, PromiseRing, Ruler};
pub use qr::{Qr, QrArt};
pub use rate::{Nps, Rating, RatingKind};
pub use read::{Read, resource};
pub use shell::{Shell, ShellKind};
pub use slip::{Slip, SlipRing, SlipTime};
pub use swatch::{Swatch, SwatchKind};
pub use switches::{LangSwitch, SizeSwitch, ThemeSwitch};
pub use time::{Bar, Ring, RingSize, TimeBar, WaitRing};
pub use words::Words;

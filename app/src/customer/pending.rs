//! Between "send me a code" and "here it is": the phone, kept on the device for as long as the code lives, in a cookie
//! that scripts cannot read and that is sent to the sign-in page and its server functions only.

use domain::account::CODE_MINUTES;
use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

const NAME: &str = "code_phone";

/// The phone, if a code was asked for with it just now.
pub fn read() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let phone = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == NAME))?
        .1
        .replace("%2B", "+");
    domain::Phone::parse(&phone).ok().map(|phone| phone.reveal().to_owned())
}

pub fn write(phone: &str) {
    set(&phone.replace('+', "%2B"), CODE_MINUTES * 60);
}

pub fn clear() {
    set("", 0);
}

fn set(value: &str, seconds: i64) {
    let cookie = format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

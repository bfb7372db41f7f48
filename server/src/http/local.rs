//! Paths to go back to, as forms and addresses carry them.

/// The path if it is one of this server's, else `/`: nobody is sent to another site by a crafted link.
#[must_use]
pub fn local(back: &str) -> &str {
    let fine = back.starts_with('/')
        && !back.starts_with("//")
        && back.len() <= 2048
        && !back.bytes().any(|b| b == b'\\' || b.is_ascii_control() || b == b' ' || !b.is_ascii());
    if fine { back } else { "/" }
}

/// A path as the value of a query: everything but letters, digits and `-_.~/` is escaped.
#[must_use]
pub fn query_value(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    for b in path.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(b));
            }
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/desk?day=1", "/desk?day=1")]
    #[case("//evil.example", "/")]
    #[case("/\\evil.example", "/")]
    #[case("https://evil.example", "/")]
    #[case("javascript:alert(1)", "/")]
    #[case("/a\r\nSet-Cookie: x=1", "/")]
    #[case("", "/")]
    fn only_local_paths(#[case] back: &str, #[case] want: &str) {
        assert_eq!(local(back), want);
    }

    #[test]
    fn queries_are_escaped() {
        assert_eq!(query_value("/desk?a=1&b=约"), "/desk%3Fa%3D1%26b%3D%E7%BA%A6");
    }
}

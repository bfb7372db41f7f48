//! Digits as phones and Chinese keyboards write them.

/// A full-width digit as a plain one; everything else as it is.
#[must_use]
pub fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_become_plain() {
        let all: String = "０１２３４５６７８９".chars().map(plain).collect();
        assert_eq!(all, "0123456789");
        assert!("5a五．／：".chars().all(|c| plain(c) == c));
    }
}

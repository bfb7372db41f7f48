//! Money in fen, whole and signed: ¥1 is 100 fen.

use serde::{Deserialize, Serialize};
use std::{iter::Sum, ops::Add};

/// An amount in fen (CNY cents).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// `¥2,480`, or `¥2,480.50` when there are fen.
    #[must_use]
    pub fn yuan(self) -> String {
        let (sign, abs) =
            if self.0 < 0 { ("−", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        let whole = grouped(abs / 100);
        match abs % 100 {
            0 => format!("{sign}¥{whole}"),
            cents => format!("{sign}¥{whole}.{cents:02}"),
        }
    }
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "¥0")]
    #[case(45_800, "¥458")]
    #[case(248_050, "¥2,480.50")]
    #[case(-123_456_700, "−¥1,234,567")]
    fn shows_yuan(#[case] fen: i64, #[case] text: &str) {
        assert_eq!(Fen(fen).yuan(), text);
    }
}

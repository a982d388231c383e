/// A score rounded to 30 binary digits, a relative step of 1e-9: sums of the same numbers in another order agree, so
/// ties are ties and paths decide them. Below 0 and not a number count as 0.
pub(crate) fn rounded(score: f64) -> f64 {
    const DROPPED: u32 = f64::MANTISSA_DIGITS - 1 - 30;
    if score.is_nan() || score <= 0.0 {
        return 0.0;
    }
    if score.is_infinite() {
        return f64::MAX;
    }
    // Positive doubles are ordered as their bits are, and a carry out of the mantissa goes into the exponent as it should.
    let half = 1_u64 << (DROPPED - 1);
    let bits = (score.to_bits() + half) & !((1 << DROPPED) - 1);
    f64::from_bits(bits).min(f64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_in_another_order_tie() {
        let forth: f64 = (1..1_000).map(|n| 1.0 / f64::from(n)).sum();
        let back: f64 = (1..1_000).rev().map(|n| 1.0 / f64::from(n)).sum();
        assert_ne!(forth, back);
        assert_eq!(rounded(forth), rounded(back));
    }

    #[test]
    fn odd_values_are_defined() {
        for (odd, expected) in
            [(f64::NAN, 0.0), (-1.0, 0.0), (-0.0, 0.0), (f64::INFINITY, f64::MAX), (f64::MAX, f64::MAX)]
        {
            assert_eq!(rounded(odd).to_bits(), expected.to_bits(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn rounding_keeps_the_order(a in 1e-300_f64..1e300, b in 1e-300_f64..1e300) {
            prop_assert!((rounded(a) - a).abs() <= a * 1e-9);
            if a <= b {
                prop_assert!(rounded(a) <= rounded(b));
            }
        }
    }
}

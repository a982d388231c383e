//! Logarithms of counts: most of what is counted is small, and asked for thousands of times a map.

use std::sync::LazyLock;

static SMALL: LazyLock<[f32; 4096]> = LazyLock::new(|| std::array::from_fn(|count| (count as f32).ln_1p()));

/// `ln(1 + count)`.
pub(super) fn ln_1p(count: usize) -> f32 {
    SMALL.get(count).copied().unwrap_or_else(|| (count as f32).ln_1p())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_function_says() {
        for count in [0, 1, 2, 400, 4_095, 4_096, 70_000] {
            assert_eq!(ln_1p(count).to_bits(), (count as f32).ln_1p().to_bits(), "{count}");
        }
    }
}

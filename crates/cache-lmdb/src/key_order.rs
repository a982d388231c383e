use std::cmp::Ordering;

use heed::Comparator;

/// The order of a table's keys: that of their bytes, as LMDB has it by itself. Keys of 32 bytes differ in their first eight, so
/// a number decides where LMDB calls two functions.
#[derive(Debug)]
pub(crate) enum KeyOrder {}

impl Comparator for KeyOrder {
    fn compare(one: &[u8], other: &[u8]) -> Ordering {
        if let (Some((one, _)), Some((other, _))) = (one.split_first_chunk(), other.split_first_chunk()) {
            let (one, other) = (u64::from_be_bytes(*one), u64::from_be_bytes(*other));
            if one != other {
                return one.cmp(&other);
            }
        }
        one.cmp(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_the_bytes(one in keys(), other in keys()) {
            prop_assert_eq!(KeyOrder::compare(&one, &other), one.cmp(&other));
        }
    }

    /// Of few bytes, so that many begin alike, and of any length.
    fn keys() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(vec![0, 1, 0x7f, 0x80, 0xff]), 0..40)
    }
}

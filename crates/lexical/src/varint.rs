//! Small numbers in few bytes: LEB128, seven bits a byte, the lowest first.

pub(crate) fn push(into: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

/// Takes a number off the front; `None` when the bytes end in the middle of it or it is too large.
#[inline]
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u32> {
    // Nearly all numbers of a record have one byte or two.
    match **bytes {
        [low @ ..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some(u32::from(low))
        }
        [low, high @ ..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some(u32::from(low & 0x7f) | u32::from(high) << 7)
        }
        _ => take_long(bytes),
    }
}

fn take_long(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let values = [0, 1, 127, 128, 16_383, 16_384, u32::MAX];
        let mut bytes = Vec::new();
        values.iter().for_each(|&value| push(&mut bytes, value));
        let mut rest = bytes.as_slice();
        assert_eq!(values.map(|_| take(&mut rest).unwrap()), values);
        assert_eq!((take(&mut rest), take(&mut [0x80].as_slice())), (None, None));
    }
}

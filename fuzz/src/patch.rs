/// An original as an input changes it: its first byte says whether the rest takes the original's place, or is a list of
/// patches: three bytes of place, a value. A place past the end cuts the original there.
pub fn patched(original: &[u8], input: &[u8]) -> Vec<u8> {
    let Some((mode, rest)) = input.split_first() else { return original.to_vec() };
    if mode % 4 == 0 {
        return rest.to_vec();
    }
    let mut bytes = original.to_vec();
    for patch in rest.chunks_exact(4) {
        let place = u32::from_le_bytes([patch[0], patch[1], patch[2], 0]) as usize;
        match place.checked_sub(bytes.len()) {
            Some(past) if past % 8 == 0 => bytes.truncate(past / 8),
            Some(past) => {
                if let Some(byte) = bytes.get_mut(past % original.len().max(1)) {
                    *byte = patch[3];
                }
            }
            None => bytes[place] = patch[3],
        }
    }
    bytes
}

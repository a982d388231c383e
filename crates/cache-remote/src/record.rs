//! A record as it lies on a server: what is in docs/remote-format.md, to the byte.
//!
//! ```text
//! 0   8  "rmrecord"
//! 8   2  version, 1
//! 10  1  1 where the seal is keyed by a team's secret, else 0
//! 11  1  1 where a signature stands before the payload, else 0
//! 12  4  length of the payload
//! 16  32 seal: a keyed hash of the name, of the 16 bytes before it and of what is compressed
//! 48  96 public key and signature of Ed25519 over the seal, if there is one
//! ..     the payload, a frame of zstd
//! ```

use std::io::Read as _;
use std::panic::catch_unwind;

use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::trust::{SIGNATURE_BYTES, Trust, hexadecimal};

/// What a record is found by on a server: a hash of its key.
pub(crate) type Name = [u8; 32];

const MARK: &[u8; 8] = b"rmrecord";
const VERSION: u16 = 1;
const HEADER: usize = 16;
const SEALED: usize = HEADER + 32;
const SIGNED: usize = 32 + SIGNATURE_BYTES;

/// What a signature is of, beside the seal: what else the same key may sign is none of ours.
const SIGNATURE_CONTEXT: &[u8] = b"repo-map-cache shared record 1\0";

/// The longest payload. The tags of a file of 1 MiB take a tenth of it.
pub(crate) const MOST_PAYLOAD: usize = 64 << 20;
/// The longest record: what cannot be compressed grows by little.
pub(crate) const MOST_RECORD: usize = MOST_PAYLOAD + (1 << 20);

/// Why bytes of a server are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not what this build writes: cut, garbage, or of another version.
    Form,
    /// Not what was sealed under this name: damaged, swapped, or by somebody without the secret.
    Seal,
    /// No trusted key has signed it.
    Signature,
}

/// The bytes for a server.
pub(crate) fn seal(trust: &Trust, name: &Name, payload: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok().filter(|length| *length as usize <= MOST_PAYLOAD)?;
    let body = compress_to_vec(payload, CompressionLevel::Fastest);
    let mut record = Vec::with_capacity(SEALED + SIGNED + body.len());
    record.extend_from_slice(MARK);
    record.extend_from_slice(&VERSION.to_le_bytes());
    record.extend_from_slice(&[u8::from(trust.has_secret()), 0]);
    record.extend_from_slice(&length.to_le_bytes());
    let seal = trust.seal(name, &[&record, &body]);
    record.extend_from_slice(&seal);
    if let Some((key, signature)) = trust.sign(&message(&seal)) {
        // Not under the seal: who cannot sign may take it off, and then it is refused for that.
        record[11] = 1;
        record.extend_from_slice(&key);
        record.extend_from_slice(&signature);
    }
    record.extend_from_slice(&body);
    Some(record)
}

/// The payload of a record.
pub(crate) fn open(trust: &Trust, name: &Name, record: &[u8]) -> Result<Vec<u8>, Refused> {
    let (header, rest) = record.split_first_chunk::<HEADER>().ok_or(Refused::Form)?;
    let (seal, rest) = rest.split_first_chunk::<32>().ok_or(Refused::Form)?;
    let version = u16::from_le_bytes([header[8], header[9]]);
    if !header.starts_with(MARK) || version != VERSION || header[10] > 1 || header[11] > 1 {
        return Err(Refused::Form);
    }
    let (signed, body) = match header[11] {
        0 => (None, rest),
        _ => {
            let (signed, body) = rest.split_first_chunk::<SIGNED>().ok_or(Refused::Form)?;
            (Some(signed.split_at(32)), body)
        }
    };
    let mut under_seal = *header;
    under_seal[11] = 0;
    // Compared in one go: a hash's first bytes tell nothing that helps to find the others.
    if header[10] != u8::from(trust.has_secret()) || trust.seal(name, &[&under_seal, body]) != *seal {
        return Err(Refused::Seal);
    }
    if !trust.holds(&message(seal), signed) {
        return Err(Refused::Signature);
    }
    let length = u32::from_le_bytes([header[12], header[13], header[14], header[15]]) as usize;
    if length > MOST_PAYLOAD {
        return Err(Refused::Form);
    }
    unpacked(body, length).filter(|payload| payload.len() == length).ok_or(Refused::Form)
}

/// What a frame holds, and at most one byte more than it should.
fn unpacked(body: &[u8], length: usize) -> Option<Vec<u8>> {
    // Who knows the way can seal any frame where there is no secret; a fault of the decoder is not to end the process.
    let read = catch_unwind(|| {
        let mut payload = Vec::with_capacity(length.min(body.len().saturating_mul(64)));
        let decoder = StreamingDecoder::new_with_max_window_size(body, MOST_PAYLOAD as u64).ok()?;
        decoder.take(length as u64 + 1).read_to_end(&mut payload).ok()?;
        Some(payload)
    });
    read.ok().flatten()
}

/// The public key that a record says to be signed by, unless it is not.
pub(crate) fn signer(record: &[u8]) -> Option<&[u8]> {
    (record.get(11) == Some(&1)).then(|| record.get(SEALED..SEALED + 32)).flatten()
}

/// Where a record lies: `records/1/`, two digits of its name, and the name.
pub(crate) fn path(name: &Name) -> String {
    let digits = hexadecimal(name);
    format!("records/{VERSION}/{}/{digits}", &digits[..2])
}

fn message(seal: &[u8; 32]) -> Vec<u8> {
    [SIGNATURE_CONTEXT, seal].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: Name = [3; 32];
    const SEED: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    fn team() -> Trust {
        Trust::default().secret("a secret of a team").unwrap()
    }

    #[test]
    fn golden_records_of_version_1_open() {
        let open_record = include_bytes!("../../../fixtures/remote/record-v1.bin");
        let signed = include_bytes!("../../../fixtures/remote/record-v1-signed.bin");
        assert_eq!(open(&Trust::default(), &NAME, open_record), Ok(b"payload payload payload".to_vec()));
        assert_eq!(open(&team(), &NAME, signed), Ok(b"payload payload payload".to_vec()));
        assert!(signer(signed).is_some() && signer(open_record).is_none());
        // What this build writes is read by builds before and after it.
        let again = seal(&Trust::default(), &NAME, b"payload payload payload").unwrap();
        assert_eq!(again[..SEALED - 32], open_record[..SEALED - 32]);
    }

    /// Writes the golden files; only for a new version.
    #[test]
    #[ignore = "writes fixtures"]
    fn write_golden_records() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/remote");
        std::fs::create_dir_all(folder).unwrap();
        let payload = b"payload payload payload";
        let record = seal(&Trust::default(), &NAME, payload).unwrap();
        std::fs::write(format!("{folder}/record-v1.bin"), record).unwrap();
        let record = seal(&team().signing_key(SEED).unwrap(), &NAME, payload).unwrap();
        std::fs::write(format!("{folder}/record-v1-signed.bin"), record).unwrap();
    }

    #[test]
    fn another_team_version_or_signer_is_refused() {
        let record = seal(&team(), &NAME, b"x").unwrap();
        assert_eq!(open(&Trust::default(), &NAME, &record), Err(Refused::Seal));
        assert_eq!(open(&team(), &[4; 32], &record), Err(Refused::Seal), "a record of another name");
        let mut newer = record.clone();
        newer[8] = 2;
        assert_eq!(open(&team(), &NAME, &newer), Err(Refused::Form));
        let (_, public) = Trust::new_pair().unwrap();
        let strict = team().trusted_key(&public).unwrap();
        assert_eq!(open(&strict, &NAME, &record), Err(Refused::Signature));
        let mine = team().signing_key(SEED).unwrap();
        let signed = seal(&mine, &NAME, b"x").unwrap();
        assert_eq!(open(&team(), &NAME, &signed), Ok(b"x".to_vec()), "a signature that nobody asks for");
        assert_eq!(open(&strict, &NAME, &signed), Err(Refused::Signature));
    }

    #[test]
    fn a_frame_that_unpacks_to_more_than_it_says_is_refused() {
        let trust = Trust::default();
        let body = compress_to_vec(&vec![0; 8 << 20][..], CompressionLevel::Fastest);
        let mut record = [&MARK[..], &VERSION.to_le_bytes(), &[0, 0], &16u32.to_le_bytes()].concat();
        let seal = trust.seal(&NAME, &[&record, &body]);
        record.extend_from_slice(&seal);
        record.extend_from_slice(&body);
        assert_eq!(open(&trust, &NAME, &record), Err(Refused::Form));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(payload: Vec<u8>, name: [u8; 32], signs: bool) {
            let trust = if signs { team().signing_key(SEED).unwrap() } else { team() };
            let record = seal(&trust, &name, &payload).unwrap();
            prop_assert_eq!(open(&team(), &name, &record), Ok(payload));
        }

        #[test]
        fn any_changed_bit_and_any_part_is_refused(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let record = seal(&team(), &NAME, &payload).unwrap();
            let at = at.index(record.len());
            prop_assert!(open(&team(), &NAME, &record[..at]).is_err());
            let mut changed = record;
            changed[at] ^= 1 << bit;
            prop_assert!(open(&team(), &NAME, &changed).is_err());
        }

        #[test]
        fn garbage_is_refused(bytes: Vec<u8>) {
            prop_assert!(open(&Trust::default(), &NAME, &bytes).is_err());
        }
    }
}

//! Whose records are believed: a secret that a team shares, and keys that sign.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use repo_map_cache_core::Key;

/// What the keys of a hash that everybody can compute are derived from.
const OPEN: &str = "repo-map-cache 2026-11-30 shared records, no team secret";
const SECRET: &str = "repo-map-cache 2026-11-30 shared records, team secret";

/// Fewer bytes can be guessed.
const LEAST_SECRET: usize = 16;

/// The number of bytes of a public key and of the seed of a private one.
const KEY_BYTES: usize = 32;

pub(crate) const SIGNATURE_BYTES: usize = 64;

/// Whose records are believed, and what own ones are sealed with. [`Default`] believes the server.
#[derive(Default)]
pub struct Trust {
    secret: Option<[u8; 32]>,
    signing: Option<Ed25519KeyPair>,
    trusted: Vec<[u8; KEY_BYTES]>,
}

impl Trust {
    /// The same with a secret that a team shares: without it nobody can tell which contents are stored, or make a record.
    ///
    /// # Errors
    /// A line, for less than 16 bytes.
    pub fn secret(mut self, secret: &str) -> Result<Self, String> {
        if secret.len() < LEAST_SECRET {
            return Err(format!("a team secret has {LEAST_SECRET} bytes or more"));
        }
        self.secret = Some(blake3::derive_key(SECRET, secret.as_bytes()));
        Ok(self)
    }

    /// The same, signing each record that is written with a private key of Ed25519: its seed, 64 hexadecimal digits.
    ///
    /// # Errors
    /// A line, for anything else.
    pub fn signing_key(mut self, seed: &str) -> Result<Self, String> {
        let seed = bytes_of(seed).ok_or("a signing key is 64 hexadecimal digits")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| "the signing key is none")?;
        self.signing = Some(pair);
        Ok(self)
    }

    /// The same, believing only records that this public key of Ed25519 has signed, 64 hexadecimal digits, or another that is added.
    ///
    /// # Errors
    /// A line, for anything else.
    pub fn trusted_key(mut self, key: &str) -> Result<Self, String> {
        self.trusted.push(bytes_of(key).ok_or("a trusted key is 64 hexadecimal digits")?);
        Ok(self)
    }

    /// A new pair for Ed25519, in hexadecimal digits: the seed of the signing key, and the public key.
    ///
    /// # Errors
    /// A line, where the system has no random numbers.
    pub fn new_pair() -> Result<(String, String), String> {
        let mut seed = [0; KEY_BYTES];
        let random = SystemRandom::new();
        ring::rand::SecureRandom::fill(&random, &mut seed).map_err(|_| "the system has no random numbers")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| "the seed is none")?;
        Ok((hexadecimal(&seed), hexadecimal(pair.public_key().as_ref())))
    }

    /// Whether a server can make records that are believed.
    pub(crate) fn believes_server(&self) -> bool {
        self.secret.is_none() && self.trusted.is_empty()
    }

    pub(crate) fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// What a record is found by.
    pub(crate) fn name(&self, key: &Key) -> [u8; 32] {
        *self.hasher(b"name").update(key.as_bytes()).finalize().as_bytes()
    }

    /// What tells that a record is whole, and of this name.
    pub(crate) fn seal(&self, name: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = self.hasher(b"seal");
        hasher.update(name);
        for part in parts {
            hasher.update(part);
        }
        *hasher.finalize().as_bytes()
    }

    fn hasher(&self, purpose: &[u8; 4]) -> blake3::Hasher {
        let mut hasher = match &self.secret {
            Some(secret) => blake3::Hasher::new_keyed(secret),
            None => blake3::Hasher::new_derive_key(OPEN),
        };
        hasher.update(purpose);
        hasher
    }

    /// The public key of the signing one, and the signature of a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<([u8; KEY_BYTES], [u8; SIGNATURE_BYTES])> {
        let pair = self.signing.as_ref()?;
        let key = pair.public_key().as_ref().try_into().ok()?;
        Some((key, pair.sign(message).as_ref().try_into().ok()?))
    }

    /// Whether a trusted key has signed a message. True of any where no key is named.
    pub(crate) fn holds(&self, message: &[u8], signed: Option<(&[u8], &[u8])>) -> bool {
        if self.trusted.is_empty() {
            return true;
        }
        let Some((key, signature)) = signed else { return false };
        self.trusted.iter().any(|trusted| trusted == key)
            && UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust")
            .field("has_secret", &self.secret.is_some())
            .field("signs", &self.signing.is_some())
            .field("trusted", &self.trusted.iter().map(|key| hexadecimal(key)).collect::<Vec<_>>())
            .finish()
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(digits: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = digits.trim();
    let mut bytes = [0; KEY_BYTES];
    if digits.len() != 2 * KEY_BYTES || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_changes_names_and_a_short_one_is_refused() {
        let key = Key::new([7; 32]);
        let name = |secret: &str| Trust::default().secret(secret).unwrap().name(&key);
        assert_ne!(name("a secret of a team"), name("a secret of another"));
        assert_ne!(Trust::default().name(&key), name("a secret of a team"));
        assert!(Trust::default().secret("short").is_err());
    }

    #[test]
    fn only_what_a_trusted_key_has_signed_holds() {
        let (seed, public) = Trust::new_pair().unwrap();
        let signer = Trust::default().signing_key(&seed).unwrap();
        let (key, signature) = signer.sign(b"message").unwrap();
        let reader = Trust::default().trusted_key(&public).unwrap();
        assert!(reader.holds(b"message", Some((&key, &signature))));
        assert!(!reader.holds(b"massage", Some((&key, &signature))));
        assert!(!reader.holds(b"message", None));
        let (other, _) = Trust::new_pair().unwrap();
        let (key, signature) = Trust::default().signing_key(&other).unwrap().sign(b"message").unwrap();
        assert!(!reader.holds(b"message", Some((&key, &signature))));
        assert!(!format!("{signer:?}").contains(&seed));
    }
}

//! A cache that machines share, as mappers use it: tags of contents, checked against the files that they are of.

use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::{Durations, Fingerprint, Key};
use repo_map_cache_remote::{Address, Credentials, RemoteOptions, RemoteTier, Trust};
use repo_map_model::ContentHash;
use repo_map_render::visible;
use repo_map_tags::Language;
use rkyv::util::AlignedVec;

use crate::config::{CacheConfig, RemoteConfig};
use crate::pack::Pack;
use crate::records::claims::CHECK;
use crate::records::{ArchivedTagRecord, LAYOUT};
use crate::shared_activity::SharedActivity;

/// All that waiting may cost where somebody has asked for packs.
const ASKED_FOR: Duration = Duration::from_secs(60);

/// A shared cache that is open.
pub(crate) struct Shared {
    tier: RemoteTier,
}

impl Shared {
    /// What is configured, and what is to be said where it cannot be used.
    pub(crate) fn open(config: &CacheConfig) -> (Option<Arc<Self>>, Option<String>) {
        match config.remote.as_ref().filter(|remote| !remote.url.is_empty()).map(tier) {
            None => (None, None),
            Some(Ok(tier)) => (Some(Arc::new(Self { tier })), None),
            Some(Err(line)) => (None, Some(visible(&line).into_owned())),
        }
    }

    /// Packs in place of a server, with the keys that are configured.
    pub(crate) fn of_packs(packs: &[Pack], config: &CacheConfig) -> Result<Arc<Self>, String> {
        let packs = packs.iter().map(|pack| pack.opened().clone()).collect();
        let keys = trust_of(config)?;
        let tier = RemoteTier::open(RemoteOptions::packs(packs).trust(keys).allowance(ASKED_FOR))?;
        Ok(Arc::new(Self { tier }))
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.tier.is_asked()
    }

    pub(crate) fn is_distrusted(&self) -> bool {
        self.tier.is_distrusted()
    }

    /// The records of contents, as far as they are there. Nothing of them is checked but their seals.
    pub(crate) fn ask(&self, contents: &[(Language, ContentHash)]) -> Vec<Option<AlignedVec>> {
        let keys: Vec<_> = contents.iter().map(|(language, content)| key(*language, content)).collect();
        let aligned = |bytes: Vec<u8>| {
            let mut aligned = AlignedVec::with_capacity(bytes.len());
            aligned.extend_from_slice(&bytes);
            aligned
        };
        self.tier.fetch(&keys).into_iter().map(|record| record.map(aligned)).collect()
    }

    /// Whether a record may be that of its source. One that may not ends the trust in the cache.
    pub(crate) fn bears_out(
        &self,
        language: Language,
        content: &ContentHash,
        source: &[u8],
        record: &[u8],
    ) -> bool {
        let bears_out = may_be_of(language, source, record);
        if !bears_out {
            self.tier.distrust(&key(language, content), "is not of the file that it says");
        }
        bears_out
    }

    /// Whether a record is what parsing gives. One that is not ends the trust in the cache.
    pub(crate) fn is_equal(
        &self,
        language: Language,
        content: &ContentHash,
        record: &[u8],
        own: &[u8],
    ) -> bool {
        let is_equal = record == own;
        if !is_equal {
            self.tier.distrust(&key(language, content), "is not what parsing gives");
        }
        is_equal
    }

    pub(crate) fn wants_sample(&self, language: Language, content: &ContentHash) -> bool {
        self.tier.wants_sample(&key(language, content))
    }

    /// So many bytes of source need not be parsed.
    pub(crate) fn saved(&self, bytes: u64, took: Duration) {
        self.tier.saved(bytes, took);
    }

    pub(crate) fn parsed(&self, bytes: u64, took: Duration) {
        self.tier.parsed(bytes, took);
    }

    /// Stores what was parsed, if the cache is written and others will believe it.
    pub(crate) fn offer(&self, language: Language, content: &ContentHash, source: &[u8], record: &[u8]) {
        if self.tier.is_written() && may_be_of(language, source, record) {
            self.tier.put(&key(language, content), record);
        }
    }

    /// Waits until what was offered is stored, within bounds.
    pub(crate) fn flush(&self) {
        self.tier.flush();
    }

    /// What was asked of it.
    pub(crate) fn activity(&self) -> SharedActivity {
        let did = self.tier.statistics();
        SharedActivity {
            hits: did.hits,
            misses: did.misses,
            refused: did.refused,
            errors: did.errors,
            bytes_received: did.bytes_received,
            stored: did.stored,
            dropped: did.dropped,
            bytes_sent: did.bytes_sent,
            sampled: did.sampled,
        }
    }

    /// How long batches were waited for, and how long they took to store.
    pub(crate) fn durations(&self) -> (Durations, Durations) {
        let did = self.tier.statistics();
        (did.gets, did.puts)
    }

    pub(crate) fn take_warning(&self) -> Option<String> {
        self.tier.take_warning()
    }
}

fn tier(config: &RemoteConfig) -> Result<RemoteTier, String> {
    let mut options = options(config)?.writes(config.write);
    if let Some(patience) = config.patience_ms {
        options = options.allowance(Duration::from_millis(patience));
    }
    RemoteTier::open(options)
}

fn options(config: &RemoteConfig) -> Result<RemoteOptions, String> {
    let address =
        Address::parse(&config.url).map_err(|line| format!("the URL of the shared cache: {line}"))?;
    let credentials = Credentials::new(config.credentials.clone());
    Ok(RemoteOptions::new(address).credentials(credentials).trust(trust(Some(config))?))
}

/// Whose records are believed, and how own ones are sealed.
fn trust(config: Option<&RemoteConfig>) -> Result<Trust, String> {
    let mut trust = Trust::default();
    let Some(config) = config else { return Ok(trust) };
    if let Some(secret) = &config.secret {
        trust = trust.secret(secret)?;
    }
    if let Some(seed) = &config.signing_key {
        trust = trust.signing_key(seed)?;
    }
    for key in &config.trusted_keys {
        trust = trust.trusted_key(key)?;
    }
    Ok(trust)
}

/// The keys that are configured.
pub(crate) fn trust_of(config: &CacheConfig) -> Result<Trust, String> {
    trust(config.remote.as_ref())
}

/// The shared cache that is configured, for packs: whoever asks for them waits.
pub(crate) fn exchange(config: &CacheConfig) -> Result<Option<RemoteTier>, String> {
    let Some(config) = config.remote.as_ref().filter(|remote| !remote.url.is_empty()) else {
        return Ok(None);
    };
    let patience = config.patience_ms.map_or(ASKED_FOR, Duration::from_millis).max(ASKED_FOR);
    RemoteTier::open(options(config)?.writes(config.write).allowance(patience)).map(Some)
}

/// What the head of a commit's pack is found by: builds that would not understand each other never meet.
pub(crate) fn head_key(languages: &Fingerprint, commit: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"pack");
    hasher.update(&LAYOUT.to_le_bytes());
    hasher.update(&CHECK.to_le_bytes());
    hasher.update(&languages.get().to_le_bytes());
    hasher.update(commit.as_bytes());
    Key::new(*hasher.finalize().as_bytes())
}

pub(crate) fn may_be_of(language: Language, source: &[u8], record: &[u8]) -> bool {
    ArchivedTagRecord::access(record).is_some_and(|record| record.may_be_of(language, source))
}

/// All that a record depends on: extractor, content, its layout, and what it is checked for.
pub(crate) fn key(language: Language, content: &ContentHash) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"tags");
    hasher.update(&LAYOUT.to_le_bytes());
    hasher.update(&CHECK.to_le_bytes());
    hasher.update(&language.fingerprint());
    hasher.update(content.as_bytes());
    Key::new(*hasher.finalize().as_bytes())
}

#[cfg(test)]
#[cfg(feature = "core")]
mod tests;

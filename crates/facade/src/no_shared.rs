//! A build without a cache that machines share.

use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::Durations;
use repo_map_model::ContentHash;
use repo_map_tags::Language;
use rkyv::util::AlignedVec;

use crate::config::CacheConfig;
use crate::shared_activity::SharedActivity;

/// A shared cache that is open: never, here.
pub(crate) enum Shared {}

impl Shared {
    pub(crate) fn open(_: &CacheConfig) -> (Option<Arc<Self>>, Option<String>) {
        (None, None)
    }

    pub(crate) fn is_asked(&self) -> bool {
        match *self {}
    }

    pub(crate) fn is_distrusted(&self) -> bool {
        match *self {}
    }

    pub(crate) fn ask(&self, _: &[(Language, ContentHash)]) -> Vec<Option<AlignedVec>> {
        match *self {}
    }

    pub(crate) fn bears_out(&self, _: Language, _: &ContentHash, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }

    pub(crate) fn is_equal(&self, _: Language, _: &ContentHash, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }

    pub(crate) fn wants_sample(&self, _: Language, _: &ContentHash) -> bool {
        match *self {}
    }

    pub(crate) fn saved(&self, _: u64, _: Duration) {
        match *self {}
    }

    pub(crate) fn parsed(&self, _: u64, _: Duration) {
        match *self {}
    }

    pub(crate) fn offer(&self, _: Language, _: &ContentHash, _: &[u8], _: &[u8]) {
        match *self {}
    }

    pub(crate) fn flush(&self) {
        match *self {}
    }

    pub(crate) fn activity(&self) -> SharedActivity {
        match *self {}
    }

    pub(crate) fn durations(&self) -> (Durations, Durations) {
        match *self {}
    }

    pub(crate) fn take_warning(&self) -> Option<String> {
        match *self {}
    }
}

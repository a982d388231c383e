//! A build without a cache that machines share has no packs.

use repo_map_cache::CacheConfig;

use crate::arguments::{ExportArguments, ImportArguments};
use crate::exit_code::ExitCode;
use crate::failure::Failure;

pub(super) fn export(_: &ExportArguments, _: CacheConfig, _: bool, _: bool) -> Result<ExitCode, Failure> {
    Err(none())
}

pub(super) fn import(_: &ImportArguments, _: CacheConfig, _: bool, _: bool) -> Result<ExitCode, Failure> {
    Err(none())
}

fn none() -> Failure {
    Failure::Usage("this build has no packs: build it with the feature `remote`".to_owned())
}

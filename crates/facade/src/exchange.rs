//! Packs of a mapper's tree: made, and taken.

use std::path::Path;

use crate::error::Error;
use crate::mapper::RepoMapper;
use crate::pack::{NearestPacks, Pack, PackReport};
use crate::shared_activity::SharedActivity;

impl RepoMapper {
    /// Brings the tree up to date, and writes the records of its contents into one file: whole or not at all, in place of a pack that is there,
    /// and never of another file. The records of `base` are left out.
    ///
    /// The same tree, base and keys give the same bytes. Records are sealed with the secret of the [configuration](crate::RemoteConfig), and signed
    /// with its signing key, as those for a shared cache are. Costs a read of each file, and parsing those that no store knows.
    ///
    /// # Errors
    /// As [`map`](Self::map); [`Unreadable`](crate::ErrorKind::Unreadable) where the file cannot be written or something else is there, and
    /// [`Misconfigured`](crate::ErrorKind::Misconfigured) for a base that has a base.
    pub fn export_pack(&self, to: &Path, base: Option<&Pack>) -> Result<PackReport, Error> {
        self.ask(|session| session.export_to_file(to, base))
    }

    /// As [`export_pack`](Self::export_pack), as one object of the shared cache that is configured, for the commit of `HEAD`; without the records
    /// of the nearest commit's pack, unless that leaves little out.
    ///
    /// # Errors
    /// As [`map`](Self::map); [`Misconfigured`](crate::ErrorKind::Misconfigured) where no shared cache is configured or it is not written,
    /// [`NotFound`](crate::ErrorKind::NotFound) without a commit, and [`Storage`](crate::ErrorKind::Storage) where it fails.
    pub fn share_pack(&self) -> Result<PackReport, Error> {
        self.ask(|session| session.share_pack())
    }

    /// The packs of the nearest commit before `HEAD`, by the git log, that the shared cache which is configured has one of. They are in memory.
    /// `None` where it has none of the last 500 commits. Waits for the server for a minute at most.
    ///
    /// # Errors
    /// As [`share_pack`](Self::share_pack).
    pub fn nearest_packs(&self) -> Result<Option<NearestPacks>, Error> {
        self.ask(|session| session.nearest_packs())
    }

    /// What was asked of the [packs](crate::RepoMapperBuilder::packs) that the mapper has.
    pub fn taken_from_packs(&self) -> SharedActivity {
        self.ask(|session| Ok(session.taken_from_packs())).unwrap_or_default()
    }
}

//! The records of a tree, for packs.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use repo_map_cache_core::Key;
use repo_map_cache_remote::{
    PackWriter, Sealed, Written, fetch_pack, is_replaceable, nearest_pack, store_pack,
};
use repo_map_files::{hash, read};
use repo_map_model::{CancellationToken, ContentHash, RepoPath};
use repo_map_tags::Language;

use super::Session;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::pack::{NearestPacks, Pack, PackReport, unreadable};
use crate::shared::{self, Shared};
use crate::shared_activity::SharedActivity;

/// Records that are sealed at once, before they are written.
const BATCH: usize = 512;

/// How far back a commit with a pack is looked for.
#[cfg(feature = "git")]
const COMMITS: usize = 500;

/// A content and one of the files that have it.
struct Content {
    language: Language,
    hash: ContentHash,
    path: RepoPath,
}

impl Session {
    pub(crate) fn export_to_file(&self, to: &Path, base: Option<&Pack>) -> Result<PackReport, Error> {
        // Before anything is parsed for it.
        is_replaceable(to).map_err(|line| unreadable(line).at(to))?;
        let base = base.map(Pack::whole).transpose()?;
        let trust = shared::trust_of(&self.settings().cache).map_err(misconfigured)?;
        base.iter().try_for_each(|base| base.check(&trust)).map_err(misconfigured)?;
        let writer = PackWriter::to_file(to, trust, base).map_err(|line| unreadable(line).at(to))?;
        let (written, left_out) = self.write(writer)?;
        Ok(report(&written, left_out, None))
    }

    pub(crate) fn share_pack(&self) -> Result<PackReport, Error> {
        let config = &self.settings().cache;
        let Some(tier) = shared::exchange(config).map_err(misconfigured)? else { return Err(no_server()) };
        if !tier.is_written() {
            let line = "the shared cache is only read here: set REPO_MAP_CACHE_REMOTE_WRITE=1";
            return Err(Error::new(ErrorKind::Misconfigured, line));
        }
        let (commits, heads) = self.heads()?;
        let nearest = nearest_pack(&tier, &heads).map_err(failed)?;
        let commit = commits.first().cloned();
        let mut base = None;
        if let Some((at, head)) = nearest {
            if at == 0 {
                let written =
                    Written { records: 0, in_base: 0, bytes: head.bytes, id: head.id, memory: None };
                return Ok(PackReport { was_there: true, ..report(&written, 0, commit) });
            }
            // What that one leans on is whole.
            let whole = match head.base {
                None => Some((heads[at], head)),
                Some(key) => nearest_pack(&tier, &[key]).map_err(failed)?.map(|(_, head)| (key, head)),
            };
            if let Some((key, head)) = whole.filter(|(_, head)| head.base.is_none()) {
                // One that is not all there any more is no base.
                let pack = fetch_pack(&tier, &head, "the nearest commit's").ok();
                base = pack.map(|pack| (key, pack));
            }
        }
        let in_memory = |base| -> Result<_, Error> {
            let trust = shared::trust_of(config).map_err(misconfigured)?;
            self.write(PackWriter::in_memory(trust, base).map_err(unreadable)?)
        };
        let (mut written, mut left_out) = in_memory(base.as_ref().map(|(_, pack)| pack.clone()))?;
        // Half of it again is no difference: the next ones lean on this.
        if base.as_ref().is_some_and(|(_, pack)| written.bytes > pack.bytes() / 2) {
            (written, left_out) = in_memory(None)?;
        }
        let base = base.map(|(key, _)| key).filter(|_| written.in_base > 0);
        let bytes = written.memory.take().unwrap_or_default();
        store_pack(&tier, &heads[0], &bytes, written.id, base).map_err(failed)?;
        Ok(report(&written, left_out, commit))
    }

    pub(crate) fn nearest_packs(&self) -> Result<Option<NearestPacks>, Error> {
        let tier = shared::exchange(&self.settings().cache).map_err(misconfigured)?.ok_or_else(no_server)?;
        let (mut commits, heads) = self.heads()?;
        let Some((distance, head)) = nearest_pack(&tier, &heads).map_err(failed)? else { return Ok(None) };
        let commit = commits.swap_remove(distance);
        let mut packs = vec![fetch_pack(&tier, &head, &format!("of {commit}")).map_err(failed)?];
        if let Some(key) = head.base
            && let Some((_, base)) = nearest_pack(&tier, &[key]).map_err(failed)?
        {
            // Without it more is parsed.
            packs.extend(fetch_pack(&tier, &base, &format!("that the one of {commit} leans on")).ok());
        }
        let packs = packs.into_iter().map(Pack::of).collect();
        Ok(Some(NearestPacks { commit, distance, packs }))
    }

    pub(crate) fn taken_from_packs(&self) -> SharedActivity {
        self.store.packs().map(Shared::activity).unwrap_or_default()
    }

    /// The last commits, and the keys of the heads of their packs for this build.
    fn heads(&self) -> Result<(Vec<String>, Vec<Key>), Error> {
        let root = self.plan.root.path();
        let commits = commits(root);
        if commits.is_empty() {
            let line = format!("{} has no commit that a pack could be of", root.display());
            return Err(Error::new(ErrorKind::NotFound, line).at(root));
        }
        let languages = self.store.languages();
        let keys = commits.iter().map(|commit| shared::head_key(&languages, commit)).collect();
        Ok((commits, keys))
    }

    /// The contents of the tree in a language of ours, each once.
    fn contents(&self) -> Vec<Content> {
        let tree = self.tree().clone();
        let mut contents = BTreeMap::new();
        for path in tree.index.paths() {
            let Some(identity) = tree.index.identity(path.as_str()) else { continue };
            if let Some(language) = identity.language {
                contents.entry((identity.content, language.id())).or_insert_with(|| Content {
                    language,
                    hash: identity.content,
                    path: path.clone(),
                });
            }
        }
        contents.into_values().collect()
    }

    /// Writes the records of the tree, and counts the contents that have none to share.
    fn write(&self, mut writer: PackWriter) -> Result<(Written, usize), Error> {
        self.refresh(&Limits::default())?;
        let contents = self.contents();
        let keys: Vec<Key> =
            contents.iter().map(|content| shared::key(content.language, &content.hash)).collect();
        let order = writer.order(&keys);
        let mut left_out = 0;
        for batch in order.chunks(BATCH) {
            let seal = |&at: &usize| self.sealed(&writer, &keys[at], &contents[at]);
            let sealed: Vec<Option<Sealed>> = self.threads.install(|| batch.par_iter().map(seal).collect());
            for sealed in sealed {
                match sealed {
                    Some(sealed) => writer.push(&sealed).map_err(unreadable)?,
                    None => left_out += 1,
                }
            }
        }
        Ok((writer.finish().map_err(unreadable)?, left_out))
    }

    /// The record of a content, if others will believe it.
    fn sealed(&self, writer: &PackWriter, key: &Key, content: &Content) -> Option<Sealed> {
        let (source, _) = read(&self.plan.root, &content.path, self.settings().max_file_bytes).ok()?;
        if hash(&source) != content.hash {
            return None;
        }
        let record = match self.store.tags(content.language, &content.hash) {
            Some(record) => record,
            None => {
                let sources = [(content.language, &source[..])];
                self.extractor.records(&sources, &CancellationToken::new()).pop()?.ok()?
            }
        };
        let is_shared = shared::may_be_of(content.language, &source, &record);
        is_shared.then(|| writer.seal(key, &record)).flatten()
    }
}

#[cfg(feature = "git")]
fn commits(root: &Path) -> Vec<String> {
    repo_map_history::ancestors(root, COMMITS)
}

#[cfg(not(feature = "git"))]
fn commits(_: &Path) -> Vec<String> {
    Vec::new()
}

fn report(written: &Written, left_out: usize, commit: Option<String>) -> PackReport {
    let Written { records, in_base, bytes, .. } = *written;
    PackReport { records, in_base, left_out, bytes, was_there: false, commit }
}

fn misconfigured(line: String) -> Error {
    Error::new(ErrorKind::Misconfigured, line)
}

fn failed(line: String) -> Error {
    Error::new(ErrorKind::Storage, line)
}

fn no_server() -> Error {
    misconfigured("no shared cache is configured: set REPO_MAP_CACHE_REMOTE_URL".to_owned())
}

//! What a request names of a tree.

use std::collections::BTreeSet;
use std::path::PathBuf;

use repo_map_model::RepoPath;
use repo_map_render::escaped_path;

use super::answer::Answer;
use crate::named::Named;
use crate::request::MapRequest;

/// Paths of a request that are no files of the tree and are named one by one.
const MOST_NAMED: usize = 20;

impl Answer<'_> {
    /// What the request names of this tree.
    pub(super) fn named(&self, request: &MapRequest, notices: &mut Vec<String>) -> Named {
        Named {
            chat: self.known(&request.chat_files, "chat file", notices),
            mentioned: self.known(&request.mentioned_files, "mentioned file", notices),
            folder: self.folder(request, notices),
        }
    }

    /// The folder that an overview is of; the whole tree where that is no overview, or names the root.
    fn folder(&self, request: &MapRequest, notices: &mut Vec<String>) -> Option<RepoPath> {
        let folder = request.folder.as_ref()?;
        if !self.session.is_combined() || request.has_words() || !request.chat_files.is_empty() {
            return None;
        }
        let found = self.session.inside(folder);
        let found = found.filter(|found| self.tree.index.paths().any(|path| path.is_in(found)));
        if found.is_none() && !self.session.is_root(folder) {
            let folder = escaped_path(folder);
            notices.push(format!("{folder} is not a folder with files of the map; the whole tree is shown"));
        }
        found
    }

    /// The files of the repository among these paths, sorted; the others are named in notices, as long as they are few.
    fn known(&self, paths: &[PathBuf], role: &str, notices: &mut Vec<String>) -> Vec<RepoPath> {
        let (mut known, mut unknown) = (BTreeSet::new(), 0);
        for path in paths {
            match self.session.inside(path).filter(|path| self.tree.index.contains(path.as_str())) {
                Some(path) => drop(known.insert(path)),
                None => {
                    unknown += 1;
                    if unknown <= MOST_NAMED {
                        let path = escaped_path(path);
                        notices.push(format!("{role} {path} is not among the files of the map; ignored"));
                    }
                }
            }
        }
        if unknown > MOST_NAMED {
            let others = unknown - MOST_NAMED;
            notices.push(format!(
                "{others} more of this kind ({role}) are not among the files of the map; ignored"
            ));
        }
        known.into_iter().collect()
    }
}

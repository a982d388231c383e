//! Does a map show the definitions that the next edit of a file will use?

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::mentions::identifiers;
use super::page::{Figures, Page};
use super::{Case, Repository, tree::Tree};

/// The names that the added lines of a file use and other files define.
pub(crate) struct Uses {
    /// Where each is defined.
    paths: BTreeMap<String, BTreeSet<String>>,
    /// Those that the file did not hold before.
    new: BTreeSet<String>,
}

impl Uses {
    /// `None` where there are none; the tree of the parent is laid out.
    pub(crate) fn of(repository: &Repository, case: &Case, file: &str, tree: &Tree) -> Result<Option<Self>> {
        let difference =
            repository.git(&["diff", "-U0", "--no-ext-diff", &case.parent, &case.commit, "--", file])?;
        let before = repository.git(&["show", &format!("{}:{file}", case.parent)])?;
        Ok(Self::between(&difference, &before, file, tree))
    }

    fn between(difference: &str, before: &str, file: &str, tree: &Tree) -> Option<Self> {
        let added = difference.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++"));
        let added: BTreeSet<&str> = added.flat_map(identifiers).collect();
        let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, places) in tree.names() {
            if added.contains(name) && places.iter().all(|(path, _)| *path != file) {
                paths.insert(name.to_owned(), places.iter().map(|(path, _)| (*path).to_owned()).collect());
            }
        }
        let known = identifiers(before);
        let new = paths.keys().filter(|name| !known.contains(name.as_str())).cloned().collect();
        (!paths.is_empty()).then_some(Self { paths, new })
    }

    /// The shares of these names that a page shows.
    pub(crate) fn figures(&self, page: &Page) -> Figures {
        let is_shown = |name: &String| {
            let files = self.paths[name].iter().filter_map(|path| page.files.get(path));
            files.flatten().any(|(shown, _)| shown == name)
        };
        let shown = self.paths.keys().filter(|name| is_shown(name)).count();
        let shown_new = self.new.iter().filter(|name| is_shown(name)).count();
        vec![
            ("used", Some(shown as f64 / self.paths.len() as f64)),
            ("newly_used", (!self.new.is_empty()).then(|| shown_new as f64 / self.new.len() as f64)),
        ]
    }
}

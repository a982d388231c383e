//! What lies in each folder of the tree, counted once a state of it.

use std::collections::{BTreeMap, HashMap};

use repo_map_model::RepoPath;
use repo_map_ranking::{PathClass, ReferenceGraph};

use super::Index;

/// The folders by their paths, the root with an empty one.
pub(crate) type Folders = HashMap<Box<str>, Folder>;

/// What lies in a folder and below it.
#[derive(Clone, Default)]
pub(crate) struct Folder {
    pub(crate) files: usize,
    /// Files of code.
    pub(crate) code: usize,
    /// Files of code that lie in it, not below.
    pub(crate) own: usize,
    pub(crate) languages: BTreeMap<&'static str, usize>,
    pub(crate) children: Vec<Box<str>>,
    /// What it says of itself: its README first, else the first file that speaks for it.
    pub(crate) says: Option<Box<str>>,
}

impl Index {
    /// All folders of the tree.
    pub(crate) fn folders(&self, graph: &ReferenceGraph) -> &Folders {
        self.folders.get_or_init(|| self.folders_in(None, graph))
    }

    /// All folders of a folder, and those on the way to it: what lies in each is counted where it lies, then handed up once a folder, so
    /// that depth costs nothing a file.
    pub(crate) fn folders_in(&self, within: Option<&RepoPath>, graph: &ReferenceGraph) -> Folders {
        let mut folders: HashMap<&str, Folder> = HashMap::from([("", Folder::default())]);
        let mut classes = graph.path_classes().peekable();
        let mut files =
            self.files().filter(|(path, _)| within.is_none_or(|folder| path.is_in(folder))).peekable();
        // Both are sorted by path, and files of a folder stand together but for folders in between: one look-up a run of them.
        while let Some(folder) = files.peek().map(|(path, _)| path.parent()) {
            let of = folders.entry(folder).or_default();
            while let Some((path, file)) = files.next_if(|(path, _)| path.parent() == folder) {
                while classes.next_if(|(other, _)| *other < path).is_some() {}
                let is_source =
                    classes.next_if(|(other, _)| *other == path).map(|of| of.1) == Some(PathClass::Source);
                let language =
                    file.language().filter(|language| !language.is_outline() && !language.is_text());
                of.files += 1;
                if let Some(language) = language.filter(|_| is_source) {
                    of.own += 1;
                    *of.languages.entry(language.name()).or_default() += 1;
                }
                if let Some(summary) = file.summary().filter(|_| is_readme(path) || of.says.is_none()) {
                    of.says = Some(summary.into());
                }
            }
        }
        hand_up(&mut folders);
        folders.into_iter().map(|(path, folder)| (path.into(), folder)).collect()
    }
}

/// Makes the folders above, and counts in them what lies below.
fn hand_up<'p>(folders: &mut HashMap<&'p str, Folder>) {
    let mut ahead: Vec<&'p str> = folders.keys().copied().filter(|path| !path.is_empty()).collect();
    while let Some(path) = ahead.pop() {
        let parent = parent(path);
        if !folders.contains_key(parent) {
            ahead.push(parent);
        }
        folders.entry(parent).or_default().children.push(path.into());
    }
    let mut order: Vec<&str> = folders.keys().copied().collect();
    // Folders below another stand behind it.
    order.sort_unstable();
    for path in order.into_iter().rev() {
        let Some(folder) = folders.get_mut(path) else { continue };
        folder.children.sort_unstable();
        folder.code += folder.own;
        let (files, code, languages) = (folder.files, folder.code, folder.languages.clone());
        if let Some(above) = folders.get_mut(parent(path)).filter(|_| !path.is_empty()) {
            above.files += files;
            above.code += code;
            for (language, count) in languages {
                *above.languages.entry(language).or_default() += count;
            }
        }
    }
}

fn is_readme(path: &RepoPath) -> bool {
    path.file_name().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"))
}

/// What stands before the last slash.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

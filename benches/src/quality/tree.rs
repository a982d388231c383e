//! The source files of a tree, as whoever is not the product sees them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use repo_map_cache::{DefinitionKind, Language, RepoPath, TaggedFile};
use repo_map_lexical::words;
use repo_map_ranking::PathClass;

/// So many definitions of a file are listed.
const FIRST_DEFINITIONS: usize = 4;
/// A name with more definers tells of none of them.
const MOST_DEFINERS: usize = 3;
/// Larger files are data.
const MAX_BYTES: u64 = 600_000;

/// The source files of one tree.
pub(crate) struct Tree {
    pub(crate) files: Vec<(String, Rc<File>)>,
}

/// What a page needs of one content.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) words: HashMap<String, u32>,
    pub(crate) length: u32,
    /// The first definitions: what a page shows, and their names with their lines.
    pub(crate) first: Vec<(String, (String, usize))>,
    /// The names of all definitions, and their lines.
    definitions: Vec<(String, usize)>,
    /// How often each name is used.
    pub(crate) uses: BTreeMap<String, u32>,
}

/// Contents that were met before, by the names of their blobs.
#[derive(Default)]
pub(crate) struct Contents(HashMap<String, Rc<File>>);

impl Contents {
    /// The tree that is laid out in a folder.
    pub(crate) fn tree(&mut self, folder: &Path, files: &[(String, String)]) -> Tree {
        let is_source = |path: &str| {
            let language = RepoPath::new(path).ok().and_then(|path| Language::of_path(&path));
            language.is_some_and(|language| !language.is_text())
        };
        let files = files.iter().filter(|(path, _)| is_source(path)).filter_map(|(path, blob)| {
            let on_disk = folder.join(path);
            let read = || File::read(&on_disk).map(Rc::new);
            let file = match self.0.get(blob) {
                Some(file) => Rc::clone(file),
                None => Rc::clone(self.0.entry(blob.clone()).or_insert(read()?)),
            };
            Some((path.clone(), file))
        });
        Tree { files: files.collect() }
    }
}

impl File {
    fn read(path: &Path) -> Option<Self> {
        if path.metadata().ok()?.len() > MAX_BYTES {
            return None;
        }
        let text = String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned();
        let mut file = Self::default();
        words(&text, |word| {
            *file.words.entry(word.to_owned()).or_default() += 1;
            file.length += 1;
        });
        if let Ok(tagged) = TaggedFile::read(path) {
            let tags = &tagged.tags;
            let all = tags.definitions().iter().map(|of| (tags.name(of.name).to_owned(), of.line as usize));
            file.definitions = all.collect();
            for reference in tags.references() {
                *file.uses.entry(tags.name(reference.name).to_owned()).or_default() += 1;
            }
            let lines: Vec<&str> = tagged.lines().collect();
            let listed = tags.definitions().iter().filter(|definition| !is_data(definition.kind));
            let mut listed: Vec<_> = listed.map(|of| (of.line as usize, of.name)).collect();
            listed.sort_unstable();
            listed.dedup_by_key(|(row, _)| *row);
            let shown = listed.into_iter().filter_map(|(row, name)| Some((lines.get(row)?, row, name)));
            file.first = shown
                .take(FIRST_DEFINITIONS)
                .map(|(line, row, name)| {
                    let shown = format!("│{}\n", line.trim_end().chars().take(99).collect::<String>());
                    (shown, (tags.name(name).to_owned(), row))
                })
                .collect();
        }
        Some(file)
    }
}

fn is_data(kind: DefinitionKind) -> bool {
    matches!(
        kind,
        DefinitionKind::Constant
            | DefinitionKind::Variable
            | DefinitionKind::Field
            | DefinitionKind::EnumMember
            | DefinitionKind::Module
    )
}

impl Tree {
    /// The names of three letters or more that source outside of tests defines, in at most three places; with these.
    pub(crate) fn names(&self) -> BTreeMap<&str, Vec<(&str, usize)>> {
        let mut names: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
        for (path, file) in self.files.iter().filter(|(path, _)| class(path) == Some(PathClass::Source)) {
            for (name, line) in file.definitions.iter().filter(|(name, _)| name.chars().count() > 2) {
                let places = names.entry(name).or_default();
                if !places.contains(&(path, *line)) {
                    places.push((path, *line));
                }
            }
        }
        names.retain(|_, places| places.len() <= MOST_DEFINERS);
        names
    }

    /// How many source files use each name that they do not define, and how many tests and examples.
    pub(crate) fn users(&self) -> HashMap<&str, [f64; 2]> {
        let mut users: HashMap<&str, [f64; 2]> = HashMap::new();
        for (path, file) in &self.files {
            let place = match class(path) {
                Some(PathClass::Source) => 0,
                Some(PathClass::Test | PathClass::Example | PathClass::Docs) => 1,
                _ => continue,
            };
            let own: BTreeSet<&str> = file.definitions.iter().map(|(name, _)| name.as_str()).collect();
            for name in file.uses.keys().filter(|name| !own.contains(name.as_str())) {
                users.entry(name).or_default()[place] += 1.0;
            }
        }
        users
    }
}

fn class(path: &str) -> Option<PathClass> {
    Some(PathClass::of(&RepoPath::new(path).ok()?))
}

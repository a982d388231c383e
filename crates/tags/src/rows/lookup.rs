//! Which row a name, a program or a word means.

use std::sync::LazyLock;

use repo_map_model::RepoPath;
use rustc_hash::FxHashMap;

use super::{ROWS, Row, extension, file_name};

/// The places of the rows by what tells them.
struct Index {
    file_names: FxHashMap<&'static str, usize>,
    extensions: FxHashMap<&'static str, usize>,
    interpreters: FxHashMap<&'static str, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let places = |names: fn(&Row) -> &'static [&'static str]| {
        let mut places = FxHashMap::default();
        for (place, entry) in ROWS.iter().enumerate() {
            for name in names(entry.row) {
                // The first row has a name that several share; the content decides then.
                places.entry(*name).or_insert(place);
            }
        }
        places
    };
    Index {
        file_names: places(|row| row.file_names),
        extensions: places(|row| row.extensions),
        interpreters: places(|row| row.interpreters),
    }
});

/// The place of the row that a file's name alone tells.
pub(crate) fn of_file_name(path: &RepoPath) -> Option<usize> {
    let by_name = INDEX.file_names.get(file_name::whole(path));
    by_name.or_else(|| INDEX.extensions.get(extension(path)?)).copied()
}

/// The place of the row of a program that reads the language.
pub(crate) fn of_interpreter(program: &str) -> Option<usize> {
    INDEX.interpreters.get(program).copied()
}

/// The place of the row that somebody calls so: by id, by name, by a program or by an extension.
pub(crate) fn of_word(word: &str) -> Option<usize> {
    let word = word.to_ascii_lowercase();
    let by_name = || ROWS.iter().position(|entry| entry.row.name.eq_ignore_ascii_case(&word));
    of_id(&word)
        .or_else(by_name)
        .or_else(|| of_interpreter(&word))
        .or_else(|| INDEX.extensions.get(word.as_str()).copied())
}

/// The place of the row with this id.
pub(crate) fn of_id(id: &str) -> Option<usize> {
    ROWS.binary_search_by_key(&id, |entry| entry.row.id).ok()
}

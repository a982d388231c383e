//! Which files speak for the folder that they are in.

use repo_map_model::RepoPath;

/// Names without an extension that do so in one language or another. Sorted.
const STEMS: &[&str] = &["__init__", "doc", "index", "init", "lib", "main", "mod", "package-info"];

/// Whether what the file says of itself is said of its folder: a README, a module's own file, one that is named as the folder is.
pub(super) fn is_folder_head(path: &RepoPath) -> bool {
    let name = path.file_name();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let mut folders = path.as_str().rsplit('/').skip(1);
    let is_readme = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"));
    is_readme || STEMS.binary_search(&stem).is_ok() || folders.next() == Some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readmes_and_the_files_of_modules_speak_for_their_folders() {
        assert!(STEMS.is_sorted());
        for path in
            ["README", "a/Readme.md", "README.en.rst", "a/__init__.py", "src/lib.rs", "a/mod.rs", "main.go"]
        {
            assert!(is_folder_head(&RepoPath::new(path).unwrap()), "{path}");
        }
        for path in
            ["web/index.d.ts", "a/doc.go", "a/package-info.java", "a/queue/queue.c", "queue/queue.test.js"]
        {
            assert!(is_folder_head(&RepoPath::new(path).unwrap()), "{path}");
        }
        for path in ["queue.c", "a/queue.c", "queue/a/queue.c", "a/library.rs", "a/read.md", "é.md"] {
            assert!(!is_folder_head(&RepoPath::new(path).unwrap()), "{path}");
        }
    }
}

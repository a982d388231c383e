//! Files of a crate that know each other in a circle: none of them can be read, changed or taken out alone.
//!
//! What a file knows is read off its `use` declarations, re-exports followed to the file that has the thing. Code of tests may know
//! everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Circles that are left as they are: the files, and why. One that became smaller is one of them.
const KNOWN: &[(&[&str], &str)] = &[
    (
        &[
            "crates/history/src/diff.rs",
            "crates/history/src/log.rs",
            "crates/history/src/repository.rs",
            "crates/history/src/walk.rs",
        ],
        "the log is the crate's door and knows the walk that makes it, which ends as logs do",
    ),
    (&["crates/ranking/src/rank.rs", "crates/ranking/src/top.rs"], "a function and the type that it returns"),
    (
        &[
            "crates/ranking/src/combine/near.rs",
            "crates/ranking/src/combine/near/folders.rs",
            "crates/ranking/src/combine/near/names.rs",
            "crates/ranking/src/combine/near/of_tree.rs",
        ],
        "a module and its parts",
    ),
    (&["crates/git/src/objects/mod.rs", "crates/git/src/objects/cache.rs"], "a store and its cache"),
    (
        &[
            "crates/files/src/again.rs",
            "crates/files/src/scan.rs",
            "crates/files/src/tree.rs",
            "crates/files/src/walk.rs",
        ],
        "a walk leaves the marks by which the next scan sees that nothing changed",
    ),
    (&["crates/cache-lmdb/src/backend.rs", "crates/cache-lmdb/src/transaction.rs"], "a type and its handle"),
    (
        &[
            "crates/cache-lmdb/src/clear.rs",
            "crates/cache-lmdb/src/decision.rs",
            "crates/cache-lmdb/src/directory.rs",
            "crates/cache-lmdb/src/environment.rs",
            "crates/cache-lmdb/src/file_system.rs",
            "crates/cache-lmdb/src/generation.rs",
            "crates/cache-lmdb/src/marks.rs",
            "crates/cache-lmdb/src/way.rs",
        ],
        "all of them return the one error of a directory, which stands where directories are opened",
    ),
    (
        &[
            "crates/cache-lmdb/src/checker/mod.rs",
            "crates/cache-lmdb/src/checker/free_list.rs",
            "crates/cache-lmdb/src/checker/meta.rs",
        ],
        "the parts of a checker return its one error",
    ),
    (
        &["crates/render/src/signature/shorten.rs", "crates/render/src/signature/value.rs"],
        "a row is cut at its value, and a value is shortened as a row is",
    ),
    (
        &["crates/render/src/packing.rs", "crates/render/src/page.rs", "crates/render/src/render.rs"],
        "the items of a page stand where the page is asked for",
    ),
    (&["crates/render/src/file.rs", "crates/render/src/style.rs"], "a file is drawn in a style"),
    (
        &[
            "crates/cache-core/src/snapshot.rs",
            "crates/cache-core/src/store.rs",
            "crates/cache-core/src/writer.rs",
        ],
        "a type, its handle and its thread",
    ),
    (&["crates/lexical/src/definitions.rs", "crates/lexical/src/score.rs"], "the two parts of a score"),
    (&["crates/tags/src/language.rs", "crates/tags/src/set.rs"], "a language and the set that it is in"),
    (&["crates/tags/src/pattern/mod.rs", "crates/tags/src/query.rs"], "a query and its patterns"),
];

/// By module, as its path: `["cache", "open"]`.
type Modules = BTreeMap<Vec<String>, File>;

struct File {
    path: PathBuf,
    /// Paths that are imported, with the name that each has here.
    imports: Vec<Import>,
}

struct Import {
    path: Vec<String>,
    name: String,
    is_public: bool,
}

/// The faults of the crate whose sources lie in a folder.
pub(crate) fn faults(sources: &Path, shown: &str, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut modules = Modules::new();
    for path in files.iter().filter(|path| path.starts_with(sources)) {
        let Ok(relative) = path.strip_prefix(sources) else { continue };
        let text = std::fs::read_to_string(path)?;
        modules.insert(module(relative), File { path: relative.to_owned(), imports: imports(&text) });
    }
    let edges: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> =
        modules.iter().map(|(module, file)| (module, known(module, file, &modules))).collect();
    let mut faults = Vec::new();
    for circle in circles(&edges) {
        let names: Vec<String> =
            circle.iter().map(|module| modules[*module].path.display().to_string()).collect();
        let is_known = |(known, _): &(&[&str], &str)| {
            names.iter().all(|name| known.contains(&format!("{shown}/{name}").as_str()))
        };
        if !KNOWN.iter().any(is_known) {
            faults.push(format!("{shown}: these files know each other in a circle: {}", names.join(", ")));
        }
    }
    Ok(faults)
}

fn module(relative: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// The files that one has a use of.
fn known<'m>(module: &Vec<String>, file: &File, modules: &'m Modules) -> BTreeSet<&'m Vec<String>> {
    let used = file.imports.iter().filter(|import| !import.is_public);
    used.filter_map(|import| resolve(module, &import.path, modules, 8))
        .filter(|other| *other != module)
        .collect()
}

/// The module that has what a path names, as it is written in another.
fn resolve<'m>(
    from: &[String],
    path: &[String],
    modules: &'m Modules,
    depth: usize,
) -> Option<&'m Vec<String>> {
    let mut base = from.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop()?;
                rest = &rest[1..];
            }
        }
        first => {
            let mut child = base.clone();
            child.push(first.to_owned());
            // Another crate's, or a name of the prelude.
            modules.get(&child)?;
        }
    }
    while let Some(part) = rest.first() {
        base.push(part.clone());
        if modules.contains_key(&base) {
            rest = &rest[1..];
        } else {
            base.pop();
            break;
        }
    }
    let (found, file) = modules.get_key_value(&base)?;
    let handed_on = rest.first().and_then(|name| {
        let import = file.imports.iter().find(|import| import.is_public && import.name == *name)?;
        resolve(found, &import.path, modules, depth.checked_sub(1)?)
    });
    Some(handed_on.unwrap_or(found))
}

/// The sets of modules of which each knows all others, directly or not: Kosaraju's algorithm.
fn circles<'m>(edges: &BTreeMap<&'m Vec<String>, BTreeSet<&'m Vec<String>>>) -> Vec<Vec<&'m Vec<String>>> {
    let mut back: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (from, to) in edges {
        to.iter().for_each(|to| {
            back.entry(to).or_default().insert(from);
        });
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    edges.keys().for_each(|start| visit(start, edges, &mut seen, &mut order));
    let (mut taken, mut found) = (BTreeSet::new(), Vec::new());
    for start in order.into_iter().rev() {
        let mut circle = Vec::new();
        visit(start, &back, &mut taken, &mut circle);
        if circle.len() > 1 {
            circle.sort_unstable();
            found.push(circle);
        }
    }
    found
}

/// Adds what can be reached and was not seen, each after all that it leads to.
fn visit<'m>(
    at: &'m Vec<String>,
    edges: &BTreeMap<&'m Vec<String>, BTreeSet<&'m Vec<String>>>,
    seen: &mut BTreeSet<&'m Vec<String>>,
    order: &mut Vec<&'m Vec<String>>,
) {
    if seen.insert(at) {
        edges.get(at).into_iter().flatten().for_each(|next| visit(next, edges, seen, order));
        order.push(at);
    }
}

/// The imports of a file, without those of its tests.
fn imports(text: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut lines = text.lines();
    let mut is_of_tests = false;
    while let Some(line) = lines.next() {
        if line.starts_with("#[cfg(") && line.contains("test") {
            is_of_tests = true;
            continue;
        }
        // A module of tests is the end of a file.
        if is_of_tests && line.starts_with("mod ") && line.ends_with('{') {
            break;
        }
        let is_public = line.starts_with("pub");
        let declaration = line.find("use ").filter(|at| *at == 0 || is_public && line[..*at].ends_with(' '));
        if let Some(at) = declaration {
            let mut tree = line[at + 4..].to_owned();
            while !tree.contains(';') {
                let Some(next) = lines.next() else { break };
                tree.push_str(next.trim());
            }
            if !is_of_tests {
                flatten(tree.trim_end_matches(';'), &[], is_public, &mut imports);
            }
        }
        is_of_tests &= line.starts_with("#[");
    }
    imports
}

fn flatten(tree: &str, before: &[String], is_public: bool, imports: &mut Vec<Import>) {
    let tree = tree.trim();
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, group.strip_suffix('}')),
        None => (tree, None),
    };
    let mut path = before.to_vec();
    let (head, alias) =
        head.split_once(" as ").map_or((head, None), |(head, alias)| (head, Some(alias.trim())));
    path.extend(head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
    let Some(group) = group else {
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = alias.map(str::to_owned).or_else(|| path.last().cloned()).unwrap_or_default();
        imports.push(Import { path, name, is_public });
        return;
    };
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[start..at].trim().is_empty() {
                    flatten(&group[start..at], &path, is_public, imports);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&[&str]]) {
        let modules: Modules = files
            .iter()
            .map(|(path, text)| {
                let path = PathBuf::from(path);
                (module(&path), File { path, imports: imports(text) })
            })
            .collect();
        let edges = modules.iter().map(|(module, file)| (module, known(module, file, &modules))).collect();
        let found: Vec<Vec<String>> = circles(&edges)
            .iter()
            .map(|circle| circle.iter().map(|module| modules[*module].path.display().to_string()).collect())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn circles_are_seen_through_groups_parents_and_re_exports() {
        check(&[("a.rs", "use crate::b::{C, d::D};"), ("b.rs", "use super::a::A;")], &[&["a.rs", "b.rs"]]);
        check(
            &[("a.rs", "use crate::b::B;"), ("b.rs", "use std::fmt;\nuse crate::c::C;"), ("c.rs", "")],
            &[],
        );
        let handed_on = "mod x;\nmod y;\npub(crate) use x::X;\n";
        check(
            &[("m/mod.rs", handed_on), ("m/x.rs", "use super::y::Y;"), ("m/y.rs", "use crate::m::X;")],
            &[&["m/x.rs", "m/y.rs"]],
        );
        check(&[("m.rs", "pub use x::X;"), ("m/x.rs", "use super::M;")], &[]);
        check(&[("m.rs", "use x::X;"), ("m/x.rs", "use super::M;")], &[&["m.rs", "m/x.rs"]]);
    }

    #[test]
    fn tests_may_know_everything() {
        let with_tests = "use crate::b::B;\n\n#[cfg(test)]\nmod tests {\n    use crate::c::C;\n}\n";
        check(&[("a.rs", with_tests), ("b.rs", ""), ("c.rs", "use crate::a::A;")], &[]);
        check(&[("a.rs", "#[cfg(test)]\nuse crate::b::B;\n"), ("b.rs", "use crate::a::A;")], &[]);
    }
}

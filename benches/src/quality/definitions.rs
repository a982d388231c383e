//! Which definitions a commit edits.

use anyhow::Result;
use repo_map_cache::{Definition, DefinitionKind, TaggedFile};

use super::{Case, Repository};

/// The lines of the names, from 0, of the definitions whose lines the commit touches; the tree of the parent is laid out.
///
/// For each touched line the innermost function or type around it, where functions inside of functions belong to the outer
/// one. Lines that are only added belong to what holds both of their neighbours.
pub(crate) fn edited(repository: &Repository, case: &Case) -> Result<Vec<(String, usize)>> {
    let mut edited = Vec::new();
    for path in &case.gold_files {
        let hunks = match &case.patch {
            Some(patch) => changes(patch, path),
            None => {
                let diff = ["diff", "-U0", "--no-ext-diff", &case.parent, &case.commit, "--", path];
                repository.git(&diff)?.lines().filter_map(hunk).collect()
            }
        };
        let Ok(file) = TaggedFile::read(&repository.tree().join(path)) else { continue };
        let spans = spans(&file);
        let mut lines: Vec<usize> =
            hunks.into_iter().flat_map(|(first, count)| touched(&spans, first, count)).collect();
        lines.sort_unstable();
        lines.dedup();
        edited.extend(lines.into_iter().map(|line| (path.clone(), line)));
    }
    Ok(edited)
}

/// A definition that edits are counted for.
struct Span {
    name: usize,
    first: usize,
    last: usize,
}

fn spans(file: &TaggedFile) -> Vec<Span> {
    let counted: Vec<&Definition> = file
        .tags
        .definitions()
        .iter()
        .filter(|definition| {
            !definition.declaration && (is_function(definition.kind) || is_type(definition.kind))
        })
        .collect();
    let holds = |outer: &Definition, inner: &Definition| {
        let (outer_first, inner_first) = (outer.signature.first, inner.signature.first);
        outer.name_start != inner.name_start
            && outer_first <= inner_first
            && inner.end_line <= outer.end_line
            && (outer_first, outer.end_line) != (inner_first, inner.end_line)
    };
    let in_function =
        |inner: &Definition| counted.iter().any(|outer| is_function(outer.kind) && holds(outer, inner));
    counted
        .iter()
        .filter(|definition| !in_function(definition))
        .map(|definition| Span {
            name: definition.line as usize,
            first: definition.signature.first as usize,
            last: definition.end_line as usize,
        })
        .collect()
}

fn is_function(kind: DefinitionKind) -> bool {
    matches!(
        kind,
        DefinitionKind::Function
            | DefinitionKind::Method
            | DefinitionKind::Constructor
            | DefinitionKind::Property
            | DefinitionKind::Macro
    )
}

fn is_type(kind: DefinitionKind) -> bool {
    matches!(
        kind,
        DefinitionKind::Class
            | DefinitionKind::Struct
            | DefinitionKind::Interface
            | DefinitionKind::Enum
            | DefinitionKind::Type
    )
}

/// First line, from 1, and number of lines on the old side of `@@ -12,3 +14,2 @@`.
fn hunk(line: &str) -> Option<(usize, usize)> {
    let old = line.strip_prefix("@@ -")?.split(' ').next()?;
    let (first, count) = old.split_once(',').unwrap_or((old, "1"));
    Some((first.parse().ok()?, count.parse().ok()?))
}

/// What a patch does to a file, without the lines around: as [`hunk`] says it.
fn changes(patch: &str, path: &str) -> Vec<(usize, usize)> {
    let (mut found, mut is_of_file) = (Vec::new(), false);
    // The next old line, the lines of both sides that are left, and the change that goes on: its first line and length.
    let (mut next, mut left, mut change): (usize, [usize; 2], Option<(usize, usize)>) = (0, [0, 0], None);
    for line in patch.lines() {
        if left == [0, 0] {
            found.extend(change.take());
            if let Some(name) = line.strip_prefix("--- ") {
                let name = name.split('\t').next().unwrap_or(name).trim_end();
                is_of_file = name.strip_prefix("a/").unwrap_or(name) == path;
            } else if let Some((first, count)) = hunk(line).filter(|_| is_of_file) {
                let new = line.split(" +").nth(1).and_then(|new| new.split(' ').next()).unwrap_or_default();
                let new = new.split_once(',').map_or("1", |(_, count)| count).parse().unwrap_or(0);
                (next, left) = (first, [count, new]);
            }
            continue;
        }
        match line.as_bytes().first() {
            Some(b'-') => {
                // Of what was added before a line that goes, the line tells enough.
                change = Some(
                    change
                        .filter(|(_, count)| *count > 0)
                        .map_or((next, 1), |(first, count)| (first, count + 1)),
                );
                next += 1;
                left[0] = left[0].saturating_sub(1);
            }
            Some(b'+') => {
                change = change.or(Some((next.saturating_sub(1), 0)));
                left[1] = left[1].saturating_sub(1);
            }
            Some(b'\\') => {}
            _ => {
                found.extend(change.take());
                next += 1;
                left = left.map(|left| left.saturating_sub(1));
            }
        }
    }
    found.extend(change);
    found
}

/// The names' lines of what a hunk touches.
fn touched(spans: &[Span], first: usize, count: usize) -> Vec<usize> {
    let innermost = |from: usize, to: usize| {
        let around = spans.iter().filter(|span| span.first <= from && to <= span.last);
        around.min_by_key(|span| span.last - span.first).map(|span| span.name)
    };
    if count == 0 {
        // Added after line `first`: both neighbours must be inside.
        return innermost(first.saturating_sub(1), first).into_iter().collect();
    }
    (first.saturating_sub(1)..first.saturating_sub(1) + count)
        .filter_map(|line| innermost(line, line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, hunks: &str, expected: &[usize]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        std::fs::write(&path, text).unwrap();
        let spans = spans(&TaggedFile::read(&path).unwrap());
        let mut lines: Vec<usize> =
            hunks.lines().filter_map(hunk).flat_map(|(first, count)| touched(&spans, first, count)).collect();
        lines.dedup();
        assert_eq!(lines, expected, "{hunks}");
    }

    #[test]
    fn patches_say_what_differences_without_context_do() {
        let patch = "--- a/o.py\n+++ b/o.py\n@@ -1 +1 @@\n-a\n+b\n--- a/x.py\n+++ b/x.py\n@@ -3,4 +3,5 @@ f\n a\n+b\n c\n-d\n-e\n+f\n+g\n@@ -20,2 +21 @@\n-h\n i\n";
        assert_eq!(changes(patch, "x.py"), [(3, 0), (5, 2), (20, 1)]);
        assert_eq!(changes(patch, "o.py"), [(1, 1)]);
        assert!(changes(patch, "y.py").is_empty());
    }

    #[test]
    fn edits_belong_to_the_innermost_that_counts() {
        let text = "import a\nclass A:\n    x = 1\n    def f(self):\n        def g():\n            pass\n        g()\n\ndef h():\n    pass\n";
        check(text, "@@ -3 +3 @@", &[1]);
        check(text, "@@ -6 +6,2 @@", &[3]);
        check(text, "@@ -1 +1 @@", &[]);
        check(text, "@@ -9,0 +10,2 @@", &[8]);
        // Between two definitions, added lines belong to neither.
        check(text, "@@ -7,0 +8,2 @@", &[]);
        check(text, "@@ -7,3 +7 @@\n@@ nothing", &[3, 8]);
    }
}

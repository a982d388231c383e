//! Public benchmarks as cases: issues with the patches that closed them, and questions with the files that answer them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::cases::is_source;
use super::{Case, Repository};

/// Reads issues, JSON lines or an array, with the fields of SWE-bench: `instance_id`, `repo` (`owner/name`), `base_commit`, `problem_statement` and
/// `patch`. The edited files are the hand-written source that the patch edits; issues without any are left out.
///
/// # Errors
/// When the file cannot be read or an issue lacks one of them.
pub fn read_issues(file: &Path) -> Result<Vec<Case>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let values: Vec<Value> = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(&text)?,
        false => text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?,
    };
    let issue = |value: &Value| {
        let text = |key: &str| value[key].as_str().with_context(|| format!("an issue lacks `{key}`"));
        let patch = text("patch")?;
        let edited: BTreeSet<&str> = patch.lines().filter_map(edited_file).collect();
        Ok(Case {
            repository: text("repo")?.replace('/', "+"),
            commit: text("instance_id")?.to_owned(),
            parent: text("base_commit")?.to_owned(),
            message: text("problem_statement")?.to_owned(),
            gold_files: edited.into_iter().filter(|path| is_source(path)).map(ToOwned::to_owned).collect(),
            gold_definitions: None,
            patch: Some(patch.to_owned()),
        })
    };
    let issues: Vec<Case> = values.iter().map(issue).collect::<Result<_>>()?;
    Ok(issues.into_iter().filter(|case| !case.gold_files.is_empty()).collect())
}

fn edited_file(line: &str) -> Option<&str> {
    line.strip_prefix("--- a/").map(|path| path.split('\t').next().unwrap_or(path).trim_end())
}

/// Reads questions in semble's form: `repos.json` (`name`, `url`, `revision`) and `annotations/NAME.json` (`query`, and `relevant` and `secondary`, each
/// a path or an object with a `path`) in one folder.
///
/// # Errors
/// When a file cannot be read or lacks a field.
pub fn read_questions(folder: &Path) -> Result<Vec<Case>> {
    let read = |path: &Path| -> Result<Vec<Value>> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no array", path.display()))
    };
    let mut cases = Vec::new();
    for of in read(&folder.join("repos.json"))? {
        let text = |key: &str| of[key].as_str().with_context(|| format!("a repository lacks `{key}`"));
        let annotations = folder.join("annotations").join(format!("{}.json", text("name")?));
        if !annotations.is_file() {
            continue;
        }
        let url = text("url")?.trim_end_matches('/').trim_end_matches(".git");
        let mut parts = url.rsplit('/');
        let (name, owner) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        for (question, at) in read(&annotations)?.iter().zip(1..) {
            let query = question["query"].as_str().context("a question lacks `query`")?;
            let targets =
                ["relevant", "secondary"].iter().filter_map(|key| question[*key].as_array()).flatten();
            let paths: BTreeSet<&str> =
                targets.filter_map(|target| target.as_str().or(target["path"].as_str())).collect();
            cases.push(Case {
                repository: format!("{owner}+{name}"),
                commit: format!("{name}-{at}"),
                parent: text("revision")?.to_owned(),
                message: query.to_owned(),
                gold_files: paths.into_iter().map(ToOwned::to_owned).collect(),
                gold_definitions: Some(Vec::new()),
                patch: None,
            });
        }
    }
    Ok(cases)
}

/// The case with the labels that its tree has; those that it has not, which belong to another version. A label may leave out folders before it, or
/// have more of them.
///
/// # Errors
/// When git does not know the commit.
pub fn checked(repository: &Repository, case: &Case) -> Result<(Case, Vec<String>)> {
    let files = repository.git(&["ls-tree", "-r", "--name-only", "-z", &case.parent])?;
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let (mut known, mut stale) = (BTreeSet::new(), Vec::new());
    for label in &case.gold_files {
        let found: Vec<&str> = files
            .split('\0')
            .filter(|path| !path.is_empty() && (ends(path, label) || ends(label, path)))
            .collect();
        match found.iter().find(|path| *path == label).or(found.first()) {
            Some(path) => drop(known.insert((*path).to_owned())),
            None => stale.push(label.clone()),
        }
    }
    Ok((Case { gold_files: known.into_iter().collect(), ..case.clone() }, stale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_and_questions_are_read_in_their_own_forms() {
        let folder = tempfile::tempdir().unwrap();
        let issues = folder.path().join("issues.jsonl");
        let patch = "diff --git a/a/x.py b/a/x.py\\n--- a/a/x.py\\n+++ b/a/x.py\\n@@ -1 +1 @@\\n-a\\n+b\\n--- a/tests/t.py\\n+++ b/tests/t.py\\n";
        let issue = |patch: &str| {
            format!(
                "{{\"instance_id\":\"i\",\"repo\":\"o/n\",\"base_commit\":\"c\",\"problem_statement\":\"p\",\"patch\":\"{patch}\"}}"
            )
        };
        std::fs::write(&issues, format!("{}\n{}\n", issue(patch), issue("--- a/README.md"))).unwrap();
        let [case] = &read_issues(&issues).unwrap()[..] else { panic!("one issue edits source") };
        assert_eq!(
            (case.repository.as_str(), case.parent.as_str(), &case.gold_files[..]),
            ("o+n", "c", &["a/x.py".to_owned()][..])
        );
        std::fs::create_dir(folder.path().join("annotations")).unwrap();
        let repositories = r#"[{"name":"n","language":"c","url":"https://example.org/o/n.git","revision":"r"},{"name":"other","url":"u","revision":"r"}]"#;
        std::fs::write(folder.path().join("repos.json"), repositories).unwrap();
        let questions =
            r#"[{"query":"where?","relevant":[{"path":"b.c","start_line":1}],"secondary":["a.c"]}]"#;
        std::fs::write(folder.path().join("annotations/n.json"), questions).unwrap();
        let [case] = &read_questions(folder.path()).unwrap()[..] else { panic!("one question") };
        assert_eq!(
            (case.repository.as_str(), &case.gold_files[..]),
            ("o+n", &["a.c".to_owned(), "b.c".to_owned()][..])
        );
    }
}

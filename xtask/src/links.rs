//! What a document points at is there, and the index of documents lists each.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::command::workspace;

/// The page that leads to all others.
const INDEX: &str = "docs/README.md";

pub(crate) fn check(faults: &mut Vec<String>) -> Result<()> {
    let index =
        std::fs::read_to_string(workspace().join(INDEX)).with_context(|| format!("cannot read {INDEX}"))?;
    let listed: Vec<&str> = targets(&index).collect();
    for folder in ["", "docs"] {
        let folder = workspace().join(folder);
        let mut documents: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            documents.extend(path.extension().is_some_and(|of| of == "md").then_some(path));
        }
        documents.sort();
        for document in documents {
            let name = document.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if folder.ends_with("docs") && name != "README.md" && !listed.contains(&name) {
                faults.push(format!("{INDEX}: it does not list {name}"));
            }
            let text = std::fs::read_to_string(&document)
                .with_context(|| format!("cannot read {}", document.display()))?;
            for target in targets(&text).filter(|target| !folder.join(target).exists()) {
                let shown = document.strip_prefix(workspace()).unwrap_or(&document).display();
                faults.push(format!("{shown}: there is no {target}"));
            }
        }
    }
    Ok(())
}

/// The files that a document links to, without those of the web and places within itself.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    let lines = text.lines().filter(move |line| {
        is_code ^= line.trim_start().starts_with("```");
        !is_code
    });
    lines.flat_map(|line| line.split("](").skip(1)).filter_map(|rest| {
        let target = rest.split_once(')')?.0;
        let file = target.split_once('#').map_or(target, |(file, _)| file);
        (!file.is_empty() && !file.contains(':')).then_some(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_addresses_places_and_code() {
        let text =
            "[a](a.md), [b](docs/b.md#part) [c](#c)\n[d](https://d.org/x)\n```rust\nx[0](y)\n```\n[e](e)\n";
        assert_eq!(targets(text).collect::<Vec<_>>(), ["a.md", "docs/b.md", "e"]);
    }
}

//! Files that tell of the whole repository by their name and place.

use repo_map_model::RepoPath;

/// The most files that [`important_files`] gives.
pub const MAX_IMPORTANT_FILES: usize = 12;

/// A path costs about 5 tokens, so the important files take at most a tenth of a budget.
const TOKENS_A_FILE: usize = 50;

/// What the names of a group have in common, in the order in which a newcomer would open them. Within a group the names
/// stand in that order too. A name matches whatever its case; `name.*` matches the name with the extension of a text or
/// with none, `*.ext` any name with the extension. Files are looked for at the root.
const TABLE: &[&str] = &[
    // What it is.
    "readme.*",
    // What it is made of: manifests.
    "cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "package.json",
    "go.mod",
    "go.work",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "cmakelists.txt",
    "meson.build",
    "configure.ac",
    "gemfile",
    "*.gemspec",
    "composer.json",
    "mix.exs",
    "rebar.config",
    "package.swift",
    "pubspec.yaml",
    "build.sbt",
    "*.cabal",
    "stack.yaml",
    "dune-project",
    "project.toml",
    "deno.json",
    "*.sln",
    "flake.nix",
    "requirements.txt",
    "pipfile",
    "lerna.json",
    "pnpm-workspace.yaml",
    // How it is built and checked.
    "makefile",
    "gnumakefile",
    "justfile",
    "taskfile.yml",
    "rakefile",
    "build.rs",
    "module.bazel",
    "workspace",
    "build.bazel",
    "kconfig",
    "tsconfig.json",
    "vite.config.ts",
    "vite.config.js",
    "webpack.config.js",
    "tox.ini",
    "noxfile.py",
    "manage.py",
    // How it is run.
    "dockerfile",
    "containerfile",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "procfile",
    "vagrantfile",
    // How it is made.
    "architecture.*",
    "agents.md",
];

/// Whether the file tells of the whole repository by its name and place: a readme, a manifest, a build file.
/// Licences, settings of editors and of continuous integration tell nothing of the code.
pub fn is_important_root_file(path: &RepoPath) -> bool {
    importance(path).is_some()
}

/// The important files among the paths, the most telling first: readme, manifests, build files, containers, guides
/// to the code; equal ones by path. At most [`MAX_IMPORTANT_FILES`], and at most one
/// for each 50 tokens of the budget.
pub fn important_files<'p>(paths: impl IntoIterator<Item = &'p RepoPath>, budget: usize) -> Vec<RepoPath> {
    let mut found: Vec<_> = paths.into_iter().filter_map(|path| Some((importance(path)?, path))).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_IMPORTANT_FILES.min(budget / TOKENS_A_FILE));
    found.into_iter().map(|(_, path)| path.clone()).collect()
}

/// The place in the table.
fn importance(path: &RepoPath) -> Option<usize> {
    if !path.parent().is_empty() {
        return None;
    }
    TABLE.iter().position(|entry| matches(entry, path))
}

fn matches(entry: &str, path: &RepoPath) -> bool {
    const TEXTS: &[&str] = &["md", "markdown", "rst", "txt", "adoc", "org"];
    if let Some(extension) = entry.strip_prefix("*.") {
        path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
    } else if let Some(stem) = entry.strip_suffix(".*") {
        path.stem().eq_ignore_ascii_case(stem)
            && path.extension().is_none_or(|found| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(found)))
    } else {
        path.file_name().eq_ignore_ascii_case(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], budget: usize, expected: &[&str]) {
        let paths: Vec<_> = paths.iter().map(|path| RepoPath::new(path).unwrap()).collect();
        let found = important_files(&paths, budget);
        assert_eq!(found.iter().map(RepoPath::as_str).collect::<Vec<_>>(), expected);
        assert!(found.iter().all(is_important_root_file));
    }

    #[test]
    fn what_it_is_comes_before_how_it_is_built_and_licences_do_not_come() {
        check(
            &[
                "LICENSE-MIT",
                "LICENSE",
                "src/lib.rs",
                "Makefile",
                "Cargo.toml",
                "README.md",
                ".github/workflows/ci.yml",
            ],
            1024,
            &["README.md", "Cargo.toml", "Makefile"],
        );
    }

    #[test]
    fn names_count_at_the_root_only() {
        check(
            &[
                "docs/README.md",
                "crates/a/Cargo.toml",
                "ci.yml",
                "a/.github/workflows/ci.yml",
                "README.ja.md",
                "readme",
            ],
            1024,
            &["readme"],
        );
    }

    #[test]
    fn they_do_not_eat_a_small_budget() {
        check(&["README.md", "go.mod", "Makefile"], 100, &["README.md", "go.mod"]);
        check(&["README.md"], 0, &[]);
        let specs: Vec<_> = (10..40).map(|n| format!("{n}.gemspec")).collect();
        let specs: Vec<_> = specs.iter().map(String::as_str).collect();
        check(&specs, 100_000, &specs[..MAX_IMPORTANT_FILES]);
    }

    #[test]
    fn the_table_is_in_the_case_that_it_is_read_in() {
        for entry in TABLE {
            assert_eq!(*entry, entry.to_lowercase());
        }
    }
}

//! Which languages name each other's definitions.

use repo_map_model::RepoPath;

/// The endings of files whose languages call each other by name. A name in a file of one family is none of another family's: `time` of
/// Go is no field of TypeScript.
const FAMILIES: &[&[&str]] = &[
    &[
        "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp", "m", "mm", "cu",
        "cuh", "hip", "metal", "ino",
    ],
    &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro"],
    &["java", "kt", "kts", "scala", "sc", "groovy", "gradle", "clj", "cljc"],
    &["py", "pyi", "ipynb"],
    &["go"],
    &["rs"],
    &["rb", "rake", "erb", "gemspec"],
    &["php", "phtml"],
    &["cs", "csx", "fs", "vb", "razor"],
    &["ex", "exs", "erl", "hrl"],
    &["swift"],
    &["dart"],
    &["hs", "lhs"],
    &["ml", "mli"],
    &["lua", "luau"],
    &["pl", "pm"],
    &["jl"],
    &["zig"],
];

/// A family of languages; the default one is of files that may name anything: scripts, schemas, documents, settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Family(u8);

/// The family in which what a file imports are files, and no names.
const OF_INCLUDES: Family = Family(1);

/// The family in which a method of a class can be imported.
const OF_STATIC_IMPORTS: Family = Family(3);

/// The family in which a name that begins with a small letter is that of its folder alone.
const OF_PACKAGES: Family = Family(5);

impl Family {
    pub(crate) fn of(path: &RepoPath) -> Self {
        let Some(extension) = path.extension() else { return Self::default() };
        let known = FAMILIES.iter().position(|family| family.contains(&extension));
        Self(known.map_or(0, |at| at as u8 + 1))
    }

    /// Whether a file of this family may name a definition of the other.
    pub(crate) fn names(self, other: Self) -> bool {
        self == other || self == Self::default() || other == Self::default()
    }

    pub(crate) fn includes_files(self) -> bool {
        self == OF_INCLUDES
    }

    pub(crate) fn imports_methods(self) -> bool {
        self == OF_STATIC_IMPORTS
    }

    /// Whether a name is known in the folder of its definition alone.
    pub(crate) fn keeps_in_folder(self, name: &str) -> bool {
        self == OF_PACKAGES && name.chars().next().is_some_and(|first| !first.is_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_that_call_each_other_are_one_family() {
        let of = |path: &str| Family::of(&RepoPath::new(path).unwrap());
        for (one, other, expected) in [
            ("a.ts", "b.vue", true),
            ("a.ts", "b.go", false),
            ("a.h", "b.cpp", true),
            ("a.kt", "b.java", true),
            ("a.proto", "b.go", true),
            ("Makefile", "b.c", true),
            ("a.py", "b.rs", false),
        ] {
            assert_eq!(of(one).names(of(other)), expected, "{one} {other}");
        }
        assert!(of("a.h").includes_files() && !of("a.py").includes_files());
        assert!(of("A.java").imports_methods() && !of("a.go").imports_methods());
        assert!(of("a.go").keeps_in_folder("small") && !of("a.go").keeps_in_folder("Large"));
        assert!(!of("a.rs").keeps_in_folder("small"));
        let mut all: Vec<_> = FAMILIES.concat();
        all.sort_unstable();
        assert!(all.is_sorted_by(|a, b| a < b), "one ending, one family");
    }
}

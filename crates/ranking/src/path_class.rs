use repo_map_model::RepoPath;

/// What a file is for, as far as its path tells by the conventions of many languages.
///
/// The first class of this list that fits wins, so a test of a vendored package is vendored. Letters count alike in
/// both cases.
///
/// | class | folders on the way | file names |
/// |---|---|---|
/// | vendored | `vendor`, `vendored`, `third_party`, `third-party`, `thirdparty`, `3rdparty`, `node_modules`, `bower_components`, `site-packages`, `godeps`, `pods`; at the root also `deps`, `extern`, `externals` | |
/// | generated | `generated`, `_generated`, `__generated__`, `autogen`, `dist`; what is put together from other files: `single_include`, `singleheader`, `single_header`, `amalgamation`, `amalgamated` (with `-` too) | `*_pb2.py`, `*_pb2_grpc.py`, `*.pb.EXT`, `*.min.EXT`, `*.bundle.EXT`, `*.generated.EXT`, `*_generated.EXT`, `*.g.EXT`, `*.designer.EXT`, `zz_generated*`, `*_amalgamated.EXT`, `*_amalgamation.EXT` |
/// | test | `test`, `tests`, also as a word of `tests-integration`, `__tests__`, `spec`, `specs`, `testdata`, `test_data`, `testsuite`, `selftests`, `unittests`, `fixtures`, `__fixtures__`, `__mocks__`, `e2e`; at the root also `tools/testing` | `test.EXT`, `tests.EXT`, `test_*`, `*_test.EXT`, `*_tests.EXT`, `*.test.EXT`, `*.spec.EXT`, `*_spec.EXT`, `conftest.py`; where classes name files (Java, Kotlin, Scala, C#, Swift, PHP) `*Test`, `*Tests`, `Test*` |
/// | example | `example`, `examples`, `sample`, `samples`, `demo`, `demos`, `playground`, `playgrounds`, `tutorial`, `tutorials`, `bench`, `benches`, `benchmark`, `benchmarks` | |
/// | docs | `doc`, `docs`, `documentation`, `website`, `changelog`, `changelogs` | `*.md`, `*.rst`, `*.adoc`, `*.txt` |
/// | config | | settings and data: `*.json`, `*.jsonc`, `*.json5`, `*.yaml`, `*.yml`, `*.toml`, `*.ini`, `*.cfg`, `*.conf`, `*.properties`, `*.lock`, `*.xml`, `*.csv`, `*.tsv`; locked versions: `go.sum`, `*.lockfile`, `*.lock.EXT`, `*.lockb`, `*.freeze`, `Package.resolved` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PathClass {
    /// None of the others.
    Source,
    /// Tests and what they read.
    Test,
    /// Code of others that lies in the tree.
    Vendored,
    /// What a program wrote.
    Generated,
    /// Examples, samples, demos, benchmarks.
    Example,
    /// Documentation.
    Docs,
    /// Settings and data.
    Config,
}

impl PathClass {
    /// Every class.
    pub const ALL: &[Self] =
        &[Self::Source, Self::Test, Self::Vendored, Self::Generated, Self::Example, Self::Docs, Self::Config];

    /// The class of a path.
    pub fn of(path: &RepoPath) -> Self {
        Self::below(&Folders::of(path.parent()), path)
    }

    /// The classes of paths. Those of one folder, if they stand together, cost one look at the folders above them.
    pub(crate) fn of_all<'p>(paths: impl Iterator<Item = &'p RepoPath>) -> Vec<Self> {
        let mut last = ("", Folders::default());
        let class = |path: &'p RepoPath| {
            if path.parent() != last.0 {
                last = (path.parent(), Folders::of(path.parent()));
            }
            Self::below(&last.1, path)
        };
        paths.map(class).collect()
    }

    fn below(folders: &Folders, path: &RepoPath) -> Self {
        let name = path.file_name().to_ascii_lowercase();
        if folders.vendored {
            Self::Vendored
        } else if folders.generated || is_generated_name(&name) {
            Self::Generated
        } else if folders.tests || is_test_name(&name) || is_test_class(path) {
            Self::Test
        } else if folders.examples {
            Self::Example
        } else if folders.docs || is_prose(&name) {
            Self::Docs
        } else if is_config(&name) {
            Self::Config
        } else {
            Self::Source
        }
    }

    /// The word that listings and JSON use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Test => "test",
            Self::Vendored => "vendored",
            Self::Generated => "generated",
            Self::Example => "example",
            Self::Docs => "docs",
            Self::Config => "config",
        }
    }
}

/// What the folders on the way to a file say of it.
#[derive(Default)]
struct Folders {
    vendored: bool,
    generated: bool,
    tests: bool,
    examples: bool,
    docs: bool,
}

impl Folders {
    fn of(path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let mut found =
            Self { tests: path == "tools/testing" || path.starts_with("tools/testing/"), ..Self::default() };
        for (folder, depth) in path.split('/').zip(0..) {
            found.vendored |= is_vendor_folder(folder) || (depth == 0 && is_vendor_root(folder));
            found.generated |= is_generated_folder(folder);
            found.tests |= is_test_folder(folder);
            found.examples |= is_example_folder(folder);
            found.docs |= is_docs_folder(folder);
        }
        found
    }
}

fn is_vendor_folder(folder: &str) -> bool {
    matches!(
        folder,
        "vendor"
            | "vendored"
            | "third_party"
            | "third-party"
            | "thirdparty"
            | "3rdparty"
            | "node_modules"
            | "bower_components"
            | "site-packages"
            | "godeps"
            | "pods"
    )
}

fn is_vendor_root(folder: &str) -> bool {
    matches!(folder, "deps" | "extern" | "externals")
}

fn is_generated_folder(folder: &str) -> bool {
    matches!(
        folder,
        "generated"
            | "_generated"
            | "__generated__"
            | "autogen"
            | "dist"
            | "singleheader"
            | "amalgamation"
            | "amalgamated"
    ) || matches!(folder.replace('-', "_").as_str(), "single_include" | "single_header" | "single_headers")
}

fn is_generated_name(name: &str) -> bool {
    let (stem, _) = split_extension(name);
    const ENDINGS: [&str; 13] = [
        "_pb2",
        "_pb2_grpc",
        ".pb",
        ".min",
        ".bundle",
        ".generated",
        "_generated",
        ".g",
        ".designer",
        "_amalgamated",
        "-amalgamated",
        "_amalgamation",
        "-amalgamation",
    ];
    name.starts_with("zz_generated") || ENDINGS.iter().any(|ending| stem.ends_with(ending))
}

fn is_test_folder(folder: &str) -> bool {
    // `tests-integration`, `unit_tests`; not `testing`, `latest`.
    folder.split(['-', '_']).any(|word| matches!(word, "test" | "tests"))
        || matches!(
            folder,
            "__tests__"
                | "spec"
                | "specs"
                | "testdata"
                | "test_data"
                | "testsuite"
                | "selftests"
                | "unittests"
                | "fixtures"
                | "__fixtures__"
                | "__mocks__"
                | "e2e"
        )
}

fn is_test_name(name: &str) -> bool {
    let (stem, _) = split_extension(name);
    const ENDINGS: [&str; 5] = ["_test", "_tests", ".test", ".spec", "_spec"];
    matches!(stem, "test" | "tests" | "conftest" | "testutil" | "testutils" | "testhelper" | "testhelpers")
        || stem.starts_with("test_")
        || ENDINGS.iter().any(|ending| stem.ends_with(ending))
}

/// `EngineTest.java`, `TestEngine.java`; not `Latest.java`, `Testimony.java`.
fn is_test_class(path: &RepoPath) -> bool {
    let (stem, extension) = split_extension(path.file_name());
    if !matches!(extension, "java" | "kt" | "scala" | "cs" | "swift" | "php") {
        return false;
    }
    let leading = stem.strip_prefix("Test").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    leading || stem.ends_with("Test") || stem.ends_with("Tests")
}

fn is_example_folder(folder: &str) -> bool {
    matches!(
        folder,
        "example"
            | "examples"
            | "sample"
            | "samples"
            | "demo"
            | "demos"
            | "playground"
            | "playgrounds"
            | "tutorial"
            | "tutorials"
            | "bench"
            | "benches"
            | "benchmark"
            | "benchmarks"
            | "benchsuite"
            | "_examples"
            | "docs_src"
    )
}

fn is_docs_folder(folder: &str) -> bool {
    matches!(folder, "doc" | "docs" | "documentation" | "website" | "changelog" | "changelogs")
}

impl PathClass {
    /// Whether the name is that of a document, wherever it lies.
    pub(crate) fn is_prose(path: &RepoPath) -> bool {
        is_prose(&path.file_name().to_ascii_lowercase())
    }
}

fn is_prose(name: &str) -> bool {
    matches!(split_extension(name).1, "md" | "rst" | "adoc" | "txt")
}

fn is_config(name: &str) -> bool {
    matches!(
        split_extension(name).1,
        "json"
            | "jsonc"
            | "json5"
            | "yaml"
            | "yml"
            | "toml"
            | "ini"
            | "cfg"
            | "conf"
            | "properties"
            | "lock"
            | "xml"
            | "csv"
            | "tsv"
    ) || is_lock(name)
}

/// The versions that a package manager has chosen.
fn is_lock(name: &str) -> bool {
    let (stem, extension) = split_extension(name);
    matches!(extension, "lockfile" | "lockb" | "freeze" | "resolved")
        || stem.ends_with(".lock")
        || name == "go.sum"
}

/// Whether a file holds settings or data, whatever it is for.
pub(crate) fn is_data(path: &RepoPath) -> bool {
    is_config(&path.file_name().to_ascii_lowercase())
}

fn split_extension(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: PathClass, paths: &[&str]) {
        for path in paths {
            assert_eq!(PathClass::of(&RepoPath::new(path).unwrap()), class, "{path}");
        }
    }

    #[test]
    fn running_code_is_source() {
        check(
            PathClass::Source,
            &[
                "main.c",
                "src/testing/testing.go",
                "src/flask/testing.py",
                "src/latest.rs",
                "src/contest.py",
                "app/Latest.java",
                "app/Testimony.java",
                "pkg/deps/solve.go",
                "lib/vendors.ts",
                "Makefile",
                "docs.py",
            ],
        );
    }

    #[test]
    fn conventions_of_languages() {
        check(
            PathClass::Test,
            &[
                "tests/a.py",
                "a/test_b.py",
                "a/conftest.py",
                "net/http/serve_test.go",
                "src/tests.rs",
                "src/testutil.rs",
                "src/a.test.ts",
                "src/a.spec.js",
                "src/test/java/A.java",
                "core/EngineTest.java",
                "core/TestEngine.java",
                "spec/a_spec.rb",
                "kernel/SelfTests/x.c",
                "tools/testing/radix-tree/linux/preempt.h",
                "go/testdata/x.go",
                "examples/app/tests/test_app.py",
            ],
        );
        check(
            PathClass::Vendored,
            &["vendor/x.go", "a/node_modules/b/index.js", "deps/lua/src/lua.c", "a/Third_Party/test/x.c"],
        );
        check(
            PathClass::Generated,
            &[
                "api/v1/types.pb.go",
                "single_include/lib/lib.hpp",
                "singleheader/simd.cpp",
                "extras/catch_amalgamated.hpp",
                "a/b_pb2.py",
                "web/app.min.js",
                "k8s/zz_generated.deepcopy.go",
                "dist/x.js",
            ],
        );
        check(
            PathClass::Example,
            &[
                "examples/a.py",
                "_examples/rest/main.go",
                "docs_src/body/tutorial001.py",
                "playground/x/vite.config.ts",
                "benches/b.rs",
            ],
        );
        check(PathClass::Docs, &["docs/conf.py", "README.md", "Documentation/x.c"]);
        check(
            PathClass::Config,
            &[
                "go.sum",
                "a/gradle.lockfile",
                "bun.lockb",
                ".terraform.lock.hcl",
                "Package.resolved",
                "Cargo.toml",
                ".github/workflows/ci.yml",
                "src/data/table.CSV",
            ],
        );
    }
}

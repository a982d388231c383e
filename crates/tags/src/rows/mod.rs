//! The table of languages: one row each, the only place to add one.
//!
//! The rows stand in a file a family; what a family holds is of no meaning but to the reader.

use std::sync::{LazyLock, OnceLock};

use repo_map_model::{DefinitionKind as D, ReferenceKind as R};
use tree_sitter_language::LanguageFn;

use crate::embedded::Embedded;
use crate::open_elements::OpenElements;
use crate::prose::Markup;
use crate::query::CompiledQuery;
use crate::rewrite::Rewrite;

mod core_compiled;
mod core_scripts;
mod extended;
mod file_name;
mod functional;
mod further;
mod lookup;
mod outline;
mod schemas;
mod scripts;

pub(crate) use file_name::extension;
pub(crate) use lookup::{of_file_name, of_id, of_interpreter, of_word};

/// One language. Every claim (`defines`, `declares`, `references`) is proven by its file in `fixtures/languages`.
#[derive(Clone)]
pub(crate) struct Row {
    /// Stable: part of cache keys and of what users type.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) extensions: &'static [&'static str],
    pub(crate) file_names: &'static [&'static str],
    /// What a `#!` line may call, without version digits.
    pub(crate) interpreters: &'static [&'static str],
    /// None for a document whose names alone are read.
    pub(crate) grammar: Option<LanguageFn>,
    /// The crate that the grammar comes from.
    pub(crate) grammar_package: &'static str,
    /// As in Cargo.lock; a test compares.
    pub(crate) grammar_version: &'static str,
    /// Joined in this order.
    pub(crate) query: &'static [&'static str],
    pub(crate) defines: &'static [D],
    pub(crate) declares: &'static [D],
    pub(crate) references: &'static [R],
    /// It is a document, and what it writes as code are mentions.
    pub(crate) markup: Option<Markup>,
    /// No code of it has a backtick, so what stands between two in a string is documentation.
    pub(crate) documents_in_strings: bool,
    /// A format with definitions alone: nothing in it refers to anything by name, but in prose.
    pub(crate) outline: bool,
    /// What parts the segments of a name that is a single node: `.` of Elixir's `Shop.Queue`.
    pub(crate) separator: Option<&'static str>,
    /// Indentation has a meaning, and the scanner a stack of it.
    pub(crate) indented: bool,
    /// Blocks open at columns, several in a line, and the scanner has a stack of them.
    pub(crate) blocks_by_column: bool,
    /// Expressions at the top of a file can be read in two ways each, and the parser compares all that it has read in both.
    pub(crate) ambiguous_top: bool,
    /// Lines of names alone can be read as commands and as declarations, and the parser compares all that it has read in both.
    pub(crate) compared_commands: bool,
    /// The scanner restores all elements that are open each time it is asked.
    pub(crate) restored_elements: Option<OpenElements>,
    /// The scanner reads a word to its end behind each bracket and quote in it.
    pub(crate) looked_through_words: bool,
    /// At an error the parser has many readings of what stands before, and goes through each, or each has much between its constructs.
    pub(crate) many_readings: bool,
    /// What `<` opens may be type arguments until they are closed, and the parser keeps all it has read open so long.
    pub(crate) open_angles: bool,
    /// What the rewrite takes from the grammar is read for definitions beside it.
    pub(crate) beside: bool,
    /// Only the code that is inside of the format is read.
    pub(crate) embedded: Option<Embedded>,
    /// What the grammar cannot read is written over before.
    pub(crate) rewrite: Option<Rewrite>,
    /// The scanner never returns from a last line without a line feed: it is given one.
    pub(crate) final_line_feed: bool,
    /// Its scanner reads to the end at each of the bytes that begin no token, all of them within one step of the
    /// parser: only the end of the text ends it.
    pub(crate) cut_off: bool,
    /// The deepest nesting of brackets that the scanner bears, where that is less than what is allowed to all.
    pub(crate) deepest: usize,
    /// Definitions beyond this many are left out, the innermost first.
    pub(crate) most: usize,
    /// A function is written as clauses that follow each other; the first stands for all.
    pub(crate) clauses: bool,
    /// A word may hold a name and, behind `=`, its value.
    pub(crate) values_in_words: bool,
    /// It has here-documents, whose delimiters scanners keep.
    pub(crate) here_documents: bool,
    /// It has the preprocessor of C.
    pub(crate) preprocessed: bool,
    /// `MAX_SIZE` among variables and fields is a constant.
    pub(crate) capitals_are_constants: bool,
    /// Methods with these names are constructors.
    pub(crate) constructors: &'static [&'static str],
    /// A method with the name of its type is its constructor.
    pub(crate) constructors_named_as_type: bool,
    /// Names of the language itself, sorted by bytes, that references use without end: they would only weigh
    /// on files that happen to define the same name.
    pub(crate) noise: &'static [&'static str],
}

/// A grammar, the crate that it comes from and the crate's version.
type Grammar = (LanguageFn, &'static str, &'static str);

/// A row and what is made of it on first use.
pub(crate) struct Entry {
    pub(crate) row: &'static Row,
    pub(crate) compiled: OnceLock<CompiledQuery>,
    pub(crate) fingerprint: OnceLock<[u8; 32]>,
}

impl Row {
    /// What a row need not say.
    const fn new(
        id: &'static str,
        name: &'static str,
        (grammar, grammar_package, grammar_version): Grammar,
        query: &'static [&'static str],
    ) -> Self {
        Self {
            grammar: Some(grammar),
            grammar_package,
            grammar_version,
            query,
            ..Self::ungrammatical(id, name)
        }
    }

    /// The same, where no grammar reads it.
    const fn ungrammatical(id: &'static str, name: &'static str) -> Self {
        Self {
            id,
            name,
            extensions: &[],
            file_names: &[],
            interpreters: &[],
            grammar: None,
            grammar_package: "",
            grammar_version: "",
            query: &[],
            defines: &[],
            declares: &[],
            references: &[],
            markup: None,
            documents_in_strings: false,
            outline: false,
            separator: None,
            indented: false,
            values_in_words: false,
            here_documents: false,
            blocks_by_column: false,
            ambiguous_top: false,
            compared_commands: false,
            restored_elements: None,
            looked_through_words: false,
            many_readings: false,
            open_angles: false,
            beside: false,
            embedded: None,
            rewrite: None,
            final_line_feed: false,
            cut_off: false,
            deepest: usize::MAX,
            most: usize::MAX,
            clauses: false,
            preprocessed: false,
            capitals_are_constants: false,
            constructors: &[],
            constructors_named_as_type: false,
            noise: &[],
        }
    }

    /// All of the row that can change the tags of a file, in print. No field can be forgotten.
    pub(crate) fn settings(&self) -> String {
        let Self {
            id,
            grammar_version,
            query,
            markup,
            documents_in_strings,
            separator,
            indented,
            blocks_by_column,
            ambiguous_top,
            compared_commands,
            restored_elements,
            looked_through_words,
            many_readings,
            open_angles,
            beside,
            embedded,
            rewrite,
            final_line_feed,
            cut_off,
            deepest,
            most,
            clauses,
            values_in_words,
            here_documents,
            preprocessed,
            capitals_are_constants,
            constructors,
            constructors_named_as_type,
            noise,
            outline,
            // What only finds the row or speaks of it.
            name: _,
            extensions: _,
            file_names: _,
            interpreters: _,
            grammar: _,
            grammar_package: _,
            defines: _,
            declares: _,
            references: _,
        } = self;
        let flags = [
            documents_in_strings,
            outline,
            indented,
            blocks_by_column,
            ambiguous_top,
            compared_commands,
            looked_through_words,
            many_readings,
            open_angles,
            beside,
            final_line_feed,
            cut_off,
            clauses,
            values_in_words,
            here_documents,
            preprocessed,
            capitals_are_constants,
            constructors_named_as_type,
        ];
        let names = (constructors, noise, separator, markup, restored_elements, embedded, rewrite);
        format!("{:?}", (id, grammar_version, query, flags, (deepest, most), names))
    }

    /// Whether a reference to this name says nothing: a name of the language, or one letter as type
    /// parameters have.
    pub(crate) fn is_noise(&self, name: &[u8]) -> bool {
        matches!(name, [b'A'..=b'Z'])
            || self.noise.binary_search_by(|noise| noise.as_bytes().cmp(name)).is_ok()
    }
}

// A build without any language makes no row.
const _: fn(&'static str, &'static str, Grammar, &'static [&'static str]) -> Row = Row::new;
const _: [Markup; 3] = [Markup::Markdown, Markup::Rst, Markup::AsciiDoc];
#[rustfmt::skip]
const _: [Rewrite; 11] = [
    Rewrite::Returns, Rewrite::CMacros, Rewrite::CSharpBranches, Rewrite::RustItems, Rewrite::FixedForm,
    Rewrite::KotlinModifiers, Rewrite::SwiftAwaits, Rewrite::UnendedSignatures, Rewrite::Statements,
    Rewrite::Cython, Rewrite::GroovyCommands,
];
const _: [Embedded; 3] = [Embedded::Scripts, Embedded::Astro, Embedded::Notebook];
const _: [OpenElements; 2] = [OpenElements::Html, OpenElements::Xml];

/// The rows of this build, ordered by id.
pub(crate) static ROWS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let families = [
        core_compiled::ROWS,
        core_scripts::ROWS,
        further::ROWS,
        extended::ROWS,
        functional::ROWS,
        schemas::ROWS,
        scripts::ROWS,
        outline::ROWS,
    ];
    let entry = |row| Entry { row, compiled: OnceLock::new(), fingerprint: OnceLock::new() };
    let mut rows: Vec<_> = families.into_iter().flatten().map(entry).collect();
    rows.sort_unstable_by_key(|entry| entry.row.id);
    rows
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_noise_can_be_searched() {
        assert!(ROWS.is_sorted_by(|one, next| one.row.id < next.row.id));
        for entry in ROWS.iter() {
            assert!(entry.row.noise.is_sorted(), "{}: noise is searched by halves", entry.row.id);
        }
    }

    #[test]
    fn rows_share_no_file_name() {
        for names in [|row: &Row| row.extensions, |row: &Row| row.file_names, |row: &Row| row.interpreters] {
            let mut names: Vec<_> = ROWS.iter().flat_map(|entry| names(entry.row)).collect();
            let is_shared = |name: &str| crate::detect::SHARED.iter().any(|(shared, _)| *shared == name);
            names.retain(|name| !is_shared(name));
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }

    #[test]
    fn only_outlines_have_no_references() {
        for entry in ROWS.iter() {
            assert_eq!(entry.row.outline, entry.row.references.is_empty(), "{}", entry.row.id);
        }
    }

    #[test]
    fn every_query_compiles_and_every_grammar_loads() {
        for entry in ROWS.iter() {
            let Some(grammar) = entry.row.grammar.map(tree_sitter::Language::new) else { continue };
            if let Err(error) = CompiledQuery::new(&grammar, entry.row.query) {
                panic!("{}: {error}", entry.row.id);
            }
            tree_sitter::Parser::new().set_language(&grammar).unwrap();
        }
    }

    #[test]
    fn grammar_versions_are_those_that_are_pinned() {
        let manifest = include_str!("../../../../Cargo.toml");
        for entry in ROWS.iter().filter(|entry| entry.row.grammar.is_some()) {
            let line = format!("{} = \"={}\"", entry.row.grammar_package, entry.row.grammar_version);
            assert!(manifest.lines().any(|pinned| pinned == line), "{line}");
        }
    }

    #[test]
    fn every_feature_is_handed_through() {
        let features = |manifest: &'static str| {
            manifest.lines().filter_map(|line| line.split_once(" = [")).map(|(feature, _)| feature)
        };
        let ours: Vec<_> = features(include_str!("../../Cargo.toml"))
            .filter(|feature| {
                feature.starts_with("lang-") || ["core", "extended", "outline"].contains(feature)
            })
            .collect();
        for manifest in [include_str!("../../../facade/Cargo.toml"), include_str!("../../../cli/Cargo.toml")]
        {
            let theirs: Vec<_> = features(manifest).filter(|feature| ours.contains(feature)).collect();
            assert_eq!(theirs, ours);
        }
    }
}

//! Fits the best definitions of a repository into a token budget and prints them in context.
//!
//! ```text
//! ranking ──► Item, Item, Item …          best first
//!                  │ packing: what still fits, greedily, with a bounded look-ahead
//!                  ▼
//! Sources ──►  page: which lines of which files, what they cost ──► Rendered
//!  text, tags      ▲ style: which lines show a definition
//!                  │ meter: units of a line under the tokenizer
//! ```
//!
//! ```
//! use repo_map_model::{Definition, DefinitionKind, FileTags, LineSpan, RepoPath};
//! use repo_map_render::{Item, RenderOptions, Source, render};
//!
//! let mut tags = FileTags::builder();
//! let name = tags.name("start");
//! tags.definition(Definition {
//!     name,
//!     kind: DefinitionKind::Function,
//!     declaration: false,
//!     line: 0,
//!     name_start: 3,
//!     signature: LineSpan::new(0, 0),
//!     signature_end: 11,
//!     end_line: 2,
//!     scope: None,
//! });
//! let source = Source::new("fn start() {\n    go();\n}\n", tags.build());
//!
//! let engine = RepoPath::new("src/engine.rs")?;
//! let items = [Item::file(RepoPath::new("README.md")?), Item::definition(engine, 0)];
//! let map = render(items, |_: &RepoPath| Some(source.clone()), &RenderOptions::new(100));
//!
//! assert_eq!(map.text, "README.md\n\nsrc/engine.rs:\n│fn start()\n");
//! assert!(map.tokens_used <= 100);
//! # Ok::<(), repo_map_model::InvalidPath>(())
//! ```
//!
//! [`render_by_gain`] takes [`Claim`]s instead: what each file and definition is worth. It places what gains most for a token, header lines and
//! the lines of types included in the price.
//!
//! # The text
//!
//! A file is its path and a colon, then rows: `│` and a source line, or `⋮` for hidden lines. A file without rows is its
//! path alone. A blank line stands between two files unless both are bare; with both vocabularies that costs a token
//! for 80 files or more, since one line break is mostly as many tokens as two.
//!
//! - Indentation is kept as it is, tabs as tabs: the common indentation of a member is what tells its depth, and runs of
//!   white space cost one token. White space at the end is dropped.
//! - A row has at most 100 characters, its bar and its tabs one each. Paths are never cut.
//! - What nobody sees or what acts on a terminal ([`is_hidden`]) is dropped from rows, so nothing in a file can leave its
//!   row or speak to the reader alone. In paths it is written out ([`escaped`]): no two paths print as one line. A path that
//!   begins like a row is printed from `./` on.
//! - [`Style::Outline`] shows a definition as its signature on one row, under the rows of the types and implementations
//!   around it. Namespaces, modules, functions and conditions are not shown: they rarely tell more than the path does.
//! - [`RenderOptions::line_numbers`] puts the number of the line before the bar, `12│fn start()`: the line of the name. It
//!   is no part of the row's width.
//! - [`Style::Tree`] is described, and compared with grep-ast line by line, in `docs/tree-style.md`.
//!
//! # The row of a definition
//!
//! The signature as it stands in the source, from its first line to where the body begins, for any language by the same
//! rules:
//!
//! - White space is one blank, comments are dropped, and what breaks inside of brackets is written as if it never had.
//! - What only opens a body or ends a statement is dropped: `{`, `:`, `=`, `->`, `;`, `,`, `do`, `begin`, `where`, `is`, `as`,
//!   `end`. The arrow `=>` stays, since without it a function would read as a value, and so does the colon right after a
//!   name that is a key or a target.
//! - Of decorators, attributes and annotations those stay that change how a definition is used or run, without their
//!   arguments: `@property`, `@staticmethod`, `@overload`, `#[test]`, `@Test` and the like. Words (`async`, `pub`, `export`)
//!   stay as they are.
//! - A value is shown up to 60 characters, one over several lines only where it is as short in all. Of the blocks in it no
//!   more is shown than that they are there: `{…}`.
//! - A signature that stands by itself before what has it (`f :: A -> B`) is the row.
//! - A row that is too long goes without its default values, then without bounds and `where`, then without decorators and
//!   what stands before parameters, then without its last parameters (`f(a: A, …) -> R`). Where none but the receiver would
//!   stay, the parameters are their names (`f(self, a, …) -> R`) and the brackets of the result hold `…`. What is last goes in
//!   the end. A row is cut after whole names and strings, and what is open then is closed.
//! - Where a name would lie beyond the end of its row, what stands before it goes first: `… Map<…> computeAll(String key)`.
//! - Definitions of one line are one row: from the first one's beginning to the last one's end.
//! - Where the text is not the one of the tags, the row is the line as it stands.
//!
//! # Invariants
//!
//! - The text never exceeds the budget under the named tokenizer: the final text is counted once more as a whole.
//! - The cost of the map in the making is exact for `o200k`, `cl100k` and `bytes4`: it is a sum over lines, and adding a
//!   definition counts only the lines that change.
//! - Lines of function bodies are never printed, but for blank lines and brackets.
//! - The same items, sources and options give the same bytes.
//! - Nothing is parsed, nothing read but through [`Sources`], and that at most once a file.
#![forbid(unsafe_code)]

mod block;
mod costs;
mod file;
mod format;
mod gains;
mod hidden;
mod important;
mod meter;
mod packing;
mod page;
mod printable;
mod quote;
mod render;
mod signature;
mod source;
mod style;
mod tokens;

pub use costs::LineCosts;
pub use format::{Format, attribute, is_row};
pub use gains::{Claim, Printer, render_by_gain};
pub use hidden::{escaped, escaped_path, is_hidden, visible};
pub use important::{MAX_IMPORTANT_FILES, important_files, is_important_root_file};
pub use printable::path_line;
pub use quote::Quotes;
pub use render::{Item, RenderOptions, Rendered, RenderedFile, render};
pub use source::{Source, Sources};
pub use style::Style;
pub use tokens::{TokenCounter, Tokenizer, UnknownTokenizer};

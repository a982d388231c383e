use ahash::HashSet;
use repo_map_model::RepoPath;

use crate::costs::LineCosts;
use crate::packing::Packing;
use crate::source::Sources;
use crate::style::Style;
use crate::tokens::Tokenizer;

/// One entry of a ranking: what a map may show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Item {
    /// A definition in its context.
    Definition {
        /// The file that it stands in.
        path: RepoPath,
        /// Its place in [`FileTags::definitions`](repo_map_model::FileTags::definitions) of that file.
        definition: u32,
    },
    /// A file as one line with its path: one without definitions, or one that matters as a whole.
    File {
        /// The file.
        path: RepoPath,
    },
}

/// How a map is printed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RenderOptions {
    /// How definitions are shown.
    pub style: Style,
    /// The tokens that the map never exceeds; 0 makes an empty map without reading a file.
    pub budget: usize,
    /// What counts them.
    pub tokenizer: Tokenizer,
    /// Where source lines are cut, in characters, the bar before the line included. Paths are never cut.
    pub max_line_width: usize,
    /// Whether each row begins with the number of its line, from 1. It is no part of the row's width.
    pub line_numbers: bool,
    /// What lines were counted for earlier maps.
    pub line_costs: Option<LineCosts>,
}

/// A map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendered {
    /// The map, each line ended with `\n`; empty when nothing fits.
    pub text: String,
    /// The exact count of the text, at most the budget.
    pub tokens_used: usize,
    /// The files of the map as printed, best first.
    pub files: Vec<RenderedFile>,
    /// The files that items name and the map does not.
    pub omitted_files: usize,
    /// The items that name a definition which the map does not show.
    pub omitted_definitions: usize,
}

/// A file of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderedFile {
    /// The file.
    pub path: RepoPath,
    /// The definitions whose line the map shows, in source order: those that were asked for, their classes, and others
    /// of the same lines. Empty for a bare path.
    pub definitions: Vec<u32>,
    /// The source line of each row below the path, from 0; `None` is a mark of lines that are left out.
    pub rows: Vec<Option<u32>>,
}

/// Prints the best items, given best first, that fit into the budget.
///
/// Files are printed in the order of their first item that is shown. An item that does not fit is passed over, and the
/// items after it are tried: at most 2,048 in a row, 64 once 95 % of the budget are used, reading at most 32 files in a
/// row for nothing. So at least 95 % are used unless the items are too few or too long. Items that are left are
/// counted, a few look-ups each. The cost is in proportion to the lines printed and the files read.
pub fn render(
    items: impl IntoIterator<Item = Item>,
    mut sources: impl Sources,
    options: &RenderOptions,
) -> Rendered {
    let mut items = items.into_iter();
    let mut packing = Packing::new(options);
    let (text, tokens_used) =
        if options.budget > 0 { packing.fill(&mut items, &mut sources) } else { (String::new(), 0) };
    let Packing { page, refused, .. } = packing;
    let mut omitted_files: HashSet<RepoPath> = HashSet::default();
    let mut omitted_definitions = 0;
    for item in refused.into_iter().chain(items).filter(|item| !page.shows(item)) {
        omitted_definitions += usize::from(matches!(item, Item::Definition { .. }));
        if !page.has(item.path()) && !omitted_files.contains(item.path()) {
            omitted_files.insert(item.path().clone());
        }
    }
    Rendered {
        text,
        tokens_used,
        files: page.files(),
        omitted_files: omitted_files.len(),
        omitted_definitions,
    }
}

impl Item {
    /// A definition of a file.
    pub const fn definition(path: RepoPath, definition: u32) -> Self {
        Self::Definition { path, definition }
    }

    /// A bare file.
    pub const fn file(path: RepoPath) -> Self {
        Self::File { path }
    }

    /// The file of the item.
    pub fn path(&self) -> &RepoPath {
        match self {
            Self::Definition { path, .. } | Self::File { path } => path,
        }
    }
}

impl RenderOptions {
    /// The defaults with a budget in tokens.
    pub fn new(budget: usize) -> Self {
        Self { budget, ..Self::default() }
    }

    /// Sets how definitions are shown.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets what counts the tokens.
    #[must_use]
    pub fn tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.tokenizer = tokenizer;
        self
    }

    /// Sets where source lines are cut.
    #[must_use]
    pub fn max_line_width(mut self, characters: usize) -> Self {
        self.max_line_width = characters;
        self
    }

    /// Sets whether rows begin with the number of their line.
    #[must_use]
    pub fn line_numbers(mut self, wanted: bool) -> Self {
        self.line_numbers = wanted;
        self
    }

    /// Lets maps remember what their lines cost.
    #[must_use]
    pub fn line_costs(mut self, costs: LineCosts) -> Self {
        self.line_costs = Some(costs);
        self
    }
}

impl Default for RenderOptions {
    /// 1,024 tokens of `o200k` in the outline style, lines of 100 characters.
    fn default() -> Self {
        Self {
            style: Style::default(),
            budget: 1024,
            tokenizer: Tokenizer::default(),
            max_line_width: 100,
            line_numbers: false,
            line_costs: None,
        }
    }
}

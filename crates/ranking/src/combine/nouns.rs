//! What tells of a definition whether it stands for the tree.

use repo_map_model::{DefinitionKind, RepoPath};

use super::logs::ln_1p;
use super::signals::Signal;
use crate::corpus::Role;
use crate::graph::{Definition, ReferenceGraph, Uses};
use crate::path_class::is_data;
use crate::{Corpus, PathClass};

/// A name that no more files define is one of its own.
const FEW_DEFINERS: f32 = 3.0;

/// The signals, in the order of [`values`].
pub(super) const SIGNALS: [Signal; 25] = [
    Signal::UsedBySource,
    Signal::UsedByTests,
    Signal::Exported,
    Signal::Documented,
    Signal::Told,
    Signal::SharedName,
    Signal::Private,
    Signal::EntryPoint,
    Signal::Interface,
    Signal::Namesake,
    Signal::Double,
    Signal::Lines,
    Signal::Type,
    Signal::Constructor,
    Signal::Data,
    Signal::Field,
    Signal::Module,
    Signal::Declaration,
    Signal::Test,
    Signal::Local,
    Signal::Example,
    Signal::Docs,
    Signal::Vendored,
    Signal::Generated,
    Signal::MainLanguage,
];

/// What the name of a file says of the definitions in it.
pub(super) struct FileName<'p> {
    stem: &'p str,
    is_go: bool,
    is_data: bool,
    /// It holds no code but what others may call.
    is_interface: bool,
}

impl<'p> FileName<'p> {
    pub(super) fn of(path: &'p RepoPath) -> Self {
        let is_interface =
            [".d.ts", ".d.cts", ".d.mts", ".pyi"].iter().any(|end| path.as_str().ends_with(end));
        Self {
            stem: path.stem(),
            is_go: path.extension() == Some("go"),
            is_data: is_data(path),
            is_interface,
        }
    }
}

/// The values of the [`SIGNALS`] of a definition.
pub(super) fn values(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    node: usize,
    file: &FileName<'_>,
    of: &Definition,
    uses: Uses,
    is_double: bool,
) -> [f32; SIGNALS.len()] {
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    // Most have none.
    let of_uses = |uses: f32| if uses > 0.0 { uses.ln_1p() } else { 0.0 };
    let class = graph.nodes.classes[node];
    let name = corpus.symbols().name(graph.names.symbols[of.name as usize]);
    let is_module = of.kind == DefinitionKind::Module;
    [
        of_uses(uses.source),
        of_uses(uses.tests),
        flag(uses.exported),
        of_uses(uses.documents),
        of_uses(uses.comments),
        (uses.definers as f32 / FEW_DEFINERS).max(1.0).ln(),
        flag(is_private(file, name)),
        flag(name == "main" && of.kind.is_callable()),
        flag(file.is_interface),
        flag(is_namesake(file, name)),
        flag(is_double),
        ln_1p(usize::from(of.lines)),
        flag(of.kind.is_type()),
        flag(of.kind == DefinitionKind::Constructor),
        flag(!of.kind.is_type() && !of.kind.is_callable() && !is_module),
        flag(of.kind == DefinitionKind::Field),
        flag(is_module),
        flag(of.role == Role::Declaration),
        flag(class == PathClass::Test || of.role == Role::Test),
        flag(of.role == Role::Local),
        flag(class == PathClass::Example),
        flag(class == PathClass::Docs),
        flag(class == PathClass::Vendored),
        flag(class == PathClass::Generated),
        graph.nodes.main_language[node],
    ]
}

/// Whether a definition may stand for the tree: headings and keys of settings do not as long as there is code, nor does a line that
/// only names a module of another file.
pub(super) fn is_noun(file: &FileName<'_>, class: PathClass, of: &Definition) -> bool {
    let is_heading = of.kind == DefinitionKind::Module;
    let is_other = file.is_data || class == PathClass::Config || (class == PathClass::Docs && is_heading);
    !(is_other || (is_heading && of.role == Role::Declaration))
}

/// By the conventions of languages whose names tell: an underscore before it, in Go a small letter.
fn is_private(file: &FileName<'_>, name: &str) -> bool {
    let is_small = || name.chars().next().is_some_and(char::is_lowercase);
    name.starts_with('_') || (file.is_go && is_small())
}

/// Whether the file is called like what it defines, whatever the case and what joins the words.
fn is_namesake(file: &FileName<'_>, name: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase())
    }
    letters(file.stem).eq(letters(name))
}

//! Both styles as a reader sees them.

use insta::assert_snapshot;
use repo_map_model::{
    Definition, DefinitionKind as Kind, FileTags, LineSpan, RepoPath, Scope, ScopeId, ScopeKind as Holder,
};
use repo_map_render::{Item, RenderOptions, Source, Style, Tokenizer, render};

/// A file by hand: definitions as (kind, line of the name, signature, end, scope), scopes as (kind, line, header, end,
/// parent).
struct Sample {
    text: String,
    definitions: &'static [Row<Kind>],
    scopes: &'static [Row<Holder>],
}

type Row<K> = (K, u32, (u32, u32), u32, Option<u32>);

impl Sample {
    fn tags(&self) -> FileTags {
        let mut tags = FileTags::builder();
        let name = tags.name("name");
        for &(kind, line, (first, last), end_line, parent) in self.scopes {
            let header = LineSpan::new(first, last);
            tags.scope(Scope { kind, header, line, end_line, parent: parent.map(ScopeId) });
        }
        for &(kind, line, (first, last), end_line, scope) in self.definitions {
            tags.definition(Definition {
                name,
                kind,
                declaration: false,
                line,
                name_start: 0,
                signature: LineSpan::new(first, last),
                signature_end: 0,
                end_line,
                scope: scope.map(ScopeId),
            });
        }
        tags.build()
    }

    /// The map of some of the definitions, bars and marks and all.
    fn map(&self, style: Style, definitions: &[u32]) -> String {
        let path = RepoPath::new("pkg/sample.x").expect("a path inside a repository");
        let items = definitions.iter().map(|&index| Item::definition(path.clone(), index));
        let source = Source::new(self.text.as_str(), self.tags());
        let options = RenderOptions::new(10_000).style(style).tokenizer(Tokenizer::bytes4());
        render(items, |_: &RepoPath| Some(source.clone()), &options).text
    }
}

fn python() -> Sample {
    let text = r#"import os

LIMIT = 10


@register("engine")
@final
class Engine(Base):
    """Runs."""

    size = 1

    class Part:
        def weigh(self):
            return 1

    @property
    def speed(
        self,
        unit: str = "km",
    ) -> int:
        return self._speed

    def stop(self):
        pass


if os.name == "nt":

    def open_device():
        pass
"#;
    Sample {
        text: text.to_owned(),
        definitions: &[
            (Kind::Constant, 2, (2, 2), 2, None),
            (Kind::Class, 7, (5, 7), 23, None),
            (Kind::Field, 10, (10, 10), 10, Some(0)),
            (Kind::Class, 12, (12, 12), 14, Some(0)),
            (Kind::Method, 13, (13, 13), 14, Some(1)),
            (Kind::Method, 17, (16, 20), 21, Some(0)),
            (Kind::Method, 23, (23, 23), 24, Some(0)),
            (Kind::Function, 29, (29, 29), 30, Some(2)),
        ],
        scopes: &[
            (Holder::Type, 7, (5, 7), 24, None),
            (Holder::Type, 12, (12, 12), 14, Some(0)),
            (Holder::Block, 27, (27, 27), 30, None),
        ],
    }
}

#[test]
fn an_outline_is_one_line_a_definition_under_its_types() {
    assert_snapshot!(python().map(Style::Outline, &[4, 5, 7]), @r#"
    pkg/sample.x:
    │class Engine(Base)
    │    class Part
    │        def weigh(self):
    │    def speed(
    │    def open_device():
    "#);
}

#[test]
fn a_tree_has_all_scopes_and_whole_signatures() {
    assert_snapshot!(python().map(Style::Tree, &[4, 5, 7]), @r#"
    pkg/sample.x:
    ⋮
    │@register("engine")
    │@final
    │class Engine(Base):
    ⋮
    │    class Part:
    │        def weigh(self):
    ⋮
    │    @property
    │    def speed(
    │        self,
    │        unit: str = "km",
    │    ) -> int:
    ⋮
    │if os.name == "nt":
    │
    │    def open_device():
    ⋮
    "#);
}

#[test]
fn a_gap_of_one_line_of_code_stays_a_gap() {
    let sample = Sample {
        text: "int one(void)\n{\n\twork();\n}\nint two(void)\n{\n}\nint three(void)\n".to_owned(),
        definitions: &[
            (Kind::Function, 0, (0, 0), 3, None),
            (Kind::Function, 4, (4, 4), 6, None),
            (Kind::Function, 7, (7, 7), 7, None),
        ],
        scopes: &[],
    };
    assert_snapshot!(sample.map(Style::Tree, &[0, 1, 2]), @"
    pkg/sample.x:
    │int one(void)
    ⋮
    │int two(void)
    ⋮
    │int three(void)
    ");
    let sample = Sample {
        text: "f()\n  # why\ng()\n  body()\nh()\n// because\ni()\n".to_owned(),
        definitions: &[
            (Kind::Function, 0, (0, 0), 1, None),
            (Kind::Function, 2, (2, 2), 3, None),
            (Kind::Function, 4, (4, 4), 4, None),
            (Kind::Function, 6, (6, 6), 6, None),
        ],
        scopes: &[],
    };
    assert_snapshot!(sample.map(Style::Tree, &[0, 1, 2, 3]), @"
    pkg/sample.x:
    │f()
    ⋮
    │g()
    ⋮
    │h()
    │// because
    │i()
    ");
}

fn go() -> Sample {
    Sample {
        text: "package p\r\n\r\ntype Größe struct {\r\n\tBreite int // 幅\r\n}\r\n\r\nfunc (g *Größe) Set(\r\n\tw int,\r\n) {\r\n\tg.Breite = w\r\n}\r\n".to_owned(),
        definitions: &[
            (Kind::Struct, 2, (2, 2), 4, None),
            (Kind::Field, 3, (3, 3), 3, Some(0)),
            (Kind::Method, 6, (6, 8), 10, None),
        ],
        scopes: &[(Holder::Type, 2, (2, 2), 4, None)],
    }
}

#[test]
fn tabs_and_letters_stay_and_line_ends_are_one() {
    assert_snapshot!(go().map(Style::Outline, &[1, 2]).replace('\t', "→"), @"
    pkg/sample.x:
    │type Größe struct
    │→Breite int // 幅
    │func (g *Größe) Set(
    ");
    assert_snapshot!(go().map(Style::Tree, &[1, 2]).replace('\t', "→"), @"
    pkg/sample.x:
    ⋮
    │type Größe struct {
    │→Breite int // 幅
    ⋮
    │func (g *Größe) Set(
    │→w int,
    │) {
    ⋮
    ");
    assert!(!go().map(Style::Tree, &[0, 1, 2]).contains('\r'));
}

#[test]
fn namespaces_and_functions_are_scopes_of_the_tree_alone() {
    let sample = Sample {
        text: "namespace a {\nnamespace b {\nint f() {\n  struct Local {\n    int g();\n  };\n}\n}\n}\n"
            .to_owned(),
        definitions: &[
            (Kind::Function, 2, (2, 2), 6, Some(1)),
            (Kind::Struct, 3, (3, 3), 5, Some(2)),
            (Kind::Method, 4, (4, 4), 4, Some(3)),
        ],
        scopes: &[
            (Holder::Module, 0, (0, 0), 8, None),
            (Holder::Module, 1, (1, 1), 7, Some(0)),
            (Holder::Function, 2, (2, 2), 6, Some(1)),
            (Holder::Type, 3, (3, 3), 5, Some(2)),
        ],
    };
    assert_snapshot!(sample.map(Style::Outline, &[2]), @"
    pkg/sample.x:
    │  struct Local
    │    int g();
    ");
    assert_snapshot!(sample.map(Style::Tree, &[2]), @"
    pkg/sample.x:
    │namespace a {
    │namespace b {
    │int f() {
    │  struct Local {
    │    int g();
    ⋮
    ");
}

#[test]
fn long_lines_are_cut_at_a_character() {
    let sample = Sample {
        text: format!("fn wide({})\n", "größe: u8, ".repeat(12)),
        definitions: &[(Kind::Function, 0, (0, 0), 0, None)],
        scopes: &[],
    };
    let map = sample.map(Style::Outline, &[0]);
    assert_eq!(map.lines().nth(1).unwrap().chars().count(), 100);
    assert_snapshot!(map, @"
    pkg/sample.x:
    │fn wide(größe: u8, größe: u8, größe: u8, größe: u8, größe: u8, größe: u8, größe: u8, größe: u8, grö
    ");
}

#[test]
fn definitions_of_one_line_print_it_once_and_both_count() {
    let path = RepoPath::new("a.js").unwrap();
    let sample = Sample {
        text: "const a = 1, b = 2;\n".to_owned(),
        definitions: &[(Kind::Constant, 0, (0, 0), 0, None), (Kind::Constant, 0, (0, 0), 0, None)],
        scopes: &[],
    };
    let source = Source::new(sample.text.as_str(), sample.tags());
    let rendered =
        render([Item::definition(path, 1)], |_: &RepoPath| Some(source.clone()), &RenderOptions::default());
    assert_eq!(rendered.text, "a.js:\n│const a = 1, b = 2;\n");
    assert_eq!(rendered.files[0].definitions, [0, 1]);
}

#[test]
fn bare_paths_are_a_list_and_files_with_rows_stand_apart() {
    let sample = python();
    let path = |path: &str| RepoPath::new(path).unwrap();
    let items = [
        Item::file(path("README.md")),
        Item::file(path("setup.py")),
        Item::definition(path("a.py"), 0),
        Item::definition(path("b.py"), 6),
        Item::definition(path("a.py"), 3),
        Item::file(path("data.json")),
        Item::file(path("b.py")),
        Item::definition(path("setup.py"), 0),
    ];
    let source = Source::new(sample.text.as_str(), sample.tags());
    let rendered = render(items, |_: &RepoPath| Some(source.clone()), &RenderOptions::default());
    assert_snapshot!(rendered.text, @"
    README.md

    setup.py:
    │LIMIT = 10

    a.py:
    │LIMIT = 10
    │class Engine(Base)
    │    class Part

    b.py:
    │class Engine(Base)
    │    def stop(self):

    data.json
    ");
    let shown: Vec<_> =
        rendered.files.iter().map(|file| (file.path.as_str(), file.definitions.len())).collect();
    assert_eq!(shown, [("README.md", 0), ("setup.py", 1), ("a.py", 3), ("b.py", 2), ("data.json", 0)]);
}

//! The row of a definition says what a caller needs, on one line, whatever the language.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use repo_map_model::{
    Definition, DefinitionKind as Kind, FileTags, LineIndex, LineSpan, RepoPath, Scope, ScopeKind,
};
use repo_map_render::{Item, RenderOptions, Source, Style, Tokenizer, render};

/// A text in which each definition begins with `‹`, has its name between `«` and `»`, and ends its signature with `¦`. The
/// marks are no part of the text; a definition without `‹` begins on the line of its name.
fn marked(text: &str, kinds: &[Kind]) -> Source {
    let (mut plain, mut definitions) = (String::new(), Vec::new());
    let (mut begin, mut name) = (None, 0..0);
    for c in text.chars() {
        match c {
            '‹' => begin = Some(plain.len()),
            '«' => name = plain.len()..0,
            '»' => {
                name.end = plain.len();
                definitions.push((begin.take().unwrap_or(name.start), name.clone(), 0));
            }
            '¦' => {
                definitions.iter_mut().rev().find(|of| of.2 == 0).expect("after its name").2 = plain.len();
            }
            c => plain.push(c),
        }
    }
    let lines = LineIndex::new(plain.as_bytes());
    let line = |offset: usize| lines.line_of(offset as u32);
    let mut tags = FileTags::builder();
    assert_eq!(kinds.len(), definitions.len(), "a kind for each name");
    for (&kind, (begin, name, end)) in kinds.iter().zip(definitions) {
        let text = tags.name(&plain[name.clone()]);
        tags.definition(Definition {
            name: text,
            kind,
            declaration: false,
            line: line(name.start),
            name_start: name.start as u32,
            signature: LineSpan::new(line(begin), line(end)),
            signature_end: end as u32,
            end_line: line(end),
            scope: None,
        });
    }
    Source::new(plain, tags.build())
}

fn map(source: &Source, options: &RenderOptions) -> String {
    let path = RepoPath::new("a").expect("a path");
    let definitions = 0..source.tags.definitions().len() as u32;
    let items = definitions.map(|definition| Item::definition(path.clone(), definition));
    render(items, |_: &RepoPath| Some(source.clone()), options).text
}

/// The rows of all definitions.
fn rows(text: &str, kinds: &[Kind]) -> String {
    let text = map(&marked(text, kinds), &RenderOptions::new(10_000).tokenizer(Tokenizer::bytes4()));
    text.lines().skip(1).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn a_signature_of_several_lines_is_one_row() {
    let text = "‹static int\n«read_all»(int fd,\n         char *to)¦\n{\n  BODY\n}\n\n    ‹@property\n    def «speed»(\n        self,\n        unit: str = \"km\",  # of all\n    ) -> int:¦\n        BODY\n\nimpl X {\n\t‹pub fn «new»() -> Self ¦{ BODY }\n}\n";
    assert_snapshot!(rows(text, &[Kind::Function, Kind::Method, Kind::Method]).replace('\t', "→"), @r#"
    │static int read_all(int fd, char *to)
    │    @property def speed(self, unit: str = "km") -> int
    │→pub fn new() -> Self
    "#);
}

#[test]
fn what_stands_above_a_name_and_is_no_part_of_it_is_left_out() {
    let text = "‹open :: Path -> IO Queue\n«open» path =¦ BODY\n‹limit : Int\n«limit» =¦ BODY\n‹=========\n«The queue»¦\n=========\n=> a(b); [C] int «lost»(int a)¦;\n";
    assert_snapshot!(rows(text, &[Kind::Function, Kind::Constant, Kind::Module, Kind::Method]), @"
    │open :: Path -> IO Queue
    │limit : Int
    │The queue
    │=> a(b); [C] int lost(int a)
    ");
    let text = "‹=> a(b);\n  [C]\n  int «lost»(int a)¦;\n";
    assert_snapshot!(rows(text, &[Kind::Method]), @"│int lost(int a)");
}

#[test]
fn what_is_defined_on_one_line_is_one_row() {
    let text =
        "const «A»= 1¦, «B» = 2¦;\nenum «Color» ¦{ «Red»¦, «Green»¦ }\nclass «C» ¦{ «f»(x) ¦{ BODY } }\n";
    let kinds = [
        Kind::Constant,
        Kind::Constant,
        Kind::Enum,
        Kind::EnumMember,
        Kind::EnumMember,
        Kind::Class,
        Kind::Method,
    ];
    assert_snapshot!(rows(text, &kinds), @"
    │const A= 1, B = 2
    │enum Color { Red, Green }
    │class C { f(x)
    ");
}

#[test]
fn values_are_shown_as_far_as_they_are_short() {
    let text = "«LIMIT» = 10¦\n«NAMES» = [\n    \"a\",\n    \"b\",\n]¦\n«TABLE» = {\n    1: \"eins, zwei, drei, vier\",\n    2: \"fünf, sechs, sieben, acht, neun, zehn\",\n    3: \"elf, zwölf, dreizehn, vierzehn, fünfzehn\",\n}¦\nlet «words» = [\"größe\", \"breite\", \"höhe\", \"tiefe\", \"länge\", \"dicke\", \"fläche\"]¦;\n«HELP» = \"a text that says at length what everybody knows who ever read one\"¦\nkey: «sub»: 1¦\n";
    assert_snapshot!(rows(text, &[Kind::Constant, Kind::Constant, Kind::Constant, Kind::Variable, Kind::Constant, Kind::Field]), @r#"
    │LIMIT = 10
    │NAMES = ["a", "b"]
    │TABLE
    │let words = ["größe", "breite", "höhe", "tiefe", "länge", …]
    │HELP
    │key: sub: 1
    "#);
}

#[test]
fn a_row_is_never_wider_than_asked() {
    let parameters: String =
        (0..12).map(|place| format!("größe_{place}: HashMap<String, Vec<u8>>,\n")).collect();
    let text = format!(
        "pub async fn «resize»<T: Clone>(\n{parameters}) -> Result<T, Error>\nwhere\n  T: Send,\n¦{{\n}}\n"
    );
    let source = marked(&text, &[Kind::Function]);
    for width in 0..140 {
        let text =
            map(&source, &RenderOptions::new(10_000).tokenizer(Tokenizer::bytes4()).max_line_width(width));
        let row = text.lines().nth(1).expect("a row");
        assert!(row.chars().count() <= width.max(1), "{width}: {row}");
    }
    assert_snapshot!(rows(&text, &[Kind::Function]), @"
    │pub async fn resize<T>(größe_0: HashMap<String, Vec<u8>>, …) -> Result<T, Error>
    ");
}

/// The sign for what was cut off stood where the value had begun: the row was cut inside of it.
#[test]
fn a_value_is_cut_at_any_width() {
    let source = marked(
        "export const «KINDS»: Record<string, string> = { one: largest('first', 'second'), two: 2 }¦\nval «x»: Long? = größe(1)¦\n",
        &[Kind::Constant, Kind::Variable],
    );
    for width in 0..120 {
        let options = RenderOptions::new(10_000).tokenizer(Tokenizer::bytes4()).max_line_width(width);
        let text = map(&source, &options);
        assert!(text.lines().skip(1).all(|row| row.chars().count() <= width.max(1)), "{width}: {text}");
    }
}

#[test]
fn the_line_of_a_row_stands_before_it() {
    let source = marked("\n\n‹int\n«f»(int a)¦ {\n}\nint «g»(void)¦;\n", &[Kind::Function, Kind::Function]);
    let options = RenderOptions::new(10_000).tokenizer(Tokenizer::bytes4()).line_numbers(true);
    assert_snapshot!(map(&source, &options), @"
    a:
    4│int f(int a)
    6│int g(void)
    ");
    assert_snapshot!(map(&source, &options.style(Style::Tree)), @"
    a:
    ⋮
    3│int
    4│f(int a) {
    5│}
    6│int g(void);
    ");
}

#[test]
fn what_holds_members_and_is_no_definition_is_a_row_too() {
    let mut tags = FileTags::builder();
    let header = LineSpan::new(0, 2);
    let scope =
        tags.scope(Scope { kind: ScopeKind::Implementation, header, line: 0, end_line: 5, parent: None });
    let name = tags.name("new");
    tags.definition(Definition {
        name,
        kind: Kind::Method,
        declaration: false,
        line: 3,
        name_start: 47,
        signature: LineSpan::new(3, 3),
        signature_end: 53,
        end_line: 3,
        scope: Some(scope),
    });
    let source = Source::new("impl<T> Router<T>\nwhere\n  T: Clone, {\n  pub fn new() {}\n}\n", tags.build());
    assert_snapshot!(map(&source, &RenderOptions::new(100)), @"
    a:
    │impl<T> Router<T> where T: Clone
    │  pub fn new()
    ");
}

#[test]
fn a_signature_without_end_costs_no_more_than_its_beginning() {
    let text = format!("«f»(\n{}¦", "(\"'`/*@[{,\n".repeat(200_000));
    let row = rows(&text, &[Kind::Function]);
    assert!(row.chars().count() <= 101 && row.starts_with("│f("), "{row}");
}

/// Each definition of a file was quoted with the row that the file ends with, made and counted anew.
#[test]
fn a_row_is_made_and_counted_once_however_often_it_is_asked_for() {
    let text: String = (0..60).map(|at| format!("«f{at}»()¦ {{\n}}\n")).collect();
    let source = marked(&text, &[Kind::Function; 60]);
    let counted: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&counted);
    let tokenizer = Tokenizer::callback("counted", move |text| {
        *counts.lock().expect("no panic").entry(text.to_owned()).or_default() += 1;
        text.len()
    });
    // From the last one on, so that it stays the last.
    let items =
        (0..60).rev().map(|definition| Item::definition(RepoPath::new("a").expect("a path"), definition));
    for style in [Style::Outline, Style::Tree] {
        let options = RenderOptions::new(100_000).tokenizer(tokenizer.clone()).style(style);
        let rendered = render(items.clone(), |_: &RepoPath| Some(source.clone()), &options);
        assert_eq!(rendered.files[0].definitions.len(), 60);
        let counted = std::mem::take(&mut *counted.lock().expect("no panic"));
        let rows = counted.iter().filter(|(row, _)| row.starts_with('│'));
        let again: Vec<_> = rows.filter(|(row, times)| **times > 1 && !row.contains('}')).collect();
        assert!(again.is_empty(), "{again:?}");
        assert!(counted.keys().any(|row| row.starts_with("│f59()")));
    }
}

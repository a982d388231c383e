use repo_map_model::LineSpan;

use super::*;

/// Tags of definitions given as (name, kind, first line, last line).
fn tags(definitions: &[(&str, DefinitionKind, u32, u32)]) -> FileTags {
    let mut builder = FileTags::builder();
    for &(name, kind, line, end_line) in definitions {
        let name = builder.name(name);
        builder.definition(Definition {
            name,
            kind,
            declaration: false,
            line,
            name_start: 0,
            signature: LineSpan::new(line, line),
            signature_end: 0,
            end_line,
            scope: None,
        });
    }
    builder.build()
}

/// The words, out of those asked for, of each body, and the definition and the parent of each.
fn bodies<'w>(words: &FileWords, asked: &[&'w str]) -> Vec<(u32, Option<u32>, Vec<&'w str>)> {
    let held = |body: crate::record::Body<'_>| {
        let holds = |word: &str| {
            let position = words.position(Term::new(word)).map(|at| at as u32);
            body.postings().any(|(term, _)| Some(term) == position)
        };
        asked.iter().copied().filter(|word| holds(word)).collect()
    };
    words.bodies().map(|body| (body.definition, body.parent, held(body))).collect()
}

#[test]
fn a_type_keeps_its_own_lines_and_a_callable_hides_what_is_inside() {
    use DefinitionKind::{Class, Field, Function, Method};
    let text =
        "class Alpha:\n  field = beta\n  def gamma():\n    delta\n    def epsilon(): zeta\n  theta\nkappa\n";
    let definitions = [
        ("Alpha", Class, 0, 5),
        ("field", Field, 1, 1),
        ("gamma", Method, 2, 4),
        ("epsilon", Function, 4, 4),
    ];
    let words = FileWords::of(text, &tags(&definitions));
    let asked = ["alpha", "beta", "gamma", "delta", "zeta", "theta", "kappa"];
    assert_eq!(
        bodies(&words, &asked),
        [(0, None, vec!["alpha", "beta", "theta"]), (2, Some(0), vec!["gamma", "delta", "zeta"])]
    );
}

#[test]
fn the_comment_right_above_belongs_to_a_body() {
    let text = "// alpha\n\n// beta\nfn gamma() {}\nkappa\n// delta\n#[theta]\nfn zeta() {\n}\n";
    let function = DefinitionKind::Function;
    let words = FileWords::of(text, &tags(&[("gamma", function, 3, 3), ("zeta", function, 7, 8)]));
    let asked = ["alpha", "beta", "gamma", "delta", "zeta"];
    assert_eq!(bodies(&words, &asked), [(0, None, vec!["beta", "gamma"]), (1, None, vec!["delta", "zeta"])]);
}

#[test]
fn every_field_counts_its_own_lines() {
    let text = "// alpha beta\nfn alpha_two(gamma: u8) {\n  alpha\n}\n";
    let words = FileWords::of(text, &tags(&[("alpha_two", DefinitionKind::Function, 1, 3)]));
    let counts =
        |word: &str| words.terms().find(|&(term, _)| term == Term::new(word)).map(|(_, counts)| counts);
    assert_eq!(counts("alpha"), Some([3, 1, 1, 1]));
    assert_eq!(counts("gamma"), Some([1, 0, 1, 0]));
    assert_eq!(counts("alphatwo"), Some([1, 1, 1, 0]));
    let exact = |name: &str| words.position(Term::exact(name)).is_some();
    assert!(exact("alpha_two") && !exact("alpha"));
}

#[test]
fn lines_that_tags_name_may_be_missing() {
    let words = FileWords::of("alpha\n", &tags(&[("beta", DefinitionKind::Function, 7, u32::MAX)]));
    assert_eq!(bodies(&words, &["alpha"]), [(0, None, vec![])]);
}

#[test]
fn of_text_without_tags_only_the_head_is_read() {
    let text = format!("alpha{}beta", " ".repeat(MAX_UNTAGGED_BYTES));
    let held = |words: &FileWords, word| words.position(Term::new(word)).is_some();
    let untagged = FileWords::of(&text, &FileTags::default());
    assert!(held(&untagged, "alpha") && !held(&untagged, "beta"));
    let tagged = FileWords::of(&text, &tags(&[("gamma", DefinitionKind::Variable, 0, 0)]));
    assert!(held(&tagged, "beta"));
}

#[test]
fn a_file_of_endless_terms_has_a_record_with_an_end() {
    let text: String = (0..MAX_TERMS as u32 + 999).map(|word| format!("w{word:x}q\n")).collect();
    let words = FileWords::of(&text, &tags(&[("last_one", DefinitionKind::Function, 0, 9)]));
    assert_eq!(words.term_count(), MAX_TERMS);
}

#[test]
fn types_within_types_and_types_on_one_line_are_read_in_one_pass() {
    // Each looked at all that follow it: these took a quarter of an hour.
    let count = 200_000_u32;
    let text = "alpha\n".repeat(2 * count as usize);
    let nested: Vec<_> = (0..count).map(|at| ("alpha", DefinitionKind::Class, at, 2 * count - at)).collect();
    let words = FileWords::of(&text, &tags(&nested));
    assert_eq!(words.bodies().count(), count as usize);
    // The first line is its own and the second begins what is inside; the innermost has what is left.
    let lengths: Vec<_> = words.bodies().map(|body| body.length).collect();
    assert_eq!((lengths[0], lengths[count as usize - 1]), (1, 3));

    let beside = vec![("alpha", DefinitionKind::Class, 0, 0); count as usize];
    let words = FileWords::of(&text, &tags(&beside));
    let held: Vec<_> = words.bodies().map(|body| body.length).collect();
    assert_eq!((held[0], held[count as usize - 1]), (0, 1));
}

//! The risk: what a grammar cannot read, or reads as something else, takes the definitions around it away.
#![cfg(feature = "core")]

use repo_map_tags::{Language, extract};

/// Every definition and declaration as `kind name`, in order. A language that is not in this build has nothing to show.
fn check(language: &str, source: &str, expected: &str) {
    let Some(row) = Language::by_id(language) else { return };
    let tags = extract(row, source.as_bytes()).tags;
    let print = |definition: &repo_map_model::Definition| {
        format!("{} {}", definition.kind.as_str(), tags.name(definition.name))
    };
    let defined: Vec<_> = tags.definitions().iter().map(print).collect();
    assert_eq!(defined.join(", "), expected, "{language}: {source}");
}

#[test]
fn fortran_of_cards_has_its_units_and_no_arguments() {
    check(
        "fortran",
        "*     SUBROUTINE NONE(A)\n      SUBROUTINE COPY(N,A,\nC     between\n     +                B)\n      INTEGER N\n      REAL A(*),B(*)\n      DO 20 I = 1,N\n   20 CONTINUE\n      END\n      DOUBLE PRECISION FUNCTION NORM(N, ! of all\n     1 A)\n      NORM = 0.0\n      END\n",
        "function COPY, function NORM",
    );
}

#[test]
fn two_modifiers_are_no_call() {
    check(
        "kotlin",
        "internal sealed interface Load {\n    class Done : Load\n}\n\nprivate data object Idle {\n    val at = 0\n}\n\npublic abstract class Clock\n\nfun last() {}\n",
        "interface Load, class Done, class Idle, field at, class Clock, function last",
    );
}

#[test]
fn bindings_of_what_is_awaited_end_nothing() {
    check(
        "swift",
        "final class Shop {\n    func open(box: Box) async {\n        guard let a = await box.all else { return }\n        if let b = await box.one { use(b) }\n    }\n    func close() {}\n}\nfunc last() {}\n",
        "class Shop, method open, method close, function last",
    );
}

#[test]
fn members_without_a_name_are_named_by_their_keyword() {
    check(
        "swift",
        "class Row {\n    deinit { end() }\n    subscript(at: Int) -> Int { let local = at; return local }\n}\n",
        "class Row, method deinit, method subscript",
    );
}

#[test]
fn signatures_that_a_line_feed_ends_do_not_swallow_what_follows() {
    check(
        "typescript",
        "interface Pick<S> {\n  <A extends B<S>>(a: A): Out<S, A>\n  <A extends B<S>>(\n    a: A,\n    b: number,\n  ): Late<A>\n}\n\ninterface Next {\n  one: true\n}\n",
        "interface Pick, interface Next, field one",
    );
}

#[test]
fn exported_patterns_bind_names_and_others_do_not() {
    for language in ["javascript", "typescript", "tsx"] {
        check(
            language,
            "export const { add, clear: empty, size = 1 } = cart.actions;\nexport const [first] = pair();\nconst { local } = cart;\n",
            "constant add, constant empty, constant size, constant first",
        );
    }
}

#[test]
fn aliases_with_parameters_are_types() {
    check("python", "type Pair[T] = tuple[T, T]\ntype Map[K: str, *V] = dict[K, V]\n", "type Pair, type Map");
}

#[test]
fn private_renamed_and_generic_units_of_ada_are_found() {
    check(
        "ada",
        "package Shop is\n   type Item is private;\n   type Part is new Item with private;\n   function Size (A : Item) return Natural renames Length;\n   generic\n      with procedure Visit (A : Item);\n   procedure Each (A : Item);\nend Shop;\n",
        "module Shop, type Item, type Part, function Size, function Each",
    );
}

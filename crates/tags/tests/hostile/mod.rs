//! Inputs that cost a pass more than it is worth, where it goes back, looks far ahead or reads beyond what it is in.

/// Those of the passes before the parse, with their languages.
pub(crate) fn of_rewrites() -> Vec<(&'static str, String)> {
    let mut inputs = vec![
        // Brackets that are closed by the body that they are in, or by nothing.
        ("rust", "bitflags!{pub(})struct A;\n".to_owned()),
        ("rust", "bitflags!{struct A:u{pub( } ) const B=1; }\n".to_owned()),
        ("rust", "a!{if b\" {} }\" c! { \\".to_owned()),
        ("rust", "mod a{(}]\n".repeat(100_000) + "!"),
        ("rust", "mod a{#[})\n".repeat(90_000) + "!"),
        ("rust", "mod a{\"}\n".repeat(90_000) + "!"),
        ("rust", "mod a{\n".repeat(4_000) + "!"),
        // Words that may begin an item, and paths that may be of a call.
        ("rust", "pub\n".repeat(262_000) + "!"),
        ("rust", "pub extern unsafe\n".repeat(50_000) + "!"),
        ("rust", "const \n".repeat(130_000) + "!"),
        ("rust", "a::".repeat(348_000) + "!" + &"\n".repeat(2_100)),
        ("rust", "a!\n\n".repeat(200_000)),
        // Calls within calls that first read as conditions.
        (
            "rust",
            (0..11).fold("use a;\n".repeat(140_000), |held, _| format!("a!{{if mod x {{{held}\n1}}}}\n")),
        ),
        ("rust", (0..40).fold("use a;\n".repeat(100_000), |held, _| format!("a!{{if b {{{held}}}}}\n"))),
        ("swift", "= await ".repeat(130_000) + &"\n".repeat(2_100)),
        ("swift", "if let a = await ".repeat(60_000) + &"\n".repeat(2_100)),
        ("kotlin", "open final ".repeat(90_000) + &"\n".repeat(2_100)),
        ("kotlin", "context(".repeat(120_000) + &"\n".repeat(2_100)),
        ("kotlin", "context() @A(\n".repeat(80_000)),
        ("typescript", "):".repeat(250_000) + &"\n".repeat(500_000)),
        ("typescript", "): ".repeat(160_000) + &"a\n<a\n".repeat(80_000)),
        ("c", "struct S {\n".to_owned() + &"AA\n".repeat(399) + "x y\n" + &":\n".repeat(520_000)),
        ("cpp", ("*".to_owned() + &"AA()\n".repeat(199) + ";\n").repeat(1_000)),
        ("cpp", "R\"(\n".repeat(200_000)),
        ("cpp", "a<<<\n".repeat(200_000)),
        ("cpp", "enum A {\n".to_owned() + &"a X(\n".repeat(150_000)),
        ("cpp", "export {\n".repeat(100_000)),
        ("cpp", "export { }\n".repeat(90_000)),
        ("c", "a OF((".repeat(120_000) + &"\n".repeat(2_100)),
        ("groovy", "a.b 'c{".repeat(100_000) + &"\n".repeat(2_100)),
        ("groovy", "a.b 1,\n".repeat(100_000)),
        ("fortran", "     &\nc\n".repeat(100_000)),
        ("cython", "\"\"\"".repeat(350_001)),
        ("cython", "cdef int a(".repeat(90_000)),
        ("cython", "cdef extern from \"a\":\n".repeat(40_000)),
        ("cython", (0..1_000).map(|depth| " ".repeat(depth) + "cdef struct a:\n").collect()),
        ("cython", "=<".to_owned() + &"a <".repeat(300_000)),
        ("cython", "cdef a b[[[[,\n".repeat(70_000)),
        // What is opened and never ended, names that have no end, and statements within each other.
        ("sql", (0..90_000).map(|tag| format!("$a{tag}$ ")).collect()),
        ("sql", "/* ".repeat(350_000)),
        ("sql", "/* /* */\n".repeat(110_000)),
        ("sql", "q'a ".repeat(260_000)),
        ("sql", "\" [a ` ".repeat(150_000)),
        ("sql", "COPY a FROM STDIN;\n".repeat(55_000)),
        ("sql", "a.".repeat(520_000)),
        ("sql", "FROM a.".repeat(150_000)),
        ("sql", "CREATE OR REPLACE\n".repeat(58_000)),
        ("sql", "CREATE FUNCTION a AS b c\n".repeat(42_000)),
        ("sql", "CREATE TABLE a ".to_owned() + &"(".repeat(200) + &")(".repeat(500_000)),
        ("sql", "CREATE VIEW a".to_owned() + &"()".repeat(520_000)),
        ("sql", "CREATE PACKAGE a AS ".to_owned() + &"PROCEDURE b IS ".repeat(70_000)),
        ("sql", "CREATE PACKAGE a AS ".to_owned() + &"PROCEDURE b IS BEGIN END;".repeat(40_000)),
        ("sql", "CREATE FUNCTION a() BEGIN ".to_owned() + &"CASE BEGIN ".repeat(90_000)),
        ("sql", "$if ".repeat(260_000)),
        ("sql", "DO $$ DO $$ ".repeat(80_000)),
        ("sql", "DELIMITER $$\nEND$$\n".repeat(50_000)),
    ];
    // Branches within branches, each of which stands for all.
    let branches = "#if A\n}\n#else\n".repeat(49_000) + "}\n" + &"#endif\n".repeat(49_000);
    inputs.extend(["c", "cpp", "c_sharp"].map(|language| (language, branches.clone())));
    inputs
}

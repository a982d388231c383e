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
        ("typescript", "):".repeat(250_000) + &"\n".repeat(500_000)),
        ("typescript", "): ".repeat(160_000) + &"a\n<a\n".repeat(80_000)),
        ("c", "struct S {\n".to_owned() + &"AA\n".repeat(399) + "x y\n" + &":\n".repeat(520_000)),
        ("cpp", ("*".to_owned() + &"AA()\n".repeat(199) + ";\n").repeat(1_000)),
        ("cpp", "R\"(\n".repeat(200_000)),
        ("cpp", "a<<<\n".repeat(200_000)),
        ("fortran", "     &\nc\n".repeat(100_000)),
    ];
    // Branches within branches, each of which stands for all.
    let branches = "#if A\n}\n#else\n".repeat(49_000) + "}\n" + &"#endif\n".repeat(49_000);
    inputs.extend(["c", "cpp", "c_sharp"].map(|language| (language, branches.clone())));
    inputs
}

//! Languages of the group `extended`: the others.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-d")]
    Row {
        extensions: &["d", "di"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Macro,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Exception", "Object", "assert", "object", "size_t", "std", "string", "super", "to", "writefln",
            "writeln",
        ],
        ..Row::new(
            "d",
            "D",
            (tree_sitter_d::LANGUAGE, "tree-sitter-d", "0.8.2"),
            &[include_str!("../../queries/d.scm")],
        )
    },
    #[cfg(feature = "lang-fortran")]
    Row {
        extensions: &["f90", "f95", "f03", "f08", "f", "for", "F90", "F"],
        defines: &[
            D::Function,
            D::Method,
            D::Struct,
            D::Interface,
            D::EnumMember,
            D::Constant,
            D::Variable,
            D::Field,
            D::Module,
        ],
        declares: &[D::Function],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "abs", "allocated", "associated", "dble", "int", "kind", "len", "max", "maxval", "min", "minval",
            "mod", "nint", "present", "real", "shape", "size", "sqrt", "sum", "trim",
        ],
        ..Row::new(
            "fortran",
            "Fortran",
            (tree_sitter_fortran::LANGUAGE, "tree-sitter-fortran", "0.6.0"),
            &[include_str!("../../queries/fortran.scm")],
        )
    },
    #[cfg(feature = "lang-matlab")]
    Row {
        extensions: &["m"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::EnumMember,
            D::Constant,
            D::Field,
            D::Property,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        dotted: true,
        constructors_named_as_type: true,
        #[rustfmt::skip]
        noise: &[
            "abs", "all", "any", "cell", "cellfun", "char", "disp", "double", "end", "error", "false",
            "fprintf", "handle", "isempty", "length", "logical", "max", "min", "num2str", "numel", "ones",
            "printf", "size", "sprintf", "strcat", "strcmp", "struct", "sum", "true", "zeros",
        ],
        ..Row::new(
            "matlab",
            "MATLAB",
            (tree_sitter_matlab::LANGUAGE, "tree-sitter-matlab", "1.3.1"),
            &[include_str!("../../queries/matlab.scm")],
        )
    },
    #[cfg(feature = "lang-solidity")]
    Row {
        extensions: &["sol"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Field,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        noise: &["assert", "keccak256", "require", "revert"],
        ..Row::new(
            "solidity",
            "Solidity",
            (tree_sitter_solidity::LANGUAGE, "tree-sitter-solidity", "1.2.13"),
            &[include_str!("../../queries/solidity.scm")],
        )
    },
];

//! Languages of the group `extended`: the others.

use super::{D, R, Rewrite, Row};

// A build without these languages names neither.
const _: Option<(D, R, Rewrite)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-ada")]
    Row {
        extensions: &["adb", "ads", "ada"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Module,
        ],
        declares: &[D::Function, D::Method],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Boolean", "Character", "Duration", "Float", "Integer", "Natural", "Positive", "String",
        ],
        ..Row::new(
            "ada",
            "Ada",
            (tree_sitter_ada::LANGUAGE, "tree-sitter-ada", "0.9.2"),
            &[include_str!("../../queries/ada.scm")],
        )
    },
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
        rewrite: Some(Rewrite::FixedForm),
        extensions: &[
            "f90", "f95", "f03", "f08", "f", "for", "F90", "F", "F03", "F08", "F95", "FOR", "f77", "fpp",
            "ftn",
        ],
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
    #[cfg(feature = "lang-glsl")]
    Row {
        extensions: &["glsl", "vert", "frag", "geom", "comp", "tesc", "tese", "fsh", "glslf", "glslv", "vsh"],
        defines: &[D::Function, D::Struct, D::Variable, D::Field, D::Macro],
        declares: &[D::Function],
        references: &[R::Call, R::Type, R::Import],
        #[rustfmt::skip]
        noise: &[
            "abs", "bvec2", "bvec3", "bvec4", "ceil", "clamp", "cos", "cross", "dFdx", "dFdy", "distance",
            "dot", "exp", "floor", "fract", "inverse", "ivec2", "ivec3", "ivec4", "length", "log", "mat2",
            "mat3", "mat4", "max", "min", "mix", "mod", "normalize", "pow", "reflect", "sampler2D",
            "sampler2DArray", "samplerCube", "sign", "sin", "smoothstep", "sqrt", "step", "tan", "texelFetch",
            "texture", "texture2D", "transpose", "uint", "uvec2", "uvec3", "uvec4", "vec2", "vec3", "vec4",
        ],
        ..Row::new(
            "glsl",
            "GLSL",
            (tree_sitter_glsl::LANGUAGE_GLSL, "tree-sitter-glsl", "0.2.0"),
            &[include_str!("../../queries/c.scm"), include_str!("../../queries/glsl.scm")],
        )
    },
    #[cfg(feature = "lang-odin")]
    Row {
        extensions: &["odin"],
        defines: &[
            D::Function,
            D::Struct,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "append", "bool", "cap", "delete", "f32", "f64", "i32", "i64", "int", "len", "make", "new",
            "rawptr", "string", "u32", "u64", "u8",
        ],
        ..Row::new(
            "odin",
            "Odin",
            (tree_sitter_odin::LANGUAGE, "tree-sitter-odin", "1.3.0"),
            &[include_str!("../../queries/odin.scm")],
        )
    },
    #[cfg(feature = "lang-pascal")]
    Row {
        many_readings: true,
        extensions: &["pas", "pp", "inc", "dpr", "lpr", "dpk", "pascal"],
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
            D::Module,
            D::Property,
        ],
        declares: &[D::Function, D::Method],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "AnsiString", "Assert", "Assigned", "Boolean", "Break", "Byte", "Cardinal", "Char", "Continue",
            "Copy", "Dec", "Double", "Exit", "Extended", "FreeAndNil", "High", "Inc", "Int64", "Integer",
            "Length", "Longint", "Low", "Ord", "Pointer", "Real", "SetLength", "ShortString", "Single",
            "String", "Trim", "WideString", "Word", "Write", "WriteLn", "Writeln", "boolean", "integer",
            "string",
        ],
        ..Row::new(
            "pascal",
            "Pascal",
            (tree_sitter_pascal::LANGUAGE, "tree-sitter-pascal", "0.10.2"),
            &[include_str!("../../queries/pascal.scm")],
        )
    },
    #[cfg(feature = "lang-ql")]
    Row {
        extensions: &["ql", "qll"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Field,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "any", "avg", "concat", "count", "exists", "forall", "forex", "max", "min", "none", "not", "rank",
            "result", "strictcount", "sum", "this",
        ],
        ..Row::new(
            "ql",
            "QL",
            (tree_sitter_ql::LANGUAGE, "tree-sitter-ql", "0.23.1"),
            &[include_str!("../../queries/ql.scm")],
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
    #[cfg(feature = "lang-wgsl")]
    Row {
        extensions: &["wgsl"],
        defines: &[D::Function, D::Struct, D::Type, D::Constant, D::Variable, D::Field],
        references: &[R::Call, R::Type],
        #[rustfmt::skip]
        noise: &[
            "abs", "array", "atan2", "bitcast", "bool", "ceil", "clamp", "cos", "cross", "dot", "f32",
            "floor", "i32", "length", "max", "min", "mix", "normalize", "pow", "sin", "sqrt", "textureSample",
            "u32",
        ],
        ..Row::new(
            "wgsl",
            "WGSL",
            (tree_sitter_wgsl_bevy::LANGUAGE, "tree-sitter-wgsl-bevy", "0.1.4"),
            &[include_str!("../../queries/wgsl.scm")],
        )
    },
];

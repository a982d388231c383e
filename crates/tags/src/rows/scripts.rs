//! Languages of the group `extended`: those that run from their text.

use super::{D, Embedded, R, Rewrite, Row};

// A build without these languages names none.
const _: Option<(D, R, Embedded, Rewrite)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-astro")]
    Row {
        extensions: &["astro"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        embedded: Some(Embedded::Astro),
        constructors: &["constructor"],
        noise: &["require"],
        ..Row::new(
            "astro",
            "Astro",
            (tree_sitter_typescript::LANGUAGE_TYPESCRIPT, "tree-sitter-typescript", "0.23.2"),
            &[include_str!("../../queries/ecmascript.scm"), include_str!("../../queries/typescript.scm")],
        )
    },
    #[cfg(feature = "lang-awk")]
    Row {
        extensions: &["awk", "gawk"],
        interpreters: &["awk", "gawk", "mawk", "nawk"],
        defines: &[D::Function, D::Variable],
        references: &[R::Call, R::Import],
        #[rustfmt::skip]
        noise: &[
            "gsub", "index", "int", "length", "match", "split", "sprintf", "sub", "substr", "system",
            "tolower", "toupper",
        ],
        ..Row::new(
            "awk",
            "AWK",
            (arborium_awk::language(), "arborium-awk", "2.18.2"),
            &[include_str!("../../queries/awk.scm")],
        )
    },
    #[cfg(feature = "lang-gdscript")]
    Row {
        many_readings: true,
        extensions: &["gd"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Enum,
            D::EnumMember,
            D::Constant,
            D::Variable,
            D::Field,
            D::Property,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        indented: true,
        constructors: &["_init"],
        #[rustfmt::skip]
        noise: &[
            "Array", "Color", "Dictionary", "NodePath", "PackedStringArray", "Rect2", "String", "StringName",
            "Transform2D", "Transform3D", "Variant", "Vector2", "Vector2i", "Vector3", "abs", "append",
            "bool", "clamp", "emit", "erase", "float", "get_node", "has", "int", "load", "max", "min", "new",
            "preload", "print", "push_back", "queue_free", "randf", "range", "size", "str", "void",
        ],
        documents_in_strings: true,
        ..Row::new(
            "gdscript",
            "GDScript",
            (tree_sitter_gdscript::LANGUAGE, "tree-sitter-gdscript", "6.1.0"),
            &[include_str!("../../queries/gdscript.scm")],
        )
    },
    #[cfg(feature = "lang-groovy")]
    Row {
        open_angles: true,
        extensions: &["groovy", "gradle", "gvy"],
        file_names: &["Jenkinsfile"],
        rewrite: Some(Rewrite::GroovyCommands),
        interpreters: &["groovy"],
        compared_commands: true,
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Constant,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        capitals_are_constants: true,
        #[rustfmt::skip]
        noise: &[
            "ArrayList", "Boolean", "Closure", "Date", "File", "HashMap", "Integer", "List", "Long", "Map",
            "Object", "Override", "Set", "String", "assert", "collect", "def", "each", "echo", "find",
            "findAll", "print", "println", "sh", "void",
        ],
        ..Row::new(
            "groovy",
            "Groovy",
            (tree_sitter_groovy::LANGUAGE, "tree-sitter-groovy", "0.1.2"),
            &[include_str!("../../queries/groovy.scm")],
        )
    },
    #[cfg(feature = "lang-jupyter")]
    Row {
        many_readings: true,
        extensions: &["ipynb"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        indented: true,
        embedded: Some(Embedded::Notebook),
        capitals_are_constants: true,
        constructors: &["__init__", "__new__"],
        noise: super::core_scripts::NOISE_OF_PYTHON,
        documents_in_strings: true,
        ..Row::new(
            "jupyter",
            "Jupyter Notebook",
            (tree_sitter_python::LANGUAGE, "tree-sitter-python", "0.25.0"),
            &[include_str!("../../queries/python.scm")],
        )
    },
    #[cfg(feature = "lang-luau")]
    Row {
        cut_off: true,
        extensions: &["luau"],
        defines: &[D::Function, D::Method, D::Type, D::Constant, D::Variable, D::Field],
        references: &[R::Call, R::Type, R::Import],
        capitals_are_constants: true,
        #[rustfmt::skip]
        noise: &[
            "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "print", "rawget",
            "rawset", "require", "select", "self", "setmetatable", "tonumber", "tostring", "type", "typeof",
            "unpack",
        ],
        ..Row::new(
            "luau",
            "Luau",
            (tree_sitter_luau::LANGUAGE, "tree-sitter-luau", "1.2.0"),
            &[include_str!("../../queries/luau.scm")],
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
        separator: Some("."),
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
    #[cfg(feature = "lang-powershell")]
    Row {
        extensions: &["ps1", "psm1", "psd1"],
        interpreters: &["pwsh"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Enum,
            D::EnumMember,
            D::Variable,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        constructors_named_as_type: true,
        #[rustfmt::skip]
        noise: &[
            "Add-Member", "CmdletBinding", "ForEach-Object", "Get-ChildItem", "Get-Content", "Get-Item",
            "Import-Module", "Join-Path", "Mandatory", "New-Item", "New-Object", "Out-Null", "Parameter",
            "Remove-Item", "Select-Object", "Set-Content", "Set-Location", "Set-StrictMode", "Sort-Object",
            "Split-Path", "Test-Path", "ValidateSet", "Where-Object", "Write-Error", "Write-Host",
            "Write-Output", "Write-Verbose", "Write-Warning", "bool", "hashtable", "int", "new", "object",
            "param", "pscustomobject", "psobject", "string", "switch", "using", "void",
        ],
        ..Row::new(
            "powershell",
            "PowerShell",
            (tree_sitter_powershell::LANGUAGE, "tree-sitter-powershell", "0.26.6"),
            &[include_str!("../../queries/powershell.scm")],
        )
    },
    #[cfg(feature = "lang-svelte")]
    Row {
        extensions: &["svelte"],
        defines: &[D::Function, D::Method, D::Class, D::Interface, D::Constant, D::Variable, D::Field],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        embedded: Some(Embedded::Scripts),
        constructors: &["constructor"],
        noise: &["require"],
        ..Row::new(
            "svelte",
            "Svelte",
            (tree_sitter_typescript::LANGUAGE_TYPESCRIPT, "tree-sitter-typescript", "0.23.2"),
            &[include_str!("../../queries/ecmascript.scm"), include_str!("../../queries/typescript.scm")],
        )
    },
    #[cfg(feature = "lang-vim")]
    Row {
        extensions: &["vim", "vimrc"],
        file_names: &[".vimrc", ".gvimrc", "vimrc"],
        defines: &[D::Function, D::Constant, D::Variable, D::Macro],
        references: &[R::Call, R::Import],
        #[rustfmt::skip]
        noise: &[
            "add", "empty", "exists", "expand", "get", "has", "has_key", "join", "len", "let", "line", "map",
            "printf", "split", "string", "substitute", "type",
        ],
        ..Row::new(
            "vim",
            "Vim script",
            (arborium_vim::language(), "arborium-vim", "2.18.2"),
            &[include_str!("../../queries/vim.scm")],
        )
    },
    #[cfg(feature = "lang-vue")]
    Row {
        extensions: &["vue"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        embedded: Some(Embedded::Scripts),
        constructors: &["constructor"],
        noise: &["require"],
        ..Row::new(
            "vue",
            "Vue",
            (tree_sitter_typescript::LANGUAGE_TYPESCRIPT, "tree-sitter-typescript", "0.23.2"),
            &[include_str!("../../queries/ecmascript.scm"), include_str!("../../queries/typescript.scm")],
        )
    },
];

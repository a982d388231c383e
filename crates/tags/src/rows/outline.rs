//! Formats that have an outline and no references.

use super::{D, Markup, OpenElements, R, Rewrite, Row};

// A build without these languages names neither.
const _: (Option<(D, R, Markup)>, usize) = (None, MOST);
const _: Option<(OpenElements, Rewrite)> = None;

/// A file of data has thousands of keys, and an outline of it a hundred at most.
const MOST: usize = 100;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-asciidoc")]
    Row {
        extensions: &["adoc"],
        markup: Some(Markup::AsciiDoc),
        outline: true,
        ..Row::ungrammatical("asciidoc", "AsciiDoc")
    },
    #[cfg(feature = "lang-css")]
    Row {
        extensions: &["css"],
        defines: &[D::Function, D::Class, D::Field],
        outline: true,
        most: MOST,
        ..Row::new(
            "css",
            "CSS",
            (tree_sitter_css::LANGUAGE, "tree-sitter-css", "0.25.0"),
            &[include_str!("../../queries/css.scm")],
        )
    },
    #[cfg(feature = "lang-dockerfile")]
    Row {
        extensions: &["dockerfile", "containerfile"],
        file_names: &["Dockerfile", "Containerfile"],
        defines: &[D::Variable, D::Module],
        outline: true,
        most: MOST,
        ..Row::new(
            "dockerfile",
            "Dockerfile",
            (tree_sitter_containerfile::LANGUAGE, "tree-sitter-containerfile", "0.9.2"),
            &[include_str!("../../queries/dockerfile.scm")],
        )
    },
    #[cfg(feature = "lang-html")]
    Row {
        restored_elements: Some(OpenElements::Html),
        extensions: &["html", "htm", "xhtml"],
        defines: &[D::Field, D::Module],
        outline: true,
        most: MOST,
        ..Row::new(
            "html",
            "HTML",
            (tree_sitter_html::LANGUAGE, "tree-sitter-html", "0.23.2"),
            &[include_str!("../../queries/html.scm")],
        )
    },
    #[cfg(feature = "lang-ini")]
    Row {
        extensions: &["ini", "cfg", "desktop", "editorconfig"],
        file_names: &[".editorconfig", ".gitconfig", ".gitmodules"],
        defines: &[D::Field, D::Module],
        rewrite: Some(Rewrite::Returns),
        outline: true,
        most: MOST,
        ..Row::new(
            "ini",
            "INI",
            (arborium_ini::language(), "arborium-ini", "2.18.2"),
            &[include_str!("../../queries/ini.scm")],
        )
    },
    #[cfg(feature = "lang-json")]
    Row {
        extensions: &["json", "webmanifest", "geojson"],
        defines: &[D::Field],
        outline: true,
        most: MOST,
        ..Row::new(
            "json",
            "JSON",
            (tree_sitter_json::LANGUAGE, "tree-sitter-json", "0.24.8"),
            &[include_str!("../../queries/json.scm")],
        )
    },
    #[cfg(feature = "lang-markdown")]
    Row {
        extensions: &["md", "markdown", "mdx"],
        defines: &[D::Module],
        markup: Some(Markup::Markdown),
        outline: true,
        most: MOST,
        ..Row::new(
            "markdown",
            "Markdown",
            (tree_sitter_md::LANGUAGE, "tree-sitter-md", "0.5.4"),
            &[include_str!("../../queries/markdown.scm")],
        )
    },
    #[cfg(feature = "lang-rst")]
    Row {
        looked_through_words: true,
        extensions: &["rst"],
        defines: &[D::Module],
        markup: Some(Markup::Rst),
        rewrite: Some(Rewrite::Returns),
        outline: true,
        most: MOST,
        ..Row::new(
            "rst",
            "reStructuredText",
            (tree_sitter_rst::LANGUAGE, "tree-sitter-rst", "0.2.0"),
            &[include_str!("../../queries/rst.scm")],
        )
    },
    #[cfg(feature = "lang-text")]
    Row {
        extensions: &["txt"],
        file_names: &["CONTRIBUTING", "HACKING", "README"],
        markup: Some(Markup::Rst),
        outline: true,
        ..Row::ungrammatical("text", "Text")
    },
    #[cfg(feature = "lang-toml")]
    Row {
        extensions: &["toml"],
        file_names: &["Cargo.lock", "Pipfile", "poetry.lock", "uv.lock"],
        defines: &[D::Field, D::Module],
        outline: true,
        most: MOST,
        ..Row::new(
            "toml",
            "TOML",
            (tree_sitter_toml_ng::LANGUAGE, "tree-sitter-toml-ng", "0.7.0"),
            &[include_str!("../../queries/toml.scm")],
        )
    },
    #[cfg(feature = "lang-xml")]
    Row {
        restored_elements: Some(OpenElements::Xml),
        extensions: &[
            "xml", "xsd", "xsl", "xslt", "csproj", "fsproj", "vbproj", "props", "targets", "plist", "xaml",
            "wsdl",
        ],
        defines: &[D::Field, D::Module, D::Property],
        outline: true,
        most: MOST,
        ..Row::new(
            "xml",
            "XML",
            (tree_sitter_xml::LANGUAGE_XML, "tree-sitter-xml", "0.7.0"),
            &[include_str!("../../queries/xml.scm")],
        )
    },
    #[cfg(feature = "lang-yaml")]
    Row {
        extensions: &["yaml", "yml"],
        file_names: &[".clang-format", ".clang-tidy"],
        defines: &[D::Field],
        blocks_by_column: true,
        outline: true,
        most: MOST,
        ..Row::new(
            "yaml",
            "YAML",
            (tree_sitter_yaml::LANGUAGE, "tree-sitter-yaml", "0.7.2"),
            &[include_str!("../../queries/yaml.scm")],
        )
    },
];

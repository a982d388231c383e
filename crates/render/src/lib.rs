//! Fits the best definitions of a repository into a token budget and prints them in context.
#![forbid(unsafe_code)]

mod file;
mod important;
mod meter;
mod packing;
mod page;
mod printable;
mod render;
mod source;
mod style;
mod tokens;

pub use important::{MAX_IMPORTANT_FILES, important_files, is_important_root_file};
pub use render::{Item, RenderOptions, Rendered, RenderedFile, render};
pub use source::{Source, Sources};
pub use style::Style;
pub use tokens::{TokenCounter, Tokenizer, UnknownTokenizer};

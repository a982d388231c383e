#[cfg(feature = "vocabularies")]
mod slots;
#[cfg(feature = "vocabularies")]
mod vocabulary;

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

#[cfg(feature = "vocabularies")]
use vocabulary::Vocabulary;

/// Says how many tokens a text is for a model.
pub trait TokenCounter: Send + Sync {
    /// The name that results report.
    fn name(&self) -> &str;

    /// The number of tokens of the whole text.
    fn count(&self, text: &str) -> usize;
}

/// A named way to count tokens. Cheap to clone.
///
/// The vocabularies are OpenAI's, as the crate `bpe-openai` ships them. They are laid out when this crate is built and
/// read in place: the first count costs no more than the next.
#[derive(Clone, Default)]
pub struct Tokenizer(Kind);

#[derive(Clone, Default)]
pub(crate) enum Kind {
    #[cfg(feature = "vocabularies")]
    #[default]
    O200k,
    #[cfg(feature = "vocabularies")]
    Cl100k,
    #[cfg_attr(not(feature = "vocabularies"), default)]
    Bytes4,
    Custom(Arc<dyn TokenCounter>),
}

/// No tokenizer has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown tokenizer {name:?}; known are {}", Tokenizer::NAMES.join(", "))]
pub struct UnknownTokenizer {
    /// The name that was asked for.
    pub name: String,
}

impl Tokenizer {
    /// The names that [`by_name`](Self::by_name) knows, the default first.
    pub const NAMES: &[&str] =
        if cfg!(feature = "vocabularies") { &["o200k", "cl100k", "bytes4"] } else { &["bytes4"] };

    /// The vocabulary of GPT-4o and later models: the default.
    #[cfg(feature = "vocabularies")]
    pub const fn o200k() -> Self {
        Self(Kind::O200k)
    }

    /// The vocabulary of GPT-4 and GPT-3.5.
    #[cfg(feature = "vocabularies")]
    pub const fn cl100k() -> Self {
        Self(Kind::Cl100k)
    }

    /// A quarter of the bytes, rounded up: no vocabulary, for models whose own is not public. The default of a build without the
    /// feature `vocabularies`.
    pub const fn bytes4() -> Self {
        Self(Kind::Bytes4)
    }

    /// A tokenizer of the caller's. It may be asked for single lines as an estimate and for the whole text for the
    /// decision, some ten times a map.
    pub fn callback(name: impl Into<String>, count: impl Fn(&str) -> usize + Send + Sync + 'static) -> Self {
        Self::custom(Callback { name: name.into(), count })
    }

    /// A counter of the caller's; see [`callback`](Self::callback).
    pub fn custom(counter: impl TokenCounter + 'static) -> Self {
        Self(Kind::Custom(Arc::new(counter)))
    }

    /// The tokenizer of a name out of [`NAMES`](Self::NAMES).
    ///
    /// # Errors
    /// [`UnknownTokenizer`], whose message lists the known names.
    pub fn by_name(name: &str) -> Result<Self, UnknownTokenizer> {
        match name {
            #[cfg(feature = "vocabularies")]
            "o200k" => Ok(Self::o200k()),
            #[cfg(feature = "vocabularies")]
            "cl100k" => Ok(Self::cl100k()),
            "bytes4" => Ok(Self::bytes4()),
            _ => Err(UnknownTokenizer { name: name.to_owned() }),
        }
    }

    /// Whether it is one of [`NAMES`](Self::NAMES), whose name says what it counts; a caller's own may change.
    pub const fn is_known(&self) -> bool {
        !matches!(self.0, Kind::Custom(_))
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }
}

impl TokenCounter for Tokenizer {
    fn name(&self) -> &str {
        match &self.0 {
            #[cfg(feature = "vocabularies")]
            Kind::O200k => "o200k",
            #[cfg(feature = "vocabularies")]
            Kind::Cl100k => "cl100k",
            Kind::Bytes4 => "bytes4",
            Kind::Custom(counter) => counter.name(),
        }
    }

    fn count(&self, text: &str) -> usize {
        match &self.0 {
            #[cfg(feature = "vocabularies")]
            Kind::O200k => Vocabulary::o200k().count(text),
            #[cfg(feature = "vocabularies")]
            Kind::Cl100k => Vocabulary::cl100k().count(text),
            Kind::Bytes4 => text.len().div_ceil(4),
            Kind::Custom(counter) => counter.count(text),
        }
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokenizer({:?})", self.name())
    }
}

struct Callback<F> {
    name: String,
    count: F,
}

impl<F: Fn(&str) -> usize + Send + Sync> TokenCounter for Callback<F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn count(&self, text: &str) -> usize {
        (self.count)(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_its_tokenizer() {
        for name in Tokenizer::NAMES {
            assert_eq!(Tokenizer::by_name(name).unwrap().name(), *name);
        }
        assert_eq!(Tokenizer::default().name(), Tokenizer::NAMES[0]);
    }

    #[test]
    fn an_unknown_name_is_told_the_known_ones() {
        let error = Tokenizer::by_name("gpt9").unwrap_err();
        assert_eq!(error.to_string(), r#"unknown tokenizer "gpt9"; known are o200k, cl100k, bytes4"#);
    }

    #[test]
    fn known_texts_have_their_known_counts() {
        assert_eq!(Tokenizer::cl100k().count("tiktoken is great!"), 6);
        assert_eq!(Tokenizer::o200k().count("tiktoken is great!"), 6);
        assert_eq!(Tokenizer::bytes4().count("12345"), 2);
        assert_eq!(Tokenizer::callback("words", |text| text.split_whitespace().count()).count("a b c"), 3);
    }
}

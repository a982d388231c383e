//! What is put into one file of an agent, and how it comes out again.

use serde_json::Value;

use super::edit::{Edited, put, take_out};
use super::jsonc::parse;
use super::marked::{self, Comment};
use super::member;
use super::record::Entry;

/// The name of the server, of the skill and of all that is ours.
pub(crate) const NAME: &str = "repo-map";

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Insertion {
    /// A member of our name of an object that stands at a way of names.
    Member(&'static [&'static str], Value),
    /// An item of an array that stands at a way of names; it is ours if it runs our hook.
    Item(&'static [&'static str], Value),
    /// A block between comments, at the end.
    Block(Comment, String),
    /// The same of TOML, which must be valid afterwards.
    Toml(String),
    /// A block of YAML below a key.
    Below(&'static str, String),
    /// All of the file.
    File(String),
}

impl Insertion {
    /// The text with it.
    ///
    /// # Errors
    /// In words, where it does not fit the text.
    pub(crate) fn put_into(&self, before: &str) -> Result<Edited, String> {
        let is_there = |way: &[&str]| {
            let root = parse(before);
            let node = root.as_ref().and_then(|root| root.at(way));
            node.is_some_and(|node| node.member(NAME).is_some())
        };
        match self {
            Self::Member(way, _) if is_there(way) => {
                Err(format!("it has a {NAME} that was not put there by install"))
            }
            Self::Member(way, value) => member::insert(before, way, Some(NAME), value),
            Self::Item(way, value) => member::insert(before, way, None, value),
            Self::Block(comment, block) => Ok(marked::append(before, *comment, block)),
            Self::Toml(block) => {
                let edited = marked::append(before, Comment::Hash, block);
                match toml::from_str::<toml::Table>(edited.text.trim_start_matches('\u{feff}')) {
                    Ok(_) => Ok(edited),
                    Err(_)
                        if toml::from_str::<toml::Table>(before.trim_start_matches('\u{feff}')).is_err() =>
                    {
                        Err("it is not TOML".to_owned())
                    }
                    Err(_) => Err(format!(
                        "it has a {NAME} that was not put there by install, or its servers on one line"
                    )),
                }
            }
            Self::Below(key, block) => {
                let is_there = before
                    .lines()
                    .any(|line| line.starts_with(' ') && line.trim_end().trim_start() == format!("{NAME}:"));
                if is_there {
                    return Err(format!("it has a {NAME} that was not put there by install"));
                }
                marked::below_key(before, key, block)
            }
            Self::File(text) if before.is_empty() => Ok(put(before, vec![(0, text.clone())])),
            Self::File(_) => Err("there is one that was not put there by install".to_owned()),
        }
    }

    /// The text as it was without it, whatever else has changed since. `None` where nothing is ours in it.
    pub(crate) fn out_of(&self, text: &str, known: Option<&Entry>) -> Option<String> {
        let is_json = matches!(self, Self::Member(..) | Self::Item(..));
        let exact = known.and_then(|entry| take_out(text, &entry.puts));
        if let Some(before) =
            exact.filter(|before| !is_json || before.trim().is_empty() || parse(before).is_some())
        {
            return Some(before);
        }
        match self {
            Self::Member(way, value) => {
                let is_ours = |name: Option<&str>, found: &str| {
                    name == Some(NAME) && (known.is_some() || is_same(found, value))
                };
                Some(emptied(member::remove(text, way, &is_ours)?, way, known))
            }
            Self::Item(way, value) => {
                let is_ours = |_: Option<&str>, found: &str| {
                    is_same(found, value)
                        || known.is_some() && found.contains(NAME) && found.contains(" hook\"")
                };
                Some(emptied(member::remove(text, way, &is_ours)?, way, known))
            }
            Self::Block(comment, _) => marked::remove(text, *comment),
            Self::Toml(_) => marked::remove(text, Comment::Hash),
            Self::Below(key, _) => {
                let without = marked::remove(text, Comment::Hash)?;
                let alone = format!("{key}:");
                Some(if without.trim() == alone && is_created(known) { String::new() } else { without })
            }
            Self::File(ours) => (text == ours).then(String::new),
        }
    }
}

/// Whether a text is this value, however it is laid out.
fn is_same(text: &str, value: &Value) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|found| found == *value)
}

fn is_created(known: Option<&Entry>) -> bool {
    known.is_some_and(|entry| entry.is_created)
}

/// Without the objects that were made for ours alone and hold nothing now: those of a file that we made.
fn emptied(mut text: String, way: &[&str], known: Option<&Entry>) -> String {
    if !is_created(known) {
        return text;
    }
    for depth in (1..=way.len()).rev() {
        let (outer, name) = (&way[..depth - 1], way[depth - 1]);
        let is_empty = |value: &str| value.chars().all(|c| "{}[] \t\r\n".contains(c));
        let ours = |found: Option<&str>, value: &str| found == Some(name) && is_empty(value);
        match member::remove(&text, outer, &ours) {
            Some(less) => text = less,
            None => return text,
        }
    }
    if text.chars().all(|c| "{} \t\r\n".contains(c)) { String::new() } else { text }
}

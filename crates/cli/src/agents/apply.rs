//! Files as they are to be: worked out first, shown or written then.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::catalogue::Wish;
use super::files::{missing_folders, read, remove_empty, write};
use super::insertion::Insertion;
use super::record::{Entry, Record};

/// What is to be done with one file.
#[derive(Debug)]
pub(crate) enum Step {
    /// It is as it should be.
    Unchanged,
    /// It is written anew; `None` removes it.
    Write { before: Option<String>, after: Option<String> },
    /// It is left alone, for a reason.
    Left(String),
}

/// A file and what is done with it, and what is known of it afterwards.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    pub(crate) step: Step,
    /// `None` where nothing of ours is left in it.
    pub(crate) entry: Option<Entry>,
}

/// Puts a wish into its file, in place of what was put there before.
pub(crate) fn install(wish: &Wish, agent: &str, record: &Record) -> Change {
    let known = record.of(&wish.path);
    let left = |why: String| Change { path: wish.path.clone(), step: Step::Left(why), entry: known.cloned() };
    let current = match read(&wish.path) {
        Ok(current) => current,
        Err(why) => return left(why),
    };
    let text = current.clone().unwrap_or_default();
    let base = match known {
        Some(entry) => wish.what.out_of(&text, Some(entry)).unwrap_or(text),
        None => text,
    };
    let edited = match wish.what.put_into(&base) {
        Ok(edited) => edited,
        Err(why) => return left(why),
    };
    let mut entry = known.cloned().unwrap_or_else(|| Entry {
        path: wish.path.clone(),
        is_created: current.is_none(),
        folders: missing_folders(&wish.path),
        ..Entry::default()
    });
    entry.puts = edited.puts;
    if !entry.agents.iter().any(|of| of == agent) {
        entry.agents.push(agent.to_owned());
        entry.agents.sort();
    }
    let step = match current == Some(edited.text.clone()) {
        true => Step::Unchanged,
        false => Step::Write { before: current, after: Some(edited.text) },
    };
    Change { path: wish.path.clone(), step, entry: Some(entry) }
}

/// Takes a wish out of its file, unless another agent reads it there.
pub(crate) fn uninstall(wish: &Wish, agent: &str, record: &Record) -> Change {
    let known = record.of(&wish.path);
    let unchanged = |entry| Change { path: wish.path.clone(), step: Step::Unchanged, entry };
    if let Some(entry) = known {
        let mut shared = entry.clone();
        shared.agents.retain(|of| of != agent);
        if !shared.agents.is_empty() {
            return unchanged(Some(shared));
        }
    }
    let current = match read(&wish.path) {
        Ok(Some(current)) => current,
        Ok(None) => return unchanged(None),
        Err(why) => {
            return Change { path: wish.path.clone(), step: Step::Left(why), entry: known.cloned() };
        }
    };
    let Some(without) = wish.what.out_of(&current, known) else {
        let why = "nothing of ours is in it as it was written".to_owned();
        let step = if known.is_some() { Step::Left(why) } else { Step::Unchanged };
        return Change { path: wish.path.clone(), step, entry: None };
    };
    let is_created = known.map_or(matches!(wish.what, Insertion::File(_)), |entry| entry.is_created);
    let is_ours = is_created && without.is_empty();
    let after = (!is_ours).then_some(without);
    Change { path: wish.path.clone(), step: Step::Write { before: Some(current), after }, entry: None }
}

/// Does what a change says.
pub(crate) fn perform(change: &Change, folders: &[PathBuf]) -> io::Result<()> {
    match &change.step {
        Step::Unchanged | Step::Left(_) => Ok(()),
        Step::Write { after: Some(text), .. } => write(&change.path, text),
        Step::Write { after: None, .. } => {
            fs::remove_file(&change.path)?;
            remove_empty(folders);
            Ok(())
        }
    }
}

/// What a change adds and takes away, as lines with what stands around them.
pub(crate) fn difference(change: &Change) -> String {
    const AROUND: usize = 2;
    let Step::Write { before, after } = &change.step else { return String::new() };
    let (before, after) = (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - same;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut lines = Vec::new();
    lines.extend(old[same.saturating_sub(AROUND)..same].iter().map(|line| format!(" {line}")));
    lines.extend(old[same..old.len() - tail].iter().map(|line| format!("-{line}")));
    lines.extend(new[same..new.len() - tail].iter().map(|line| format!("+{line}")));
    lines.extend(new[new.len() - tail..].iter().take(AROUND).map(|line| format!(" {line}")));
    lines.iter().map(|line| line.clone() + "\n").collect()
}

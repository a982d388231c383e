//! Names and places of a tree: what the request names is found among its files, the crate of navigation does the rest.

use std::path::Path;

use repo_map_files::{hiding, read};
use repo_map_model::{FileTags, RepoPath};
use repo_map_navigation::{
    Answer as Page, NameQuery, Place, Point, Tree, best_definition, callers, find, holds_secrets, outline,
    references, show,
};
use repo_map_ranking::Corpus;
use repo_map_render::{Source, TokenCounter as _, Tokenizer, escaped, path_line};
use repo_map_tags::decode;

use super::Session;
use super::answer::Answer;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::map::Timings;
use crate::navigation::{Navigation, NavigationRequest};
use crate::request::MapRequest;

/// Paths that are named where one is asked for that is not there.
const MOST_LIKE: usize = 5;

/// A text with such a byte near its beginning is none.
const LOOKED_AT: usize = 8_000;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Verb {
    Find,
    References,
    Callers,
    Show,
    Outline,
}

impl Session {
    pub(crate) fn navigate(
        &self,
        verb: Verb,
        request: &NavigationRequest,
        limits: &Limits<'_>,
    ) -> Result<Navigation, Error> {
        let mut look = MapRequest::new(request.token_budget);
        look.refresh = request.refresh;
        let seen = self.look(&look, limits, &mut Timings::default())?;
        let answer = Answer { session: self, tree: &seen.tree, limits };
        let (budget, tokenizer) = (request.token_budget, &self.settings().tokenizer);
        let page = match verb {
            Verb::Find => find(&answer, &answer.query(request)?, budget, tokenizer),
            Verb::References => references(&answer, &answer.query(request)?, budget, tokenizer),
            Verb::Callers => callers(&answer, &answer.query(request)?, budget, tokenizer),
            Verb::Show => answer.show(&request.target, budget, tokenizer)?,
            Verb::Outline => answer.outline(&request.target, budget, tokenizer)?,
        };
        limits.check()?;
        let mut navigation = Navigation::of(page, budget, tokenizer.name());
        navigation.is_partial = seen.is_partial;
        navigation.notices = self.take_notices(&seen.tree);
        drop(seen);
        self.keep_within_ceiling();
        Ok(navigation)
    }
}

impl Tree for Answer<'_> {
    fn corpus(&self) -> &Corpus {
        self.tree.index.corpus()
    }

    fn source(&self, path: &RepoPath) -> Option<Source> {
        // Names of such files may be told, their lines not.
        if holds_secrets(path) { None } else { Answer::source(self, path) }
    }

    fn is_due(&self) -> bool {
        self.limits.is_due()
    }
}

impl Answer<'_> {
    fn query(&self, request: &NavigationRequest) -> Result<NameQuery, Error> {
        let name = request.target.trim();
        if name.is_empty() {
            return Err(Error::new(ErrorKind::NotFound, "an empty name is nowhere; name a definition"));
        }
        let query = NameQuery::new(name);
        let Some(within) = request.within.as_ref().filter(|within| !self.session.is_root(within)) else {
            return Ok(query);
        };
        let found = self.session.inside(within);
        let is_there =
            |found: &RepoPath| self.tree.index.paths().any(|path| path == found || path.is_in(found));
        match found.filter(is_there) {
            Some(found) => Ok(query.within(Some(found))),
            None => Err(self.nowhere(&within.to_string_lossy())),
        }
    }

    /// A place in a file; a bare name is its best definition.
    fn show(&self, target: &str, budget: usize, tokenizer: &Tokenizer) -> Result<Page, Error> {
        let (path, point) = match self.place(target) {
            Ok((path, point)) => (path, point),
            Err(error) => {
                let is_name = error.kind() == ErrorKind::NotFound && !target.trim().is_empty();
                let of = is_name.then(|| best_definition(self, &NameQuery::new(target))).flatten();
                let (path, line) = of.ok_or(error)?;
                (path, Point::Line(line))
            }
        };
        let source = self.text(&path)?;
        show(&path, &source, &point, budget, tokenizer).ok_or_else(|| {
            let Point::Name(name) = &point else { return self.nowhere(target) };
            let (name, path) = (escaped(name), path_line(path.as_str()));
            Error::new(
                ErrorKind::NotFound,
                format!("{path} does not define {name}; `outline` lists what it defines"),
            )
        })
    }

    fn outline(&self, target: &str, budget: usize, tokenizer: &Tokenizer) -> Result<Page, Error> {
        let (path, _) = self.place(target)?;
        let source = self.text(&path)?;
        Ok(outline(&path, &source, budget, tokenizer))
    }

    /// The file that a place names. A path that holds a colon is itself, where there is such a file.
    fn place(&self, target: &str) -> Result<(RepoPath, Point), Error> {
        let known = |path: &str| {
            self.session.inside(Path::new(path)).filter(|path| self.tree.index.contains(path.as_str()))
        };
        if target.trim().is_empty() {
            return Err(Error::new(ErrorKind::NotFound, "an empty place names no file"));
        }
        if let Some(path) = known(target) {
            return Ok((path, Point::Whole));
        }
        let place = Place::parse(target);
        match known(&place.path) {
            Some(path) => Ok((path, place.point)),
            None => Err(self.nowhere(&place.path)),
        }
    }

    /// Why a path is none of the files of the map.
    fn nowhere(&self, target: &str) -> Error {
        let told = escaped(target).into_owned();
        let root = self.session.plan.root.path();
        let Some(path) = self.session.inside(Path::new(target)) else {
            let root = repo_map_render::escaped_path(root);
            return Error::new(ErrorKind::OutsideRoot, format!("{told} is not inside of {root}"));
        };
        let is_there = root.join(path.as_str()).symlink_metadata();
        if is_there.as_ref().is_ok_and(std::fs::Metadata::is_dir)
            && self.tree.index.paths().any(|of| of.is_in(&path))
        {
            return Error::new(ErrorKind::NotFound, format!("{told} is a folder; name a file of it"));
        }
        if is_there.is_ok() {
            let why = hiding(&self.session.plan.root, &self.session.scan_options(), &path);
            let skipped = || {
                let mut all = self.tree.index.skipped();
                all.find(|of| of.path == path.as_str()).map(|of| format!("it was passed over: {}", of.cause))
            };
            let why = why.map(|why| why.to_string()).or_else(skipped);
            let why = why.unwrap_or_else(|| "it is a link, or the settings leave it out".to_owned());
            return Error::new(ErrorKind::Hidden, format!("{told} is not among the files of the map: {why}"));
        }
        let name = path.file_name().to_lowercase();
        let like = self.tree.index.paths().filter(|of| of.file_name().to_lowercase() == name);
        let like: Vec<_> = like.take(MOST_LIKE).map(|of| path_line(of.as_str())).collect();
        let hint =
            if like.is_empty() { String::new() } else { format!("; did you mean {}?", like.join(", ")) };
        Error::new(ErrorKind::NotFound, format!("there is no {told} in the repository{hint}"))
    }

    /// The text of a file with its tags, where a grammar reads it.
    fn text(&self, path: &RepoPath) -> Result<Source, Error> {
        let told = path_line(path.as_str());
        if holds_secrets(path) {
            let line = format!("{told} is a file of keys or passwords by its name; its lines are not shown");
            return Err(Error::new(ErrorKind::Withheld, line));
        }
        if let Some(source) = Answer::source(self, path) {
            return Ok(source);
        }
        let limit = self.session.settings().max_file_bytes;
        let unreadable =
            |why: String| Error::new(ErrorKind::Unreadable, format!("{told} cannot be shown: {why}"));
        let (bytes, _) =
            read(&self.session.plan.root, path, limit).map_err(|reason| unreadable(reason.to_string()))?;
        let text = decode(&bytes);
        if text[..text.len().min(LOOKED_AT)].contains(&0) {
            return Err(unreadable("it is no text".to_owned()));
        }
        Ok(Source::new(String::from_utf8_lossy(&text).as_ref(), FileTags::default()))
    }
}

//! Names and places.

use repo_map_cache::{Error, ErrorKind, MapRequest, Navigation, NavigationRequest, RepoMapper};

use super::Asked;
use super::page::Page;
use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::reply::Reply;

type Verb = fn(&RepoMapper, &NavigationRequest) -> Result<Navigation, Error>;

impl Asked<'_> {
    /// Definitions and uses of a name, or its callers.
    pub(super) fn find(&self, mut arguments: Arguments<'_>) -> Result<Reply, Refusal> {
        let mut request = NavigationRequest::new(arguments.needed("name")?, 0);
        if let Some(within) = arguments.text("within")?.filter(|within| !within.is_empty()) {
            self.workplace.roots.check(&self.chosen, &within)?;
            request = request.within(within);
        } else if let Some(folder) = &self.chosen.folder {
            request = request.within(folder);
        }
        let callers = arguments.flag("callers")?;
        self.navigate(if callers { RepoMapper::callers } else { RepoMapper::find }, &request)
    }

    /// A body, or lines.
    pub(super) fn show(&self, mut arguments: Arguments<'_>) -> Result<Reply, Refusal> {
        let place = self.place_in_root(arguments.needed("place")?);
        self.navigate(RepoMapper::show, &NavigationRequest::new(place, 0))
    }

    /// What a file defines; of a folder, its map.
    pub(super) fn outline(&self, mut arguments: Arguments<'_>) -> Result<Reply, Refusal> {
        let path = self.place_in_root(arguments.needed("path")?);
        self.workplace.roots.check(&self.chosen, &path)?;
        let folder = self.chosen.repository.join(&path);
        if folder.is_dir() {
            return self.map(&MapRequest::default().folder(folder).cancellation(self.cancellation));
        }
        self.navigate(RepoMapper::outline, &NavigationRequest::new(path, 0))
    }

    /// A path as it is meant by who named a folder of the repository: from there, where only there is such a file.
    fn place_in_root(&self, place: String) -> String {
        let Some(folder) = &self.chosen.folder else { return place };
        let path = place.split(':').next().unwrap_or_default();
        let is_there = !self.chosen.repository.join(path).exists() && folder.join(path).exists();
        let below = folder.strip_prefix(&self.chosen.repository).ok().and_then(|below| below.to_str());
        match below.filter(|_| is_there) {
            Some(below) => format!("{below}/{place}"),
            None => place,
        }
    }

    fn navigate(&self, verb: Verb, request: &NavigationRequest) -> Result<Reply, Refusal> {
        let request = request.clone().cancellation(self.cancellation);
        let was_warm = self.place.is_warm();
        self.fit(&["definitions", "references", "lines"], false, |mapper, deadline, budget| {
            let mut request = request.clone().deadline(deadline);
            request.token_budget = budget;
            let found = match verb(mapper, &request) {
                // What is not there yet may come.
                Err(error) if !was_warm && error.kind() == ErrorKind::NotFound => {
                    return Ok(Page { is_partial: true, ..Page::of(error.to_string()) });
                }
                found => found?,
            };
            let omitted = found.omitted;
            Ok(Page {
                text: found.text,
                omitted: vec![
                    ("definitions", omitted.definitions),
                    ("references", omitted.references),
                    ("lines", omitted.lines),
                ],
                confidence: None,
                is_partial: found.is_partial,
                notices: found.notices,
            })
        })
    }
}

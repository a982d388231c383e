use repo_map_cache::MapRequest;

use super::Asked;
use super::page::Page;
use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::reply::Reply;

impl Asked<'_> {
    /// The ranked map of a task.
    pub(super) fn repo_map(&self, mut arguments: Arguments<'_>) -> Result<Reply, Refusal> {
        let task = arguments.text("task")?.unwrap_or_default();
        let chat = arguments.texts("chat_files")?;
        // A name that is a file of the tree is one; the rest are identifiers.
        let is_path = |name: &String| name.contains('/') || self.chosen.repository.join(name).is_file();
        let (files, idents): (Vec<String>, Vec<String>) =
            arguments.texts("mentioned")?.into_iter().partition(is_path);
        for path in chat.iter().chain(&files) {
            self.workplace.roots.check(&self.chosen, path)?;
        }
        let mut request = MapRequest::default()
            .task(task)
            .chat_files(chat)
            .mentioned_files(files)
            .mentioned_idents(idents)
            .cancellation(self.cancellation);
        request.folder = self.chosen.folder.clone();
        self.map(&request)
    }

    /// The page of a request, in what its reply leaves.
    pub(super) fn map(&self, request: &MapRequest) -> Result<Reply, Refusal> {
        self.fit(&["files", "definitions"], |mapper, deadline, budget| {
            let mut request = request.clone().deadline(deadline);
            request.token_budget = budget;
            let map = mapper.map(&request)?;
            let mut text = map.text;
            if map.freshness.files == 0 && !map.is_partial && budget > 0 {
                "[nothing to show: the folder has no files, or rules hide them all]".clone_into(&mut text);
            }
            Ok(Page {
                text,
                omitted: vec![("files", map.omitted.files), ("definitions", map.omitted.definitions)],
                is_partial: map.is_partial,
                notices: map.notices,
            })
        })
    }
}

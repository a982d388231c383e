use std::cell::Cell;

use repo_map_cache::MapRequest;

use super::Asked;
use super::page::Page;
use crate::arguments::Arguments;
use crate::counting;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// A turn is chosen out of a page of so many times its budget: what was shown already takes a part.
const SPARE: usize = 3;

/// Of a name that a caller gives its conversation, in bytes.
const LONGEST_NAME: usize = 200;

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
        match arguments.text("session")?.filter(|name| !name.is_empty()) {
            Some(name) if name.len() <= LONGEST_NAME => self.turn(&request, &name),
            Some(_) => Err(Refusal::new("session of repo_map is a name of at most 200 bytes")),
            None => self.map(&request),
        }
    }

    /// What a conversation was not shown before.
    fn turn(&self, request: &MapRequest, name: &str) -> Result<Reply, Refusal> {
        let conversations = &self.workplace.conversations;
        let root = &self.chosen.repository;
        let session = conversations.of(root, name);
        let tokenizer = counting::of_json_strings(&self.workplace.config.tokenizer);
        let shown = Cell::new(String::new());
        let reply = self.fit(&[], true, |mapper, deadline, budget| {
            let mut request = request.clone().deadline(deadline);
            request.token_budget = budget.saturating_mul(SPARE);
            let map = mapper.map(&request)?;
            let mut text = session.news(&map.text, budget, &tokenizer);
            shown.set(text.clone());
            if text.is_empty() {
                "[nothing new for this task]".clone_into(&mut text);
            }
            Ok(Page {
                text,
                omitted: Vec::new(),
                confidence: map.confidence.filter(|_| !map.is_partial),
                is_partial: map.is_partial,
                notices: map.notices,
            })
        })?;
        conversations.keep(root, name, &shown.take());
        Ok(reply)
    }

    /// The page of a request, in what its reply leaves.
    pub(super) fn map(&self, request: &MapRequest) -> Result<Reply, Refusal> {
        let has_task = !request.task.trim().is_empty() || !request.mentioned_idents.is_empty();
        self.fit(&["files", "definitions"], has_task, |mapper, deadline, budget| {
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
                confidence: map.confidence.filter(|_| !map.is_partial),
                is_partial: map.is_partial,
                notices: map.notices,
            })
        })
    }
}

//! The first candidates of a task, given to a reranker.

use std::time::Instant;

use repo_map_model::{CancellationToken, Definition, RepoPath};
use repo_map_ranking::Chances;
use repo_map_render::Source;

use super::answer::Answer;
use crate::request::MapRequest;
use crate::rerank::{Candidate, CandidateDefinition, Reranking, reorder};

/// So many files and definitions are told.
const FILES: usize = 50;
const DEFINITIONS: usize = 150;
/// Characters of a signature.
const SIGNATURE: usize = 400;

impl Answer<'_> {
    /// Puts the first files and definitions in the order of the reranker, if there is one and a task; a notice where it fails.
    pub(super) fn rerank(&self, request: &MapRequest, chances: &mut Chances, notices: &mut Vec<String>) {
        let Some(settings) = &self.session.settings().reranker else { return };
        if request.task.trim().is_empty() {
            return;
        }
        let corpus = self.tree.index.corpus();
        let files = chances.files.iter().take(FILES).take_while(|file| file.chance > 0.0);
        let mut candidates: Vec<Candidate> = files
            .map(|file| Candidate {
                path: corpus.path(file.file).clone(),
                chance: file.chance,
                definition: None,
            })
            .collect();
        let files = candidates.len();
        let definitions = chances.definitions.iter().take(DEFINITIONS);
        candidates.extend(definitions.map(|of| {
            let path = corpus.path(of.file).clone();
            let definition = self.candidate(&path, of.definition);
            let known = || CandidateDefinition {
                name: corpus.definition_name(of.file, of.definition).unwrap_or_default().to_owned(),
                kind: repo_map_model::DefinitionKind::Function,
                line: 0,
                signature: String::new(),
            };
            Candidate { path, chance: of.chance, definition: Some(definition.unwrap_or_else(known)) }
        }));
        if candidates.is_empty() {
            return;
        }
        let definitions = candidates.len() - files;
        let latest = Instant::now() + settings.within;
        let question = Reranking {
            task: request.task.clone(),
            candidates,
            deadline: request.deadline.map_or(latest, |deadline| deadline.min(latest)),
            cancellation: CancellationToken::new(),
        };
        match settings.ask(question, request.cancellation.as_ref()) {
            Ok(scores) => {
                reorder(&mut chances.files[..files], &scores[..files], |file| &mut file.chance);
                reorder(&mut chances.definitions[..definitions], &scores[files..], |of| &mut of.chance);
            }
            Err(cause) => notices.push(format!("the reranker is not followed: {cause}")),
        }
    }

    fn candidate(&self, path: &RepoPath, definition: u32) -> Option<CandidateDefinition> {
        let source = self.source(path)?;
        let of = source.tags.definitions().get(definition as usize)?;
        let name = source.tags.name(of.name).to_owned();
        Some(CandidateDefinition { name, kind: of.kind, line: of.line, signature: signature(&source, of) })
    }
}

fn signature(source: &Source, of: &Definition) -> String {
    let (first, last) = (of.signature.first as usize, of.signature.last as usize);
    let lines = source.text.lines().skip(first).take(last - first + 1).flat_map(str::split_whitespace);
    let mut text = String::new();
    for word in lines {
        if text.len() + word.len() >= SIGNATURE {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

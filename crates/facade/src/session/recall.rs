//! Maps that were made before: what one is kept under, and how it is given again.

use std::sync::Arc;
use std::time::Instant;

use repo_map_cache_core::Key;
use repo_map_model::Interrupt;
use repo_map_render::{TokenCounter as _, is_hidden};

use super::Session;
use super::answer::Answer;
use super::look::{Seen, Wants};
use crate::index::{Survey, TreeWords};
use crate::kept_map::{self, Circumstances, KeptMap};
use crate::limits::Limits;
use crate::map::{CacheReport, Freshness, RepoMap, Timings};
use crate::named::Named;
use crate::request::MapRequest;
use crate::snapshot::Tree;

impl Session {
    /// The map that was kept of the tree as the survey finds it. `None` also where this is interrupted: the index is filled then, as far as that goes.
    pub(super) fn recall_of(
        &self,
        survey: &Survey,
        request: &MapRequest,
        wants: Wants,
        tree: &mut Tree,
        interrupt: Interrupt<'_>,
        timings: &mut Timings,
    ) -> Option<Seen> {
        let workshop = self.workshop(true, interrupt);
        let (index, hits) = survey.index(&workshop)?;
        let words = match wants.words {
            true => TreeWords::of_texts(&index, &workshop)?,
            false => TreeWords::default(),
        };
        if wants.history {
            let start = Instant::now();
            self.update_history(tree, interrupt).ok()?;
            timings.history = start.elapsed();
        }
        let mut found = Tree {
            index: Arc::new(index),
            words: Arc::new(words),
            history: tree.history.clone(),
            is_scanned: true,
            trusts_stat: true,
        };
        let limits = Limits::default();
        let kept = Answer { session: self, tree: &found, limits: &limits }.kept(request)?;
        Arc::make_mut(&mut found.index).tell(kept.reading.clone(), kept.passed_over);
        let report = CacheReport { hits, ..CacheReport::default() };
        Some(Seen { kept: Some(kept), ..self.seen(found, Some(report)) })
    }
}

impl Answer<'_> {
    /// What a request's map is kept under. All that it is made from has to be in here.
    pub(super) fn map_key(&self, request: &MapRequest, named: &Named) -> Option<Key> {
        // Nobody knows what it will say the next time.
        if self.session.settings().reranker.is_some() {
            return None;
        }
        let digest = self.tree.index.digest();
        let history = match self.session.wants_history(request) {
            true => format!("{} {}", self.tree.history.state(), self.session.settings().past_messages),
            false => String::new(),
        };
        let texts = self.session.wants_words(request).then(|| self.tree.words.digest());
        let texts = texts.as_ref().map_or(&[][..], |digest| digest.as_bytes());
        let around = Circumstances {
            digests: &[digest.as_bytes(), &self.tree.index.facts().unread, history.as_bytes(), texts],
            languages: self.session.store.languages(),
            preset: &self.session.preset,
            weights: &self.session.settings().weights,
            tokenizer: &self.session.settings().tokenizer,
        };
        kept_map::key(request, named, &around)
    }

    /// The map that was kept of this tree for a request.
    pub(super) fn kept(&self, request: &MapRequest) -> Option<KeptMap> {
        let named = self.named(request, &mut Vec::new());
        let key = self.map_key(request, &named)?;
        let kept = self.recall(&key);
        if kept.is_none() {
            *self.session.missed() = Some(key);
        }
        kept
    }

    /// The map that was kept under a key, if the files that it quotes are still those of the last look.
    pub(super) fn recall(&self, key: &Key) -> Option<KeptMap> {
        let kept = kept_map::recall(self.session.store.open(), key)?;
        // No map that was made here has it.
        if kept.text.contains(|c| is_hidden(c) && !matches!(c, '\n' | '\t')) {
            return None;
        }
        let mut quoted = kept.files.iter().filter(|file| self.tree.index.is_tagged(file.path.as_str()));
        let is_same = |path| self.is_as_seen(path) || !self.session.is_changed(&self.tree.index, path);
        quoted.all(|file| is_same(&file.path)).then_some(kept)
    }

    /// A map that was kept, told as if it had been made now.
    pub(super) fn again(
        &self,
        kept: KeptMap,
        request: &MapRequest,
        cache: CacheReport,
        timings: Timings,
        notices: Vec<String>,
    ) -> RepoMap {
        RepoMap {
            text: kept.text,
            files: kept.files,
            ranking: Vec::new(),
            tokens_used: kept.tokens_used,
            budget: request.token_budget,
            tokenizer: self.session.settings().tokenizer.name().to_owned(),
            omitted: kept.omitted,
            confidence: kept.confidence,
            is_partial: false,
            freshness: self.freshness(),
            reading: self.tree.index.facts().reading.clone(),
            cache,
            timings,
            notices,
        }
    }

    pub(super) fn freshness(&self) -> Freshness {
        Freshness {
            tree_digest: self.tree.index.digest(),
            files: self.tree.index.len(),
            skipped: self.tree.index.facts().skipped,
        }
    }
}

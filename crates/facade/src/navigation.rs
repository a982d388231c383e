use std::path::PathBuf;
use std::time::Instant;

use repo_map_model::CancellationToken;
use repo_map_navigation::{Answer, Omitted, Row};

use crate::limits::Limits;
use crate::request::RefreshMode;

/// A name or place that is looked up, and how large the answer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NavigationRequest {
    /// A name (`start`, `Engine.start`, `*_handler`) or a place (`src/a.rs`, `src/a.rs:12`, `src/a.rs:start`), as the call says. Paths may
    /// be relative to the repository's root, or absolute and inside it.
    pub target: String,
    /// The hard ceiling of the answer's size, in tokens of the mapper's tokenizer.
    pub token_budget: usize,
    /// Only what stands in this folder or file.
    pub within: Option<PathBuf>,
    /// When the tree is refreshed; `None` means as configured.
    pub refresh: Option<RefreshMode>,
    /// Ends the request with an error of the kind [`Cancelled`](crate::ErrorKind::Cancelled).
    pub cancellation: Option<CancellationToken>,
    /// When the answer is wanted at the latest: see [`Navigation::is_partial`].
    pub deadline: Option<Instant>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Navigation {
    /// The page; empty where nothing fits.
    pub text: String,
    /// The size of `text`; never above `budget`.
    pub tokens_used: usize,
    /// The ceiling that was asked for.
    pub budget: usize,
    /// The tokenizer that both are counted in.
    pub tokenizer: String,
    /// The rows of the page as data.
    pub rows: Vec<Row>,
    /// What was found and had no room.
    pub omitted: Omitted,
    /// The deadline came before the tree was read: the answer is of what was there by then.
    pub is_partial: bool,
    /// Warnings that stop nothing.
    pub notices: Vec<String>,
}

impl NavigationRequest {
    /// A request for a name or place within a budget.
    pub fn new(target: impl Into<String>, token_budget: usize) -> Self {
        let (within, refresh, cancellation, deadline) = (None, None, None, None);
        Self { target: target.into(), token_budget, within, refresh, cancellation, deadline }
    }

    /// Looks in a folder or file alone.
    #[must_use]
    pub fn within(mut self, path: impl Into<PathBuf>) -> Self {
        self.within = Some(path.into());
        self
    }

    /// Sets when the tree is refreshed.
    #[must_use]
    pub fn refresh(mut self, refresh: RefreshMode) -> Self {
        self.refresh = Some(refresh);
        self
    }

    /// Lets a token end the request.
    #[must_use]
    pub fn cancellation(mut self, token: &CancellationToken) -> Self {
        self.cancellation = Some(token.clone());
        self
    }

    /// Asks for what is there at a moment, if the whole is not.
    #[must_use]
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    pub(crate) fn limits(&self) -> Limits<'_> {
        Limits { token: self.cancellation.as_ref(), deadline: self.deadline }
    }
}

impl Navigation {
    pub(crate) fn of(answer: Answer, budget: usize, tokenizer: &str) -> Self {
        let Answer { text, tokens_used, rows, omitted, .. } = answer;
        let tokenizer = tokenizer.to_owned();
        Self { text, tokens_used, budget, tokenizer, rows, omitted, ..Self::default() }
    }
}

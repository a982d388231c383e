//! A request at several budgets: ranked once, printed once a budget.

use std::cell::RefCell;

use repo_map_model::RepoPath;
use repo_map_render::{Printer, RenderedFile, TokenCounter as _};

use super::Session;
use super::answer::{Answer, Drawn, Ordered, SPARE_DEFINITIONS};
use crate::dress::dressed;
use crate::error::Error;
use crate::explain::{file_and_definition_signals, stored_tags};
use crate::limits::Limits;
use crate::map::{MappedFile, RepoMap, Timings};
use crate::named::Named;
use crate::order::Order;
use crate::request::MapRequest;
use crate::view::{self, MOST_DEFINITIONS, Places, View, ViewedPage};

impl Session {
    pub(crate) fn view(
        &self,
        request: &MapRequest,
        budgets: &[usize],
        limits: &Limits<'_>,
    ) -> Result<View, Error> {
        let seen = self.look(request, limits, &mut Timings::default())?;
        if seen.is_partial {
            return Err(limits.deadline_exceeded());
        }
        let mut view = Answer { session: self, tree: &seen.tree, limits }.view(request, budgets)?;
        view.notices.splice(0..0, self.take_notices(&seen.tree));
        view.notices.extend(self.take_shortage());
        drop(seen);
        self.keep_within_ceiling();
        Ok(view)
    }
}

impl Answer<'_> {
    fn view(&self, request: &MapRequest, budgets: &[usize]) -> Result<View, Error> {
        let mut notices = Vec::new();
        let named = self.named(request, &mut notices);
        let most = budgets.iter().max().copied().unwrap_or_default();
        let limit = most.saturating_add(SPARE_DEFINITIONS).max(MOST_DEFINITIONS);
        let Ordered { order, confidence, .. } =
            self.order(request, &named, limit, &mut Timings::default(), &mut notices)?;

        let index = &self.tree.index;
        let places = Places::of(index, &order);
        let options = self.options(request, &order);
        let printer = RefCell::new(Printer::new(&options));
        let mut pages = Vec::with_capacity(budgets.len());
        let mut shown = Vec::with_capacity(budgets.len());
        for &budget in budgets {
            self.limits.check()?;
            let mut request = request.clone();
            request.token_budget = budget;
            let (map, files) = self.page(&printer, &request, &named, &order)?;
            let lines = places.lines(&map.text, &files);
            pages.push(ViewedPage { budget, tokens_used: map.tokens_used, text: map.text, lines });
            shown.push(files);
        }
        let important = match request.task.trim().is_empty() {
            true => self.important(&named, most),
            false => Vec::new(),
        };
        let tags = |path: &RepoPath| stored_tags(index, &self.session.store, path);
        let files = view::files(index, &order, &named.chat, &important, &shown, tags);
        let (file_signals, definition_signals) = file_and_definition_signals(&order);
        Ok(View {
            occasion: order.occasion(),
            file_signals,
            definition_signals,
            files,
            pages,
            skipped: index.skipped().collect(),
            tokenizer: self.session.settings().tokenizer.name().to_owned(),
            confidence,
            notices,
        })
    }

    /// The map of a budget as [`RepoMapper::map`](crate::RepoMapper::map) gives it, and its files with their rows.
    fn page(
        &self,
        printer: &RefCell<Printer<'_>>,
        request: &MapRequest,
        named: &Named,
        order: &Order,
    ) -> Result<(RepoMap, Vec<RenderedFile>), Error> {
        let tokenizer = &self.session.settings().tokenizer;
        let printed = RefCell::default();
        let map = dressed(request, tokenizer, |request| {
            let Drawn { rendered, .. } = self.draw_on(&mut printer.borrow_mut(), request, named, order);
            let mut map = RepoMap::nothing(tokenizer.name());
            map.freshness = self.freshness();
            let file = |of: &RenderedFile| MappedFile {
                path: of.path.clone(),
                rank: 0,
                score: 0.0,
                definitions: Vec::new(),
            };
            map.files = rendered.files.iter().map(file).collect();
            (map.text, map.tokens_used) = (rendered.text, rendered.tokens_used);
            printed.replace(rendered.files);
            Ok(map)
        })?;
        Ok((map, printed.into_inner()))
    }
}

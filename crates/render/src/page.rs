//! The state of a map while it is packed: which lines of which files it shows, and what that costs.

use ahash::HashMap;
use repo_map_model::RepoPath;

use crate::block::{Block, Text};
use crate::file::{Look, SourceFile};
use crate::meter::Meter;
use crate::printable::{GAP, path_line};
use crate::render::{Item, RenderOptions, RenderedFile};
use crate::source::Sources;

/// A map in the making. Its cost is kept up by differences: a quote looks at the lines that would change, not at the map.
pub(crate) struct Page<'a> {
    look: Look,
    meter: Meter<'a>,
    gap_cost: i64,
    gap_glue: i64,
    blocks: Vec<Block>,
    by_path: HashMap<RepoPath, usize>,
    /// The blocks on the page, in the order of their first item.
    printed: Vec<usize>,
    units: i64,
    files_read: usize,
}

/// An item that can be placed on the page, and what that would cost.
pub(crate) struct Quote {
    block: usize,
    lines: Vec<u32>,
    glue: i64,
    /// The units that the page would grow by; below 0 when marks vanish.
    pub(crate) units: i64,
}

impl<'a> Page<'a> {
    pub(crate) fn new(options: &'a RenderOptions) -> Self {
        let meter = Meter::new(&options.tokenizer).remembering(options.line_costs.as_ref());
        let gap_cost = meter.line(&format!("{GAP}\n"));
        let gap_glue = meter.line(&format!("{GAP}\n\n")) - gap_cost;
        Self {
            look: Look {
                style: options.style,
                width: options.max_line_width,
                line_numbers: options.line_numbers,
            },
            meter,
            gap_cost,
            gap_glue,
            blocks: Vec::new(),
            by_path: HashMap::default(),
            printed: Vec::new(),
            units: 0,
            files_read: 0,
        }
    }

    pub(crate) fn meter(&self) -> &Meter<'a> {
        &self.meter
    }

    /// The sum of the lines' units.
    pub(crate) fn units(&self) -> i64 {
        self.units
    }

    /// How many files were asked for.
    pub(crate) fn files_read(&self) -> usize {
        self.files_read
    }

    /// What the page would grow by with the item; `None` when there is nothing to show for it. A file is read only if
    /// that is allowed and its path alone is within the room.
    pub(crate) fn quote(
        &mut self,
        item: &Item,
        room: i64,
        may_read: bool,
        sources: &mut impl Sources,
    ) -> Option<Quote> {
        let block = self.block_of(item.path());
        let Item::Definition { definition, .. } = *item else {
            return Some(self.quote_path(block));
        };
        if let Text::NotAsked = self.blocks[block].text {
            let path = self.quote_path(block);
            if path.units > room {
                return Some(path);
            }
            if !may_read {
                return None;
            }
            self.files_read += 1;
            let source = sources.source(&self.blocks[block].path);
            let file = source.and_then(|source| SourceFile::new(source, self.look));
            self.blocks[block].text = file.map_or(Text::Gone, |file| Text::Here(Box::new(file)));
        }
        self.quote_definition(block, definition)
    }

    /// Puts a quoted item on the page, which must not have changed since.
    pub(crate) fn place(&mut self, quote: &Quote) {
        let block = &mut self.blocks[quote.block];
        block.shown.extend(&quote.lines);
        block.glue = quote.glue;
        if block.place.is_none() {
            block.place = Some(self.printed.len());
            self.printed.push(quote.block);
        }
        self.units += quote.units;
    }

    /// Takes everything off the page. What was read stays.
    pub(crate) fn clear(&mut self) {
        for block in self.printed.drain(..) {
            let block = &mut self.blocks[block];
            block.shown.clear();
            block.place = None;
            block.glue = 0;
        }
        self.units = 0;
    }

    /// The definitions that the quoted lines would show, in source order.
    pub(crate) fn newly_shown(&self, quote: &Quote) -> Vec<u32> {
        let Text::Here(file) = &self.blocks[quote.block].text else { return Vec::new() };
        let all = file.tags().definitions();
        // In source order, so of ascending lines: a file may have a hundred thousand.
        let of_line = |&line: &u32| {
            let first = all.partition_point(|of| of.line < line);
            (first..).zip(&all[first..]).take_while(move |(_, of)| of.line == line)
        };
        quote.lines.iter().flat_map(of_line).map(|(index, _)| index as u32).collect()
    }

    /// The units of the line that names a file.
    pub(crate) fn path_units(&self, path: &RepoPath) -> i64 {
        self.meter.line(&format!("{}:\n", path_line(path.as_str())))
    }

    /// Puts the files in this order; those that it does not name stay behind it.
    pub(crate) fn arrange<'p>(&mut self, order: impl Iterator<Item = &'p RepoPath>) {
        let place: HashMap<usize, usize> =
            order.zip(0..).filter_map(|(path, place)| Some((*self.by_path.get(path)?, place))).collect();
        self.printed.sort_by_key(|block| place.get(block).copied().unwrap_or(usize::MAX));
        for (place, &block) in self.printed.iter().enumerate() {
            self.blocks[block].place = Some(place);
        }
    }

    /// The text of the page.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut before: Option<&Block> = None;
        for &block in &self.printed {
            let block = &self.blocks[block];
            if before.is_some_and(|before| apart(before.is_bare(), block.is_bare())) {
                text.push('\n');
            }
            block.write(self.look.style, &mut text);
            before = Some(block);
        }
        text
    }

    /// The files of the page and what of them is to be seen.
    pub(crate) fn files(&self) -> Vec<RenderedFile> {
        let blocks = self.printed.iter().map(|&block| &self.blocks[block]);
        blocks
            .map(|block| RenderedFile {
                path: block.path.clone(),
                definitions: block.definitions(),
                rows: block.rows(self.look.style),
            })
            .collect()
    }

    /// Whether the item can be seen on the page.
    pub(crate) fn shows(&self, item: &Item) -> bool {
        let Some(&block) = self.by_path.get(item.path()) else { return false };
        let block = &self.blocks[block];
        match *item {
            Item::File { .. } => block.place.is_some(),
            Item::Definition { definition, .. } => block.shows(definition),
        }
    }

    /// Whether the file is on the page.
    pub(crate) fn has(&self, path: &RepoPath) -> bool {
        self.by_path.get(path).is_some_and(|&block| self.blocks[block].place.is_some())
    }

    fn block_of(&mut self, path: &RepoPath) -> usize {
        if let Some(&known) = self.by_path.get(path) {
            return known;
        }
        let block = self.blocks.len();
        self.by_path.insert(path.clone(), block);
        self.blocks.push(Block::new(path.clone()));
        block
    }

    /// The cost of the file as a bare path: nothing when it is on the page in whichever way.
    fn quote_path(&self, block: usize) -> Quote {
        let state = &self.blocks[block];
        if state.place.is_some() {
            return Quote { block, lines: Vec::new(), glue: state.glue, units: 0 };
        }
        let path = state.header(true);
        let cost = self.meter.line(&format!("{path}\n"));
        let glue = self.meter.line(&format!("{path}\n\n")) - cost;
        Quote { block, lines: Vec::new(), glue, units: cost + self.joint_change(block, true, glue) }
    }

    fn quote_definition(&mut self, block: usize, definition: u32) -> Option<Quote> {
        let Self { look: Look { style, .. }, ref meter, gap_cost, gap_glue, .. } = *self;
        let state = &mut self.blocks[block];
        let bare = state.is_bare();
        let mut units = 0;
        if bare {
            units += meter.line(&format!("{}\n", state.header(false)));
            if state.place.is_some() {
                units -= meter.line(&format!("{}\n", state.header(true)));
            }
        }
        let Text::Here(file) = &mut state.text else { return None };
        let lines = style.lines(file.tags(), definition, file.len());
        if lines.is_empty() {
            return None;
        }
        let lines: Vec<u32> = lines.into_iter().filter(|line| !state.shown.contains(line)).collect();
        if lines.is_empty() {
            return Some(Quote { block, lines, glue: state.glue, units: 0 });
        }

        let link = |file: &mut SourceFile, before, after| {
            let link = style.link(file, before, after);
            link.line.map_or(0, |line| file.cost(line, meter)) + if link.gap { gap_cost } else { 0 }
        };
        let mut next = lines.iter().copied().peekable();
        while let Some(&first) = next.peek() {
            let before = state.shown.range(..first).next_back().copied();
            let after = state.shown.range(first..).next().copied();
            if before.is_some() || after.is_some() {
                units -= link(file, before, after);
            }
            let mut last = before;
            while let Some(line) = next.next_if(|&line| after.is_none_or(|after| line < after)) {
                units += link(file, last, Some(line)) + file.cost(line, meter);
                last = Some(line);
            }
            units += link(file, last, after);
        }

        let last = state.shown.last().max(lines.last()).copied();
        let end = style.link(file, last, None);
        let glue = match end.line.or(last) {
            Some(row) if !end.gap => file.glue(row, meter),
            _ => gap_glue,
        };
        units += self.joint_change(block, false, glue);
        Some(Quote { block, lines, glue, units })
    }

    /// What the blank lines around a block cost more when it becomes bare or not and ends with a row of this glue.
    fn joint_change(&self, block: usize, bare: bool, glue: i64) -> i64 {
        let state = &self.blocks[block];
        let joint = |before: (bool, i64), after: bool| if apart(before.0, after) { before.1 } else { 0 };
        let at = state.place.unwrap_or(self.printed.len());
        let neighbour = |at: usize| {
            let neighbour = &self.blocks[*self.printed.get(at)?];
            Some((neighbour.is_bare(), neighbour.glue))
        };
        let mut change = 0;
        if let Some(before) = at.checked_sub(1).and_then(neighbour) {
            change += joint(before, bare);
            if state.place.is_some() {
                change -= joint(before, state.is_bare());
            }
        }
        if let Some((after, _)) = neighbour(at + 1).filter(|_| state.place.is_some()) {
            change += joint((bare, glue), after) - joint((state.is_bare(), state.glue), after);
        }
        change
    }
}

/// Whether a blank line stands between two files: bare paths follow each other as a list.
fn apart(before_is_bare: bool, after_is_bare: bool) -> bool {
    !(before_is_bare && after_is_bare)
}

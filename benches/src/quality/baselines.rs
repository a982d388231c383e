//! What a map has to beat: a page of the files that BM25, the git log or their place in the tree put first, or of the names that most files use.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use repo_map_history::{Log, LogOptions};
use repo_map_lexical::words;
use tiktoken_rs::CoreBPE;

use super::page::{Page, names_on_page};
use super::tree::{File, Tree};

impl Tree {
    /// BM25 of the message over contents and over paths, added.
    pub(crate) fn by_words(&self, message: &str) -> Vec<&str> {
        let mut query: BTreeMap<String, f64> = BTreeMap::new();
        // The title counts double.
        for text in [message, message.lines().next().unwrap_or_default()] {
            words(text, |word| *query.entry(word.to_owned()).or_default() += 1.0);
        }
        let paths: Vec<Rc<File>> = self.files.iter().map(|(path, _)| Rc::new(of_path(path))).collect();
        let contents: Vec<Rc<File>> = self.files.iter().map(|(_, file)| Rc::clone(file)).collect();
        let scores: Vec<f64> =
            bm25(&query, &contents).into_iter().zip(bm25(&query, &paths)).map(|(a, b)| a + b).collect();
        self.ordered(|at| scores[at])
    }

    /// Files that changed together with the chat file in the log before the tree, then the nearest by folder.
    pub(crate) fn by_co_change(&self, folder: &Path, chat: &str) -> Vec<&str> {
        let log = Log::read(folder, &LogOptions::default(), None, |_, _| {});
        let mut together: HashMap<&str, f64> = HashMap::new();
        for commit in log.commits() {
            let files: Vec<&str> = commit.files().collect();
            if files.len() > 1 && files.contains(&chat) {
                for file in &files {
                    *together.entry(*file).or_default() += 1.0 / (1.0 + files.len() as f64).log2();
                }
            }
        }
        self.ordered(|at| {
            let path = self.files[at].0.as_str();
            // Nearness is far below one commit.
            together.get(path).copied().unwrap_or_default() + nearness(path, chat) * 1e-6
        })
    }

    /// The files nearest to the chat file: of its folder, then by the folders that they share.
    pub(crate) fn by_directory(&self, chat: &str) -> Vec<&str> {
        self.ordered(|at| nearness(&self.files[at].0, chat))
    }

    /// The files of an order with their first definitions, until the budget is spent.
    pub(crate) fn page(&self, order: &[&str], chat: Option<&str>, budget: usize, tokens: &CoreBPE) -> Page {
        let files: HashMap<&str, &Rc<File>> =
            self.files.iter().map(|(path, file)| (path.as_str(), file)).collect();
        let cost = |text: &str| tokens.encode_ordinary(text).len();
        let (mut page, mut used) = (Page::default(), 0);
        let order: Vec<&str> = order.iter().copied().filter(|path| Some(*path) != chat).collect();
        for path in &order {
            let header = format!("{path}:\n");
            if used + cost(&header) > budget {
                break;
            }
            used += cost(&header);
            page.text.push_str(&header);
            let shown = page.files.entry((*path).to_owned()).or_default();
            for (line, definition) in &files[path].first {
                if used + cost(line) > budget {
                    break;
                }
                used += cost(line);
                page.text.push_str(line);
                shown.push(definition.clone());
            }
        }
        page.order = order.into_iter().map(str::to_owned).collect();
        page
    }

    /// The definitions of the names that most files use; beside a chat file, those that it and its neighbours use, which it does not define.
    pub(crate) fn by_use(&self, chat: Option<&str>, budget: usize) -> Page {
        let names = self.names();
        let chat = chat.and_then(|chat| self.files.iter().find(|(path, _)| path == chat));
        let own = |name: &str| chat.map_or(0, |(_, file)| file.uses.get(name).copied().unwrap_or_default());
        let mut of_file: HashMap<&str, u32> = HashMap::new();
        for (name, places) in &names {
            let paths: BTreeSet<&str> = places.iter().map(|(path, _)| *path).collect();
            paths.into_iter().for_each(|path| *of_file.entry(path).or_default() += own(name));
        }
        let users = self.users();
        let mut order: Vec<(f64, &str)> = Vec::new();
        for (&name, places) in &names {
            let [sources, tests] = users.get(name).copied().unwrap_or_default();
            let Some((chat, _)) = chat else {
                order.push((sources.ln_1p() + tests.ln_1p(), name));
                continue;
            };
            if places.iter().all(|(path, _)| path != chat) {
                let nearest = places.iter().map(|(path, _)| of_file[path]).max().unwrap_or_default();
                let used = if own(name) > 0 { 1.5 } else { 0.0 };
                order.push((used + (sources + tests).ln_1p() + f64::from(nearest).ln_1p(), name));
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let mut page = Page::default();
        for (_, name) in order.into_iter().take(names_on_page(budget)) {
            for (path, line) in &names[name] {
                page.files.entry((*path).to_owned()).or_default().push((name.to_owned(), *line));
            }
        }
        page
    }

    /// The paths by falling score, then as the tree has them.
    fn ordered(&self, score: impl Fn(usize) -> f64) -> Vec<&str> {
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
        order.into_iter().map(|at| self.files[at].0.as_str()).collect()
    }
}

fn of_path(path: &str) -> File {
    let mut file = File::default();
    words(path, |word| {
        *file.words.entry(word.to_owned()).or_default() += 1;
        file.length += 1;
    });
    file
}

/// The folders that two paths share, less a little for those that they do not.
fn nearness(path: &str, chat: &str) -> f64 {
    let folders = |path: &str| path.split('/').rev().skip(1).count();
    let shared = path
        .split('/')
        .take(folders(path))
        .zip(chat.split('/').take(folders(chat)))
        .take_while(|(a, b)| a == b)
        .count();
    shared as f64 - 0.1 * (folders(path) + folders(chat) - 2 * shared) as f64
}

/// BM25, k1 = 1.2, b = 0.6.
fn bm25(query: &BTreeMap<String, f64>, files: &[Rc<File>]) -> Vec<f64> {
    let average = files.iter().map(|file| f64::from(file.length)).sum::<f64>() / files.len().max(1) as f64;
    let mut scores = vec![0.0; files.len()];
    for (word, uses) in query {
        let hits: Vec<(usize, f64)> = files
            .iter()
            .enumerate()
            .filter_map(|(at, file)| Some((at, f64::from(*file.words.get(word)?))))
            .collect();
        let rarity = (1.0 + (files.len() as f64 - hits.len() as f64 + 0.5) / (hits.len() as f64 + 0.5)).ln();
        for (at, count) in hits {
            let norm = 1.2 * (0.4 + 0.6 * f64::from(files[at].length) / average.max(1.0));
            scores[at] += rarity * (1.0 + uses.ln()) * count * 2.2 / (count + norm);
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_files_come_first() {
        let mut paths = ["z.py", "a/b/c.py", "a/d/e.py", "a/b/x/y.py", "a/w.py"];
        paths.sort_by(|a, b| nearness(b, "a/b/chat.py").total_cmp(&nearness(a, "a/b/chat.py")));
        assert_eq!(paths, ["a/b/c.py", "a/b/x/y.py", "a/w.py", "a/d/e.py", "z.py"]);
    }

    #[test]
    fn rare_words_decide() {
        let file = |text: &str| Rc::new(of_path(text));
        let files = [file("common rare"), file("common common"), file("other")];
        let query = BTreeMap::from([("common".to_owned(), 1.0), ("rare".to_owned(), 1.0)]);
        let scores = bm25(&query, &files);
        assert!(scores[0] > scores[1] && scores[1] > scores[2] && scores[2] == 0.0);
    }
}

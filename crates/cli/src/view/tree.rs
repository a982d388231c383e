//! Folders and files as columns. A tree that is too large for a page keeps its best files; the others are a sum in their folder.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use repo_map_cache::{ViewedFile, escaped};
use serde_json::{Value, json};

/// What names and figures of files may take of a page, in bytes.
const MOST_BYTES: usize = 1_900_000;

/// What the figures of a file take, in bytes, near enough.
const FIGURES: usize = 12;

/// The files of a page: those that it names, by their number there.
pub(super) struct Tree<'a> {
    folders: Vec<Folder>,
    by_path: HashMap<&'a str, usize>,
    /// The place, from 0, and the folder of each file.
    kept: Vec<(usize, usize)>,
    ids: HashMap<usize, usize>,
    /// Files and bytes by the folder that they lie in or below.
    rest: BTreeMap<usize, (usize, u64)>,
    files: &'a [ViewedFile],
}

struct Folder {
    parent: usize,
    name: String,
}

impl<'a> Tree<'a> {
    /// `needed` are places of files that are kept in any case.
    pub(super) fn of(files: &'a [ViewedFile], title: &str, needed: &BTreeSet<usize>) -> Self {
        Self::within(files, title, needed, MOST_BYTES)
    }

    fn within(files: &'a [ViewedFile], title: &str, needed: &BTreeSet<usize>, most: usize) -> Self {
        let mut tree = Self {
            folders: vec![Folder { parent: 0, name: escaped(title).replace('/', "\u{2215}") }],
            by_path: HashMap::from([("", 0)]),
            kept: Vec::new(),
            ids: HashMap::new(),
            rest: BTreeMap::new(),
            files,
        };
        let mut spent = 0;
        for (place, file) in files.iter().enumerate() {
            let cost = tree.cost(file);
            if spent + cost > most && !needed.contains(&place) {
                // What comes later is less likely: a page that lists it instead would have holes.
                spent = spent.max(most);
                let (count, bytes) = tree.rest.entry(tree.nearest(file.path.parent())).or_default();
                (*count, *bytes) = (*count + 1, *bytes + file.bytes);
                continue;
            }
            spent += cost;
            let folder = tree.folder(file.path.parent());
            tree.ids.insert(place, tree.kept.len());
            tree.kept.push((place, folder));
        }
        tree
    }

    /// The number of a file on the page.
    pub(super) fn id(&self, place: usize) -> Option<usize> {
        self.ids.get(&place).copied()
    }

    /// The places of the files that the page names, best first.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.kept.iter().map(|&(place, _)| place)
    }

    /// The deepest folder of the page on a path.
    pub(super) fn nearest(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(&known) = self.by_path.get(path) {
                return known;
            }
            path = parent(path);
        }
    }

    fn folder(&mut self, path: &'a str) -> usize {
        let mut missing = Vec::new();
        let mut above = path;
        while !self.by_path.contains_key(above) {
            missing.push(above);
            above = parent(above);
        }
        let mut id = self.by_path[above];
        for path in missing.into_iter().rev() {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            self.folders.push(Folder { parent: id, name: escaped(name).into_owned() });
            id = self.folders.len() - 1;
            self.by_path.insert(path, id);
        }
        id
    }

    fn cost(&self, file: &ViewedFile) -> usize {
        let mut cost = escaped(file.path.file_name()).len() + FIGURES;
        let mut above = file.path.parent();
        while !self.by_path.contains_key(above) {
            let up = parent(above);
            cost += above.len() - up.len() + FIGURES;
            above = up;
        }
        cost
    }

    pub(super) fn folders(&self) -> Value {
        let names: Vec<&str> = self.folders.iter().map(|folder| folder.name.as_str()).collect();
        json!({ "names": names.join("/"), "parents": column(self.folders.iter().map(|of| of.parent)) })
    }

    pub(super) fn files(&self) -> Value {
        let of = || self.kept.iter().map(|&(place, _)| (place, &self.files[place]));
        let names: Vec<_> = of().map(|(_, file)| escaped(file.path.file_name())).collect();
        let first = self.kept.iter().zip(0..).take_while(|((place, _), id)| place == id).count();
        let mut before = 0;
        let levels = of().map(|(_, file)| {
            // They fall from file to file: the steps are short.
            let level = level(file.chance).max(before);
            let step = level - before;
            before = level;
            step as usize
        });
        let ids = |is: fn(&ViewedFile) -> bool| -> Vec<usize> {
            of().enumerate().filter(|(_, (_, file))| is(file)).map(|(id, _)| id).collect()
        };
        let counts = of().map(|(_, file)| file.definition_count).enumerate().filter(|(_, count)| *count > 0);
        let counts: serde_json::Map<String, Value> =
            counts.map(|(id, count)| (id.to_string(), json!(count))).collect();
        json!({
            "names": names.join("/"),
            "folders": column(self.kept.iter().map(|&(_, folder)| folder)),
            "sizes": column(of().map(|(_, file)| file.bytes as usize)),
            "levels": column(levels),
            "first": first,
            "later": self.kept[first..].iter().map(|(place, _)| place + 1).collect::<Vec<_>>(),
            "chat": ids(|file| file.is_in_chat),
            "important": ids(|file| file.is_important),
            "counts": counts,
        })
    }

    pub(super) fn rest(&self) -> Value {
        self.rest.iter().map(|(folder, (count, bytes))| json!([folder, count, bytes])).collect()
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// A chance in 64ths of its binary logarithm, without the sign.
pub(super) fn level(chance: f64) -> u32 {
    const LEAST: f64 = 1e-12;
    (-chance.clamp(LEAST, 1.0).log2() * 64.0).round() as u32
}

/// Numbers with 36 digits, between commas.
pub(super) fn column(numbers: impl Iterator<Item = usize>) -> String {
    let mut column = String::new();
    for number in numbers {
        if !column.is_empty() {
            column.push(',');
        }
        digits(number, &mut column);
    }
    column
}

pub(super) fn digits(number: usize, out: &mut String) {
    if number >= 36 {
        digits(number / 36, out);
    }
    let digit = char::from_digit((number % 36) as u32, 36).unwrap_or('0');
    let _ = out.write_char(digit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_36_digits() {
        assert_eq!(column([0, 35, 36, 46_655, 46_656].into_iter()), "0,z,10,zzz,1000");
        assert_eq!(column([].into_iter()), "");
    }

    #[test]
    fn levels_fall_with_the_chance_and_are_defined_for_odd_ones() {
        assert_eq!([1.0, 0.5, 0.25].map(level), [0, 64, 128]);
        assert_eq!([0.0, -1.0].map(level), [level(1e-12); 2]);
        assert_eq!(level(f64::NAN), 0);
    }

    #[test]
    fn a_tree_that_is_too_large_keeps_its_best_files_and_counts_the_others() {
        let root = tempfile::tempdir().unwrap();
        for at in 0..40 {
            let folder = root.path().join(format!("src/{}", at % 4));
            std::fs::create_dir_all(&folder).unwrap();
            let body = if at == 0 { "" } else { "from m0 import f0\nf0()\n" };
            std::fs::write(folder.join(format!("m{at}.py")), format!("def f{at}():\n    return 1\n{body}"))
                .unwrap();
        }
        let mapper = repo_map_cache::RepoMapper::builder(root.path()).build().unwrap();
        let view = mapper.view(&repo_map_cache::MapRequest::default(), &[]).unwrap();
        let needed = BTreeSet::from([39]);
        for most in [0, 100, 200, 100_000] {
            let tree = Tree::within(&view.files, "shop/\u{202e}", &needed, most);
            let places: Vec<usize> = tree.places().collect();
            let whole = places.iter().zip(0..).take_while(|(place, at)| *place == at).count();
            assert!(whole + 1 >= places.len() && places.last() == Some(&39), "{most}: {places:?}");
            assert_eq!(most == 0, whole == 0, "{most}: {places:?}");
            let counted: usize = tree.rest.values().map(|(count, _)| count).sum();
            assert_eq!(places.len() + counted, 40);
            let bytes: u64 = tree.rest.values().map(|(_, bytes)| bytes).sum();
            let kept: u64 = places.iter().map(|place| view.files[*place].bytes).sum();
            assert_eq!(bytes + kept, view.files.iter().map(|file| file.bytes).sum::<u64>());
            let files = tree.files();
            assert_eq!(files["names"].as_str().unwrap().split('/').count(), places.len());
            assert_eq!(files["later"].as_array().unwrap().len(), places.len() - whole);
        }
        let tree = Tree::of(&view.files, "shop/\u{202e}", &needed);
        assert_eq!((tree.kept.len(), tree.rest.len()), (40, 0));
        assert!(tree.folders()["names"].as_str().unwrap().starts_with("shop\u{2215}\\u{202e}/src/"));
        assert_eq!(tree.nearest("src/9/deep"), tree.nearest("src"));
    }
}

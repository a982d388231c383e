//! The risk: a task that does not steer the map, or that breaks what holds without one.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use repo_map_cache::{CacheConfig, MapRequest, Preset, RepoMapper, Style, Target, Tokenizer, Verdict};

/// A shop: modules that use each other, a test, a document and a configuration.
const FILES: [(&str, &str); 8] = [
    (
        "shop/cart.py",
        "from shop.money import total\n\nclass Cart:\n    def add(self, item):\n        self.items.append(item)\n\n    def checkout(self):\n        return total(self.items)\n",
    ),
    (
        "shop/money.py",
        "def total(items):\n    \"\"\"Sum of the prices, rounded to cents.\"\"\"\n    return round(sum(item.price for item in items), 2)\n\ndef convert(amount, currency):\n    return amount * rate(currency)\n\ndef rate(currency):\n    return RATES[currency]\n",
    ),
    (
        "shop/mail.py",
        "def send_receipt(address, cart):\n    # The receipt lists every item.\n    deliver(address, str(cart))\n\ndef deliver(address, text):\n    pass\n",
    ),
    (
        "shop/stock.py",
        "class Stock:\n    def reserve(self, item):\n        pass\n\n    def release(self, item):\n        pass\n",
    ),
    (
        "shop/app.py",
        "from shop.cart import Cart\nfrom shop.mail import send_receipt\n\ndef main():\n    cart = Cart()\n    send_receipt('a', cart)\n",
    ),
    (
        "tests/test_money.py",
        "from shop.money import total\n\ndef test_total_is_rounded_to_cents():\n    assert total([]) == 0\n",
    ),
    ("docs/receipts.md", "# Receipts\n\nA receipt is sent by mail after the checkout.\n"),
    ("settings.toml", "[mail]\nserver = 'localhost'\n"),
];

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn mapper(root: &Path) -> RepoMapper {
    support::builder(root).build().unwrap()
}

fn first_file(root: &Path, task: &str) -> String {
    let map = mapper(root).map(&MapRequest::new(60).task(task)).unwrap();
    map.files[0].path.as_str().to_owned()
}

#[test]
fn words_find_the_file_and_its_definition() {
    let root = tree();
    let map =
        mapper(root.path()).map(&MapRequest::new(40).task("Prices are rounded to whole cents")).unwrap();
    assert!(map.text.starts_with("shop/money.py:\n│def total(items)\n"), "{}", map.text);
    assert_eq!(first_file(root.path(), "the currency rate of convert() is stale"), "shop/money.py");
    assert_eq!(first_file(root.path(), "release what was reserved in the stock"), "shop/stock.py");
}

#[test]
fn a_stack_trace_picks_its_files() {
    let root = tree();
    let trace = "Traceback (most recent call last):\n  File \"/srv/shop/app.py\", line 6, in main\n  File \"/srv/shop/mail.py\", line 3, in send_receipt\nTypeError\n";
    let map = mapper(root.path()).map(&MapRequest::new(60).task(trace)).unwrap();
    let two: Vec<&str> = map.files.iter().take(2).map(|file| file.path.as_str()).collect();
    assert!(two.contains(&"shop/app.py") && two.contains(&"shop/mail.py"), "{}", map.text);
}

#[test]
fn the_order_of_aider_takes_words_for_identifiers() {
    let root = tree();
    let mapper = support::builder(root.path()).preset(Preset::Aider).build().unwrap();
    let mentioned = MapRequest::new(60).mentioned_idents(["convert", "rate"]);
    let map = mapper.map(&MapRequest::new(60).task("convert: rate")).unwrap();
    assert_eq!(map.text, mapper.map(&mentioned).unwrap().text);
}

#[test]
fn an_empty_task_is_none() {
    let root = tree();
    let mapper = mapper(root.path());
    let without = mapper.map(&MapRequest::new(200)).unwrap();
    for task in ["", " \n\t"] {
        assert_eq!(mapper.map(&MapRequest::new(200).task(task)).unwrap().text, without.text);
    }
}

#[test]
fn a_long_task_is_cut_and_that_is_told() {
    let root = tree();
    let mapper = mapper(root.path());
    let short = "the currency rate is stale\n";
    let long = format!("{short}{}", "and so on ".repeat(100_000));
    let map = mapper.map(&MapRequest::new(60).task(long)).unwrap();
    assert!(map.notices.iter().any(|notice| notice.contains("the task is longer")), "{:?}", map.notices);
    assert_eq!(map.files[0].path.as_str(), "shop/money.py");
    assert!(mapper.map(&MapRequest::new(60).task(short)).unwrap().notices.is_empty());
}

#[test]
fn the_same_bytes_on_any_threads_cold_and_warm() {
    let root = tree();
    let cache = tempfile::tempdir().unwrap();
    let request = MapRequest::new(150).task("mail the receipt after the checkout").full_ranking(true);
    let run = |threads: usize, cache: CacheConfig| {
        let mapper = support::builder(root.path()).threads(threads).cache(cache).build().unwrap();
        let map = mapper.map(&request).unwrap();
        let again = mapper.map(&request).unwrap();
        assert_eq!((&map.text, &map.ranking), (&again.text, &again.ranking));
        (map.text, map.ranking)
    };
    let cold = run(1, CacheConfig::in_memory());
    assert!(!cold.0.is_empty());
    for threads in [1, 4] {
        assert_eq!(run(threads, CacheConfig::in_memory()), cold);
        assert_eq!(run(threads, CacheConfig::at(cache.path())), cold, "stored or read back");
    }
}

#[test]
fn words_follow_what_changes() {
    let root = tree();
    let mapper = mapper(root.path());
    let request = MapRequest::new(60).task("zeppelin").full_ranking(true);
    let first = |mapper: &RepoMapper| mapper.map(&request).unwrap().ranking[0].path.as_str().to_owned();
    first(&mapper);
    fs::write(root.path().join("shop/stock.py"), "def zeppelin():\n    pass\n").unwrap();
    assert_eq!(first(&mapper), "shop/stock.py");
    fs::write(root.path().join("shop/stock.py"), "def other():\n    pass\n").unwrap();
    fs::write(root.path().join("shop/mail.py"), "def zeppelin():\n    pass\n").unwrap();
    assert_eq!(first(&mapper), "shop/mail.py");
    fs::remove_file(root.path().join("shop/mail.py")).unwrap();
    assert_ne!(first(&mapper), "shop/mail.py");
}

#[test]
fn chat_files_are_never_shown_and_steer_the_rest() {
    let root = tree();
    let request = MapRequest::new(300).task("checkout rounds the total").chat_files(["shop/money.py"]);
    let map = mapper(root.path()).map(&request).unwrap();
    assert!(!map.text.contains("shop/money.py") && map.text.contains("shop/cart.py"), "{}", map.text);
}

#[test]
fn an_explanation_adds_up_and_agrees_with_the_map() {
    let root = tree();
    let mapper = mapper(root.path());
    let request = MapRequest::new(60).task("Prices are rounded to cents").chat_files(["shop/app.py"]);
    let map = mapper.map(&request).unwrap();
    let all = mapper.explain(&request, &[]).unwrap();
    assert_eq!(all.occasion, "task+chat");
    let chances: f64 = all.files.iter().map(|file| file.chance).sum();
    assert!((chances - 1.0).abs() < 1e-6, "{chances}");
    for file in &all.files {
        let listed = map.files.iter().any(|shown| shown.path == file.path);
        assert_eq!(file.verdict == Verdict::Shown, listed, "{}", file.path);
        assert_eq!(file.verdict == Verdict::InChat, file.path.as_str() == "shop/app.py");
        assert_eq!(file.values.len(), all.file_signals.len());
    }
    let sum = |values: &[f32]| -> f32 {
        values.iter().zip(&all.file_signals).map(|(value, signal)| value * signal.weight).sum()
    };
    let [first, second, ..] = &all.files[..] else { panic!("some files") };
    let ratio = (first.chance / second.chance).ln() as f32;
    assert!((sum(&first.values) - sum(&second.values) - ratio).abs() < 1e-3);

    let needs = all.files.iter().flat_map(|file| &file.definitions).map(|of| of.known_for_chat);
    assert!(needs.clone().all(|known| known.is_some_and(|known| (0.0..=1.0).contains(&known))));
    let alone = mapper.explain(&MapRequest::new(60).task("Prices are rounded"), &[]).unwrap();
    let mut of_task = alone.files.iter().flat_map(|file| &file.definitions);
    assert!(of_task.all(|of| of.known_for_chat.is_none()), "of no chat file");

    let one = mapper
        .explain(&request, &[Target::parse("shop/money.py:total"), Target::parse("nowhere.py")])
        .unwrap();
    assert_eq!(one.files.len(), 1);
    let names: Vec<&str> = one.files[0].definitions.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, ["total"]);
    assert_eq!(one.notices.len(), 1, "{:?}", one.notices);
}

/// What the chat file uses is there to be known, what changed with it to be edited: a row that serves one need tells nothing of the other.
#[test]
fn an_explanation_tells_which_need_a_row_serves() {
    let root = tree();
    let request = MapRequest::new(300).chat_files(["shop/cart.py"]);
    let explained = mapper(root.path()).explain(&request, &[]).unwrap();
    assert_eq!(explained.occasion, "chat");
    let known = |path: &str, name: &str| {
        let file = explained.files.iter().find(|file| file.path.as_str() == path).unwrap();
        file.definitions.iter().find(|of| of.name == name).unwrap().known_for_chat.unwrap()
    };
    let used = known("shop/money.py", "total");
    let unused = known("shop/mail.py", "deliver");
    assert!(used > 0.5 && unused < used, "{used}, {unused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn never_over_the_budget(
        budget in 0_usize..200,
        words in prop::collection::vec(
            prop::sample::select(vec!["total", "Cart", "shop/mail.py", "receipt", "`rate`", "the", "", "é🙂"]), 0..8),
        chat in prop::option::of(prop::sample::select(vec!["shop/cart.py", "shop/mail.py"])),
        tokenizer in prop::sample::select(vec!["cl100k", "o200k", "bytes4"]),
        tree_style in any::<bool>(),
    ) {
        let root = tree();
        let tokenizer = Tokenizer::by_name(tokenizer).unwrap();
        let mapper = support::builder(root.path()).tokenizer(tokenizer.clone()).build().unwrap();
        let style = if tree_style { Style::Tree } else { Style::Outline };
        let request = MapRequest::new(budget).task(words.join(" ")).chat_files(chat).style(style);
        let map = mapper.map(&request).unwrap();
        prop_assert!(map.tokens_used <= budget);
        prop_assert_eq!(repo_map_cache::TokenCounter::count(&tokenizer, &map.text), map.tokens_used);
    }
}

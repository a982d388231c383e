//! The risk: a person is shown another map than its reader gets, or another reason.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use repo_map_cache::{Format, MapRequest, Preset, RepoMapper, Style, Target, Verdict, View};

/// Files of random names that use each other's, some in folders, some without definitions.
fn tree() -> impl Strategy<Value = Vec<(String, String)>> {
    let word = "(cart|price|total|round|login|redirect|engine|start|gear|queue)";
    let name = (word, word).prop_map(|(a, b)| format!("{a}_{b}"));
    let body = prop::collection::vec((name.clone(), name.clone(), any::<bool>()), 0..8).prop_map(|all| {
        let item = |(own, other, is_class): (String, String, bool)| match is_class {
            true => {
                format!("class {own}:\n    def {other}(self, price):\n        return {other}(price)\n\n\n")
            }
            false => format!("def {own}(x):\n    \"\"\"Rounds totals.\"\"\"\n    return {other}(x)\n\n\n"),
        };
        all.into_iter().map(item).collect::<String>()
    });
    let folder = prop_oneof![Just(String::new()), "(src|tests|docs)/".prop_map(|of| of), "src/(a|b)/"];
    let end = prop_oneof![4 => Just("py"), 1 => Just("txt")];
    let file = (folder, name, end, body)
        .prop_map(|(folder, name, end, body)| (format!("{folder}{name}.{end}"), body));
    prop::collection::vec(file, 1..14)
}

fn written(files: &[(String, String)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files.iter().chain([&("README.md".to_owned(), "# Carts\n".to_owned())]) {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn mapper(root: &Path, preset: Preset) -> RepoMapper {
    let mut ranking = repo_map_cache::RankingConfig::default();
    ranking.preset = preset;
    support::builder(root).ranking(ranking).build().unwrap()
}

/// Each line of a page is the one of its file that it says it quotes.
#[track_caller]
fn check_lines(view: &View, root: &Path) {
    for page in &view.pages {
        assert_eq!(page.text.lines().count(), page.lines.len());
        for (text, line) in page.text.lines().zip(&page.lines) {
            let Some(file) = line.file else { continue };
            let path = view.files[file].path.as_str();
            let Some(at) = line.line else {
                assert!(text.contains(path) || text == "⋮", "{text} is not {path}");
                continue;
            };
            let source = fs::read_to_string(root.join(path)).unwrap();
            let quoted = text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('│').trim();
            let first: String = quoted.chars().take_while(|c| *c != '(' && *c != ':').collect();
            assert!(
                source.lines().nth(at as usize).unwrap().contains(&first),
                "{text} is not line {at} of {path}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn pages_are_the_maps_of_their_budgets(
        files in tree(),
        task in prop_oneof![Just(String::new()), "(round|fix) the (cart|total|login) (price|redirect)"],
        budgets in prop::collection::vec(1_usize..3_000, 1..4),
        dress in (0..Format::ALL.len(), any::<bool>(), any::<bool>(), any::<bool>()),
        is_walk in any::<bool>(),
        with_chat in any::<bool>(),
    ) {
        let root = written(&files);
        let preset = if is_walk { Preset::Aider } else { Preset::Default };
        let (format, is_tree, legend, numbers) = dress;
        let mut request = MapRequest::new(0)
            .task(task)
            .style(if is_tree { Style::Tree } else { Style::Outline })
            .format(Format::ALL[format])
            .legend(legend)
            .line_numbers(numbers);
        if with_chat {
            request = request.chat_files([&files[0].0]);
        }
        let view = mapper(root.path(), preset).view(&request, &budgets).unwrap();
        check_lines(&view, root.path());
        let asked = mapper(root.path(), preset);
        prop_assert_eq!(view.pages.len(), budgets.len());
        for (page, budget) in view.pages.iter().zip(budgets) {
            request.token_budget = budget;
            let map = asked.map(&request).unwrap();
            prop_assert_eq!(&page.text, &map.text);
            prop_assert_eq!((page.budget, page.tokens_used), (budget, map.tokens_used));
        }
    }
}

#[test]
fn reasons_are_those_of_explain() {
    let files = ["cart", "login"].map(|name| {
        (
            format!("src/{name}.py"),
            format!("class {name}_engine:\n    def round_{name}(self):\n        return 1\n"),
        )
    });
    let root = written(&files);
    fs::write(root.path().join("src/big.py"), [0_u8; 64]).unwrap();
    let mapper = mapper(root.path(), Preset::Default);
    let request = MapRequest::new(1_024).task("round the cart");
    let view = mapper.view(&request, &[64, 1_024]).unwrap();
    let explained = mapper.explain(&request, &[] as &[Target]).unwrap();
    assert_eq!(view.occasion, explained.occasion);
    assert_eq!(
        (&view.file_signals, &view.definition_signals),
        (&explained.file_signals, &explained.definition_signals)
    );
    assert_eq!(view.files.len(), explained.files.len());
    for (viewed, of) in view.files.iter().zip(&explained.files) {
        assert_eq!((&viewed.path, viewed.chance, &viewed.values), (&of.path, of.chance, &of.values));
        assert_eq!(viewed.bytes, fs::metadata(root.path().join(viewed.path.as_str())).unwrap().len());
        assert_eq!(viewed.definition_count, of.definitions.len());
        for (viewed, of) in viewed.definitions.iter().zip(&of.definitions) {
            assert_eq!((&viewed.name, viewed.line, viewed.rank), (&of.name, of.line, of.rank));
            assert_eq!(viewed.verdict, Verdict::Shown, "a page of 1,024 tokens has room for all");
            assert_eq!(viewed.values, of.values);
        }
    }
    let skipped: Vec<&str> = view.skipped.iter().map(|skipped| skipped.path.as_str()).collect();
    assert_eq!(skipped, ["src/big.py"]);
}

#[test]
fn a_view_of_no_budget_has_no_page() {
    let root = written(&[]);
    let view = mapper(root.path(), Preset::Default).view(&MapRequest::default(), &[]).unwrap();
    assert!(view.pages.is_empty());
    assert_eq!(view.files.len(), 1);
}

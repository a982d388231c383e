//! The ranking collapses, or the benchmark that would show it does: a replay of a repository that is made here.
#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use repo_map_benches::quality::{Choice, Regime, Replay, Repository, Row, Tool, choose, tables};
use repo_map_cache::Weights;

const SUBJECTS: [&str; 30] = [
    "invoice",
    "shipment",
    "voucher",
    "catalogue",
    "warehouse",
    "courier",
    "refund",
    "mailbox",
    "calendar",
    "ledger",
    "passport",
    "timetable",
    "orchard",
    "telescope",
    "harbour",
    "blanket",
    "chimney",
    "dolphin",
    "feather",
    "glacier",
    "hammer",
    "island",
    "jigsaw",
    "kettle",
    "lantern",
    "meadow",
    "needle",
    "oyster",
    "pigeon",
    "quarry",
];
const ACTIONS: [&str; 10] = [
    "archive",
    "validate",
    "translate",
    "schedule",
    "compress",
    "publish",
    "measure",
    "duplicate",
    "encrypt",
    "inspect",
];

/// One module a subject, under a name that says nothing; one function an action. Each module is used by the next.
fn module(at: usize, edits: &[usize; ACTIONS.len()]) -> String {
    let subject = SUBJECTS[at];
    let next = (at + 1) % SUBJECTS.len();
    let head = format!("from part_{next:02} import {}_{}\n", ACTIONS[0], SUBJECTS[next]);
    let functions = ACTIONS.iter().zip(edits).map(|(action, edits)| {
        format!(
            "\n\ndef {action}_{subject}(record, limit):\n    \"\"\"Make {subject} ready.\"\"\"\n    count = {edits}\n    {}_{}(record, limit)\n    return count\n",
            ACTIONS[0], SUBJECTS[next]
        )
    });
    head + &functions.collect::<String>()
}

/// Commits that each edit one function of one or two modules and say what they did in words of these functions.
fn made(folder: &Path, commits: usize) {
    let git = |arguments: &[&str], time: usize| {
        let mut command = Command::new("git");
        command
            .current_dir(folder)
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", format!("@{} +0000", 1_600_000_000 + time))
            .env("GIT_COMMITTER_DATE", format!("@{} +0000", 1_600_000_000 + time));
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        assert!(command.status().unwrap().success(), "{arguments:?}");
    };
    let mut edits = [[0; ACTIONS.len()]; SUBJECTS.len()];
    let write = |at: usize, edits: &[usize; ACTIONS.len()]| {
        fs::write(folder.join(format!("part_{at:02}.py")), module(at, edits)).unwrap();
    };
    git(&["init", "-q", "-b", "main"], 0);
    (0..SUBJECTS.len()).for_each(|at| write(at, &edits[at]));
    fs::write(folder.join("notes.txt"), "invoice shipment voucher").unwrap();
    git(&["add", "-A"], 0);
    git(&["commit", "-q", "-m", "The first state of all of it, with every module in its place"], 0);
    for commit in 1..=commits {
        let (subject, action) = (commit * 7 % SUBJECTS.len(), commit % ACTIONS.len());
        let companion = (subject + 15) % SUBJECTS.len();
        let changed = if commit % 3 == 0 { vec![subject] } else { vec![subject, companion] };
        for &at in &changed {
            edits[at][action] = commit;
            write(at, &edits[at]);
        }
        let named: Vec<&str> = changed.iter().map(|&at| SUBJECTS[at]).collect();
        let message = format!(
            "Let people {} the {} once more after the {commit}th attempt",
            ACTIONS[action],
            named.join(" and the ")
        );
        git(&["commit", "-q", "-a", "-m", &message], commit);
    }
}

fn mean(rows: &[Row], tool: Tool, regime: Regime, value: impl Fn(&Row) -> Option<f64>) -> f64 {
    let values: Vec<f64> =
        rows.iter().filter(|row| row.tool == tool && row.regime == regime).filter_map(value).collect();
    assert!(values.len() > 5, "{tool:?} was asked {} times in {regime:?}", values.len());
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn a_small_history_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let (source, scratch) = (folder.path().join("shop"), folder.path().join("scratch"));
    fs::create_dir(&source).unwrap();
    made(&source, 90);
    let repository = Repository::open(&source, &scratch).unwrap();
    let cases = choose(&repository, &Choice { cases: 12, years: 3.0, seed: 1 }).unwrap();
    assert_eq!(cases.len(), 12);

    // So few tokens that most of the tree is left out.
    let replay = Replay {
        budgets: vec![100],
        regimes: Regime::ALL.to_vec(),
        tools: Tool::ALL.to_vec(),
        cache_dir: None,
        weights: Weights::default(),
        mentions: true,
    };
    let rows = replay.run(&repository, &cases, |_| ()).unwrap();
    let report = tables(&rows);
    let files = |tool, regime| mean(&rows, tool, regime, |row| row.figure("file_recall"));
    let definitions = |tool, regime| mean(&rows, tool, regime, |row| row.figure("def_recall"));
    for row in &rows {
        let budget =
            if matches!(row.tool, Tool::Words | Tool::CoChanged | Tool::Directory) { 104 } else { 100 };
        assert!(row.tokens <= budget, "{row:?}");
    }
    // The baselines are what they are: words find the files and not the definitions, the log finds the companions.
    assert!(files(Tool::Words, Regime::Open) > 0.9, "{report}");
    assert!(definitions(Tool::Words, Regime::Open) < 0.8, "{report}");
    assert!(files(Tool::CoChanged, Regime::Chat) > 0.7, "{report}");
    assert!(files(Tool::Directory, Regime::Chat) < 0.7, "{report}");
    // The product is better.
    assert!(files(Tool::Default, Regime::Open) > 0.9, "{report}");
    assert!(definitions(Tool::Default, Regime::Open) > 0.8, "{report}");
    assert!(files(Tool::Default, Regime::CoChange) > 0.9, "{report}");
    assert!(files(Tool::Default, Regime::Chat) > 0.5, "{report}");
    assert!(definitions(Tool::NoHistory, Regime::Open) > 0.8, "{report}");
}

#[test]
fn no_case_is_told_of_itself_or_of_later_commits() {
    let folder = tempfile::tempdir().unwrap();
    let (source, scratch) = (folder.path().join("shop"), folder.path().join("scratch"));
    fs::create_dir(&source).unwrap();
    made(&source, 8);
    let repository = Repository::open(&source, &scratch).unwrap();
    let cases = choose(&repository, &Choice { cases: 3, years: 3.0, seed: 1 }).unwrap();
    let replay = Replay {
        budgets: vec![100],
        regimes: vec![Regime::Open],
        tools: vec![Tool::Words],
        cache_dir: None,
        weights: Weights::default(),
        mentions: true,
    };
    for case in cases {
        replay.run(&repository, std::slice::from_ref(&case), |_| ()).unwrap();
        let words = |_: &str, _: &mut dyn FnMut(&str)| {};
        let log = repo_map_history::Log::read(
            &scratch.join("shop"),
            &repo_map_history::LogOptions::default(),
            None,
            words,
        );
        assert_eq!(log.head(), Some(case.parent.clone()));
        assert!(log.commits().all(|commit| commit.id() != case.commit));
    }
}

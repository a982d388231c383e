//! A signal says something else than its name.

use repo_map_history::{DefinitionHistory, HistoryQuery, HistorySignals, Log, LogOptions};

use crate::repository::Repository;

fn signals<const N: usize>(log: &Log, query: &HistoryQuery<'_>, paths: [&str; N]) -> [HistorySignals; N] {
    log.signals(query, paths).try_into().unwrap()
}

#[test]
fn churn_prefers_what_changed_often_and_lately() {
    let repository = Repository::new();
    repository.commit("first", &["old", "often", "late", "never"]);
    for _ in 0..3 {
        repository.commit("work", &["often"]);
    }
    repository.commit("last", &["late"]);
    let [old, often, late, unknown] =
        signals(&repository.log(), &HistoryQuery::default(), ["old", "often", "late", "not/there"]);
    assert!(often.churn == 1.0 && often.churn > late.churn && late.churn > old.churn && old.churn > 0.0);
    assert_eq!((often.co_change, often.past_messages, unknown), (0.0, 0.0, HistorySignals::default()));
}

#[test]
fn the_best_of_the_paths_that_were_asked_about_is_one() {
    let repository = Repository::new();
    repository.commit("first", &["a", "b"]);
    repository.commit("work", &["a"]);
    let [alone] = signals(&repository.log(), &HistoryQuery::default(), ["b"]);
    assert_eq!((alone.churn, alone.churn_long), (1.0, 1.0));
}

#[test]
fn companions_of_the_chat_files_are_found_large_commits_counting_less() {
    let repository = Repository::new();
    repository.commit("pair", &["chat", "friend"]);
    repository.commit("crowd", &["chat", "x1", "x2", "x3", "x4", "x5"]);
    repository.commit("alone", &["stranger"]);
    let query = HistoryQuery::default().chat_files(&["chat", "not/there"]);
    let [chat, friend, crowd, stranger] =
        signals(&repository.log(), &query, ["chat", "friend", "x1", "stranger"]);
    assert_eq!((chat.co_change, friend.co_change, stranger.co_change), (0.0, 1.0, 0.0));
    assert!(crowd.co_change > 0.0 && crowd.co_change < 1.0);
}

#[test]
fn similar_messages_vote_for_their_files() {
    let repository = Repository::new();
    repository.commit("reload the configuration", &["config.c", "main.c"]);
    repository.commit("draw the window", &["window.c"]);
    repository.commit("parse the configuration file", &["config.c"]);
    let log = repository.log();
    let query = HistoryQuery::default().words(&[("configuration", 1.0), ("the", 1.0)]);
    let [config, main, window] = signals(&log, &query, ["config.c", "main.c", "window.c"]);
    assert_eq!(config.past_messages, 1.0);
    assert!(config.past_messages > main.past_messages && main.past_messages > window.past_messages);
    let none = signals(&log, &HistoryQuery::default().words(&[("unheard", 1.0)]), ["config.c"]);
    assert_eq!(none[0].past_messages, 0.0);
    assert_eq!(HistorySignals::NAMES[3], "past_messages");
    assert_eq!(config.values()[3], config.past_messages);
}

#[test]
fn a_moved_file_keeps_its_past() {
    let repository = Repository::new();
    repository.commit("parse numbers", &["src/number.c", "src/friend.c"]);
    repository.git(&["mv", "src", "lib"]);
    repository.commit_all("another folder");
    // Moved and changed at once: the name tells.
    repository.git(&["mv", "lib/number.c", "number.c"]);
    repository.commit("up", &["number.c"]);
    repository.git(&["mv", "number.c", "value.c"]);
    repository.commit_all("another name");
    let query = HistoryQuery::default().words(&[("numbers", 1.0)]).chat_files(&["lib/friend.c"]);
    let [value, old] = signals(&repository.log(), &query, ["value.c", "src/number.c"]);
    assert_eq!((value.past_messages, value.co_change), (1.0, 1.0));
    assert_eq!(old, HistorySignals::default());
}

#[test]
fn a_definition_is_known_by_what_was_changed_inside_of_it() {
    let text = |get: u32, put: u32| {
        format!(
            "class Cache:\n    def get(self):\n        return {get}\n\n    def put(self):\n        self.n = {put}\n"
        )
    };
    let repository = Repository::new();
    let write = |text: &str, message: &str| {
        repository.write("src/cache.py", text);
        repository.commit_all(message);
    };
    write(&text(0, 0), "first");
    write(&text(1, 0), "answer sooner");
    write(&text(2, 0), "answer sooner still");
    repository.git(&["mv", "src/cache.py", "src/store.py"]);
    repository.commit_all("move");
    repository.write("src/chat.py", "def talk():\n    pass\n");
    repository.write("src/store.py", &text(2, 1));
    repository.commit_all("count what is put");

    let log = repository.log();
    assert_eq!(log.touched_files().collect::<Vec<_>>(), ["src/chat.py", "src/store.py"]);
    let names = ["Cache", "get", "put", "unheard"].map(|name| ("src/store.py", name));
    let [cache, get, put, unheard] = log.definition_signals(&[("sooner", 1.0)], names).try_into().unwrap();
    assert!(cache.churn == 1.0 && cache.churn > get.churn && get.churn > put.churn && put.churn > 0.0);
    assert!(get.past_messages == 1.0 && put.past_messages == 0.0);
    assert_eq!((unheard, put.churn_long > 0.0), (DefinitionHistory::default(), true));
}

#[test]
fn only_the_youngest_commits_tell_of_definitions() {
    let repository = Repository::new();
    repository.commit("old", &["a"]);
    repository.commit("young", &["b"]);
    let read = |named| {
        let options = LogOptions::default().named_commits(named);
        Log::read(repository.path(), &options, None, crate::repository::words)
    };
    assert_eq!(read(1).touched_files().collect::<Vec<_>>(), ["b"]);
    assert_eq!(read(0).touched_files().count(), 0);
    let [old] = read(1).definition_signals(&[], [("a", "old")]).try_into().unwrap();
    assert_eq!(old, DefinitionHistory::default());
}

//! Requests that ask for too much, name what is no file, or bring weights and queries that are none.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::attempt::{Attempt, Judge};
use crate::kinds::{Kind, Needs};
use crate::{special, trees};

const PLAIN: Kind = Kind { name: "", covers: &[], needs: Needs::Nothing, share: 4, attack: |_| Ok(()) };

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "request-special-files", covers: &["special-files-hang"], attack: special_files, ..PLAIN },
    Kind { name: "request-threads", share: 2, attack: threads, ..PLAIN },
    Kind { name: "request-budgets", share: 6, attack: budgets, ..PLAIN },
    Kind { name: "request-many-names", share: 2, attack: many_names, ..PLAIN },
    Kind { name: "request-large-task", share: 2, attack: large_task, ..PLAIN },
    Kind { name: "request-weights", attack: weights, ..PLAIN },
    Kind { name: "request-queries", attack: queries, ..PLAIN },
];

/// CPU time above which a request of plain files costs too much.
const DEAR: u64 = 6;

fn special_files(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    match attempt.random.below(4) {
        0 | 1 => {
            let sort = attempt.random.below(7);
            special::put_sort(attempt, "q/python.scm", sort)?;
            attempt.run(&["map", "r", "--cache-dir", "c", "--queries", "q"])?;
        }
        2 => {
            // A list may come through a pipe that a shell opens; one without an end must end all the same.
            attempt.link("/dev/zero", "list")?;
            let flag = attempt.random.pick(&[
                "--ignore-file",
                "--weights",
                "--files-from",
                "--task-file",
                "--chat-files-from",
                "--mention-idents-from",
                "--mention-files-from",
            ]);
            attempt.run(&["map", "r", "--cache-dir", "c", flag, "list"])?;
        }
        _ => {
            let sort = attempt.random.below(3);
            special::put_sort(attempt, "list", sort)?;
            attempt.run(&["map", "r", "--cache-dir", "c", "--ignore-file", "list"])?;
        }
    }
    Ok(())
}

fn threads(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let count =
        attempt.random.pick(&["65536", "100000", "4294967295", "18446744073709551615", "1000", "65535"]);
    if attempt.random.once_in(3) {
        let mut call = attempt.command(&["map", "r", "--cache-dir", "c"]);
        call.variable("RAYON_NUM_THREADS", count);
        let seen = attempt.call(call, Judge::All)?;
        attempt.expect(&seen, "good");
    } else {
        let seen = attempt.run(&["map", "r", "--cache-dir", "c", "--threads", count])?;
        attempt.expect(&seen, "good");
    }
    Ok(())
}

fn budgets(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    for _ in 0..3 {
        let budget = match attempt.random.below(6) {
            0 => attempt.random.pick_of(&[0, 1, 2, 3, u64::MAX, u64::MAX - 1, i64::MAX as u64, 1 << 32]),
            _ => attempt.random.between(1, 200) as u64,
        };
        let budget_text = budget.to_string();
        let style = attempt.random.pick(&["outline", "tree"]);
        let mut arguments = vec![
            "map",
            "r",
            "--cache-dir",
            "c",
            "--tokenizer",
            "bytes4",
            "--style",
            style,
            "--map-tokens",
            &budget_text,
            "--json",
        ];
        if attempt.random.once_in(3) {
            arguments.extend(["--task", "good0 and the class K1", "--mention-ident", "good1"]);
        }
        let seen = attempt.run(&arguments)?;
        let Ok(value) = serde_json::from_slice::<Value>(&seen.stdout) else {
            if seen.is_success() {
                attempt.fault("the output of --json is no JSON");
            }
            continue;
        };
        let map = value["map"].as_str().unwrap_or_default();
        let counted = map.len().div_ceil(4) as u64;
        if counted > budget || value["budget"]["used"].as_u64() != Some(counted) {
            attempt.fault(format!(
                "wrong map: {counted} tokens where {budget} were asked, told as {}",
                value["budget"]["used"]
            ));
        }
    }
    Ok(())
}

fn many_names(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let count = attempt.random.between(50_000, 120_000);
    let prefix = attempt.random.word();
    let file = attempt.random.once_in(2);
    let names: String = (0..count)
        .map(|i| if file { format!("{prefix}/d{}/f{i}.py\n", i % 100) } else { format!("{prefix}{i}\n") })
        .collect();
    attempt.write("names", names)?;
    let flag = if file {
        attempt.random.pick(&["--chat-files-from", "--mention-files-from", "--files-from"])
    } else {
        "--mention-idents-from"
    };
    let seen = attempt.run(&["map", "r", "--cache-dir", "c", flag, "names"])?;
    if seen.spent.as_secs() >= DEAR {
        attempt.fault(format!("{count} names by {flag} take {:.1} s of CPU time", seen.spent.as_secs_f64()));
    }
    Ok(())
}

fn large_task(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let bytes = attempt.random.between(1, 6) << 20;
    let sort = attempt.random.below(5);
    let mut task = Vec::with_capacity(bytes);
    while task.len() < bytes {
        match sort {
            0 => task.extend(attempt.random.bytes(512)),
            1 => task.extend(b"good0 ".repeat(100)),
            2 => task.extend(b"a/b/c.py:1:".repeat(100)),
            3 => task.extend(b"`".repeat(4096)),
            _ => task.extend(format!("{} ", attempt.random.word()).into_bytes()),
        }
    }
    attempt.write("task", task)?;
    let seen = attempt.run(&["map", "r", "--cache-dir", "c", "--task-file", "task"])?;
    if seen.spent.as_secs() >= DEAR {
        attempt.fault(format!(
            "a task of {} MB takes {:.1} s of CPU time",
            bytes >> 20,
            seen.spent.as_secs_f64()
        ));
    }
    Ok(())
}

fn weights(attempt: &mut Attempt<'_>) -> Result<()> {
    trees::small(attempt, "r")?;
    let section = attempt.random.pick(&[
        "task files",
        "chat files",
        "needs",
        "places",
        "packing",
        "seeds",
        "overview definitions",
        "x",
    ]);
    let value = attempt.random.pick(&[
        "1e308",
        "-1e308",
        "nan",
        "inf",
        "0",
        "\"a\"",
        "[1]",
        "-0.0",
        "1e-320",
        "99999999999999999999",
    ]);
    let key = attempt.random.pick(&[
        "content",
        "path",
        "damping",
        "test",
        "contnet",
        "\"\\u001b[31m\"",
        "\"\\u202e\"",
    ]);
    let text = match attempt.random.below(5) {
        0 => attempt.random.bytes(500),
        1 => format!("[\"{section}\"]\n{}", format!("{key} = {value}\n").repeat(1000)).into_bytes(),
        _ => format!("[\"{section}\"]\n{key} = {value}\n").into_bytes(),
    };
    attempt.write("w.toml", text)?;
    attempt.run(&["map", "r", "--cache-dir", "c", "--weights", "w.toml", "--task", "good"])?;
    Ok(())
}

fn queries(attempt: &mut Attempt<'_>) -> Result<()> {
    attempt.plain_tree()?;
    let text: Vec<u8> = match attempt.random.below(7) {
        0 => attempt.random.bytes(1000),
        1 => b"(".repeat(100_000),
        2 => b"; replaces\n(identifier) @name".to_vec(),
        3 => b"((identifier) @name (#match? @name \"(a+)+$\"))".to_vec(),
        4 => format!("(identifier) @{} \"\u{1b}[31m\"", "x".repeat(100_000)).into_bytes(),
        5 => b"; replaces\n(_ (_ (_ (_ (_)* @name)* )* )* )* @definition.function".to_vec(),
        _ => b"(function_definition name: (identifier) @name) @definition.\x1b[31m".to_vec(),
    };
    fs::create_dir(attempt.path("q"))?;
    attempt.write("q/python.scm", text)?;
    attempt.run(&["map", "r", "--cache-dir", "c", "--queries", "q"])?;
    Ok(())
}

//! The statistics of a folder in Prometheus' text format.

use std::fmt::Write as _;

use repo_map_cache::{DirectoryStatistics, OperationDurations, SharedActivity, TierActivity, escaped};

/// The metrics: counters of what was done since the store was made, gauges of what it holds.
pub(super) fn metrics(statistics: &DirectoryStatistics) -> String {
    let mut text = String::new();
    head(&mut text, "requests_total", "counter", "Lookups by cache, tier and result; an error is no miss.");
    for row in &statistics.activity {
        for (result, count) in results(row) {
            let _ = writeln!(
                text,
                "repo_map_cache_requests_total{{cache=\"{}\",tier=\"{}\",result=\"{result}\"}} {count}",
                label(&row.cache),
                label(&row.tier)
            );
        }
    }
    head(&mut text, "evictions_total", "counter", "Entries that had to go, by the reason.");
    for row in &statistics.activity {
        let _ = writeln!(
            text,
            "repo_map_cache_evictions_total{{cache=\"{}\",tier=\"{}\",reason=\"size\"}} {}",
            label(&row.cache),
            label(&row.tier),
            row.evictions
        );
    }
    durations(&mut text, &statistics.durations);
    let help = "Contents that could not be parsed, by language and reason.";
    head(&mut text, "parse_failures_total", "counter", help);
    for row in &statistics.parse_failures {
        let _ = writeln!(
            text,
            "repo_map_cache_parse_failures_total{{language=\"{}\",reason=\"{}\"}} {}",
            label(&row.language),
            label(&row.reason),
            row.count
        );
    }
    if let Some(shared) = &statistics.shared {
        of_shared(&mut text, shared);
    }
    head(&mut text, "bytes", "gauge", "What the tables of the store take.");
    for table in &statistics.tables {
        let _ =
            writeln!(text, "repo_map_cache_bytes{{table=\"{}\",tier=\"l2\"}} {}", table.table, table.bytes);
    }
    head(&mut text, "items", "gauge", "The entries of the tables of the store.");
    for table in &statistics.tables {
        let _ =
            writeln!(text, "repo_map_cache_items{{table=\"{}\",tier=\"l2\"}} {}", table.table, table.items);
    }
    head(&mut text, "size_bytes", "gauge", "What the store takes on disk.");
    let _ = writeln!(text, "repo_map_cache_size_bytes {}", statistics.size_on_disk);
    head(&mut text, "max_size_bytes", "gauge", "What the store may take on disk.");
    let _ = writeln!(text, "repo_map_cache_max_size_bytes {}", statistics.max_size);
    text
}

/// What was asked of a cache that machines share.
fn of_shared(text: &mut String, shared: &SharedActivity) {
    head(
        text,
        "shared_records_total",
        "counter",
        "Records of the shared cache by what became of them; an error is no miss.",
    );
    for (result, count) in [
        ("hit", shared.hits),
        ("miss", shared.misses),
        ("refused", shared.refused),
        ("error", shared.errors),
        ("sampled", shared.sampled),
        ("stored", shared.stored),
        ("dropped", shared.dropped),
    ] {
        let _ = writeln!(text, "repo_map_cache_shared_records_total{{result=\"{result}\"}} {count}");
    }
    head(
        text,
        "shared_bytes_total",
        "counter",
        "Bytes of records that came from the shared cache and went there.",
    );
    for (direction, count) in [("received", shared.bytes_received), ("sent", shared.bytes_sent)] {
        let _ = writeln!(text, "repo_map_cache_shared_bytes_total{{direction=\"{direction}\"}} {count}");
    }
}

fn durations(text: &mut String, rows: &[OperationDurations]) {
    let help =
        "Time of operations by cache, tier and operation; of lookups in the store one in sixteen is timed.";
    head(text, "op_duration_seconds", "histogram", help);
    for row in rows {
        let (cache, tier, operation) = (label(&row.cache), label(&row.tier), label(&row.operation));
        let labels = format!("cache=\"{cache}\",tier=\"{tier}\",op=\"{operation}\"");
        let bounds = OperationDurations::bounds().iter().map(|bound| bound.as_secs_f64().to_string());
        let mut sum = 0;
        for (count, bound) in row.counts.iter().zip(bounds.chain(["+Inf".to_owned()])) {
            sum += count;
            let _ =
                writeln!(text, "repo_map_cache_op_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {sum}");
        }
        let seconds = row.nanoseconds as f64 / 1e9;
        let _ = writeln!(text, "repo_map_cache_op_duration_seconds_sum{{{labels}}} {seconds}");
        let _ = writeln!(text, "repo_map_cache_op_duration_seconds_count{{{labels}}} {sum}");
    }
}

/// A label's value as the format wants it. What a store says of itself may be anything.
fn label(text: &str) -> String {
    escaped(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP repo_map_cache_{name} {help}\n# TYPE repo_map_cache_{name} {kind}");
}

fn results(row: &TierActivity) -> [(&'static str, u64); 5] {
    [
        ("hit", row.hits),
        ("miss", row.misses),
        ("stale", row.stale),
        ("corrupt", row.corrupt),
        ("error", row.errors),
    ]
}

//! The statistics of a folder as a page for people.

use std::fmt::Write as _;

use repo_map_cache::{AGES, DirectoryStatistics, TierActivity, escaped, escaped_path};

use super::size;
use crate::view::{document, text};

/// The page. `ages` are counts of file records, by the bounds of [`AGES`].
pub(super) fn page(statistics: &DirectoryStatistics, ages: &[u64]) -> String {
    let mut body = format!(
        "<header><div class=\"name\"><h1>Cache</h1><p id=\"facts\">{}</p></div></header>\n",
        text(&escaped_path(&statistics.directory))
    );
    let part = |bytes: u64, of: u64| bar(bytes, of.max(1));
    let disk = [
        ("On disk", statistics.size_on_disk, statistics.max_size),
        ("Tables", statistics.tables_size, statistics.usable),
    ];
    let rows =
        disk.map(|(name, bytes, most)| vec![name.to_owned(), size(bytes), size(most), part(bytes, most)]);
    table(&mut body, "Size", &["", "takes", "may take", ""], rows);

    let largest = statistics.tables.iter().map(|table| table.bytes).max().unwrap_or_default();
    let rows = statistics.tables.iter().map(|table| {
        vec![table.table.to_owned(), table.items.to_string(), size(table.bytes), part(table.bytes, largest)]
    });
    table(&mut body, "Tables", &["Table", "entries", "size", ""], rows);

    let rows = statistics.activity.iter().map(activity);
    let head =
        ["Cache", "tier", "hits", "misses", "stale", "corrupt", "errors", "evicted", "hits of all lookups"];
    table(&mut body, "What was asked since the store was made", &head, rows);

    let all = ages.iter().sum::<u64>();
    let rows = AGES
        .iter()
        .map(|(name, _)| *name)
        .chain(["longer ago"])
        .zip(ages)
        .map(|(name, count)| vec![name.to_owned(), count.to_string(), part(*count, all)]);
    table(&mut body, "When files were last read", &["", "files", ""], rows);

    let failures = statistics.parse_failures.iter();
    let rows: Vec<_> = failures
        .map(|row| vec![text(&escaped(&row.language)), text(&escaped(&row.reason)), row.count.to_string()])
        .collect();
    if !rows.is_empty() {
        table(&mut body, "What could not be parsed", &["Language", "reason", "contents"], rows);
    }
    document("Cache", &body, None)
}

fn activity(row: &TierActivity) -> Vec<String> {
    let asked = row.hits + row.misses + row.stale + row.corrupt + row.errors;
    let counts = [row.hits, row.misses, row.stale, row.corrupt, row.errors, row.evictions];
    let mut cells = vec![text(&escaped(&row.cache)), text(&escaped(&row.tier))];
    cells.extend(counts.map(|count| count.to_string()));
    cells.push(bar(row.hits, asked.max(1)));
    cells
}

/// Rows of cells that are HTML.
fn table(body: &mut String, caption: &str, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let _ = write!(body, "<table class=\"figures\"><caption>{caption}</caption>\n<tr>");
    for name in head {
        let _ = write!(body, "<th scope=\"col\">{name}</th>");
    }
    body.push_str("</tr>\n");
    for cells in rows {
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        let _ = writeln!(body, "<tr>{cells}</tr>");
    }
    body.push_str("</table>\n");
}

/// A bar, and the same in words.
fn bar(part: u64, of: u64) -> String {
    let percent = (part as f64 * 100.0 / of as f64).min(100.0);
    format!(
        "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{percent:.0} %\">\
         <rect class=\"rest\" width=\"100\" height=\"10\"/><rect class=\"fill\" width=\"{percent:.1}\" height=\"10\"/></svg>"
    )
}

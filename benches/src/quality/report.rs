//! Tables of rows: means with intervals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Regime, Row, Tool};
use crate::Dice;

const RESAMPLES: usize = 1_000;

/// Markdown tables, one a regime and budget: each tool's mean over the repositories (each weighs the same) of the mean over
/// its cases, with the 95 % interval of a bootstrap that draws cases within each repository.
pub fn tables(rows: &[Row]) -> String {
    let mut text = String::new();
    let budgets: BTreeSet<usize> = rows.iter().map(|row| row.budget).collect();
    for regime in Regime::ALL {
        for &budget in &budgets {
            let of_table: Vec<&Row> =
                rows.iter().filter(|row| row.regime == regime && row.budget == budget).collect();
            if of_table.is_empty() {
                continue;
            }
            let cases: BTreeSet<(&str, &str)> =
                of_table.iter().map(|row| (row.repository.as_str(), row.commit.as_str())).collect();
            let _ = writeln!(text, "\n{} at {budget} tokens, {} cases\n", regime.as_str(), cases.len());
            let names: Vec<&str> = of_table[0].figures.iter().map(|(name, _)| *name).collect();
            let heads: Vec<String> = names.iter().map(|name| head(name)).collect();
            let _ = writeln!(text, "| tool | {} | tokens | over the budget |", heads.join(" | "));
            let _ = writeln!(text, "|---{}|---|---|", "|---".repeat(names.len()));
            for tool in Tool::ALL {
                let of_tool: Vec<&Row> = of_table.iter().copied().filter(|row| row.tool == tool).collect();
                if !of_tool.is_empty() {
                    line(&mut text, tool, &names, &of_tool);
                }
            }
        }
    }
    text
}

fn head(name: &str) -> String {
    match name {
        "def_recall" => "definition recall".to_owned(),
        "rr" => "MRR".to_owned(),
        other => other.replace('_', " "),
    }
}

fn line(text: &mut String, tool: Tool, names: &[&str], rows: &[&Row]) {
    let plain = |value: &dyn Fn(&Row) -> f64| mean_of_means(&by_repository(rows, |row| Some(value(row))));
    let _ = write!(text, "| {} |", tool.as_str());
    for name in names {
        let values = by_repository(rows, |row| row.figure(name));
        let (low, high) = interval(&values);
        let _ = write!(text, " {:.3} [{low:.3}, {high:.3}] |", mean_of_means(&values));
    }
    let over = |row: &Row| if row.tokens > row.budget { 1.0 } else { 0.0 };
    let _ = writeln!(text, " {:.0} | {:.0} % |", plain(&|row| row.tokens as f64), 100.0 * plain(&over));
}

fn by_repository(rows: &[&Row], value: impl Fn(&Row) -> Option<f64>) -> Vec<Vec<f64>> {
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for row in rows {
        values.entry(&row.repository).or_default().extend(value(row));
    }
    values.into_values().filter(|values| !values.is_empty()).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    values.for_each(|value| {
        sum += value;
        count += 1;
    });
    sum / f64::from(count.max(1))
}

fn mean_of_means(values: &[Vec<f64>]) -> f64 {
    mean(values.iter().map(|values| mean(values.iter().copied())))
}

/// The 95 % interval of the mean of means. Draws the same numbers in every run; repositories, where each has one case.
fn interval(values: &[Vec<f64>]) -> (f64, f64) {
    let pooled = [values.concat()];
    let values = if values.iter().all(|values| values.len() == 1) { &pooled } else { values };
    let mut dice = Dice::new(1);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            mean(values.iter().map(|values| {
                let drawn = (0..values.len()).map(|_| values[dice.below(values.len())]);
                mean(drawn.collect::<Vec<_>>().into_iter())
            }))
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[RESAMPLES / 40], means[RESAMPLES - 1 - RESAMPLES / 40])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_weigh_the_same_and_the_interval_holds_the_mean() {
        let values = [vec![1.0; 30], vec![0.0, 1.0]];
        assert_eq!(mean_of_means(&values), 0.75);
        let (low, high) = interval(&values);
        assert!((0.5..0.75).contains(&low) && (0.75..=1.0).contains(&high), "{low} {high}");
        assert_eq!(interval(&[vec![0.5; 3]]), (0.5, 0.5));
        let (low, high) = interval(&[vec![0.0], vec![1.0], vec![0.5]]);
        assert!(low < 0.4 && high > 0.6, "{low} {high}");
    }
}

//! Fits a conditional logit by Newton's method: McFadden, "Conditional logit analysis of qualitative choice behavior" (1974).

/// One choice: rows of signals, and which of them were chosen.
#[derive(Default)]
pub(super) struct Problem {
    pub(super) rows: Vec<Vec<f64>>,
    pub(super) chosen: Vec<usize>,
}

/// Steps are halved at most so often.
const HALVINGS: usize = 20;
const STEPS: usize = 50;

impl Problem {
    /// The logarithm of each row's share.
    pub(super) fn log_shares(&self, weights: &[f64]) -> Vec<f64> {
        let mut sums: Vec<f64> = self.rows.iter().map(|row| dot(row, weights)).collect();
        let top = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = sums.iter().map(|sum| (sum - top).exp()).sum();
        sums.iter_mut().for_each(|sum| *sum -= top + all.ln());
        sums
    }

    fn counts(&self) -> bool {
        !self.chosen.is_empty()
    }
}

/// What keeps weights from following every accident of a few problems: `strength` times the squares of their distances from
/// `towards` is taken off, so signals without use stay there.
#[derive(Clone, Copy)]
pub(super) struct Pull<'a> {
    pub(super) strength: f64,
    /// One value a signal.
    pub(super) towards: &'a [f64],
}

/// The weights that make the chosen rows likeliest: each problem counts alike, each chosen row of one too.
pub(super) fn fit(problems: &[Problem], pull: Pull<'_>) -> Vec<f64> {
    let mut weights = pull.towards.to_vec();
    let mut loss = loss_of(problems, &weights, pull);
    for _ in 0..STEPS {
        let step = newton_step(problems, &weights, pull);
        let mut length = 1.0;
        let improved = (0..HALVINGS).find_map(|_| {
            let tried: Vec<f64> =
                weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect();
            length /= 2.0;
            let tried_loss = loss_of(problems, &tried, pull);
            (tried_loss < loss).then_some((tried, tried_loss))
        });
        let Some((better, better_loss)) = improved else { break };
        let gained = loss - better_loss;
        (weights, loss) = (better, better_loss);
        if gained < 1e-9 * loss.abs() {
            break;
        }
    }
    weights
}

/// The mean over problems of the mean logarithm of the chosen rows' shares.
pub(super) fn mean_log_share(problems: &[Problem], weights: &[f64]) -> f64 {
    let means: Vec<f64> = problems
        .iter()
        .filter(|problem| problem.counts())
        .map(|problem| {
            let shares = problem.log_shares(weights);
            problem.chosen.iter().map(|&row| shares[row]).sum::<f64>() / problem.chosen.len() as f64
        })
        .collect();
    means.iter().sum::<f64>() / means.len().max(1) as f64
}

fn loss_of(problems: &[Problem], weights: &[f64], pull: Pull<'_>) -> f64 {
    let counted = problems.iter().filter(|problem| problem.counts()).count() as f64;
    let distance: f64 = weights.iter().zip(pull.towards).map(|(a, b)| (a - b) * (a - b)).sum();
    pull.strength * distance - counted * mean_log_share(problems, weights)
}

/// The inverse of the second derivative times the first.
fn newton_step(problems: &[Problem], weights: &[f64], pull: Pull<'_>) -> Vec<f64> {
    let width = weights.len();
    let mut gradient: Vec<f64> = weights
        .iter()
        .zip(pull.towards)
        .map(|(weight, towards)| 2.0 * pull.strength * (weight - towards))
        .collect();
    let mut curvature = vec![vec![0.0; width]; width];
    (0..width).for_each(|at| curvature[at][at] = 2.0 * pull.strength);
    for problem in problems.iter().filter(|problem| problem.counts()) {
        let shares = problem.log_shares(weights);
        let mut mean = vec![0.0; width];
        for (row, share) in problem.rows.iter().zip(&shares).map(|(row, share)| (row, share.exp())) {
            if share < 1e-12 {
                continue;
            }
            for (at, value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                mean[at] += share * value;
                for (other, sum) in curvature[at].iter_mut().enumerate().take(at + 1) {
                    *sum += share * value * row[other];
                }
            }
        }
        let part = 1.0 / problem.chosen.len() as f64;
        for at in 0..width {
            let chosen: f64 = problem.chosen.iter().map(|&row| problem.rows[row][at]).sum();
            gradient[at] += mean[at] - part * chosen;
            for other in 0..=at {
                curvature[at][other] -= mean[at] * mean[other];
            }
        }
    }
    solved(curvature, gradient)
}

/// Solves a symmetric positive definite system, given its lower half, by Cholesky's decomposition.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let width = right.len();
    for at in 0..width {
        for other in 0..=at {
            let sum: f64 = (0..other).map(|k| matrix[at][k] * matrix[other][k]).sum();
            let rest = matrix[at][other] - sum;
            matrix[at][other] =
                if at == other { rest.max(1e-12).sqrt() } else { rest / matrix[other][other] };
        }
    }
    for at in 0..width {
        let sum: f64 = (0..at).map(|k| matrix[at][k] * right[k]).sum();
        right[at] = (right[at] - sum) / matrix[at][at];
    }
    for at in (0..width).rev() {
        let sum: f64 = (at + 1..width).map(|k| matrix[k][at] * right[k]).sum();
        right[at] = (right[at] - sum) / matrix[at][at];
    }
    right
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_tells_gets_weight_and_one_that_does_not_gets_none() {
        let problem = |chosen: usize| Problem {
            rows: (0..4).map(|row| vec![if row == chosen { 1.0 } else { 0.0 }, 1.0]).collect(),
            chosen: vec![chosen],
        };
        let problems: Vec<Problem> = (0..4).map(problem).collect();
        let pull = Pull { strength: 0.05, towards: &[0.0, 0.0] };
        let weights = fit(&problems, pull);
        assert!(weights[0] > 1.0 && weights[1].abs() < 1e-9, "{weights:?}");
        // Where the sum of gradients vanishes: 4 · (1 - share) = 2 · pull · weight.
        let share = problems[0].log_shares(&weights)[0].exp();
        assert!((4.0 * (1.0 - share) - 0.1 * weights[0]).abs() < 1e-6);
        // Towards other values the same signals have others; what tells nothing stays where it is pulled.
        let weights = fit(&problems, Pull { strength: 0.05, towards: &[9.0, 2.0] });
        let share = problems[0].log_shares(&weights)[0].exp();
        assert!(
            (4.0 * (1.0 - share) - 0.1 * (weights[0] - 9.0)).abs() < 1e-6 && (weights[1] - 2.0).abs() < 1e-9
        );
    }
}

//! Fits a conditional logit by Newton's method: McFadden, "Conditional logit analysis of qualitative choice behavior" (1974).

use rayon::prelude::*;

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

    /// Of what the problem adds to the loss: the first derivative, and the lower half of the second.
    fn derivatives(&self, weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let width = weights.len();
        let mut mean = vec![0.0; width];
        let mut curvature = vec![vec![0.0; width]; width];
        for (row, share) in
            self.rows.iter().zip(self.log_shares(weights)).map(|(row, share)| (row, share.exp()))
        {
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
        for at in 0..width {
            for other in 0..=at {
                curvature[at][other] -= mean[at] * mean[other];
            }
        }
        let part = 1.0 / self.chosen.len() as f64;
        let chosen = |at: usize| self.chosen.iter().map(|&row| self.rows[row][at]).sum::<f64>();
        (mean.iter().enumerate().map(|(at, mean)| mean - part * chosen(at)).collect(), curvature)
    }
}

/// What keeps weights from following every accident of a few problems: so many times their squares are taken off, so signals without use stay at 0.
const PULL: f64 = 0.05;

/// The weights that make the chosen rows likeliest: each problem counts alike, each chosen row of one too.
pub(super) fn fit(problems: &[Problem], width: usize) -> Vec<f64> {
    let mut weights = vec![0.0; width];
    let mut loss = loss_of(problems, &weights);
    for _ in 0..STEPS {
        let (gradient, curvature) = derivatives(problems, &weights);
        let factor = factored(curvature);
        let step = solved_backwards(&factor, solved_forwards(&factor, gradient));
        let mut length = 1.0;
        let improved = (0..HALVINGS).find_map(|_| {
            let tried: Vec<f64> =
                weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect();
            length /= 2.0;
            let tried_loss = loss_of(problems, &tried);
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
        .par_iter()
        .filter(|problem| problem.counts())
        .map(|problem| {
            let shares = problem.log_shares(weights);
            problem.chosen.iter().map(|&row| shares[row]).sum::<f64>() / problem.chosen.len() as f64
        })
        .collect();
    means.iter().sum::<f64>() / means.len().max(1) as f64
}

fn loss_of(problems: &[Problem], weights: &[f64]) -> f64 {
    let counted = problems.iter().filter(|problem| problem.counts()).count() as f64;
    PULL * dot(weights, weights) - counted * mean_log_share(problems, weights)
}

/// The first derivative of the loss, and the lower half of the second.
fn derivatives(problems: &[Problem], weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut gradient: Vec<f64> = weights.iter().map(|weight| 2.0 * PULL * weight).collect();
    let mut curvature = vec![vec![0.0; weights.len()]; weights.len()];
    (0..weights.len()).for_each(|at| curvature[at][at] = 2.0 * PULL);
    let parts: Vec<_> =
        problems.par_iter().filter(|of| of.counts()).map(|of| of.derivatives(weights)).collect();
    // Summed in their order, so that the number of threads does not show.
    for (own_gradient, own_curvature) in parts {
        add(&mut gradient, &own_gradient);
        curvature.iter_mut().zip(&own_curvature).for_each(|(row, own)| add(row, own));
    }
    (gradient, curvature)
}

/// Cholesky's decomposition of a symmetric positive definite matrix, given its lower half.
fn factored(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for at in 0..matrix.len() {
        for other in 0..=at {
            let sum: f64 = (0..other).map(|k| matrix[at][k] * matrix[other][k]).sum();
            let rest = matrix[at][other] - sum;
            matrix[at][other] =
                if at == other { rest.max(1e-12).sqrt() } else { rest / matrix[other][other] };
        }
    }
    matrix
}

/// Solves `factor · x = right`.
fn solved_forwards(factor: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    for at in 0..right.len() {
        let sum: f64 = (0..at).map(|k| factor[at][k] * right[k]).sum();
        right[at] = (right[at] - sum) / factor[at][at];
    }
    right
}

/// Solves `factor transposed · x = right`.
fn solved_backwards(factor: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    let width = right.len();
    for at in (0..width).rev() {
        let sum: f64 = (at + 1..width).map(|k| factor[k][at] * right[k]).sum();
        right[at] = (right[at] - sum) / factor[at][at];
    }
    right
}

fn add(sums: &mut [f64], values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
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
        let weights = fit(&problems, 2);
        assert!(weights[0] > 1.0 && weights[1].abs() < 1e-9, "{weights:?}");
        // Where the sum of gradients vanishes: 4 · (1 - share) = 2 · pull · weight.
        let share = problems[0].log_shares(&weights)[0].exp();
        assert!((4.0 * (1.0 - share) - 0.1 * weights[0]).abs() < 1e-6);
    }
}

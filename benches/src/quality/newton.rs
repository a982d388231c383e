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
/// The second derivative of what may not move.
const FIXED: f64 = 1e12;

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
        let (gradient, curvature) = derivatives(problems, &weights, pull);
        let factor = factored(curvature);
        let step = solved_backwards(&factor, solved_forwards(&factor, gradient));
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

/// How far weights may be from the fitted ones: a point of the normal distribution in which the problems leave them (Laplace's approximation)
/// is the weights plus `Spread::at` of standard normal numbers, and half the sum of these numbers' squares is what it adds to the loss.
pub(super) struct Spread {
    factor: Vec<Vec<f64>>,
}

impl Spread {
    /// `held` signals stay as they are fitted, and so do those of which the problems say nothing; the others have what that leaves free.
    pub(super) fn new(problems: &[Problem], weights: &[f64], pull: Pull<'_>, held: &[bool]) -> Self {
        let (_, mut curvature) = derivatives(problems, weights, pull);
        for at in 0..weights.len() {
            if !held[at] && curvature[at][at] > 2.0 * pull.strength {
                continue;
            }
            curvature[at].fill(0.0);
            curvature.iter_mut().for_each(|row| row[at] = 0.0);
            curvature[at][at] = FIXED;
        }
        Self { factor: factored(curvature) }
    }

    pub(super) fn at(&self, numbers: &[f64]) -> Vec<f64> {
        solved_backwards(&self.factor, numbers.to_vec())
    }
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

fn loss_of(problems: &[Problem], weights: &[f64], pull: Pull<'_>) -> f64 {
    let counted = problems.iter().filter(|problem| problem.counts()).count() as f64;
    let distance: f64 = weights.iter().zip(pull.towards).map(|(a, b)| (a - b) * (a - b)).sum();
    pull.strength * distance - counted * mean_log_share(problems, weights)
}

/// The first derivative of the loss, and the lower half of the second.
fn derivatives(problems: &[Problem], weights: &[f64], pull: Pull<'_>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut gradient: Vec<f64> = weights
        .iter()
        .zip(pull.towards)
        .map(|(weight, towards)| 2.0 * pull.strength * (weight - towards))
        .collect();
    let mut curvature = vec![vec![0.0; weights.len()]; weights.len()];
    (0..weights.len()).for_each(|at| curvature[at][at] = 2.0 * pull.strength);
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

    #[test]
    fn what_the_likelihood_loses_is_half_the_square_of_the_distance() {
        let problem = |chosen: usize| Problem {
            rows: (0..6)
                .map(|row| vec![f64::from(row), f64::from(row % 2), f64::from(row / 3), 0.0])
                .collect(),
            chosen: vec![chosen],
        };
        let problems: Vec<Problem> = [5, 4, 5, 2, 3].into_iter().map(problem).collect();
        let pull = Pull { strength: 0.05, towards: &[0.0; 4] };
        let weights = fit(&problems, pull);
        let spread = Spread::new(&problems, &weights, pull, &[false, false, true, false]);
        let numbers = [0.03, -0.05, 0.7, 0.9];
        let by = spread.at(&numbers);
        // One is held, and of one the problems say nothing.
        assert!(by[2].abs() < 1e-5 && by[3].abs() < 1e-5 && by[0].abs() > 1e-3, "{by:?}");
        let moved: Vec<f64> = weights.iter().zip(&by).map(|(weight, by)| weight + by).collect();
        let lost = loss_of(&problems, &moved, pull) - loss_of(&problems, &weights, pull);
        let half_the_square = (0.03_f64.powi(2) + 0.05_f64.powi(2)) / 2.0;
        assert!((lost / half_the_square - 1.0).abs() < 0.05, "{lost} {half_the_square}");
    }
}

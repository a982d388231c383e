//! Seeks the top of a function that has no derivatives, by an evolution strategy with weighted recombination and cumulative step-size adaptation:
//! Hansen and Ostermeier, "Completely derandomized self-adaptation in evolution strategies" (2001), with the constants of Hansen, "The CMA evolution
//! strategy: a tutorial" (2016), without its covariances: the caller chooses coordinates in which all directions are alike.

use crate::dice::Dice;

const GENERATIONS: usize = 60;

/// Where `worth` is highest near 0, of so many dimensions; the first steps have about the size of 1.
pub(super) fn best(width: usize, worth: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let wide = width as f64;
    let parents = (2.0 + 1.5 * wide.ln()) as usize;
    let shares: Vec<f64> = (1..=parents).map(|place| ((parents as f64 + 0.5) / place as f64).ln()).collect();
    let sum: f64 = shares.iter().sum();
    let shares: Vec<f64> = shares.iter().map(|share| share / sum).collect();
    // How many points alike have the variance of the weighed mean.
    let alike = 1.0 / shares.iter().map(|share| share * share).sum::<f64>();
    let fresh = (alike + 2.0) / (wide + alike + 5.0);
    let damping = 1.0 + fresh + 2.0 * (((alike - 1.0) / (wide + 1.0)).sqrt() - 1.0).max(0.0);
    let expected = wide.sqrt() * (1.0 - 1.0 / (4.0 * wide) + 1.0 / (21.0 * wide * wide));
    let mut dice = Dice::new(7);
    let (mut middle, mut path, mut size) = (vec![0.0; width], vec![0.0; width], 1.0);
    for _ in 0..GENERATIONS {
        let mut steps: Vec<(f64, Vec<f64>)> = (0..2 * parents)
            .map(|_| {
                let step: Vec<f64> = (0..width).map(|_| dice.normal()).collect();
                let at: Vec<f64> =
                    middle.iter().zip(&step).map(|(middle, step)| middle + size * step).collect();
                (worth(&at), step)
            })
            .collect();
        steps.sort_by(|a, b| b.0.total_cmp(&a.0));
        let taken =
            |at: usize| shares.iter().zip(&steps).map(|(share, (_, step))| share * step[at]).sum::<f64>();
        for at in 0..width {
            let step = taken(at);
            middle[at] += size * step;
            path[at] = (1.0 - fresh) * path[at] + (fresh * (2.0 - fresh) * alike).sqrt() * step;
        }
        let length = path.iter().map(|step| step * step).sum::<f64>().sqrt();
        size *= (fresh / damping * (length / expected - 1.0)).exp();
    }
    middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_noisy_hill_is_found_again_and_again_alike() {
        let top: Vec<f64> = (0..20).map(|at| f64::from(at % 5) / 2.0 - 1.0).collect();
        let apart = |at: &[f64]| at.iter().zip(&top).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        // Steps, as recall has them.
        let worth = |at: &[f64]| -(apart(at) * 20.0).round();
        let found = best(20, worth);
        assert!(apart(&found) < 0.1 * apart(&[0.0; 20]), "{found:?}");
        assert_eq!(found, best(20, worth));
    }
}

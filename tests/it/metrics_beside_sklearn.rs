//! Our metrics beside scikit-learn's and scipy's on the same made-up rows, where Python has them.

use std::{fs, path::Path, process::Command};

use luopan::learn::metrics;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde_json::Value;

/// What the script exits with where it lacks a package.
const NOT_INSTALLED: i32 = 77;

#[derive(Serialize)]
struct Case {
    scores: Vec<f64>,
    probabilities: Vec<f64>,
    events: Vec<bool>,
    predicted: Vec<f64>,
    actual: Vec<f64>,
}

impl Case {
    /// `levels`: how many different scores there are at most; the fewer, the more ties.
    fn made_up(seed: u64, rows: usize, rate: f64, levels: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // One of each class, whatever the dice say.
        let events: Vec<bool> =
            (0..rows).map(|row| row == 0 || (row > 1 && rng.random::<f64>() < rate)).collect();
        // Rounded to 0 and 1 too: a log-loss must bear a probability of 0 for what happened.
        let mut draw =
            |event: &bool| ((rng.random::<f64>() * 0.8 + f64::from(*event) * 0.2) * levels).round() / levels;
        let probabilities: Vec<f64> = events.iter().map(&mut draw).collect();
        let scores = events.iter().map(|event| 7.0 * draw(event) - 3.0).collect();
        let mut amount =
            |p: &f64| if rng.random::<f64>() < 0.5 { 0.0 } else { 1e4 * p * rng.random::<f64>() };
        let actual: Vec<f64> = probabilities.iter().map(&mut amount).collect();
        let predicted = probabilities.iter().map(|p| 3e3 * p).collect();
        Self { scores, probabilities, events, predicted, actual }
    }

    fn measured(&self) -> [(&'static str, Option<f64>); 7] {
        [
            ("roc_auc", metrics::roc_auc(&self.scores, &self.events)),
            ("average_precision", metrics::average_precision(&self.scores, &self.events)),
            ("brier", metrics::brier(&self.probabilities, &self.events)),
            ("log_loss", metrics::log_loss(&self.probabilities, &self.events)),
            ("spearman", metrics::spearman(&self.predicted, &self.actual)),
            ("r_squared", metrics::r_squared(&self.predicted, &self.actual)),
            ("mean_absolute_error", metrics::mean_absolute_error(&self.predicted, &self.actual)),
        ]
    }
}

#[test]
fn our_metrics_are_those_of_scikit_learn() {
    let cases = [
        Case::made_up(1, 30, 0.3, 1e9),
        Case::made_up(2, 500, 0.5, 10.0),
        Case::made_up(3, 5_000, 0.02, 1e9),
        Case::made_up(4, 5_000, 0.1, 20.0),
        Case::made_up(5, 2_000, 0.9, 3.0),
        Case::made_up(6, 12, 0.2, 2.0),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.json");
    fs::write(&file, serde_json::to_string(&cases).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metrics_beside_sklearn.py");
    let skipped = |why: &str| eprintln!("SKIPPED: {why}: our metrics were not compared to scikit-learn's");
    let output = match Command::new("python3").arg(script).arg(&file).output() {
        Ok(output) => output,
        Err(error) => return skipped(&format!("no python3 ({error})")),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(NOT_INSTALLED) {
        return skipped(&format!("python3 lacks a package ({})", said.trim()));
    }
    assert!(output.status.success(), "{said}");
    let theirs: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(theirs.len(), cases.len());
    for (number, (case, theirs)) in cases.iter().zip(&theirs).enumerate() {
        for (name, ours) in case.measured() {
            let (ours, theirs) = (ours.unwrap(), theirs[name].as_f64().unwrap());
            let apart = (ours - theirs).abs() / theirs.abs().max(1.0);
            assert!(apart < 1e-9, "case {}, {name}: {ours}, by scikit-learn {theirs}", number + 1);
        }
    }
}

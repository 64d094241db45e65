//! Learning and scoring, stage by stage, beside scikit-learn and LightGBM on the same rows.
//!
//! ```sh
//! cargo bench --bench learning
//! ```
//!
//! `BENCH_ROWS` (600000), `BENCH_COLUMNS` (120), `BENCH_SCORED` (1000000) are the sizes, `BENCH_ROWS_FILE` a file that
//! `luopan train --rows` wrote, in place of invented rows; `BENCH_ONLY=fits,whole,score` leaves stages out. `TEST_PYTHON` is a Python with the peers of
//! `benches/peers/README.md`; where it has none, they are not shown.
//!
//! Each line: who, stage, wall seconds, CPU seconds of all threads, most memory in MB.

mod made;
mod measured;
mod rows_file;

use std::{collections::BTreeMap, env, path::Path, process::Command};

use luopan::{
    learn::{
        CutoffRows, LearnedSpec, Outcome,
        boosted::Boosted,
        calibrate,
        encode::Encoding,
        estimator::candidates,
        gather::TrainingRows,
        logistic::Logistic,
        select::Unseen,
        spec::{BoostedSettings, CalibrationChoice},
        train,
    },
    project::model::{ModelSpec, read_model},
};
use measured::stage;

fn number(name: &str, otherwise: usize) -> usize {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn wanted(part: &str) -> bool {
    env::var("BENCH_ONLY").map_or(true, |only| only.split(',').any(|wanted| wanted == part))
}

/// The built-in project's model of churn.
fn spec() -> LearnedSpec {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/churn_risk.toml");
    match read_model(&path).map(|model| model.spec) {
        Ok(ModelSpec::Learned(spec)) => *spec,
        _ => panic!("models/churn_risk.toml is no learned model"),
    }
}

fn main() {
    let spec = spec();
    let (rows, columns) = (number("BENCH_ROWS", 600_000), number("BENCH_COLUMNS", 120));
    let cutoffs = match env::var("BENCH_ROWS_FILE") {
        Ok(path) => rows_file::read(Path::new(&path)),
        Err(_) => made::cutoffs(rows, columns),
    };
    let all: usize = cutoffs.iter().map(|rows| rows.label.iter().flatten().count()).sum();
    println!("# {all} labelled rows at {} cutoffs\n# who\tstage\twall s\tCPU s\tpeak MB", cutoffs.len());
    if wanted("fits") {
        fits(&LearnedSpec { max_rows: usize::MAX, ..spec.clone() }, &cutoffs);
    }
    if wanted("whole") {
        let outcome = stage("whole training (max_rows 100000)", || train("bench", &spec, 90, &cutoffs));
        if let Ok(Outcome::Fitted(fitted)) = outcome {
            println!(
                "# {}\n# version {}",
                fitted.notes.join("\n# "),
                fitted.artifact.version().unwrap_or_default()
            );
            for tried in &fitted.artifact.card.tried {
                println!(
                    "# {} {:.6}{}",
                    tried.estimator,
                    tried.log_loss,
                    if tried.chosen { " *" } else { "" }
                );
            }
            for name in ["roc_auc", "pr_auc", "log_loss", "brier"] {
                let value = fitted.artifact.card.metric(name);
                println!("# {name} {:.6}", value.unwrap_or(f64::NAN));
            }
        }
    }
    if wanted("score") {
        score(&spec, &cutoffs, number("BENCH_SCORED", 1_000_000), columns);
    }
    if wanted("peers") {
        peers(&cutoffs);
    }
}

fn fits(spec: &LearnedSpec, cutoffs: &[CutoffRows]) {
    let every: Vec<&CutoffRows> = cutoffs.iter().collect();
    let rows = stage("gather", || TrainingRows::gather(&every, spec)).expect("the cutoffs are alike");
    let (encoding, _) = stage("encode: learn", || Encoding::learn(&rows.features)).expect("features");
    {
        let x = stage("encode: matrix", || encoding.encode(&rows.features)).expect("the columns are there");
        println!("# {} x {}", x.nrows(), x.ncols());
        let (fit, note) =
            stage("logistic: fit", || Logistic::fit(&x, &rows.events, None, 1.0)).expect("it is fitted");
        let log_odds = stage("logistic: predict", || fit.log_odds(&x));
        println!("# log-loss {:.9} {}", log_loss(&log_odds, &rows.events), note.unwrap_or_default());
        let customers = (0..log_odds.len() as u64).collect();
        let parts = (0..log_odds.len()).map(|row| row % 3).collect();
        let unseen = Unseen { log_odds, events: rows.events.clone(), customers, parts };
        stage("calibration", || calibrate::choose(CalibrationChoice::Auto, &unseen));
    }
    let x = stage("trees: matrix", || encoding.for_trees(&rows.features)).expect("the columns are there");
    let shallow = BoostedSettings::default();
    let deeper = BoostedSettings { depth: 5, column_share: 0.8, ..shallow.clone() };
    for settings in [shallow, deeper] {
        let name = format!("trees, depth {}", settings.depth);
        let fit = stage(&format!("{name}: fit"), || Boosted::fit(&x, &rows.events, None, &settings, 7, 2));
        let log_odds = stage(&format!("{name}: predict"), || fit.expect("it is grown").log_odds(&x));
        println!("# log-loss {:.9}", log_loss(&log_odds, &rows.events));
    }
}

fn log_loss(log_odds: &[f64], events: &[bool]) -> f64 {
    let surprise = |(z, event): (&f64, &bool)| (if *event { -z } else { *z }).exp().ln_1p();
    log_odds.iter().zip(events).map(surprise).sum::<f64>() / events.len() as f64
}

/// Each estimator's scores of a million customers, whose reasons are those of the estimator.
fn score(spec: &LearnedSpec, cutoffs: &[CutoffRows], rows: usize, columns: usize) {
    let names = candidates(spec, usize::MAX).len();
    let features = match env::var("BENCH_ROWS_FILE") {
        Ok(_) => rows_file::repeated(cutoffs, rows),
        Err(_) => made::customers(rows, columns, 99).0,
    };
    for place in 0..names {
        let one = rows_file::only(spec, place);
        let small = LearnedSpec { max_rows: 20_000, ..one };
        let Ok(Outcome::Fitted(fitted)) = train("bench", &small, 90, cutoffs) else { continue };
        let name = candidates(&small, usize::MAX)[0].name();
        let artifact = fitted.artifact;
        let _ = stage(&format!("score, {name}"), || artifact.probabilities(&features));
        let _ = stage(&format!("score with texts, {name}"), || {
            artifact.score(&features, &BTreeMap::new(), false)
        });
        let _ = stage(&format!("score with reasons, {name}"), || {
            artifact.score(&features, &BTreeMap::new(), true)
        });
    }
}

/// The same rows, learned by others.
fn peers(cutoffs: &[CutoffRows]) {
    let file = env::temp_dir().join("luopan_bench_rows.parquet");
    rows_file::write(&file, cutoffs);
    let python = env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/learning_speed.py");
    match Command::new(python).arg(script).arg(&file).status() {
        Ok(status) if status.success() => {}
        _ => println!("# no peers: benches/peers/README.md says what they need"),
    }
    let _ = std::fs::remove_file(file);
}

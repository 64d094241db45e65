//! `luopan train`

use std::{io::IsTerminal, path::PathBuf};

use clap::Args;

use super::{Where, print, runtime, show, words};
use crate::{
    learn::{Metric, backtest::Tested},
    problem::Result,
    run::{models::train::train, progress::Progress},
};

#[derive(Args)]
pub struct TrainArgs {
    /// A learned model of the project
    #[arg(value_name = "MODEL")]
    model: String,
    /// Pipeline whose lake and settings to use
    #[arg(long, default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    #[command(flatten)]
    at: Where,
    /// Past days to test on, the newest
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    tests: u16,
    /// Write every row with its features, label and what was said of it to this Parquet file
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

/// Tests a model on past days, as it would have been fitted then; publishes nothing.
pub fn run(args: TrainArgs) -> Result<()> {
    let runtime = runtime(args.at.place.threads)?;
    let bar = std::io::stderr().is_terminal().then(words::Bar::new);
    let progress: &dyn Progress = match &bar {
        Some(bar) => bar,
        None => &words::Warnings,
    };
    let asked = args.at.asked(args.pipeline);
    let result = runtime.block_on(train(&asked, &args.model, args.tests.into(), progress));
    if let Some(bar) = &bar {
        bar.clear();
    }
    let backtest = result?;
    if let Some(path) = &args.rows {
        backtest.write_rows(path)?;
        eprintln!("rows, labels and what was said of them: {}", path.display());
    }
    print(&tests(&args.model, &backtest.tests))
}

/// A column per test, a line per figure.
fn tests(model: &str, tests: &[Tested]) -> String {
    let mut heads = vec!["tested on"];
    heads.extend(tests.iter().map(|tested| tested.name.as_str()));
    let line = |name: &str, value: &dyn Fn(&Tested) -> String| {
        std::iter::once(name.to_owned()).chain(tests.iter().map(value)).collect::<Vec<_>>()
    };
    let mut rows = vec![
        line("estimator", &|tested| {
            tested.tried.iter().find(|t| t.chosen).map_or(String::new(), |t| t.estimator.clone())
        }),
        line("calibration", &|tested| tested.calibration.to_owned()),
        line("rows", &|tested| show::count(tested.holdout.events.len() as i64)),
        line("events", &|tested| {
            show::count(tested.holdout.events.iter().filter(|event| **event).count() as i64)
        }),
    ];
    let names = tests.first().map_or(&[][..], |tested| &tested.metrics).iter().map(|m| &m.metric);
    for name in names {
        rows.push(line(name, &|tested| {
            let metric = tested.metrics.iter().find(|m| m.metric == *name);
            metric.map_or("-".into(), figure)
        }));
    }
    format!(
        "Model {model}, each time learned from what was known on that day\n\n{}",
        show::table(&heads, &rows)
    )
}

fn figure(metric: &Metric) -> String {
    match (metric.value, metric.interval) {
        (Some(value), Some(i)) => format!("{value:.4} ({:.4}-{:.4})", i.low, i.high),
        (Some(value), None) => format!("{value:.4}"),
        (None, _) => "-".into(),
    }
}

//! What can learn log-odds from encoded rows. A new estimator is one implementation of [`Estimator`] and one [`Scorer`].

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use arrow::array::RecordBatch;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::{
    boosted::{Binned, Boosted},
    contributions::Contributions,
    encode::Encoding,
    gather::TrainingRows,
    logistic::Logistic,
    pieces::of_pieces,
    shap::Explainer,
    spec::{BoostedSettings, EstimatorChoice, LearnedSpec},
    threads,
};
use crate::problem::Result;

/// Settings that a fit can be made with.
pub trait Estimator: Send + Sync {
    /// As people call it, with what sets it apart from others of its kind.
    fn name(&self) -> String;

    /// The second value is what is worth knowing of the fit.
    fn fit(&self, inputs: &Inputs) -> Result<(Scorer, Option<String>)>;
}

/// Rows of both classes, and what estimators of one kind share of them.
pub struct Inputs<'a> {
    /// Learned from `rows`.
    pub encoding: &'a Encoding,
    pub rows: &'a TrainingRows,
    matrix: RefCell<Option<Rc<Array2<f64>>>>,
    bins: OnceCell<Binned>,
}

impl<'a> Inputs<'a> {
    pub fn new(encoding: &'a Encoding, rows: &'a TrainingRows) -> Self {
        Self { encoding, rows, matrix: RefCell::default(), bins: OnceCell::new() }
    }

    fn matrix(&self) -> Result<Rc<Array2<f64>>> {
        if let Some(matrix) = self.matrix.borrow().as_ref() {
            return Ok(Rc::clone(matrix));
        }
        let matrix = Rc::new(self.encoding.encode(&self.rows.features)?);
        Ok(Rc::clone(self.matrix.borrow_mut().insert(matrix)))
    }

    /// The matrix, which is much larger, is let go: lines come before trees.
    fn bins(&self) -> Result<&Binned> {
        self.matrix.take();
        if let Some(bins) = self.bins.get() {
            return Ok(bins);
        }
        let bins = self.encoding.in_bins(&self.rows.features)?;
        Ok(self.bins.get_or_init(|| bins))
    }
}

/// Logistic regression with this L2 penalty.
pub struct LogisticSettings {
    pub penalty: f64,
}

impl Estimator for LogisticSettings {
    fn name(&self) -> String {
        if self.penalty == 1.0 {
            "logistic regression".into()
        } else {
            format!("logistic regression, penalty {}", self.penalty)
        }
    }

    fn fit(&self, inputs: &Inputs) -> Result<(Scorer, Option<String>)> {
        let (x, rows) = (inputs.matrix()?, inputs.rows);
        let (mut logistic, note) = Logistic::fit(&x, &rows.events, rows.weights.as_deref(), self.penalty)?;
        logistic.intercept -= rows.sampling_offset;
        Ok((Scorer::Logistic(logistic), note))
    }
}

/// Gradient-boosted trees; `seed` of what they do at random.
pub struct BoostedTrees {
    pub settings: BoostedSettings,
    pub seed: u64,
}

impl Estimator for BoostedTrees {
    fn name(&self) -> String {
        format!("boosted trees, depth {}", self.settings.depth)
    }

    fn fit(&self, inputs: &Inputs) -> Result<(Scorer, Option<String>)> {
        let (x, rows, threads) = (inputs.bins()?, inputs.rows, threads::count());
        let mut boosted =
            Boosted::grow(x, &rows.events, rows.weights.as_deref(), &self.settings, self.seed, threads)?;
        boosted.base -= rows.sampling_offset;
        Ok((Scorer::BoostedTrees(boosted), None))
    }
}

/// How much stronger the penalty may become where events are few.
const STRONGER: [f64; 3] = [1000.0, 100.0, 10.0];

/// Fewer, and deeper trees learned more of the noise.
const EVENTS_OF_DEEPER_TREES: usize = 500;

/// What may be fitted on rows with this many events, the simplest first: more than one where data has to choose.
pub fn candidates(spec: &LearnedSpec, events: usize) -> Vec<Box<dyn Estimator>> {
    let logistic = |penalty: f64| -> Box<dyn Estimator> { Box::new(LogisticSettings { penalty }) };
    let trees = || -> Vec<Box<dyn Estimator>> {
        let grown = |settings| Box::new(BoostedTrees { settings, seed: spec.seed }) as Box<dyn Estimator>;
        if let Some(settings) = &spec.boosted_trees {
            return vec![grown(settings.clone())];
        }
        let shallow = BoostedSettings::default();
        // For columns that act together, which takes many events to see.
        let deeper = BoostedSettings { depth: 5, column_share: 0.8, ..shallow.clone() };
        let many = events >= EVENTS_OF_DEEPER_TREES;
        [shallow].into_iter().chain(many.then_some(deeper)).map(grown).collect()
    };
    let stronger: &[f64] = if events < spec.shrink_below { &STRONGER } else { &[] };
    let lines = stronger.iter().chain(&[1.0]).map(|times| logistic(times * spec.penalty));
    match spec.estimator {
        EstimatorChoice::Logistic => lines.collect(),
        EstimatorChoice::BoostedTrees => trees(),
        EstimatorChoice::Auto => lines.chain(trees()).collect(),
    }
}

/// What a fit leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scorer {
    Logistic(Logistic),
    BoostedTrees(Boosted),
}

impl Scorer {
    /// One per row of `features`. Fails when a column is not there or is of another kind than in training.
    pub fn log_odds(&self, encoding: &Encoding, features: &RecordBatch) -> Result<Vec<f64>> {
        of_pieces(features, |piece| {
            Ok(match self {
                Self::Logistic(logistic) => logistic.log_odds(&encoding.encode(piece)?),
                Self::BoostedTrees(boosted) => boosted.log_odds(&encoding.for_trees(piece)?),
            })
        })
    }

    /// The same, and what each column of the encoding adds to each row's log-odds.
    pub fn explained(
        &self,
        encoding: &Encoding,
        features: &RecordBatch,
    ) -> Result<(Vec<f64>, Contributions)> {
        Ok(match self {
            Self::Logistic(logistic) => {
                let x = encoding.encode(features)?;
                (logistic.log_odds(&x), Contributions::of(encoding, logistic, &x))
            }
            Self::BoostedTrees(boosted) => {
                let x = encoding.for_trees(features)?;
                let explainer = Explainer::new(boosted, x.places());
                let contributions = explainer.contributions(&x, 1);
                (boosted.log_odds(&x), Contributions::new(encoding, explainer.base, contributions))
            }
        })
    }

    /// Whether all figures are finite and fit the encoding: else the artifact is damaged.
    pub fn is_sound(&self, encoding: &Encoding) -> bool {
        match self {
            Self::Logistic(logistic) => {
                logistic.is_finite() && logistic.coefficients.len() == encoding.width()
            }
            Self::BoostedTrees(boosted) => boosted.is_sound(encoding.tree_places().len()),
        }
    }
}

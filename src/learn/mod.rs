//! Learning: from tables at past cutoffs to a fitted, evaluated, explainable model.
//!
//! [`rows`] puts cutoffs together → [`encode`] turns a table into a matrix → [`logistic`] and [`size`] fit →
//! [`metrics`] and [`measure`] say how good it is on a later cutoff → [`artifact`] keeps it and scores → [`reasons`] says why.
//! All of it is arithmetic: no file, no clock, no thread that could change a result.

pub mod artifact;
pub mod column;
pub mod encode;
pub mod logistic;
pub mod measure;
pub mod metrics;
pub mod model;
mod newton;
pub mod reasons;
pub mod rows;
pub mod size;
pub mod spec;
#[cfg(test)]
mod synthetic;
mod tables;
pub mod train;

pub use artifact::Artifact;
pub use measure::Metric;
pub use rows::CutoffRows;
pub use spec::{LearnedKind, LearnedSpec};
pub use tables::{metrics_batch, metrics_schema, scores_schema};
pub use train::{Fitted, Outcome, train};

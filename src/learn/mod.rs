//! Learning: from tables at past cutoffs to a fitted, calibrated, measured, explainable model.
//!
//! [`rows`] are cutoffs with their labels → [`folds`] says what may be learned from what → [`gather`] puts that together →
//! [`encode`] turns a table into a matrix → [`estimator`] fits ([`logistic`], [`boosted`]) → [`select`] and [`calibrate`]
//! choose on rows that no fit has seen → [`measure`] says how good it is on a later cutoff → [`artifact`] and [`card`] keep it → [`gates`] let it score →
//! [`score`] and [`reasons`] say who, and why. [`train`] walks that way.
//! All of it is arithmetic: no file, no clock, no thread that could change a result.

pub mod artifact;
pub mod backtest;
pub mod before;
pub mod boosted;
pub mod calibrate;
pub mod card;
pub mod card_text;
pub mod column;
mod contributions;
pub mod drift;
pub mod encode;
pub mod estimator;
mod figures;
pub mod folds;
pub mod gates;
pub mod gather;
pub mod grade;
pub mod lifetime;
pub mod logistic;
mod meaning;
pub mod measure;
pub mod metrics;
pub mod model;
mod newton;
mod phrase;
mod pieces;
pub mod reasons;
mod refusal;
pub mod rows;
pub mod sampling;
pub mod schemas;
pub mod score;
mod sealed;
pub mod select;
pub mod sentence;
mod shap;
pub mod size;
pub mod spec;
pub mod standing;
#[cfg(test)]
mod synthetic;
pub mod tables;
pub mod threads;
pub mod train;
mod tree;
mod typical;
pub mod uncertainty;

pub use artifact::Artifact;
pub use before::FittedBefore;
pub use gates::Gate;
pub use measure::Metric;
pub use rows::CutoffRows;
pub use spec::{LearnedKind, LearnedSpec};
pub use standing::{Standing, Version};
pub use train::{Fitted, Outcome, train};

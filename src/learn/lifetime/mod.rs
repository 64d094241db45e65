//! Customer lifetime without contracts: who is still there, how often they will buy, and what that is worth.
//!
//! [`bg_nbd`] says how many purchases are to come, [`gamma_gamma`] what one is worth, [`value`] discounts them. Both models
//! are fitted by maximum likelihood ([`mod@fit`]) and refuse where the purchases tell too little. [`histories`] reads the table
//! of purchases → [`mod@learn`] measures on a past day and fits on today → [`artifact`] keeps the [`model`] and scores.

pub mod artifact;
pub mod bg_nbd;
mod bg_nbd_fit;
pub mod fit;
pub mod gamma_gamma;
pub mod histories;
pub mod learn;
pub mod model;
mod report;
#[cfg(test)]
mod simulated;
mod special;
mod tables;
#[cfg(test)]
mod tests;
pub mod value;

pub use artifact::LifetimeArtifact;
pub use bg_nbd::{BgNbd, Purchases};
pub use fit::Fit;
pub use gamma_gamma::{GammaGamma, Spending, correlation};
pub use histories::Histories;
pub use learn::{LifetimeFitted, LifetimeOutcome, learn};
pub use model::{LifetimeModel, lifetime_schema};
pub use tables::{lifetime_batch, lifetime_metrics_batch};
pub use value::{Periods, lifetime_value};

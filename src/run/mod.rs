//! One night, once: lake → tables at past cutoffs and today → models → judgement → audits → publish.

mod audits;
pub mod backfill;
mod build;
mod cache;
mod damage;
mod draft;
mod history;
mod make;
pub mod models;
pub mod nightly;
pub mod progress;
pub mod query;
mod recompute;
pub mod reported;
pub mod settings;
mod sources;
mod stages;
pub mod summary;

pub use build::Build;

//! Learned models in a run: who scored last night, whether to fit anew, who scores tonight, and how the past did.

mod champion;
pub mod compare;
pub mod decide;
mod find;
mod grade;
mod history;
mod learned;
mod lifetime;
mod prepare;
mod publish;
pub mod registry;
mod rows;
mod tables;
mod to_come;
pub mod train;

pub use champion::{Fit, Plan, is_another_question, read_artifact, unfit};
pub use grade::Found;
pub use learned::{blocking, learn_and_score};
pub use lifetime::{fit_lifetime, read_lifetime};
pub use publish::draft_models;
pub use rows::notes;
pub use tables::tables;

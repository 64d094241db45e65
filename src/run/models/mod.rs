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

pub use champion::Plan;
pub use grade::Found;
pub use learned::learn_and_score;
pub use lifetime::fit_lifetime;
pub use publish::draft_models;
pub use tables::tables;

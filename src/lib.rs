//! luopan: what each customer of a B2B software vendor is worth, could be worth, and is about to do.
pub mod cli;
pub mod docs;
pub mod engine;
pub mod graph;
pub mod judge;
pub mod lake;
pub mod learn;
pub mod problem;
pub mod project;
pub mod report;
pub mod run;
pub mod sample;
pub mod threads;
pub mod warehouse;

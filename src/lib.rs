//! luopan: what each customer of a B2B software vendor is worth, could be worth, and is about to do.
pub mod problem;

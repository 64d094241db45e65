//! What a run tells while it runs. How it looks is the command line's.

use chrono::NaiveDate;

use crate::warehouse::Step;

/// Listens to a run.
pub trait Progress: Send + Sync {
    /// A part of the run begins, with this many steps if that is known.
    fn stage(&self, name: &str, steps: Option<usize>);
    fn started(&self, table: &str, day: NaiveDate);
    fn finished(&self, step: &Step);
    /// Something that everybody should know, though the run goes on.
    fn warning(&self, text: &str);
    /// Something good to know.
    fn note(&self, text: &str);
}

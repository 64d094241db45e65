//! Why customers moved: where tonight's quadrants would place them with what the last set was made of.
//!
//! Three scenarios lie between the last set and tonight, each with one thing more of the last set: tonight with the models
//! of then (`models_before`), with the project of then as well (`settings_before`), and that on the day of then
//! (`day_before`), which differs from what was published only by rows that came late, or can no longer be read. A scenario of which nothing can
//! differ is left out. What comes out as tonight is read from tonight's tables, and only the rest is made again.

mod former;
mod late;
mod scenario;
mod scenarios;

use arrow::array::RecordBatch;

pub use former::Former;
pub use late::KnownRows;

use super::Build;
use crate::{
    engine::{recomputed::recomputed_schema, tables::Rows},
    problem::Result,
};

/// The rows of `QUADRANT_recomputed`; none on the first night.
pub async fn recompute(build: &Build<'_>, quadrant: &str) -> Result<Rows> {
    let schema = recomputed_schema();
    let mut batches: Vec<RecordBatch> = Vec::new();
    if let Some(former) = &build.former {
        for scenario in former.scenarios(build, quadrant)? {
            match scenario.place(build, former, quadrant).await {
                Ok(placed) => batches.push(placed),
                Err(problem) => build.warn(format!(
                    "`{quadrant}` cannot be made with what the set of {} was made of ({}), so a cause may be told \
                     as another one: {problem}",
                    former.day, scenario.name
                )),
            }
        }
    }
    Ok(Rows { schema, batches })
}

//! `luopan check`

use clap::Args;

use super::{ProjectFolder, print};
use crate::{
    engine::plan::plan_all,
    graph::Graph,
    problem::{Problem, Result},
    project::Project,
};

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    project: ProjectFolder,
}

/// Reads every file of the project, pipelines too, and plans every table; touches no data.
pub fn run(args: CheckArgs) -> Result<()> {
    let start = std::time::Instant::now();
    let project = Project::read(&args.project.project)?;
    let graph = Graph::new(&project)?;
    let schemas = plan_all(&graph)?;
    let pipelines = project.pipelines()?;
    let mut problems = Vec::new();
    for pipeline in &pipelines {
        crate::run::settings::check_published(&graph, pipeline).map_or_else(|p| problems.push(p), |()| ());
    }
    Problem::all(problems)?;
    for warning in graph.audits_never_run(&pipelines) {
        eprintln!("warning: {warning}");
    }
    let columns: usize = schemas.values().map(|s| s.fields().len()).sum();
    print(&format!(
        "{} tables with {columns} columns and {} pipelines are sound ({} ms)\n",
        schemas.len(),
        pipelines.len(),
        start.elapsed().as_millis()
    ))
}

//! `luopan compile`

use clap::Args;

use super::{ProjectFolder, print};
use crate::{
    graph::{Graph, Origin},
    problem::{Problem, Result},
    project::Project,
};

#[derive(Args)]
pub struct CompileArgs {
    #[command(flatten)]
    project: ProjectFolder,
    /// Table whose SQL to print
    #[arg(value_name = "TABLE")]
    table: String,
}

pub fn run(args: CompileArgs) -> Result<()> {
    let graph = Graph::new(&Project::read(&args.project.project)?)?;
    let table = graph.table(&args.table)?;
    match (table.sql(), &table.origin) {
        (Some(sql), _) => print(&format!("{}\n", sql.trim_end())),
        (None, Origin::Learned { spec, .. }) => Err(Problem::setup(format!(
            "`{}` is fitted to `{}` and `{}`, not compiled",
            table.name, spec.features, spec.label
        ))
        .help("after a run, its artifact is in the warehouse under _luopan/models/")),
        (None, _) => Err(Problem::setup(format!("`{}` has no SQL", table.name))),
    }
}

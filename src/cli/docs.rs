//! `luopan docs`

use clap::Args;

use super::{Lang, ProjectFolder, print};
use crate::{
    docs::page,
    graph::Graph,
    problem::{Problem, Result},
    project::Project,
    run::settings::check_published,
};

#[derive(Args)]
pub struct DocsArgs {
    #[command(flatten)]
    project: ProjectFolder,
    /// Whose words to take; where there are none in Chinese, the English ones
    #[arg(long, value_enum, default_value_t = Lang::En, value_name = "LANGUAGE")]
    lang: Lang,
}

/// Prints what is published and how it comes about, as Markdown; touches no data.
pub fn run(args: DocsArgs) -> Result<()> {
    let project = Project::read(&args.project.project)?;
    let graph = Graph::new(&project)?;
    let pipelines = project.pipelines()?;
    Problem::all(pipelines.iter().filter_map(|p| check_published(&graph, p).err()).collect())?;
    print(&page(&project, &pipelines, args.lang.into()))
}

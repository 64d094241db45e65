//! `luopan ls`

use clap::Args;

use super::{ProjectFolder, print, show};
use crate::{
    graph::{
        Graph, Table,
        references::{Reference, Time},
        select::{select, tags},
    },
    problem::Result,
    project::Project,
};

#[derive(Args)]
pub struct LsArgs {
    #[command(flatten)]
    project: ProjectFolder,
    /// NAME, +NAME (and what it reads), NAME+ (and what reads it), tag:TAG, layer:LAYER
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// Show what each table reads
    #[arg(long)]
    graph: bool,
    /// One JSON object per table
    #[arg(long, conflicts_with = "graph")]
    json: bool,
}

pub fn run(args: LsArgs) -> Result<()> {
    let graph = Graph::new(&Project::read(&args.project.project)?)?;
    let tables = select(&graph, &args.selectors)?;
    let text = match (args.json, args.graph) {
        (true, _) => tables.iter().map(|t| format!("{}\n", as_json(t))).collect(),
        (false, true) => tables.iter().map(|t| as_tree(t)).collect(),
        (false, false) => {
            let width = tables.iter().map(|t| t.name.chars().count()).max().unwrap_or(0);
            let row = |t: &&Table| {
                let about = t.description().unwrap_or_default().lines().next().unwrap_or_default();
                format!("{:<10} {:<width$}  {about}", t.kind(), t.name).trim_end().to_owned() + "\n"
            };
            tables.iter().map(row).collect::<String>()
        }
    };
    print(&text)?;
    if !args.json {
        eprintln!("{} tables", show::count(tables.len() as i64));
    }
    Ok(())
}

fn as_tree(table: &Table) -> String {
    let reads: String = table.reads.iter().map(|r| format!("    ← {}\n", full_name(r))).collect();
    format!("{} ({})\n{reads}", table.name, table.kind())
}

fn full_name(reference: &Reference) -> String {
    match reference.time {
        Time::Now => reference.table.clone(),
        time => format!("{}.{}", time.schema().unwrap_or_default(), reference.table),
    }
}

fn as_json(table: &Table) -> serde_json::Value {
    serde_json::json!({
        "table": table.name,
        "kind": table.kind(),
        "file": table.file().map(|f| f.path.display().to_string()),
        "description": table.description(),
        "reads": table.reads.iter().map(full_name).collect::<Vec<_>>(),
        "tags": tags(table),
        "grain": table.grain(),
        "view": table.is_view(),
    })
}

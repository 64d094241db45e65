//! `luopan report`

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{Lang, ProjectFolder, day, print, runtime};
use crate::{
    engine::Engine,
    problem::Result,
    project::language::Language,
    report::{PublishedSet, file_part, find_customer, portfolio, review, write_page},
    run::{
        reported::{report_folder, report_name},
        settings::{Asked, Published},
    },
    warehouse::Warehouse,
};

#[derive(Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub set: SetArgs,
    #[arg(long, value_enum, default_value_t = Lang::En, value_name = "LANGUAGE")]
    lang: Lang,
    /// Folder to write to [default: what the pipeline's [report] says, else reports/ in the warehouse's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One customer's page for a business review, by id or a part of its name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<String>,
    /// With --customer: also what is not for the customer's eyes, on a page of its own
    #[arg(long, requires = "customer")]
    internal: bool,
}

/// Which published set is looked at.
#[derive(Args)]
pub struct SetArgs {
    #[command(flatten)]
    project: ProjectFolder,
    /// Pipeline whose warehouse to look at
    #[arg(long, default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    /// Folder or URL that was published to
    #[arg(long, value_name = "URL")]
    warehouse: Option<String>,
    /// Day of the set [default: the newest]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<NaiveDate>,
}

impl SetArgs {
    /// Where it is published, and the set itself.
    pub async fn open(self) -> Result<(Published, PublishedSet)> {
        let asked = Asked {
            project: self.project.project,
            pipeline: self.pipeline,
            warehouse: self.warehouse,
            ..Asked::default()
        };
        let published = Published::resolve(&asked)?;
        let engine = Engine::new(published.threads, None)?;
        let set =
            PublishedSet::open(Warehouse::open(published.warehouse.clone()), engine, self.as_of).await?;
        Ok((published, set))
    }
}

pub fn run(args: ReportArgs) -> Result<()> {
    let language = Language::from(args.lang);
    let path = runtime(None)?.block_on(async {
        let (published, set) = args.set.open().await?;
        let folder = args.out.unwrap_or_else(|| report_folder(&published));
        let (name, sheet) = match &args.customer {
            None => (report_name(set.day(), language), portfolio(&set, language).await?),
            Some(asked) => {
                let id = find_customer(&set, asked).await?;
                let kind = if args.internal { ".internal" } else { "" };
                let name = format!("{}.{}{kind}.{}.html", file_part(&id), set.day(), language.code());
                (name, review(&set, &id, language, args.internal).await?)
            }
        };
        sheet.remarks.iter().for_each(|remark| eprintln!("{remark}"));
        write_page(&folder, &name, &sheet.html()?)
    })?;
    print(&format!("{}\n", path.display()))
}

//! `luopan repair`

use chrono::Utc;
use clap::Args;

use super::{ProjectFolder, night::clean_lines, print, runtime};
use crate::{
    problem::{Problem, Result},
    run::settings::{Asked, Published},
    warehouse::{Finding, Holder, Remedy, Warehouse},
};

/// Exit status: 0 nothing is left to do; 1 something is (without --apply: would be), or the store failed.
#[derive(Args)]
pub struct RepairArgs {
    /// Pipeline whose warehouse and settings to use
    #[arg(default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    #[command(flatten)]
    project: ProjectFolder,
    /// Folder or URL of the warehouse, unless it is the pipeline's
    #[arg(long, value_name = "URL")]
    warehouse: Option<String>,
    /// Read every byte and compare its SHA-256, not only sizes
    #[arg(long)]
    verify: bool,
    /// Do it; without this, only say what would be done
    #[arg(long)]
    apply: bool,
}

pub fn run(args: RepairArgs) -> Result<()> {
    let asked = Asked {
        project: args.project.project,
        pipeline: args.pipeline,
        warehouse: args.warehouse,
        ..Asked::default()
    };
    let warehouse = Warehouse::open(Published::resolve(&asked)?.warehouse);
    let url = &warehouse.location().url;
    let (findings, left) = runtime(Some(1))?.block_on(async {
        if warehouse.is_empty().await? {
            return Err(Problem::setup(format!("there is no warehouse in {url}"))
                .help("name it by --warehouse; `luopan run` makes one"));
        }
        let findings = warehouse.survey(args.verify).await?;
        if !args.apply || !findings.iter().any(Finding::can_be_mended) {
            let left = findings.clone();
            return Ok((findings, Ok(left)));
        }
        let lock = warehouse.lock(&Holder::this_process(Utc::now(), "repair")).await?;
        let taken_over = lock.taken_over().map(str::to_owned);
        let done = warehouse.repair(&lock, args.verify).await;
        let left = match &done {
            Ok(_) => warehouse.survey(args.verify).await,
            Err(_) => Ok(Vec::new()),
        };
        if let Err(kept) = lock.release().await {
            eprintln!("warning: {kept}");
        }
        let mut done = done?;
        let unlocked =
            taken_over.map(|whose| Finding { what: format!("the lock of {whose}"), remedy: Remedy::Unlock });
        done.splice(0..0, unlocked);
        Ok::<_, Problem>((done, left))
    })?;
    print(&findings.iter().map(|finding| line(finding, args.apply)).collect::<String>())?;
    // What was done is told even if a last look is not to be had.
    let left = left?;
    let open = left.iter().filter(|finding| finding.remedy != Remedy::Leave).count();
    match open {
        0 => {
            eprintln!("nothing is left to repair in {url}");
            Ok(())
        }
        n if !args.apply && left.iter().any(Finding::can_be_mended) => {
            Err(Problem::failed(format!("to be repaired in {url}: {n}; nothing was changed"))
                .help("`luopan repair --apply` does what the lines say that it would; files that a run is writing now are listed, too: --apply needs its lock, and does not touch them"))
        }
        n => Err(Problem::failed(format!("still to be repaired in {url}: {n}"))
            .help("do what the lines advise, then look again with `luopan repair`")),
    }
}

fn line(finding: &Finding, applied: bool) -> String {
    // It may hold names that others gave to files.
    let what = clean_lines(&finding.what);
    let (would, did) = match &finding.remedy {
        Remedy::Remove(_) => ("would remove", "removed"),
        Remedy::Rebuild(_) => ("would write anew", "wrote anew"),
        Remedy::Unlock => ("would take over", "took over"),
        Remedy::Advice(advice) => return format!("{what}: {advice}\n"),
        Remedy::Leave => return format!("left alone: {what}\n"),
    };
    format!("{} {what}\n", if applied { did } else { would })
}

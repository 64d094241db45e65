//! `luopan explain`

use clap::Args;

use super::{Lang, night::clean_lines, print, report::SetArgs, runtime};
use crate::{
    problem::Result,
    report::{explanation, find_customer},
};

#[derive(Args)]
pub struct ExplainArgs {
    /// Its id, or a part of its name
    #[arg(value_name = "CUSTOMER")]
    customer: String,
    #[command(flatten)]
    set: SetArgs,
    #[arg(long, value_enum, default_value_t = Lang::En, value_name = "LANGUAGE")]
    lang: Lang,
}

/// Columns of the text where nobody says how wide the terminal is.
const WIDTH: usize = 100;

pub fn run(args: ExplainArgs) -> Result<()> {
    let text = runtime(None)?.block_on(async {
        let (_, set) = args.set.open().await?;
        let customer = find_customer(&set, &args.customer).await?;
        explanation(&set, &customer, args.lang.into(), WIDTH).await
    })?;
    // Names are as somebody typed them: line by line without what a terminal would act on.
    print(&(clean_lines(&text) + "\n"))
}

//! `luopan query`: any table, or any SELECT over them, as of any day. Publishes nothing.

use arrow::{array::RecordBatch, datatypes::SchemaRef};

use super::{
    Build,
    progress::Progress,
    settings::{Asked, Settings},
};
use crate::{
    engine::{fault, query, tables::Rows},
    graph::{
        Origin, Table,
        references::{Time, read_references},
    },
    lake::as_of::days_after,
    problem::{Problem, Result},
    project::written::Written,
    warehouse::Warehouse,
};

/// A label of a window that is not over would be made up.
fn check_window(settings: &Settings, table: &Table) -> Result<()> {
    let Origin::Sql(sql) = &table.origin else { return Ok(()) };
    let Some(horizon) = sql.header.horizon_days else { return Ok(()) };
    let zone = settings.pipeline.time_zone;
    let known =
        settings.pipeline.as_of.unwrap_or_else(|| chrono::Utc::now().with_timezone(&zone).date_naive());
    let end = days_after(settings.as_of.day, horizon);
    if end <= known {
        return Ok(());
    }
    let latest = known.checked_sub_days(chrono::Days::new(horizon.into())).unwrap_or(known);
    let day = settings.as_of.day;
    Err(Problem::setup(format!("`{}` as of {day} looks ahead to {end}, which nobody knows yet", table.name))
        .help(format!("choose --as-of {latest} or earlier")))
}

/// The answer, and how many rows there were before the limit.
pub struct Answer {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

/// `what` is a table's name or a SELECT. At most `limit` rows.
pub async fn answer(
    asked: &Asked,
    what: &str,
    limit: Option<usize>,
    progress: &dyn Progress,
) -> Result<Answer> {
    let settings = Settings::resolve(asked)?;
    let is_name = !what.trim().contains(char::is_whitespace);
    let sql = match is_name {
        // Sorted, so that a limit shows the same rows each time.
        true => {
            let table = settings.graph.table(what.trim())?;
            let order =
                table.grain().iter().map(|g| crate::lake::as_of::quote(g)).collect::<Vec<_>>().join(", ");
            let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {order}") };
            format!("SELECT * FROM {}{order}", table.name)
        }
        false => what.to_owned(),
    };
    let file = Written { path: "query".into(), text: sql.as_str().into() };
    let references = read_references(&file, &|name| matches!(name, "generate_series" | "range" | "unnest"))?;
    let mut targets = Vec::new();
    let mut needs_engine = false;
    for reference in &references {
        match reference.time {
            Time::Now => {
                let table = settings.graph.table(&reference.table)?;
                check_window(&settings, table)?;
                targets.push(table.name.as_str());
            }
            Time::Engine => needs_engine = true,
            Time::Previous | Time::History => {}
            Time::Future => {
                return Err(file
                    .problem(
                        reference.span.clone(),
                        "a query cannot read future.: the as-of day is all that is known",
                    )
                    .help("query the label's own table, or a later --as-of"));
            }
        }
    }
    if needs_engine {
        targets.extend(settings.graph.fitted().map(|(name, _, _)| name));
    }
    let mut build =
        Build::open(&settings, &targets, &Default::default(), Default::default(), progress).await?;
    // Whoever asks may look at an old lake, or at a part of one.
    build.look_at_sources().await?.iter().for_each(|p| build.warn(&p.message));
    let warehouse = Warehouse::open(settings.warehouse.clone());
    build.open_previous(&warehouse).await?;
    build.open_history(&warehouse, &targets, &references).await?;
    build.open_models(&warehouse, &targets, progress, &mut Vec::new()).await?;
    build.open_former(&warehouse, &targets).await?;
    build.make(&targets, progress, &mut Vec::new()).await?;
    build.warnings().iter().for_each(|w| progress.warning(w));
    let session = build.session()?;
    let parameters = build.today().parameters(&settings.graph.parameters, None);
    let mut planned = query(&session, &sql, &parameters).await.map_err(|e| fault(e, Some(&file)))?;
    if limit.is_some() {
        planned = planned.limit(0, limit).map_err(|e| fault(e, None))?;
    }
    let rows = Rows::of(planned).await.map_err(|e| fault(e, None))?;
    Ok(Answer { schema: rows.schema, batches: rows.batches })
}

//! Which customer somebody means.

use super::{
    set::PublishedSet,
    table::Reader,
    value::{Value, columns_of},
};
use crate::{
    problem::{Problem, Result, did_you_mean},
    project::written::Written,
};

/// How many are named when several are meant.
const NAMED: usize = 8;

/// The customer of this id (in any case), or else the one whose name has these words in it.
///
/// Fails if there is none, or more than one.
pub async fn find_customer(set: &PublishedSet, asked: &str) -> Result<String> {
    let known = customers(set).await?;
    let lower = asked.trim().to_lowercase();
    if let Some((id, _)) = known.iter().find(|(id, _)| id.to_lowercase() == lower) {
        return Ok(id.clone());
    }
    let has = |name: &Option<String>| name.as_ref().is_some_and(|name| name.to_lowercase().contains(&lower));
    let found: Vec<_> = known.iter().filter(|(_, name)| !lower.is_empty() && has(name)).collect();
    match found.as_slice() {
        [(id, _)] => Ok(id.clone()),
        [] => {
            let near = did_you_mean(asked, known.iter().map(|(id, _)| id.as_str()));
            let help = near.unwrap_or_else(|| "`luopan query customer_snapshot` lists them".to_owned());
            Err(Problem::setup(format!("no customer `{asked}` is in force in the set of {}", set.day()))
                .help(help))
        }
        many => {
            let shown = |(id, name): &&(String, Option<String>)| {
                let name = name.as_deref().unwrap_or_default();
                // As somebody typed it: a terminal must not act on it.
                format!("{id} {}", name.chars().filter(|c| !c.is_control()).collect::<String>())
            };
            let named: Vec<String> = many.iter().take(NAMED).map(shown).collect();
            let more = if many.len() > NAMED { ", …" } else { "" };
            Err(Problem::setup(format!("`{asked}` is in the names of {} customers", many.len()))
                .help(format!("give an id: {}{more}", named.join(", "))))
        }
    }
}

/// Its name, or its id where nobody wrote one.
pub(super) async fn name_of(reader: &Reader<'_>) -> Result<String> {
    let known = customers(reader.set).await?;
    let id = reader.customer.unwrap_or_default();
    let name = known.into_iter().find(|(known, _)| known == id).and_then(|(_, name)| name);
    Ok(name.unwrap_or_else(|| id.to_owned()))
}

async fn customers(set: &PublishedSet) -> Result<Vec<(String, Option<String>)>> {
    let text = "SELECT customer_id, customer_name FROM customer_snapshot ORDER BY customer_id";
    let file = Written { path: "customers".into(), text: text.into() };
    let rows = set.answer(&file, &[]).await?.map_err(|table| {
        Problem::failed(format!("the set of {} has no table {table}", set.day()))
            .help("a customer can be shown where the pipeline publishes customer_snapshot")
    })?;
    let failed = |e| Problem::failed(format!("customer_snapshot cannot be read: {e}"));
    let columns = columns_of(&rows.batches, 2).map_err(failed)?;
    let text = |value: &Value| value.text().map(str::to_owned);
    let (Some(ids), Some(names)) = (columns.first(), columns.get(1)) else { return Ok(Vec::new()) };
    Ok(ids.iter().zip(names).filter_map(|(id, name)| Some((text(id)?, text(name)))).collect())
}

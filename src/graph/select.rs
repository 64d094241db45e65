//! dbt's selectors: `name`, `+name` (and all it reads), `name+` (and all that read it), `tag:x`, `layer:x`.

use std::collections::BTreeSet;

use super::{Graph, Origin, Table};
use crate::problem::{Problem, Result, did_you_mean};

/// Names chosen by any of the selectors, in the graph's order; all of them for none.
pub fn select<'a>(graph: &'a Graph, selectors: &[String]) -> Result<Vec<&'a Table>> {
    if selectors.is_empty() {
        return Ok(graph.in_order().collect());
    }
    let mut chosen = BTreeSet::new();
    for selector in selectors.iter().flat_map(|s| s.split([' ', ','])).filter(|s| !s.is_empty()) {
        chosen.extend(select_one(graph, selector)?);
    }
    Ok(graph.in_order().filter(|t| chosen.contains(t.name.as_str())).collect())
}

fn select_one<'a>(graph: &'a Graph, selector: &str) -> Result<BTreeSet<&'a str>> {
    let core = selector.trim_start_matches('+').trim_end_matches('+');
    let named: Vec<&Table> = match core.split_once(':') {
        None => vec![graph.table(core)?],
        Some(("tag", tag)) => graph.in_order().filter(|t| tags(t).iter().any(|x| x == tag)).collect(),
        Some(("layer", layer)) => graph.in_order().filter(|t| t.kind() == layer).collect(),
        Some((method, _)) => {
            let help = did_you_mean(method, ["tag", "layer"])
                .unwrap_or_else(|| "write NAME, +NAME, NAME+, tag:TAG or layer:LAYER".into());
            return Err(Problem::setup(format!("unknown selector `{method}:`")).help(help));
        }
    };
    if named.is_empty() {
        return Err(Problem::setup(format!("nothing is selected by `{selector}`"))
            .help("`luopan ls` shows names, layers and tags"));
    }
    let mut chosen: BTreeSet<&str> = named.iter().map(|t| t.name.as_str()).collect();
    if selector.starts_with('+') {
        chosen.extend(graph.closure(named.iter().map(|t| t.name.as_str())));
    }
    if selector.ends_with('+') {
        let mut open: Vec<&str> = named.iter().map(|t| t.name.as_str()).collect();
        while let Some(name) = open.pop() {
            open.extend(graph.readers(name).map(|t| t.name.as_str()).filter(|n| chosen.insert(n)));
        }
    }
    Ok(chosen)
}

/// The tags of a table's header.
pub fn tags(table: &Table) -> &[String] {
    match &table.origin {
        Origin::Sql(sql) => &sql.header.tags,
        _ => &[],
    }
}

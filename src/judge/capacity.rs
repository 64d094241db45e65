//! Whom to take first when there is not time for all, as SQL.

use crate::{lake::as_of::quote, project::capacity_toml::CapacitySpec};

/// One row per customer worth more than 0: value, effort, its rank by value for effort, the effort up to it, and whether
/// that fits.
///
/// Taking the best value for its effort first keeps the most where every effort is the same; where efforts differ, it is
/// short of the best by less than one customer's value (G. Dantzig, "Discrete-variable extremum problems", Operations
/// Research 5 (1957)).
pub fn capacity_sql(spec: &CapacitySpec) -> String {
    let per = spec.per.as_ref().map(|(column, _)| quote(column));
    let partition = per.as_ref().map_or_else(String::new, |column| format!("PARTITION BY {column} "));
    let shown = per.as_ref().map_or_else(String::new, |column| format!(", {column}"));
    let only = spec.only.as_ref().map_or_else(String::new, |(sql, _)| format!("\n    WHERE {sql}"));
    let effort = spec.effort.as_ref().map_or("1", |(sql, _)| sql.as_str());
    format!(
        "-- chosen: as many as fit, the best value for its effort first\n\
         WITH worth AS (\n    SELECT customer_id{shown},\n        \
         CAST({value} AS DECIMAL(18, 2)) AS value,\n        CAST({effort} AS DECIMAL(18, 4)) AS effort\n    \
         FROM {from}{only}\n),\n\
         ranked AS (\n    SELECT *,\n        \
         row_number() OVER best AS rank,\n        sum(effort) OVER best AS effort_so_far,\n        \
         sum(value) OVER best AS value_so_far\n    FROM worth\n    WHERE value > 0 AND effort > 0\n    \
         WINDOW best AS ({partition}ORDER BY CAST(value AS DOUBLE) / CAST(effort AS DOUBLE) DESC, customer_id\n        \
         ROWS UNBOUNDED PRECEDING)\n)\n\
         SELECT customer_id{shown}, value, effort, CAST(rank AS BIGINT) AS rank,\n    \
         CAST(effort_so_far AS DECIMAL(18, 4)) AS effort_so_far,\n    \
         CAST(value_so_far AS DECIMAL(18, 2)) AS value_so_far,\n    \
         effort_so_far <= CAST({capacity} AS DECIMAL(18, 4)) AS chosen\nFROM ranked\n",
        value = spec.value.0,
        from = quote(&spec.from),
        capacity = spec.capacity.0,
    )
}

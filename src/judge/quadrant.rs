//! The quadrant as SQL: two weighted scores, two cuts, four names.

use super::{POINTS, number};
use crate::{
    lake::as_of::quote,
    project::model::{Axis, Cut, QuadrantSpec},
};

/// One row per customer of `from`: x, y, their cuts, and the quadrant (null where x or y is not known).
pub fn quadrant_sql(spec: &QuadrantSpec) -> String {
    let mut scores: Vec<&String> = spec.x.scores.keys().chain(spec.y.scores.keys()).collect();
    scores.sort();
    scores.dedup();
    let joins: String = scores
        .iter()
        .map(|s| format!("\n    LEFT JOIN {0} ON {0}.customer_id = placed.customer_id", quote(s)))
        .collect();
    format!(
        "-- star: x and y high; cash_cow: x high; question_mark: y high; dog: neither\n\
         WITH axes AS (\n    SELECT placed.customer_id,\n        {x} AS x,\n        {y} AS y{money}\n    FROM {from} AS placed{joins}\n),\n\
         {x_rank}{y_rank}cuts AS (\n    SELECT\n        CAST({x_cut} AS {POINTS}) AS x_cut,\n        CAST({y_cut} AS {POINTS}) AS y_cut\n)\n\
         SELECT customer_id, x, y, x_cut, y_cut,\n    CASE WHEN x >= x_cut AND y >= y_cut THEN 'star'\n        \
         WHEN x >= x_cut AND y < y_cut THEN 'cash_cow'\n        \
         WHEN x < x_cut AND y >= y_cut THEN 'question_mark'\n        \
         WHEN x < x_cut AND y < y_cut THEN 'dog' END AS quadrant,\n    \
         CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN 'cuts' END AS quadrant_rule\nFROM axes CROSS JOIN cuts\n",
        x = axis_sql(&spec.x),
        y = axis_sql(&spec.y),
        money = money_sql("x", &spec.x.cut) + &money_sql("y", &spec.y.cut),
        from = quote(&spec.from),
        x_rank = pareto_sql("x", &spec.x.cut),
        y_rank = pareto_sql("y", &spec.y.cut),
        x_cut = cut_sql("x", &spec.x.cut),
        y_cut = cut_sql("y", &spec.y.cut),
    )
}

/// The weighted mean of the scores that are known.
fn axis_sql(axis: &Axis) -> String {
    let score = |name: &String| format!("CAST({}.score AS DOUBLE)", quote(name));
    let sum: Vec<String> = axis
        .scores
        .iter()
        .map(|(name, weight)| format!("coalesce({} * {}, 0.0)", number(*weight), score(name)))
        .collect();
    let known: Vec<String> = axis
        .scores
        .iter()
        .map(|(name, weight)| {
            format!("CASE WHEN {} IS NULL THEN 0.0 ELSE {} END", score(name), number(*weight))
        })
        .collect();
    format!("CAST(({}) / NULLIF({}, 0.0) AS {POINTS})", sum.join(" + "), known.join(" + "))
}

fn money_sql(axis: &str, cut: &Cut) -> String {
    match cut {
        Cut::Pareto { of, .. } => format!(",\n        placed.{} AS {axis}_money", quote(of)),
        Cut::Fixed(_) | Cut::Quantile(_) => String::new(),
    }
}

/// What the customers before each one, from the best score down, hold of the money that is above zero.
fn pareto_sql(axis: &str, cut: &Cut) -> String {
    match cut {
        Cut::Pareto { .. } => format!(
            "{axis}_held AS (\n    SELECT {axis},\n        sum(greatest({axis}_money, 0)) OVER () AS all_money,\n        \
             sum(greatest({axis}_money, 0)) OVER (ORDER BY {axis} DESC, customer_id\n            \
             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - greatest({axis}_money, 0) AS held_before\n    \
             FROM axes WHERE {axis} IS NOT NULL AND {axis}_money IS NOT NULL\n),\n"
        ),
        Cut::Fixed(_) | Cut::Quantile(_) => String::new(),
    }
}

fn cut_sql(axis: &str, cut: &Cut) -> String {
    match cut {
        Cut::Fixed(value) => number(*value),
        Cut::Quantile(share) => {
            format!(
                "(SELECT percentile_cont({}) WITHIN GROUP (ORDER BY CAST({axis} AS DOUBLE)) FROM axes)",
                number(*share)
            )
        }
        Cut::Pareto { share, .. } => format!(
            "coalesce((SELECT min({axis}) FROM {axis}_held\n            WHERE CAST(held_before AS DOUBLE) < {} * CAST(all_money AS DOUBLE)),\n            \
             -- nobody holds any: only the best score is high\n            (SELECT max({axis}) FROM axes))",
            number(*share)
        ),
    }
}

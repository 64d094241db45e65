//! The quadrant as SQL: two weighted scores, two cuts, four names; what keeps customers in theirs, and what overrules it.

use super::{POINTS, cut, number, text};
use crate::{
    lake::as_of::quote,
    project::model::{Axis, QuadrantSpec},
};

/// What stands in `quadrant_rule` where no rule of people decided: the cuts alone, a score that is not yet far enough
/// beyond a cut, or a quadrant entered too short a time ago to be left.
pub const BY_AXES: [&str; 3] = ["cuts", "margin", "minimum_stay"];

/// One row per customer of `from`: x, y, their cuts, the quadrant (null where x or y is not known and no rule decides),
/// what decided it, the quadrant by the cuts alone, and all rules that hold.
pub fn quadrant_sql(spec: &QuadrantSpec) -> String {
    let (before, joins) = around_sql(spec);
    format!(
        "-- star: x and y high; cash_cow: x high; question_mark: y high; dog: neither\n\
         WITH axes AS (\n    SELECT placed.customer_id,\n        {x} AS x,\n        {y} AS y{x_inputs}{y_inputs}\n    \
         FROM {from} AS placed{scores}\n),\n\
         {x_tables}{y_tables}cuts AS (\n    SELECT\n        CAST({x_cut} AS {POINTS}) AS x_cut,\n        \
         CAST({y_cut} AS {POINTS}) AS y_cut\n),\n\
         placed AS (\n    SELECT axes.customer_id, axes.x, axes.y, {x_own}, {y_own}\n    \
         FROM axes CROSS JOIN cuts{x_join}{y_join}\n),\n\
         {before}sides AS (\n    SELECT placed.*,\n        {plain} AS by_cuts{stay}{ruled}\n    FROM placed{joins}\n)\n\
         {decided}",
        x = axis_sql(&spec.x),
        y = axis_sql(&spec.y),
        x_inputs = cut::inputs_sql("x", &spec.x),
        y_inputs = cut::inputs_sql("y", &spec.y),
        from = quote(&spec.from),
        scores = scores_sql(spec),
        x_tables = cut::tables_sql("x", &spec.x),
        y_tables = cut::tables_sql("y", &spec.y),
        x_cut = cut::overall_sql("x", &spec.x.cut),
        y_cut = cut::overall_sql("y", &spec.y.cut),
        x_own = cut::own_sql("x", &spec.x),
        y_own = cut::own_sql("y", &spec.y),
        x_join = cut::join_sql("x", &spec.x),
        y_join = cut::join_sql("y", &spec.y),
        plain = name_sql("placed.x >= placed.x_cut", "placed.y >= placed.y_cut"),
        stay = stay_sql(spec),
        ruled = match spec.rules {
            Some(_) => ",\n        ruled.quadrant AS ruled, ruled.rule AS ruled_by, ruled.rules_held",
            None => ",\n        CAST(NULL AS VARCHAR) AS rules_held",
        },
        decided = decided_sql(spec),
    )
}

/// The names of an axis's and the other's sides; null where one is not known.
fn name_sql(x_high: &str, y_high: &str) -> String {
    let arm = |x: &str, y: &str, name: &str| {
        format!("\n            WHEN {x}({x_high}) AND {y}({y_high}) THEN '{name}'")
    };
    format!(
        "CASE{}{}{}{} END",
        arm("", "", "star"),
        arm("", "NOT ", "cash_cow"),
        arm("NOT ", "", "question_mark"),
        arm("NOT ", "NOT ", "dog")
    )
}

fn scores_sql(spec: &QuadrantSpec) -> String {
    let mut scores: Vec<&String> = spec.x.scores.keys().chain(spec.y.scores.keys()).collect();
    scores.sort();
    scores.dedup();
    scores
        .iter()
        .map(|s| format!("\n    LEFT JOIN {0} ON {0}.customer_id = placed.customer_id", quote(s)))
        .collect()
}

/// The table of former quadrants, and the joins of it and of the rules.
fn around_sql(spec: &QuadrantSpec) -> (String, String) {
    let mut joins = String::new();
    let mut before = String::new();
    if let Some(stay) = &spec.stay {
        let names = BY_AXES.map(text).join(", ");
        before = format!(
            "before AS (\n    -- a quadrant that a rule decided says nothing of a side\n    \
             SELECT customer_id, quadrant, quadrant_since, former_quadrant\n    FROM previous.{}\n    \
             WHERE quadrant_rule IN ({names})\n),\n",
            quote(&stay.published.0)
        );
        joins.push_str("\n    LEFT JOIN before ON before.customer_id = placed.customer_id");
    }
    if let Some((rules, _)) = &spec.rules {
        let rules = quote(rules);
        joins
            .push_str(&format!("\n    LEFT JOIN {rules} AS ruled ON ruled.customer_id = placed.customer_id"));
    }
    (before, joins)
}

/// The quadrant when a side is left only beyond the margin, and whether the customer moved too lately to move again.
fn stay_sql(spec: &QuadrantSpec) -> String {
    let Some(stay) = &spec.stay else { return String::new() };
    let margin = number(stay.margin);
    let high = |axis: &str, sides: &str| {
        format!(
            "placed.{axis} >= placed.{axis}_cut + CASE WHEN before.quadrant IN ({sides}) THEN -{margin}\n                \
             WHEN before.quadrant IS NOT NULL THEN {margin} ELSE 0 END"
        )
    };
    let by_margin = name_sql(&high("x", "'star', 'cash_cow'"), &high("y", "'star', 'question_mark'"));
    format!(
        ",\n        {by_margin} AS by_margin,\n        \
         -- who never moved since it is known stands there for an unknown time, and may leave\n        \
         CASE WHEN before.former_quadrant IS NOT NULL AND before.quadrant_since > $as_of_date - {}\n            \
         THEN before.quadrant END AS held_in",
        stay.days
    )
}

fn decided_sql(spec: &QuadrantSpec) -> String {
    let by_axes = match spec.stay {
        Some(_) => "CASE WHEN by_margin IS NOT NULL THEN coalesce(held_in, by_margin) END",
        None => "by_cuts",
    };
    let why = match spec.stay {
        Some(_) => {
            "CASE WHEN by_axes = by_cuts THEN 'cuts' WHEN by_axes = by_margin THEN 'margin'\n        \
             WHEN by_axes IS NOT NULL THEN 'minimum_stay' END"
        }
        None => "CASE WHEN by_axes IS NOT NULL THEN 'cuts' END",
    };
    let (quadrant, why) = match spec.rules {
        Some(_) => (
            "coalesce(ruled, by_axes)",
            format!("CASE WHEN ruled IS NOT NULL THEN ruled_by\n        ELSE {why} END"),
        ),
        None => ("by_axes", why.to_owned()),
    };
    format!(
        "SELECT customer_id, x, y, x_cut, y_cut,\n    {quadrant} AS quadrant,\n    {why} AS quadrant_rule,\n    by_cuts, rules_held\n\
         FROM (SELECT *, {by_axes} AS by_axes FROM sides) AS decided\n"
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
    format!("CAST(({}) / NULLIF({}, 0.0) AS {POINTS})", sum.join(" + "), known_sql(axis))
}

/// The weights of those scores of an axis that are known, together.
pub fn known_sql(axis: &Axis) -> String {
    let known: Vec<String> = axis
        .scores
        .iter()
        .map(|(name, weight)| {
            format!("CASE WHEN {}.score IS NULL THEN 0.0 ELSE {} END", quote(name), number(*weight))
        })
        .collect();
    known.join(" + ")
}

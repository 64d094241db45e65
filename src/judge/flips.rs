//! What would move a customer into another quadrant, as SQL: the smallest change of one component on each axis.

use std::collections::BTreeMap;

use super::{number, quadrant::BY_AXES, quadrant::known_sql, text};
use crate::{
    lake::as_of::quote,
    project::model::{Axis, Component, Points, QuadrantSpec, ScorecardSpec},
};

/// Beyond the last digit of rounded contributions, so that the change does what is said of it.
const SLACK: f64 = 0.001;

/// One row per customer whose quadrant its scores decided, and axis: the component whose points need to change least for
/// the customer to change sides, all else as it is; none where no single component reaches that far.
///
/// With weight w of the component in its score and share s of the score in the axis, an axis moves by s · w for each point.
pub fn flips_sql(name: &str, spec: &QuadrantSpec, cards: &BTreeMap<&str, &ScorecardSpec>) -> String {
    let axes = [("x", &spec.x, "'star', 'cash_cow'"), ("y", &spec.y, "'star', 'question_mark'")];
    let margin = spec.stay.as_ref().map_or(0.0, |stay| stay.margin) + SLACK;
    let mut scores: Vec<&String> = spec.x.scores.keys().chain(spec.y.scores.keys()).collect();
    scores.sort();
    scores.dedup();
    let joins: String = scores
        .iter()
        .map(|s| format!("\n    LEFT JOIN {0} ON {0}.customer_id = place.customer_id", quote(s)))
        .collect();
    let sides: String = axes
        .iter()
        .map(|(axis, spec, high)| {
            format!(
                ",\n        place.quadrant IN ({high}) AS {axis}_high,\n        {} AS {axis}_known,\n        \
                 CAST(place.{axis}_cut AS DOUBLE) - CAST(place.{axis} AS DOUBLE)\n            \
                 + CASE WHEN place.quadrant IN ({high}) THEN -{margin} ELSE {margin} END AS {axis}_needed",
                known_sql(spec),
                margin = number(margin)
            )
        })
        .collect();
    let levers: Vec<String> = axes
        .iter()
        .flat_map(|(axis, spec, _)| {
            spec.scores.iter().map(move |(score, weight)| lever_sql(axis, score, *weight))
        })
        .collect();
    format!(
        "-- change: points of one component that would move the customer over the axis's cut, all else as it is\n\
         WITH place AS (\n    SELECT * FROM {from} WHERE quadrant_rule IN ({rules})\n),\n\
         sides AS (\n    SELECT place.customer_id, place.quadrant{sides}\n    FROM place{joins}\n),\n\
         levers AS (\n    {levers}\n),\n\
         changes AS (\n    SELECT *, needed / lever AS change, points + needed / lever AS points_needed\n    FROM levers\n    \
         WHERE lever > 0 AND CASE WHEN high THEN needed < 0 ELSE needed > 0 END\n),\n\
         ranked AS (\n    SELECT *,\n        row_number() OVER (PARTITION BY customer_id, axis\n            \
         ORDER BY abs(change), score, component) AS nth\n    \
         FROM changes\n    WHERE points_needed >= 0 AND points_needed <= 100\n),\n\
         least AS (\n    SELECT customer_id,\n        min(CASE WHEN axis = 'x' THEN abs(change) END) AS least_x,\n        \
         min(CASE WHEN axis = 'y' THEN abs(change) END) AS least_y\n    FROM ranked\n    GROUP BY customer_id\n)\n\
         SELECT ranked.customer_id, axis, quadrant AS from_quadrant,\n    {to} AS to_quadrant,\n    score, component, value, \
         points, change, points_needed,\n    {value_needed} AS value_needed,\n    \
         CASE axis WHEN 'x' THEN least_x <= coalesce(least_y, least_x)\n        \
         ELSE coalesce(least_y < least_x, TRUE) END AS is_nearest\n\
         FROM ranked JOIN least ON least.customer_id = ranked.customer_id\nWHERE nth = 1\n",
        from = quote(name),
        rules = BY_AXES.map(text).join(", "),
        levers = levers.join("\n    UNION ALL\n    "),
        to = to_sql(),
        value_needed = value_needed_sql([&spec.x, &spec.y], cards),
    )
}

/// What one point of each component of a score does to the axis.
fn lever_sql(axis: &str, score: &str, weight: f64) -> String {
    format!(
        "SELECT sides.customer_id, '{axis}' AS axis, sides.quadrant, {axis}_high AS high, {axis}_needed AS needed,\n        \
         part.score, part.component, part.value, CAST(part.points AS DOUBLE) AS points,\n        \
         {weight} / NULLIF({axis}_known, 0.0) * part.weight AS lever\n    FROM sides\n    \
         JOIN {components} AS part ON part.customer_id = sides.customer_id\n    WHERE part.points IS NOT NULL",
        weight = number(weight),
        components = quote(&format!("{score}_components")),
    )
}

/// The quadrant on the other side of an axis.
fn to_sql() -> String {
    let over = [
        (
            "x",
            [("star", "question_mark"), ("question_mark", "star"), ("cash_cow", "dog"), ("dog", "cash_cow")],
        ),
        (
            "y",
            [("star", "cash_cow"), ("cash_cow", "star"), ("question_mark", "dog"), ("dog", "question_mark")],
        ),
    ];
    let arms: String = over
        .iter()
        .flat_map(|(axis, pairs)| pairs.iter().map(move |(from, to)| (axis, from, to)))
        .map(|(axis, from, to)| format!("\n        WHEN axis = '{axis}' AND quadrant = '{from}' THEN '{to}'"))
        .collect();
    format!("CASE{arms} END")
}

/// The figure that has the points needed, for components on a line; null for ranks and words.
fn value_needed_sql(axes: [&Axis; 2], cards: &BTreeMap<&str, &ScorecardSpec>) -> String {
    let mut names: Vec<&str> = axes.iter().flat_map(|axis| axis.scores.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let arms: String = names
        .iter()
        .filter_map(|name| Some((*name, *cards.get(name)?)))
        .flat_map(|(name, card)| card.components.iter().map(move |c| (name, c)))
        .filter_map(|(name, component)| {
            let inverse = inverse_sql(component)?;
            let which = format!("score = {} AND component = {}", text(name), text(&component.name));
            Some(format!("\n        WHEN {which} THEN {inverse}"))
        })
        .collect();
    match arms.is_empty() {
        true => "CAST(NULL AS DOUBLE)".into(),
        false => format!("CASE{arms} END"),
    }
}

/// The line of a component read from its points to its value; none where several values have the same points.
fn inverse_sql(component: &Component) -> Option<String> {
    let Points::Line(line) = &component.points else { return None };
    let rises = line.windows(2).all(|w| w[0].1 < w[1].1);
    let falls = line.windows(2).all(|w| w[0].1 > w[1].1);
    if !(rises || falls) {
        return None;
    }
    let arms: String = line
        .windows(2)
        .map(|w| {
            let ((x0, y0), (x1, y1)) = (w[0], w[1]);
            let (low, high) = (y0.min(y1), y0.max(y1));
            format!(
                " WHEN points_needed BETWEEN {} AND {} THEN ({}) + (points_needed - {}) * ({}) / ({})",
                number(low),
                number(high),
                number(x0),
                number(y0),
                number(x1 - x0),
                number(y1 - y0)
            )
        })
        .collect();
    Some(format!("CASE{arms} END"))
}

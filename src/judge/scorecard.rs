//! A scorecard as SQL: signals → points → weighted contributions → score and band.

use super::{POINTS, number, text};
use crate::{
    lake::as_of::quote,
    project::model::{Component, Missing, Points, ScoreSegment, ScorecardSpec},
};

/// One row per customer: score (the exact sum of its contributions; null if no signal is known) and band.
pub fn score_sql(name: &str, spec: &ScorecardSpec) -> String {
    let contributions: Vec<String> =
        spec.components.iter().map(|c| format!("coalesce({}, 0)", column(c, "contribution"))).collect();
    let known: Vec<String> = spec.components.iter().map(|c| column(c, "contribution")).collect();
    let bands = segmented_bands(spec);
    let segment = if spec.segments.is_empty() { "" } else { "segment, " };
    format!(
        "-- {name}: score and band, from models/{name}.toml\n{},\nscored AS (\n    SELECT customer_id, {segment}\n        \
         CASE WHEN coalesce({}) IS NOT NULL\n            THEN CAST({} AS {POINTS}) END AS score\n    \
         FROM contributions\n)\nSELECT customer_id, {segment}score{bands}\nFROM scored\n",
        contributions_sql(spec),
        known.join(", "),
        contributions.join(" + "),
    )
}

/// One row per customer and component: value, points, effective weight, contribution.
pub fn components_sql(name: &str, spec: &ScorecardSpec) -> String {
    let one = |c: &Component| {
        let value = match c.points {
            Points::Map(_) => "CAST(NULL AS DOUBLE)".to_owned(),
            Points::Line(_) | Points::Rank => column(c, "value"),
        };
        format!(
            "SELECT customer_id, {} AS score, {} AS component,\n    {value} AS value, {} AS points,\n    \
             {} AS weight, {} AS contribution\nFROM contributions",
            text(name),
            text(&c.name),
            column(c, "points"),
            column(c, "weight"),
            column(c, "contribution"),
        )
    };
    let parts: Vec<String> = spec.components.iter().map(one).collect();
    format!(
        "-- {name}_components: what makes up each score, from models/{name}.toml\n{}\n{}\n",
        contributions_sql(spec),
        parts.join("\nUNION ALL\n")
    )
}

/// `WITH values, points, weights, contributions`: one column each per component.
fn contributions_sql(spec: &ScorecardSpec) -> String {
    let each = |f: &dyn Fn(&Component) -> String| {
        spec.components.iter().map(f).map(|s| format!(",\n        {s}")).collect::<String>()
    };
    let values = each(&|c| {
        let name = column(c, "value");
        match c.points {
            Points::Map(_) => format!("CAST({} AS VARCHAR) AS {name}", c.value),
            // What is no number (0/0) is not known.
            Points::Line(_) | Points::Rank => {
                let value = format!("CAST({} AS DOUBLE)", c.value);
                format!("CASE WHEN NOT isnan({value}) THEN {value} END AS {name}")
            }
        }
    });
    let ranks = each(&|c| match c.points {
        Points::Rank => {
            let value = column(c, "value");
            format!(
                "CASE WHEN {value} IS NOT NULL THEN 100.0 * (rank() OVER (ORDER BY {value} ASC NULLS LAST) - 1)\n            \
                 / greatest(count({value}) OVER () - 1, 1) END AS {}",
                column(c, "raw_points")
            )
        }
        Points::Line(ref line) => {
            format!("{} AS {}", line_sql(&column(c, "value"), line), column(c, "raw_points"))
        }
        Points::Map(ref map) => {
            let arms: String = map
                .iter()
                .map(|(key, points)| format!(" WHEN {} THEN {}", text(key), number(*points)))
                .collect();
            format!("CASE {}{arms} END AS {}", column(c, "value"), column(c, "raw_points"))
        }
    });
    let points = each(&|c| {
        let raw = format!("CAST({} AS {POINTS})", column(c, "raw_points"));
        let points = match c.missing {
            Missing::Reweight => raw,
            Missing::Neutral => format!("coalesce({raw}, 50)"),
            Missing::Zero => format!("coalesce({raw}, 0)"),
        };
        format!("CAST({points} AS {POINTS}) AS {}", column(c, "points"))
    });
    let total: Vec<String> = spec
        .components
        .iter()
        .map(|c| {
            format!("CASE WHEN {} IS NULL THEN 0.0 ELSE {} END", column(c, "points"), weight_sql(spec, c))
        })
        .collect();
    let weights = each(&|c| {
        format!(
            "CASE WHEN {} IS NOT NULL THEN {} / NULLIF(known_weight, 0.0) END AS {}",
            column(c, "points"),
            weight_sql(spec, c),
            column(c, "weight")
        )
    });
    let contributions = each(&|c| {
        format!(
            "CAST(CAST({} AS DOUBLE) * {} AS {POINTS}) AS {}",
            column(c, "points"),
            column(c, "weight"),
            column(c, "contribution")
        )
    });
    format!(
        "WITH signals AS (\n    SELECT customer_id{segment}{values}\n    FROM {from}\n),\n\
         raw_points AS (\n    SELECT *{ranks}\n    FROM signals\n),\n\
         points AS (\n    SELECT *{points}\n    FROM raw_points\n),\n\
         known AS (\n    SELECT *,\n        {total} AS known_weight\n    FROM points\n),\n\
         weights AS (\n    SELECT *{weights}\n    FROM known\n),\n\
         contributions AS (\n    SELECT *{contributions}\n    FROM weights\n)",
        segment = segment_sql(&spec.segments),
        from = quote(&spec.from),
        total = total.join("\n        + "),
    )
}

/// What stands in front begins no other of these names, so no two components can meet in one column.
fn column(component: &Component, what: &str) -> String {
    quote(&format!("{what}_{}", component.name))
}

/// Straight lines between the points, level outside; null for null.
fn line_sql(value: &str, line: &[(f64, f64)]) -> String {
    let (first, last) = (line[0], line[line.len() - 1]);
    let mut sql = format!(
        "CASE WHEN {value} IS NULL THEN NULL\n            WHEN {value} <= {} THEN {}",
        number(first.0),
        number(first.1)
    );
    for pair in line.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        sql.push_str(&format!(
            "\n            WHEN {value} <= {} THEN {} + ({value} - {}) * {} / {}",
            number(x1),
            number(y0),
            signed(x0),
            signed(y1 - y0),
            number(x1 - x0)
        ));
    }
    format!("{sql}\n            ELSE {} END", number(last.1))
}

/// Brackets round a negative figure, which SQL would else read as a comment after a minus.
fn signed(value: f64) -> String {
    if value < 0.0 { format!("({})", number(value)) } else { number(value) }
}

/// Which segment a customer is judged as: the first that fits, or none.
fn segment_sql(segments: &[ScoreSegment]) -> String {
    if segments.is_empty() {
        return String::new();
    }
    let arms: String =
        segments.iter().map(|s| format!("\n            WHEN {} THEN {}", s.when.0, text(&s.name))).collect();
    format!(",\n        CASE{arms} END AS segment")
}

/// A component's weight, by segment where segments say otherwise.
fn weight_sql(spec: &ScorecardSpec, component: &Component) -> String {
    let own = |s: &ScoreSegment| s.weights.get(&component.name).copied().unwrap_or(component.weight);
    if spec.segments.iter().all(|s| own(s) == component.weight) {
        return number(component.weight);
    }
    let arms: String =
        spec.segments.iter().map(|s| format!(" WHEN {} THEN {}", text(&s.name), number(own(s)))).collect();
    format!("CASE segment{arms} ELSE {} END", number(component.weight))
}

fn segmented_bands(spec: &ScorecardSpec) -> String {
    if spec.bands.is_empty() {
        return String::new();
    }
    let moved: String = spec
        .segments
        .iter()
        .filter(|s| !s.bands.is_empty())
        .map(|s| format!("\n        WHEN segment = {} THEN {}", text(&s.name), bands_sql(&s.bands)))
        .collect();
    match moved.is_empty() {
        true => format!(",\n    {} AS band", bands_sql(&spec.bands)),
        false => format!(",\n    CASE{moved}\n        ELSE {} END AS band", bands_sql(&spec.bands)),
    }
}

fn bands_sql(bands: &[(String, f64)]) -> String {
    let arms: String = bands
        .iter()
        .map(|(name, from)| format!("\n        WHEN score >= {} THEN {}", number(*from), text(name)))
        .collect();
    format!("CASE{arms} END")
}

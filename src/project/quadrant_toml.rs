//! Quadrants as written in TOML → checked specs.

use serde::Deserialize;
use toml::Spanned;

use super::{
    model::{Axis, Cut, ModelSpec, QuadrantSpec},
    ordered::Ordered,
    written::Written,
};
use crate::problem::Result;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuadrantToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    from: String,
    x: AxisToml,
    y: AxisToml,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisToml {
    scores: Spanned<Ordered<f64>>,
    cut: Spanned<CutToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CutToml {
    fixed: Option<f64>,
    quantile: Option<f64>,
    pareto: Option<f64>,
    of: Option<String>,
}

pub fn read_quadrant(file: &Written) -> Result<(Option<String>, ModelSpec)> {
    let raw: QuadrantToml = file.toml()?;
    let (x, y) = (check_axis(file, raw.x)?, check_axis(file, raw.y)?);
    Ok((raw.description, ModelSpec::Quadrant(QuadrantSpec { from: raw.from, x, y })))
}

fn check_axis(file: &Written, raw: AxisToml) -> Result<Axis> {
    let span = raw.scores.span();
    let scores = raw.scores.into_inner().0;
    if let Some((name, weight)) = scores.iter().find(|(_, w)| !(w.is_finite() && **w >= 0.0)) {
        return Err(file.problem(span, format!("weight of `{name}` is {weight}: it must be 0 or more")));
    }
    if scores.values().sum::<f64>() <= 0.0 {
        return Err(file.problem(span, "no score has a weight above 0"));
    }
    let span = raw.cut.span();
    let share = |value: f64| match value > 0.0 && value < 1.0 {
        true => Ok(value),
        false => Err(file.problem(span.clone(), format!("{value} is no share between 0 and 1"))),
    };
    let cut = match raw.cut.into_inner() {
        CutToml { fixed: Some(value), quantile: None, pareto: None, of: None } => {
            match (0.0..=100.0).contains(&value) {
                true => Cut::Fixed(value),
                false => return Err(file.problem(span, format!("the cut {value} is outside 0-100"))),
            }
        }
        CutToml { fixed: None, quantile: Some(q), pareto: None, of: None } => Cut::Quantile(share(q)?),
        CutToml { fixed: None, quantile: None, pareto: Some(s), of: Some(of) } => {
            Cut::Pareto { share: share(s)?, of }
        }
        _ => {
            return Err(file
                .problem(span, "a cut is one of three things")
                .help("write { fixed = 50 }, { quantile = 0.6 } or { pareto = 0.8, of = \"margin_12m\" }"));
        }
    };
    Ok(Axis { scores, cut })
}

//! Quadrants as written in TOML → checked specs.

use serde::Deserialize;
use toml::Spanned;

use super::{
    model::{About, Axis, Cut, ModelSpec, QuadrantSpec, Stay},
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
    description_zh: Option<String>,
    from: String,
    x: AxisToml,
    y: AxisToml,
    rules: Option<Spanned<String>>,
    stay: Option<StayToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StayToml {
    published: Spanned<String>,
    margin: Spanned<f64>,
    days: Spanned<u32>,
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
    per: Option<String>,
}

pub fn read_quadrant(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: QuadrantToml = file.toml()?;
    let (x, y) = (check_axis(file, raw.x)?, check_axis(file, raw.y)?);
    let rules = raw.rules.map(|rules| (rules.as_ref().clone(), rules.span()));
    let stay = raw.stay.map(|stay| check_stay(file, stay)).transpose()?;
    Ok((
        About::new(raw.description, raw.description_zh),
        ModelSpec::Quadrant(QuadrantSpec { from: raw.from, x, y, rules, stay }),
    ))
}

fn check_stay(file: &Written, raw: StayToml) -> Result<Stay> {
    let (margin, days) = (*raw.margin.as_ref(), *raw.days.as_ref());
    if !(0.0..=50.0).contains(&margin) {
        return Err(file
            .problem(raw.margin.span(), format!("a margin of {margin} points"))
            .help("a customer changes sides by so many points beyond a cut: 0 to 50, usually 1 to 5"));
    }
    if days > 366 {
        return Err(file.problem(raw.days.span(), format!("{days} days are more than a year")));
    }
    let span = raw.published.span();
    Ok(Stay { published: (raw.published.into_inner(), span), margin, days })
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
    let mut raw_cut = raw.cut.into_inner();
    let per = raw_cut.per.take();
    let cut = match raw_cut {
        CutToml { fixed: Some(value), quantile: None, pareto: None, of: None, .. } => {
            match (0.0..=100.0).contains(&value) {
                true => Cut::Fixed(value),
                false => return Err(file.problem(span, format!("the cut {value} is outside 0-100"))),
            }
        }
        CutToml { fixed: None, quantile: Some(q), pareto: None, of: None, .. } => Cut::Quantile(share(q)?),
        CutToml { fixed: None, quantile: None, pareto: Some(s), of: Some(of), .. } => {
            Cut::Pareto { share: share(s)?, of }
        }
        _ => {
            return Err(file
                .problem(span, "a cut is one of three things")
                .help("write { fixed = 50 }, { quantile = 0.6 } or { pareto = 0.8, of = \"margin_12m\" }"));
        }
    };
    if per.is_some() && matches!(cut, Cut::Fixed(_)) {
        return Err(file
            .problem(span, "a fixed cut is the same for all")
            .help("drop `per`, or use quantile or pareto"));
    }
    Ok(Axis { scores, cut, per })
}

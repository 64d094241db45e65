//! Segments of a scorecard: customers of one kind, who are judged by other weights or bands.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    model::{Component, ScoreSegment},
    ordered::ordered,
    written::Written,
};
use crate::problem::{Result, did_you_mean};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentToml {
    name: Spanned<String>,
    when: Spanned<String>,
    #[serde(default, deserialize_with = "ordered")]
    weights: IndexMap<String, Spanned<f64>>,
    #[serde(default, deserialize_with = "ordered")]
    bands: IndexMap<String, Spanned<f64>>,
}

/// Segments in the order in which they are tried.
pub(super) fn check_segments(
    file: &Written,
    raw: Vec<SegmentToml>,
    components: &[Component],
    bands: &[(String, f64)],
) -> Result<Vec<ScoreSegment>> {
    let mut segments: Vec<ScoreSegment> = Vec::new();
    for segment in raw {
        let segment = check_segment(file, segment, components, bands)?;
        if segments.iter().any(|s| s.name == segment.name) {
            return Err(file.problem(segment.when.1, format!("two segments are named `{}`", segment.name)));
        }
        segments.push(segment);
    }
    Ok(segments)
}

/// Bands from the highest bound down; the lowest begins at 0.
pub(super) fn check_bands(file: &Written, raw: IndexMap<String, Spanned<f64>>) -> Result<Vec<(String, f64)>> {
    let mut bands = Vec::new();
    for (name, bound) in raw {
        if !(0.0..=100.0).contains(bound.as_ref()) {
            return Err(file.problem(bound.span(), format!("band `{name}` begins outside 0-100")));
        }
        bands.push((name, bound.span(), bound.into_inner()));
    }
    bands.sort_by(|a, b| b.2.total_cmp(&a.2));
    if let Some((_, span, bound)) = bands.last()
        && *bound > 0.0
    {
        return Err(file
            .problem(span.clone(), "no band begins at 0: low scores would have none")
            .help("give the lowest band the bound 0"));
    }
    Ok(bands.into_iter().map(|(name, _, bound)| (name, bound)).collect())
}

fn check_segment(
    file: &Written,
    raw: SegmentToml,
    components: &[Component],
    bands: &[(String, f64)],
) -> Result<ScoreSegment> {
    for (name, weight) in &raw.weights {
        if !components.iter().any(|c| c.name == *name) {
            let near = did_you_mean(name, components.iter().map(|c| c.name.as_str()));
            let problem = file.problem(weight.span(), format!("no component is named `{name}`"));
            return Err(near.into_iter().fold(problem, |p, help| p.help(help)));
        }
        if !(weight.as_ref().is_finite() && *weight.as_ref() >= 0.0) {
            return Err(file.problem(weight.span(), format!("weight of `{name}` must be 0 or more")));
        }
    }
    let weights: IndexMap<String, f64> = raw.weights.into_iter().map(|(n, w)| (n, w.into_inner())).collect();
    let total: f64 = components.iter().map(|c| weights.get(&c.name).copied().unwrap_or(c.weight)).sum();
    if total <= 0.0 {
        return Err(file.problem(raw.name.span(), "in this segment no component has a weight above 0"));
    }
    if let Some((name, bound)) =
        raw.bands.iter().find(|(name, _)| !bands.iter().any(|(known, _)| known == *name))
    {
        let near = did_you_mean(name, bands.iter().map(|(known, _)| known.as_str()));
        return Err(file
            .problem(bound.span(), format!("`{name}` is no band of this scorecard"))
            .help(near.unwrap_or_else(|| "a segment moves the bounds of the bands under [bands]".into())));
    }
    let when = raw.when.span();
    Ok(ScoreSegment {
        name: raw.name.into_inner(),
        when: (raw.when.into_inner(), when),
        weights,
        bands: check_bands(file, raw.bands)?,
    })
}

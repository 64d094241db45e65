//! Scorecards as written in TOML → checked specs.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    learned_toml::published,
    model::{About, Component, GradeSpec, Missing, ModelSpec, Points, ScorecardSpec},
    ordered::{Ordered, ordered},
    score_segment::{SegmentToml, check_bands, check_segments},
    written::Written,
};
use crate::problem::Result;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScorecardToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    from: String,
    #[serde(default)]
    missing: Missing,
    component: Spanned<Vec<Spanned<ComponentToml>>>,
    #[serde(default, deserialize_with = "ordered")]
    bands: IndexMap<String, Spanned<f64>>,
    #[serde(default)]
    segment: Vec<SegmentToml>,
    grade: Option<GradeToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradeToml {
    published: Spanned<String>,
    band: Option<Spanned<String>>,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComponentToml {
    name: String,
    description: Option<String>,
    description_zh: Option<String>,
    weight: Spanned<f64>,
    value: Spanned<String>,
    points: Spanned<PointsToml>,
    missing: Option<Missing>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PointsToml {
    Named(String),
    Line(Vec<(f64, f64)>),
    Map(Ordered<f64>),
}

pub fn read_scorecard(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: ScorecardToml = file.toml()?;
    let whole = raw.component.span();
    let mut components: Vec<Component> = Vec::new();
    for component in raw.component.into_inner() {
        let span = component.span();
        let component = check_component(file, component.into_inner(), raw.missing)?;
        if component.name.trim().is_empty() {
            return Err(file.problem(span, "a component has no name"));
        }
        if components.iter().any(|c| c.name == component.name) {
            return Err(file.problem(span, format!("two components are named `{}`", component.name)));
        }
        components.push(component);
    }
    if components.iter().map(|c| c.weight).sum::<f64>() <= 0.0 {
        return Err(file.problem(whole, "no component has a weight above 0"));
    }
    let bands = check_bands(file, raw.bands)?;
    let segments = check_segments(file, raw.segment, &components, &bands)?;
    let grade = raw.grade.map(|grade| check_grade(file, grade)).transpose()?;
    let spec = ScorecardSpec { from: raw.from, components, bands, segments, grade };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Scorecard(spec)))
}

fn check_grade(file: &Written, raw: GradeToml) -> Result<GradeSpec> {
    Ok(GradeSpec {
        published: published(file, &raw.published)?,
        band: raw.band.map(|band| published(file, &band)).transpose()?,
        label: raw.label,
    })
}

fn check_component(file: &Written, raw: ComponentToml, missing: Missing) -> Result<Component> {
    let weight = *raw.weight.as_ref();
    if !(weight.is_finite() && weight >= 0.0) {
        return Err(file
            .problem(raw.weight.span(), format!("weight of `{}` is {weight}: it must be 0 or more", raw.name))
            .help("to make a signal count against a customer, let its points fall as the value rises"));
    }
    let span = raw.points.span();
    let points = match raw.points.into_inner() {
        PointsToml::Named(name) if name == "rank" => Points::Rank,
        PointsToml::Named(name) => {
            return Err(file
                .problem(span, format!("unknown points `{name}`"))
                .help("write \"rank\", [[value, points], …] or { text = points, … }"));
        }
        PointsToml::Line(line) => {
            let finite = line.iter().all(|(value, _)| value.is_finite());
            if line.len() < 2 || !finite || line.windows(2).any(|w| w[0].0 >= w[1].0) {
                return Err(
                    file.problem(span, "points need two or more [value, points] pairs, rising in value")
                );
            }
            Points::Line(line)
        }
        PointsToml::Map(map) if map.0.is_empty() => {
            return Err(file.problem(span, "no text is given points").help("write { text = points, … }"));
        }
        PointsToml::Map(map) => Points::Map(map.0),
    };
    let outside = |p: &f64| !(0.0..=100.0).contains(p);
    let wrong = match &points {
        Points::Line(line) => line.iter().map(|(_, p)| p).find(|p| outside(p)),
        Points::Map(map) => map.values().find(|p| outside(p)),
        Points::Rank => None,
    };
    if let Some(points) = wrong {
        return Err(file.problem(span, format!("{points} points are outside 0-100")));
    }
    Ok(Component {
        name: raw.name,
        description: raw.description,
        description_zh: raw.description_zh,
        weight,
        value_span: raw.value.span(),
        value: raw.value.into_inner(),
        points,
        missing: raw.missing.unwrap_or(missing),
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        problem::Result,
        project::model::{Cut, ModelSpec, read_model},
    };

    fn read(text: &str) -> Result<ModelSpec> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m.toml");
        std::fs::write(&path, text).unwrap();
        read_model(&path).map(|m| m.spec)
    }

    fn scorecard(weight: &str, points: &str) -> String {
        format!(
            "kind='scorecard'\nfrom='t'\n[[component]]\nname='a'\nweight={weight}\nvalue='x'\npoints={points}\n"
        )
    }

    #[test]
    fn faults_of_a_scorecard_name_the_line() {
        assert!(read(&scorecard("1", "[[0,0],[10,100]]")).is_ok());
        for (text, place) in [
            (scorecard("-5", "'rank'"), "m.toml:5:8"),
            (scorecard("1", "[[0,0],[0,100]]"), "m.toml:7:8"),
            (scorecard("1", "[[0,0],[1,101]]"), "m.toml:7:8"),
            (scorecard("1", "'rnak'"), "m.toml:7:8"),
            (scorecard("1", "'rank'") + "wieght = 1\n", "m.toml:8:1"),
            ("kind = 'scorcard'\n".into(), "m.toml:1:8"),
        ] {
            let problem = read(&text).unwrap_err();
            assert!(problem.to_string().contains(place), "{problem}\n{text}");
        }
    }

    #[test]
    fn a_cut_is_exactly_one_thing() {
        let quadrant = |cut: &str| {
            read(&format!(
                "kind='quadrant'\nfrom='v'\nx={{scores={{a=1}},cut={cut}}}\ny={{scores={{b=1}},cut={{fixed=50}}}}\n"
            ))
        };
        let Ok(ModelSpec::Quadrant(spec)) = quadrant("{quantile=0.6}") else { panic!() };
        assert!(matches!(spec.x.cut, Cut::Quantile(q) if q == 0.6));
        for wrong in ["{quantile=1.5}", "{pareto=0.8}", "{fixed=50,quantile=0.5}", "{fixed=101}"] {
            assert!(quadrant(wrong).is_err(), "{wrong}");
        }
    }
}

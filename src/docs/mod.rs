//! The project's own words as a page: every published column, and how scores and models come about. Markdown from
//! headers and model files alone.

mod contract;
mod judged;
mod markdown;
mod models;
mod rules;

use std::{collections::BTreeSet, fmt::Write};

use crate::project::{
    Project,
    language::Language,
    model::ModelSpec,
    pipeline::Pipeline,
    sql_file::{Layer, SqlFile},
};
use markdown::{code, paragraph};

/// The whole page. A table stands where the first pipeline publishes it, `nightly` before the others.
pub fn page(project: &Project, pipelines: &[Pipeline], language: Language) -> String {
    let mut out =
        language.say(include_str!("intro.md"), include_str!("intro_zh.md")).trim_end().to_owned() + "\n";
    let mut pipelines: Vec<&Pipeline> = pipelines.iter().collect();
    pipelines.sort_by_key(|p| (p.name != "nightly", &p.name));
    let mut seen = BTreeSet::new();
    for pipeline in pipelines {
        let published = pipeline.publish.iter().filter_map(|(name, _)| snapshot(project, name));
        let (new, known): (Vec<&SqlFile>, Vec<&SqlFile>) = published.partition(|sql| seen.insert(&sql.name));
        let _ = writeln!(out, "\n## {} `{}`", language.say("Pipeline", "流水线"), pipeline.name);
        let description = language.described(&pipeline.description, &pipeline.description_zh);
        if !description.is_empty() {
            out.push_str(&paragraph(description));
        }
        for sql in new {
            out.push_str(&contract::section(sql, language));
        }
        if !known.is_empty() {
            let names: Vec<String> = known.iter().map(|sql| code(&sql.name)).collect();
            let also = language.say("It publishes, too, as described above: ", "另外还发布上文已说明的表：");
            out.push_str(&paragraph(&format!("{also}{}", names.join(", "))));
        }
    }
    if !project.models.is_empty() {
        let _ = writeln!(out, "\n## {}", language.say("How they are decided", "评分与模型如何得出"));
        if project.models.iter().any(|model| matches!(model.spec, ModelSpec::Scorecard(_))) {
            out.push_str(&judged::legend(language));
        }
        if !project.parameters.is_empty() {
            out.push_str(&rules::parameters(&project.parameters, language));
        }
        for model in &project.models {
            out.push_str(&models::section(project, model, language));
        }
    }
    out
}

fn snapshot<'a>(project: &'a Project, name: &str) -> Option<&'a SqlFile> {
    project.sql.iter().find(|sql| sql.layer == Layer::Snapshots && sql.name == name)
}

//! What headers say of features: reasons are made of it, so every feature has its words in both languages.

use std::{collections::BTreeMap, path::Path};

use arrow::datatypes::DataType;
use luopan::{
    engine::plan::plan_all,
    graph::Graph,
    project::{
        Project,
        column_note::{ColumnNote, Unit},
        model::ModelSpec,
        sql_file::Layer,
    },
};

use super::tiny::{self, VISITS};

const PROJECTS: [&str; 3] = [".", "examples/online-retail", "examples/telco"];

fn project(folder: &str) -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    Project::read(&root).unwrap_or_else(|e| panic!("{folder}: {}", e.render(false)))
}

/// By column, from all headers of `sql/features/`, with the table that has it.
fn notes(project: &Project) -> BTreeMap<&str, (&str, &ColumnNote)> {
    let mut notes = BTreeMap::new();
    for sql in project.sql.iter().filter(|sql| sql.layer == Layer::Features) {
        for (column, note) in &sql.header.columns {
            let other = notes.insert(column.as_str(), (sql.name.as_str(), note));
            assert!(other.is_none(), "`{column}` is described twice, in {} and {other:?}", sql.name);
        }
    }
    notes
}

#[test]
fn every_feature_has_a_unit_and_its_words_in_both_languages() {
    for folder in PROJECTS {
        let project = project(folder);
        let notes = notes(&project);
        let graph = Graph::new(&project).unwrap_or_else(|e| panic!("{folder}: {}", e.render(false)));
        let tables = plan_all(&graph).unwrap_or_else(|e| panic!("{}", e.render(false)));
        let mut features = 0;
        for (model, spec) in graph.learned() {
            let columns = tables[&spec.features].fields().iter().map(|field| field.name());
            for column in columns.filter(|name| *name != "customer_id") {
                let noted = notes.get(column.as_str());
                assert!(noted.is_some(), "{folder}: `{column}`, of which {model} learns, is in no header");
                features += 1;
            }
        }
        assert!(features > 15, "{folder}: {features} features");
        for (column, (table, note)) in notes {
            let place = format!("{folder}: `{column}` of {table}");
            assert!(note.unit.is_some(), "{place} has no unit");
            assert!(
                note.description.is_some() && note.description_zh.is_some(),
                "{place} has no description"
            );
            assert_eq!(note.phrase.is_some(), note.phrase_zh.is_some(), "{place} has half a phrase");
            // "Change of logins: fell 62 %" is no sentence; "Logins fell 62 %" is one.
            let moves = matches!(note.unit, Some(Unit::Change | Unit::Difference));
            assert!(!moves || note.phrase.is_some(), "{place} moves, and has no phrase");
        }
    }
}

#[test]
fn what_alerts_show_has_its_words_in_both_languages() {
    let project = project(".");
    let mut shown = 0;
    for spec in project.models.iter().filter_map(|model| match &model.spec {
        ModelSpec::Alerts(spec) => Some(spec),
        _ => None,
    }) {
        let from = project.sql.iter().find(|sql| sql.name == spec.from.0).unwrap();
        for (column, _) in spec.alerts.iter().flat_map(|alert| &alert.evidence) {
            let note = &from.header.columns[column];
            assert!(note.phrase.is_some() && note.phrase_zh.is_some(), "`{column}` has no phrase");
            let is_text_or_day =
                matches!(note.data_type, Some(DataType::Utf8 | DataType::Date32 | DataType::Boolean));
            assert!(is_text_or_day || note.unit.is_some(), "`{column}` has no unit");
            shown += 1;
        }
    }
    assert!(shown > 40, "{shown}");
}

#[test]
fn a_wrong_unit_is_shown_at_its_place_with_the_one_that_was_meant() {
    let project = tiny::Project::of_visits(VISITS);
    let header = "/*---\n[columns]\nvisits = { unit = \"nubmer\" }\n---*/\nSELECT 1 AS visits";
    project.file("sql/features/f.sql", header);
    let says = ["unknown variant `nubmer`", "sql/features/f.sql:3:19", "did you mean `number`?"];
    project.luopan(&["check"]).with(2).says(&says);
}

//! The tables that the files of a project define.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    Expression, Origin, Table, Wanted,
    expressions::{beyond_its_table, expressions},
    references::{Reference, Time, read_references},
};
use crate::{
    judge,
    problem::{Problem, did_you_mean},
    project::{
        Project,
        alerts_toml::AlertsSpec,
        model::{Model, ModelSpec, QuadrantSpec, ScorecardSpec},
        rules_toml::Then,
        written::Written,
    },
    threads::side_by_side,
};

/// Names that SQL may use as functions in FROM.
pub fn is_table_function(name: &str) -> bool {
    matches!(name, "generate_series" | "range" | "unnest")
}

pub fn all_tables(project: &Project, problems: &mut Vec<Problem>) -> Vec<Table> {
    let mut tables: Vec<Table> = project
        .sources
        .iter()
        .map(|s| Table { name: s.name.clone(), origin: Origin::Source(s.clone()), reads: Vec::new() })
        .collect();
    let read = side_by_side(&project.sql, |sql| read_references(&sql.file, &is_table_function));
    for (sql, reads) in project.sql.iter().zip(read) {
        match reads {
            Ok(reads) => {
                tables.push(Table { name: sql.name.clone(), origin: Origin::Sql(sql.clone()), reads });
            }
            Err(problem) => problems.push(problem),
        }
    }
    for model in &project.models {
        let written = expressions(&model.spec, &model.file.text);
        problems.extend(written.iter().filter_map(|e| beyond_its_table(&model.file, e)));
        tables.extend(tables_of(model, project, problems));
    }
    tables
}

/// What a model's file defines: a table of its name, and others beside it.
fn tables_of(model: &Model, project: &Project, problems: &mut Vec<Problem>) -> Vec<Table> {
    let (name, file) = (&model.name, &model.file);
    let named = |table: &str| reference(file, table, Time::Now);
    let beside = |what: &str| format!("{name}_{what}");
    match &model.spec {
        ModelSpec::Scorecard(spec) => {
            let score = judge::scorecard::score_sql(name, spec);
            let parts = judge::scorecard::components_sql(name, spec);
            let by_part = &["customer_id", "score", "component"];
            vec![
                judged(model, name.clone(), score, &["customer_id"], vec![named(&spec.from)]),
                judged(model, beside("components"), parts, by_part, vec![named(&spec.from)]),
            ]
        }
        ModelSpec::Quadrant(spec) => {
            problems.extend(rules_of_no_quadrant(file, spec, project));
            quadrant_tables(model, spec, project)
        }
        ModelSpec::ContractLifetime(spec) => {
            let sql = judge::contract_lifetime::lifetime_sql(spec);
            vec![judged(model, name.clone(), sql, &["customer_id"], vec![named(&spec.from)])]
        }
        ModelSpec::Rules(spec) => {
            let sql = judge::rules::rules_sql(spec);
            vec![judged(model, name.clone(), sql, &["customer_id"], vec![named(&spec.from)])]
        }
        ModelSpec::Capacity(spec) => {
            let sql = judge::capacity::capacity_sql(spec);
            vec![judged(model, name.clone(), sql, &["customer_id"], vec![named(&spec.from)])]
        }
        ModelSpec::Alerts(spec) => alert_tables(model, spec, project),
        ModelSpec::Lifetime(spec) => {
            let (file, description, spec) = (file.clone(), model.description.clone(), spec.clone());
            let reads = vec![named(&spec.purchases), named(&spec.future)];
            vec![Table { name: name.clone(), origin: Origin::Lifetime { file, description, spec }, reads }]
        }
        ModelSpec::Learned(spec) => {
            let (description, spec) = (model.description.clone(), spec.clone());
            let reads = vec![named(&spec.features), named(&spec.label)];
            let origin = Origin::Learned { file: file.clone(), description, spec };
            let of_it = Reference { table: name.clone(), time: Time::Now, span: 0..0 };
            let why = Origin::Reasons { file: file.clone(), model: name.clone() };
            vec![
                Table { name: name.clone(), origin, reads },
                Table { name: beside("reasons"), origin: why, reads: vec![of_it] },
            ]
        }
    }
}

/// The table that tells a quadrant's causes apart: `scenario`, `customer_id`, and the quadrant's own columns.
fn recomputed(quadrant: &Model) -> Table {
    let (file, model) = (quadrant.file.clone(), quadrant.name.clone());
    let grain = ["scenario", "customer_id"].map(str::to_owned).to_vec();
    let reads = vec![Reference { table: model.clone(), time: Time::Now, span: 0..0 }];
    Table { name: format!("{model}_recomputed"), origin: Origin::Recomputed { file, model, grain }, reads }
}

fn judged(model: &Model, name: String, sql: String, grain: &[&str], reads: Vec<Reference>) -> Table {
    checked(model, name, sql, grain, reads, expressions(&model.spec, &model.file.text))
}

/// As [`judged`], with the expressions that planning tries one by one where its fault is to be shown.
fn checked(
    model: &Model,
    name: String,
    sql: String,
    grain: &[&str],
    reads: Vec<Reference>,
    expressions: Vec<Expression>,
) -> Table {
    let grain = grain.iter().map(|g| g.to_string()).collect();
    let (file, description) = (model.file.clone(), model.description.clone());
    Table { name, origin: Origin::Judged { file, description, sql, grain, expressions }, reads }
}

/// A table that a model's file names, and where.
fn reference(file: &Written, table: &str, time: Time) -> Reference {
    let start = file.text.find(&format!("\"{table}\"")).or(file.text.find(table)).unwrap_or(0);
    Reference { table: table.to_owned(), time, span: start..start + table.len() }
}

fn quadrant_tables(model: &Model, spec: &QuadrantSpec, project: &Project) -> Vec<Table> {
    let file = &model.file;
    let scores: BTreeSet<&String> = spec.x.scores.keys().chain(spec.y.scores.keys()).collect();
    let of = |names: Vec<&str>| names.into_iter().map(|t| reference(file, t, Time::Now)).collect::<Vec<_>>();
    let mut inputs: BTreeSet<&str> = scores.iter().map(|s| s.as_str()).collect();
    inputs.insert(&spec.from);
    inputs.extend(spec.rules.iter().map(|(rules, _)| rules.as_str()));
    let mut reads = of(inputs.into_iter().collect());
    reads.extend(spec.stay.iter().map(|s| reference(file, &s.published.0, Time::Previous)));
    let sql = judge::quadrant::quadrant_sql(spec);
    let mut tried = expressions(&model.spec, &file.text);
    tried.extend(spec.stay.iter().map(|stay| {
        let columns = "customer_id, quadrant, quadrant_rule, quadrant_since, former_quadrant".to_owned();
        let (published, span) = &stay.published;
        Expression::over(published, &(columns, span.clone()), Wanted::Columns).at(Time::Previous)
    }));
    let mut tables = vec![checked(model, model.name.clone(), sql, &["customer_id"], reads, tried)];
    // What would move a customer can be told where every score is a card whose parts are known.
    let cards: BTreeMap<&str, &ScorecardSpec> = scores
        .iter()
        .filter_map(|score| match &project.models.iter().find(|m| m.name == **score)?.spec {
            ModelSpec::Scorecard(card) => Some((score.as_str(), card)),
            _ => None,
        })
        .collect();
    tables.push(recomputed(model));
    if cards.len() == scores.len() {
        let parts: Vec<String> = scores.iter().map(|s| format!("{s}_components")).collect();
        let mut names: Vec<&str> = scores.iter().map(|s| s.as_str()).chain([model.name.as_str()]).collect();
        names.extend(parts.iter().map(String::as_str));
        let sql = judge::flips::flips_sql(&model.name, spec, &cards);
        let grain = &["customer_id", "axis"];
        tables.push(judged(model, format!("{}_flips", model.name), sql, grain, of(names)));
    }
    tables
}

/// A quadrant's rules are a model of kind `rules` that gives one of the four names.
fn rules_of_no_quadrant(file: &Written, spec: &QuadrantSpec, project: &Project) -> Option<Problem> {
    let (name, span) = spec.rules.as_ref()?;
    let rules = project.models.iter().filter_map(|m| match &m.spec {
        ModelSpec::Rules(rules) => Some((m.name.as_str(), rules, &m.file)),
        _ => None,
    });
    let at = |message: String| file.problem(span.clone(), message);
    let Some((_, rules, rules_file)) = rules.clone().find(|(known, _, _)| known == name) else {
        let near = did_you_mean(name, rules.map(|(known, _, _)| known));
        let help = near.unwrap_or_else(|| "write models/NAME.toml with kind = \"rules\"".into());
        return Some(at(format!("no rules are named `{name}`")).help(help));
    };
    let quadrant = |then: &IndexMap<String, Then>| matches!(then.get("quadrant"), Some(Then::Text(q)) if ["star", "cash_cow", "question_mark", "dog"].contains(&q.as_str()));
    let in_rules = |span: &std::ops::Range<usize>, message: String| rules_file.problem(span.clone(), message);
    if let Some(rule) = rules.rules.iter().find(|rule| judge::quadrant::BY_AXES.contains(&rule.name.as_str()))
    {
        let message = format!("`{}` says in quadrant_rule that the scores decided", rule.name);
        return Some(in_rules(&rule.name_span, message).help("choose another name for the rule"));
    }
    if let Some(rule) = rules.rules.iter().find(|rule| !quadrant(&rule.then)) {
        let message = format!(
            "the rule `{}` gives no quadrant, and `{}` decides by it",
            rule.name,
            file.path.display()
        );
        return Some(
            in_rules(&rule.name_span, message)
                .help("then = { quadrant = … }: star, cash_cow, question_mark or dog"),
        );
    }
    rules
        .otherwise
        .as_ref()
        .filter(|then| !quadrant(then))
        .map(|_| at(format!("`{name}` gives no quadrant in [otherwise]")))
}

fn alert_tables(model: &Model, spec: &AlertsSpec, project: &Project) -> Vec<Table> {
    let file = &model.file;
    let from = project.sql.iter().find(|sql| sql.name == spec.from.0);
    let none = IndexMap::new();
    let columns = from.map_or(&none, |sql| &sql.header.columns);
    let now = Reference { span: spec.from.1.clone(), ..reference(file, &spec.from.0, Time::Now) };
    let past = Reference { time: Time::History, ..now.clone() };
    let mut reads = vec![now];
    reads.extend(spec.alerts.iter().any(|a| a.months > 1 && a.enabled).then(|| past.clone()));
    let sql = judge::alerts::alerts_sql(&model.name, spec, columns);
    let raised = judged(model, model.name.clone(), sql, &["customer_id", "alert"], reads);
    let events: BTreeSet<&str> =
        spec.alerts.iter().filter_map(|a| a.foretells.as_ref()).map(|f| f.event.0.as_str()).collect();
    let mut reads = vec![past];
    reads.extend(events.into_iter().map(|event| reference(file, event, Time::Now)));
    let sql = judge::backtest::backtest_sql(&model.name, spec);
    let conditions = spec.alerts.iter().map(|a| Expression::over(&spec.from.0, &a.when, Wanted::Condition));
    let mut tried: Vec<Expression> = conditions.map(|condition| condition.at(Time::History)).collect();
    tried.extend(spec.alerts.iter().filter_map(|a| a.foretells.as_ref()).map(|f| {
        let columns = "customer_id, happened_on".to_owned();
        Expression::over(&f.event.0, &(columns, f.event.1.clone()), Wanted::Columns)
    }));
    vec![raised, checked(model, format!("{}_backtest", model.name), sql, &["alert"], reads, tried)]
}

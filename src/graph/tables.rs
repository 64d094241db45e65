//! The tables that the files of a project define.

use super::{
    Expression, Origin, Table,
    references::{Reference, Time, read_references},
};
use crate::{
    judge,
    lake::as_of::quote,
    problem::Problem,
    project::{
        Project,
        model::{Cut, ModelSpec},
        written::Written,
    },
};
use std::collections::BTreeSet;

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
    for sql in &project.sql {
        match read_references(&sql.file, &is_table_function) {
            Ok(reads) => {
                tables.push(Table { name: sql.name.clone(), origin: Origin::Sql(sql.clone()), reads });
            }
            Err(problem) => problems.push(problem),
        }
    }
    for model in &project.models {
        let file = &model.file;
        problems
            .extend(expressions(&model.spec, &file.text).iter().filter_map(|e| beyond_its_table(file, e)));
        let named = |table: &str| {
            let start = file.text.find(&format!("\"{table}\"")).or(file.text.find(table)).unwrap_or(0);
            Reference { table: table.to_owned(), time: Time::Now, span: start..start + table.len() }
        };
        let mut judged = |name: String, sql: String, grain: &[&str], reads: Vec<Reference>| {
            let grain = grain.iter().map(|g| g.to_string()).collect();
            let (file, description) = (file.clone(), model.description.clone());
            let expressions = expressions(&model.spec, &file.text);
            let origin = Origin::Judged { file, description, sql, grain, expressions };
            tables.push(Table { name, origin, reads });
        };
        match &model.spec {
            ModelSpec::Scorecard(spec) => {
                let sql = judge::scorecard::score_sql(&model.name, spec);
                judged(model.name.clone(), sql, &["customer_id"], vec![named(&spec.from)]);
                let name = format!("{}_components", model.name);
                let sql = judge::scorecard::components_sql(&model.name, spec);
                judged(name, sql, &["customer_id", "score", "component"], vec![named(&spec.from)]);
            }
            ModelSpec::Quadrant(spec) => {
                let scores = spec.x.scores.keys().chain(spec.y.scores.keys());
                let mut read: BTreeSet<&String> = scores.collect();
                read.insert(&spec.from);
                let sql = judge::quadrant::quadrant_sql(spec);
                judged(
                    model.name.clone(),
                    sql,
                    &["customer_id"],
                    read.into_iter().map(|t| named(t)).collect(),
                );
            }
            ModelSpec::ContractLifetime(spec) => {
                let sql = judge::contract_lifetime::lifetime_sql(spec);
                judged(model.name.clone(), sql, &["customer_id"], vec![named(&spec.from)]);
            }
            ModelSpec::Lifetime(spec) => tables.push(Table {
                name: model.name.clone(),
                origin: Origin::Lifetime {
                    file: file.clone(),
                    description: model.description.clone(),
                    spec: spec.clone(),
                },
                reads: vec![named(&spec.purchases), named(&spec.future)],
            }),
            ModelSpec::Learned(spec) => {
                tables.push(Table {
                    name: model.name.clone(),
                    origin: Origin::Learned {
                        file: file.clone(),
                        description: model.description.clone(),
                        spec: spec.clone(),
                    },
                    reads: vec![named(&spec.features), named(&spec.label)],
                });
                tables.push(Table {
                    name: format!("{}_reasons", model.name),
                    origin: Origin::Reasons { file: file.clone(), model: model.name.clone() },
                    reads: vec![Reference { table: model.name.clone(), time: Time::Now, span: 0..0 }],
                });
            }
        }
    }
    tables
}

/// An expression that reads anything but its own table: the past and the lake are not its to see.
fn beyond_its_table(file: &Written, expression: &Expression) -> Option<Problem> {
    let alone = format!("SELECT {} FROM {}", expression.sql, quote(&expression.from));
    let alone = Written { path: file.path.clone(), text: alone.into() };
    let at = |message: String| file.problem(expression.span.clone(), message);
    match read_references(&alone, &is_table_function) {
        Err(problem) => Some(at(problem.message)),
        Ok(reads) => {
            let other = reads.iter().find(|r| r.time != Time::Now || r.table != expression.from)?;
            Some(
                at(format!("this value reads `{}`: it may read only `{}`", other.table, expression.from))
                    .help("join it in a table under sql/, and read its column here"),
            )
        }
    }
}

fn expressions(spec: &ModelSpec, text: &str) -> Vec<Expression> {
    if let ModelSpec::Quadrant(quadrant) = spec {
        let money = [&quadrant.x.cut, &quadrant.y.cut].into_iter().filter_map(|cut| match cut {
            Cut::Pareto { of, .. } => Some(of),
            Cut::Fixed(_) | Cut::Quantile(_) => None,
        });
        let one = |of: &String| {
            let start = text.find(&format!("\"{of}\"")).unwrap_or(0);
            Expression { sql: quote(of), from: quadrant.from.clone(), span: start..start + of.len() + 2 }
        };
        return money.map(one).collect();
    }
    if let ModelSpec::ContractLifetime(lifetime) = spec {
        let one = |(sql, span): &(String, std::ops::Range<usize>)| Expression {
            sql: sql.clone(),
            from: lifetime.from.clone(),
            span: span.clone(),
        };
        return [&lifetime.margin, &lifetime.churn_probability].map(one).into();
    }
    let ModelSpec::Scorecard(card) = spec else { return Vec::new() };
    let one = |c: &crate::project::model::Component| Expression {
        sql: c.value.clone(),
        from: card.from.clone(),
        span: c.value_span.clone(),
    };
    card.components.iter().map(one).collect()
}

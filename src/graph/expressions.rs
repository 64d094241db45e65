//! SQL that people write into model files: which table it speaks of, and that it speaks of no other.

use super::{
    Expression,
    references::{Time, read_references},
    tables::is_table_function,
};
use crate::{
    lake::as_of::quote,
    problem::Problem,
    project::{
        model::{Axis, Cut, ModelSpec, QuadrantSpec, ScorecardSpec},
        written::Written,
    },
};

/// Every expression of a model file, with the table that it is over.
pub fn expressions(spec: &ModelSpec, text: &str) -> Vec<Expression> {
    let over = |from: &str, sql: &(String, std::ops::Range<usize>)| Expression {
        sql: sql.0.clone(),
        from: from.to_owned(),
        span: sql.1.clone(),
    };
    match spec {
        ModelSpec::Scorecard(card) => of_scorecard(card),
        ModelSpec::Quadrant(quadrant) => of_quadrant(quadrant, text),
        ModelSpec::ContractLifetime(lifetime) => {
            [&lifetime.margin, &lifetime.churn_probability].map(|sql| over(&lifetime.from, sql)).into()
        }
        ModelSpec::Rules(rules) => rules.rules.iter().map(|rule| over(&rules.from, &rule.when)).collect(),
        ModelSpec::Alerts(alerts) => {
            let from = alerts.from.0.as_str();
            let mut found = Vec::new();
            for alert in &alerts.alerts {
                found.push(over(from, &alert.when));
                let severities = alert.severity_when.iter();
                found.extend(severities.map(|(_, sql, span)| over(from, &(sql.clone(), span.clone()))));
                found.extend(
                    alert.evidence.iter().map(|(column, span)| over(from, &(quote(column), span.clone()))),
                );
            }
            found
        }
        ModelSpec::Capacity(capacity) => {
            let written = [Some(&capacity.value), Some(&capacity.capacity)];
            let mut found: Vec<Expression> = written
                .into_iter()
                .chain([capacity.only.as_ref(), capacity.effort.as_ref()])
                .flatten()
                .map(|sql| over(&capacity.from, sql))
                .collect();
            found
                .extend(capacity.per.iter().map(|(c, span)| over(&capacity.from, &(quote(c), span.clone()))));
            found
        }
        ModelSpec::Learned(_) | ModelSpec::Lifetime(_) => Vec::new(),
    }
}

fn of_scorecard(card: &ScorecardSpec) -> Vec<Expression> {
    let expression = |sql: &str, span: &std::ops::Range<usize>| Expression {
        sql: sql.to_owned(),
        from: card.from.clone(),
        span: span.clone(),
    };
    let values = card.components.iter().map(|c| expression(&c.value, &c.value_span));
    values.chain(card.segments.iter().map(|s| expression(&s.when.0, &s.when.1))).collect()
}

fn of_quadrant(quadrant: &QuadrantSpec, text: &str) -> Vec<Expression> {
    let columns = |axis: &Axis| {
        let money = match &axis.cut {
            Cut::Pareto { of, .. } => Some(of.clone()),
            Cut::Fixed(_) | Cut::Quantile(_) => None,
        };
        money.into_iter().chain(axis.per.clone())
    };
    let one = |column: String| {
        let start = text.find(&format!("\"{column}\"")).unwrap_or(0);
        let span = start..start + column.len() + 2;
        Expression { sql: quote(&column), from: quadrant.from.clone(), span }
    };
    columns(&quadrant.x).chain(columns(&quadrant.y)).map(one).collect()
}

/// An expression that reads anything but its own table: the past and the lake are not its to see.
pub fn beyond_its_table(file: &Written, expression: &Expression) -> Option<Problem> {
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

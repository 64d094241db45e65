//! SQL that people write into model files: which table it speaks of, and that it speaks of no other.

use std::ops::Range;

use super::{
    Expression, Wanted,
    references::{Time, read_references},
    tables::is_table_function,
};
use crate::{
    lake::as_of::quote,
    problem::Problem,
    project::{
        alerts_toml::Alert,
        model::{Axis, Cut, ModelSpec, QuadrantSpec},
        written::Written,
    },
};

type Placed = (String, Range<usize>);

impl Expression {
    /// One over a table of the same day.
    pub fn over(from: &str, (sql, span): &Placed, wanted: Wanted) -> Self {
        Self { sql: sql.clone(), from: from.to_owned(), time: Time::Now, wanted, span: span.clone() }
    }

    /// The same over the sets of the past.
    pub fn at(self, time: Time) -> Self {
        Self { time, ..self }
    }

    /// A query of it alone.
    pub fn query(&self) -> String {
        let from = match self.time.schema() {
            Some(schema) => format!("{schema}.{}", quote(&self.from)),
            None => quote(&self.from),
        };
        match self.wanted {
            Wanted::Columns => format!("SELECT {} FROM {from}", self.sql),
            _ => format!("SELECT ({}) AS value FROM {from}", self.sql),
        }
    }
}

/// Every expression of a model file, with the table that it is over.
pub fn expressions(spec: &ModelSpec, text: &str) -> Vec<Expression> {
    let over = Expression::over;
    match spec {
        ModelSpec::Scorecard(card) => {
            let values = card.components.iter().map(|c| (c.value.clone(), c.value_span.clone()));
            let values = values.map(|value| over(&card.from, &value, Wanted::Anything));
            let segments = card.segments.iter().map(|s| over(&card.from, &s.when, Wanted::Condition));
            values.chain(segments).collect()
        }
        ModelSpec::Quadrant(quadrant) => of_quadrant(quadrant, text),
        ModelSpec::ContractLifetime(lifetime) => [&lifetime.margin, &lifetime.churn_probability]
            .map(|sql| over(&lifetime.from, sql, Wanted::Number))
            .into(),
        ModelSpec::Rules(rules) => {
            rules.rules.iter().map(|rule| over(&rules.from, &rule.when, Wanted::Condition)).collect()
        }
        ModelSpec::Alerts(alerts) => alerts.alerts.iter().flat_map(|a| of_alert(a, &alerts.from.0)).collect(),
        ModelSpec::Capacity(capacity) => {
            let from = capacity.from.as_str();
            let numbers = [Some(&capacity.value), capacity.effort.as_ref(), Some(&capacity.capacity)];
            let numbers = numbers.into_iter().flatten().map(|sql| over(from, sql, Wanted::Number));
            let only = capacity.only.iter().map(|sql| over(from, sql, Wanted::Condition));
            let per =
                capacity.per.iter().map(|(c, span)| over(from, &(quote(c), span.clone()), Wanted::Anything));
            numbers.chain(only).chain(per).collect()
        }
        ModelSpec::Learned(_) | ModelSpec::Lifetime(_) => Vec::new(),
    }
}

fn of_alert(alert: &Alert, from: &str) -> Vec<Expression> {
    let condition = |sql: &Placed| Expression::over(from, sql, Wanted::Condition);
    let mut found = vec![condition(&alert.when)];
    let severities = alert.severity_when.iter();
    found.extend(severities.map(|(_, sql, span)| condition(&(sql.clone(), span.clone()))));
    found.extend(alert.foretells.iter().filter_map(|f| f.among.as_ref()).map(condition));
    let columns = alert.evidence.iter().map(|(column, span)| (quote(column), span.clone()));
    found.extend(columns.map(|column| Expression::over(from, &column, Wanted::Anything)));
    found
}

fn of_quadrant(quadrant: &QuadrantSpec, text: &str) -> Vec<Expression> {
    let columns = |axis: &Axis| {
        let money = match &axis.cut {
            Cut::Pareto { of, .. } => Some((of.clone(), Wanted::Number)),
            Cut::Fixed(_) | Cut::Quantile(_) => None,
        };
        money.into_iter().chain(axis.per.clone().map(|per| (per, Wanted::Anything)))
    };
    let one = |(column, wanted): (String, Wanted)| {
        let start = text.find(&format!("\"{column}\"")).unwrap_or(0);
        let span = start..start + column.len() + 2;
        Expression::over(&quadrant.from, &(quote(&column), span), wanted)
    };
    columns(&quadrant.x).chain(columns(&quadrant.y)).map(one).collect()
}

/// An expression that reads anything but its own table: the past and the lake are not its to see.
pub fn beyond_its_table(file: &Written, expression: &Expression) -> Option<Problem> {
    let alone = Written { path: file.path.clone(), text: expression.query().into() };
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

//! How the portfolio stands, what is expected of it, and what moved.

use serde::Serialize;

use super::{
    ask::{Row, ask, ask_one, publishes, sum},
    models::ModelLine,
};
use crate::{learn::LearnedKind, problem::Result, run::Build};

/// Customers and the revenue of 12 months that they stand for, as far as it is published.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    pub customers: i64,
    pub revenue_12m: Option<f64>,
}

/// All customers.
#[derive(Debug, Default, Serialize)]
pub struct Portfolio {
    pub customers: i64,
    pub revenue_12m: Option<f64>,
    pub value_at_risk: Option<f64>,
    pub expected_expansion: Option<f64>,
}

#[derive(Debug, Default, Serialize)]
pub struct QuadrantLine {
    pub quadrant: Option<String>,
    pub customers: i64,
    pub revenue_12m: Option<f64>,
    pub value_at_risk: Option<f64>,
    pub expected_expansion: Option<f64>,
}

/// What models expect of all customers together; `None`: not published.
#[derive(Debug, Default, Serialize)]
pub struct Expected {
    pub leavers: Option<Estimate>,
    pub loss: Option<Estimate>,
    pub growth: Option<Estimate>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Estimate {
    /// `None`: unknown, such as without a model that scores.
    pub value: Option<f64>,
    /// 95 % interval, where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Within so many days, where one model says it.
    pub days: Option<i64>,
}

/// Who stands in another quadrant than in the last set.
#[derive(Debug, Default, Serialize)]
pub struct Moves {
    pub all: Group,
    /// Towards star, cash cow, question mark, dog in this order, or away from it.
    pub up: Group,
    pub down: Group,
    /// What moved them, by how many it did, the most first.
    pub causes: Vec<(String, i64)>,
    /// Who was no customer in the last set, and who is none any more; `None`: not published.
    pub came: Option<Group>,
    pub left: Option<Group>,
}

pub async fn portfolio(build: &Build<'_>) -> Result<Option<Portfolio>> {
    if !publishes(build, "customer_snapshot", &[]) {
        return Ok(None);
    }
    let sums =
        ["revenue_12m", "value_at_risk", "expected_expansion"].map(|column| sum(build, column)).join(", ");
    let row = ask_one(build, &format!("SELECT count(*), {sums} FROM customer_snapshot")).await?;
    Ok(row.map(|row| Portfolio {
        customers: row.count(0),
        revenue_12m: row.double(1),
        value_at_risk: row.double(2),
        expected_expansion: row.double(3),
    }))
}

pub async fn quadrants(build: &Build<'_>) -> Result<Vec<QuadrantLine>> {
    if !publishes(build, "customer_snapshot", &["quadrant"]) {
        return Ok(Vec::new());
    }
    let sums =
        ["revenue_12m", "value_at_risk", "expected_expansion"].map(|column| sum(build, column)).join(", ");
    let sql = format!(
        "SELECT quadrant, count(*), {sums} FROM customer_snapshot GROUP BY quadrant ORDER BY {} NULLS LAST, quadrant",
        place("quadrant")
    );
    let line = |row: Row| QuadrantLine {
        quadrant: row.text(0),
        customers: row.count(1),
        revenue_12m: row.double(2),
        value_at_risk: row.double(3),
        expected_expansion: row.double(4),
    };
    Ok(ask(build, &sql).await?.into_iter().map(line).collect())
}

/// The order of quadrants from the best, as SQL.
fn place(column: &str) -> String {
    format!(
        "CASE {column} WHEN 'star' THEN 1 WHEN 'cash_cow' THEN 2 WHEN 'question_mark' THEN 3 WHEN 'dog' THEN 4 END"
    )
}

pub async fn expected(build: &Build<'_>, models: &[ModelLine]) -> Result<Option<Expected>> {
    let mut found = Expected::default();
    let ranges = "customers expected_churners churners_low churners_high value_at_risk value_at_risk_low value_at_risk_high";
    let columns: Vec<&str> = ["group_kind"].into_iter().chain(ranges.split(' ')).collect();
    if publishes(build, "risk_summary", &columns) {
        let days = horizon(models, LearnedKind::Probability);
        let doubles: Vec<String> = columns[2..].iter().map(|c| format!("CAST({c} AS DOUBLE)")).collect();
        let sql = format!("SELECT {} FROM risk_summary WHERE group_kind = 'all'", doubles.join(", "));
        let row = ask_one(build, &sql).await?;
        let range = |from: usize| match &row {
            Some(row) => Estimate {
                value: row.double(from),
                low: row.double(from + 1),
                high: row.double(from + 2),
                days,
            },
            // Nobody has a probability.
            None => Estimate::default(),
        };
        found.leavers = Some(range(0));
        found.loss = Some(range(3));
    } else if publishes(build, "customer_snapshot", &["value_at_risk"]) {
        found.loss = Some(whole(build, "value_at_risk", horizon(models, LearnedKind::Probability)).await?);
    }
    if publishes(build, "customer_snapshot", &["expected_expansion"]) {
        found.growth = Some(whole(build, "expected_expansion", horizon(models, LearnedKind::Amount)).await?);
    }
    Ok((found.loss.is_some() || found.growth.is_some()).then_some(found))
}

async fn whole(build: &Build<'_>, column: &str, days: Option<i64>) -> Result<Estimate> {
    let sql = format!("SELECT {} FROM customer_snapshot", sum(build, column));
    let value = ask_one(build, &sql).await?.and_then(|row| row.double(0));
    Ok(Estimate { value, days, ..Estimate::default() })
}

/// How far the only model of this kind looks ahead; with several nobody knows which one is meant.
fn horizon(models: &[ModelLine], kind: LearnedKind) -> Option<i64> {
    let mut days = models.iter().filter(|m| m.kind == Some(kind)).map(|m| m.horizon_days);
    match (days.next(), days.next()) {
        (Some(days), None) => days,
        _ => None,
    }
}

/// `None` if no customer has a quadrant to be compared with.
pub async fn moves(build: &Build<'_>) -> Result<Option<Moves>> {
    if !publishes(build, "customer_snapshot", &["quadrant", "previous_quadrant"]) {
        return Ok(None);
    }
    let known = "SELECT count(previous_quadrant) FROM customer_snapshot";
    if ask_one(build, known).await?.is_none_or(|row| row.count(0) == 0) {
        return Ok(None);
    }
    let (now, before) = (place("quadrant"), place("previous_quadrant"));
    let revenue = sum(build, "revenue_12m");
    let select = |which: &str| format!("SELECT count(*), {revenue} FROM customer_snapshot WHERE {which}");
    let (came, left) = match came_and_left(build).await? {
        Some((came, left)) => (Some(came), Some(left)),
        None => (None, None),
    };
    Ok(Some(Moves {
        all: group(build, &select("quadrant <> previous_quadrant")).await?,
        up: group(build, &select(&format!("{now} < {before}"))).await?,
        down: group(build, &select(&format!("{now} > {before}"))).await?,
        causes: causes(build).await?,
        came,
        left,
    }))
}

async fn causes(build: &Build<'_>) -> Result<Vec<(String, i64)>> {
    if !publishes(build, "quadrant_moves", &["cause", "from_quadrant", "to_quadrant"]) {
        return Ok(Vec::new());
    }
    // Of the same moves as above.
    let sql = "SELECT cause, count(*) FROM quadrant_moves \
               WHERE from_quadrant <> 'unscored' AND to_quadrant <> 'unscored' GROUP BY cause ORDER BY 2 DESC, 1";
    let counted = |row: Row| (row.text(0).unwrap_or_default(), row.count(1));
    Ok(ask(build, sql).await?.into_iter().map(counted).collect())
}

async fn came_and_left(build: &Build<'_>) -> Result<Option<(Group, Group)>> {
    let columns = ["from_quadrant", "to_quadrant", "customers", "revenue_12m"];
    if !publishes(build, "quadrant_migration", &columns) {
        return Ok(None);
    }
    let select = |which: &str| {
        format!(
            "SELECT CAST(COALESCE(sum(customers), 0) AS BIGINT), CAST(sum(revenue_12m) AS DOUBLE) \
             FROM quadrant_migration WHERE {which}"
        )
    };
    let came = group(build, &select("from_quadrant = 'new'")).await?;
    Ok(Some((came, group(build, &select("to_quadrant = 'left'")).await?)))
}

/// Of a SELECT of customers and revenue.
async fn group(build: &Build<'_>, sql: &str) -> Result<Group> {
    let row = ask_one(build, sql).await?;
    Ok(row.map_or_else(Group::default, |row| Group { customers: row.count(0), revenue_12m: row.double(1) }))
}

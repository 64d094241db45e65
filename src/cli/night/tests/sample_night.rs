//! A summary made by hand, for the tests.

use chrono::NaiveDate;

use crate::{
    learn::LearnedKind,
    run::summary::{
        Call, Calls, Estimate, Expected, Finding, Group, MetricLine, ModelLine, ModelState, Moves, Portfolio,
        QuadrantLine, Severity, Sources, Summary, TableLine,
    },
};

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, day).unwrap()
}

fn quadrant(quadrant: Option<&str>, customers: i64, revenue: f64) -> QuadrantLine {
    QuadrantLine {
        quadrant: quadrant.map(str::to_owned),
        customers,
        revenue_12m: Some(revenue),
        ..QuadrantLine::default()
    }
}

pub fn group(customers: i64, revenue: f64) -> Group {
    Group { customers, revenue_12m: Some(revenue) }
}

pub fn estimate(value: f64, range: Option<(f64, f64)>, days: Option<i64>) -> Option<Estimate> {
    Some(Estimate { value: Some(value), low: range.map(|r| r.0), high: range.map(|r| r.1), days })
}

pub fn call(id: &str, name: Option<&str>, kept: f64) -> Call {
    Call { customer_id: id.into(), customer_name: name.map(str::to_owned), expected_kept: Some(kept) }
}

pub fn model(name: &str, kind: LearnedKind, label: &str, (value, low, high): (f64, f64, f64)) -> ModelLine {
    ModelLine {
        model: name.into(),
        version: Some("0123456789ab".into()),
        estimator: Some("logistic regression".into()),
        reason: "version 0123456789ab passed its gates".into(),
        state: ModelState::Passed,
        kind: Some(kind),
        label: Some(label.into()),
        horizon_days: Some(90),
        metrics: vec![MetricLine {
            metric: "roc_auc".into(),
            value: Some(value),
            low: Some(low),
            high: Some(high),
            meaning: "of two customers …".into(),
        }],
    }
}

/// A night like any other.
pub fn night() -> Summary {
    let mut night = figures();
    night.audits.checked = 27;
    night
}

fn figures() -> Summary {
    let finding = |source: &str| Finding {
        source: source.into(),
        status: "ok".into(),
        finding: "2 doubled rows left out".into(),
    };
    let severity = |severity: &str, open, new| Severity { severity: severity.into(), open, new };
    Summary {
        as_of: day(2),
        previous: Some(day(1)),
        seconds: 65.0,
        set: "71e7a5ebf3ae".into(),
        changed: true,
        bytes: 2_000_000,
        warehouse: "/srv/acme/warehouse".into(),
        tables: vec![
            TableLine { table: "customer_snapshot".into(), rows: 1443 },
            TableLine { table: "alerts".into(), rows: 350 },
        ],
        portfolio: Some(Portfolio { customers: 1443, revenue_12m: Some(200e6), ..Portfolio::default() }),
        quadrants: vec![
            quadrant(Some("star"), 373, 124e6),
            quadrant(Some("cash_cow"), 190, 34e6),
            quadrant(Some("question_mark"), 205, 12e6),
            quadrant(Some("dog"), 672, 30e6),
            quadrant(None, 3, 0.0),
        ],
        expected: Some(Expected {
            leavers: estimate(33.4, Some((21.0, 45.0)), Some(90)),
            loss: estimate(3.4e6, Some((1.6e6, 5.2e6)), Some(90)),
            growth: estimate(8.3e6, None, Some(180)),
        }),
        moved: Some(12),
        moves: Some(Moves {
            all: group(12, 3.4e6),
            up: group(5, 1e6),
            down: group(7, 2.4e6),
            causes: vec![("data".into(), 9), ("cuts".into(), 2), ("late_data".into(), 1)],
            came: Some(group(2, 1200.0)),
            left: Some(group(1, 90_000.0)),
        }),
        calls: Some(Calls {
            fit: 38,
            left_over: 4,
            expected_kept: Some(1.2e6),
            first: vec![
                call("c1", Some("无锡海信食品股份有限公司"), 120_000.0),
                call("c2", Some("Ruidekai Chemical (Chongqing) Co., Ltd."), 99_000.4),
                call("c3", None, 80_000.0),
            ],
        }),
        models: vec![
            model("churn_risk", LearnedKind::Probability, "churned", (0.892, 0.824, 0.936)),
            model("growth_potential", LearnedKind::Amount, "growth", (0.917, 0.902, 0.93)),
        ],
        sources: Some(Sources { all: 13, with_remarks: 2 }),
        findings: vec![finding("crm_accounts"), finding("erp_invoices")],
        alerts: vec![("health_alert".into(), 192), ("complaints".into(), 29)],
        severities: vec![severity("high", 60, 3), severity("medium", 150, 9), severity("low", 11, 0)],
        ..Summary::default()
    }
}

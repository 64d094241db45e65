mod sample_night;

use sample_night::{call, day, estimate, group, model, night};

use super::{
    details, lines,
    lines::{clean, cut, width},
    summary,
};
use crate::{
    learn::LearnedKind,
    run::summary::{
        Calls, Estimate, Expected, Finding, ModelLine, ModelState, Moves, Portfolio, Severity, Summary,
        TableLine,
    },
};

#[test]
fn a_night_is_told_in_about_ten_lines_of_a_hundred_columns() {
    let told = summary(&night());
    assert_eq!(
        told,
        "\
As of 2026-04-02: 1,443 customers (2 came, 1 left with 90,000), 200.0 M revenue in 12 months

Revenue of 373 stars 62 %, 190 cash cows 17 %, 205 question marks 6 %, 672 dogs 15 %, 3 not placed
Expected   3.4 M yearly margin lost in 90 days (1.6 M to 5.2 M), 8.3 M growth in 180 days
Moved      12 customers (3.4 M) since 2026-04-01: 5 up (1.0 M), 7 down (2.4 M); 9 by own figures
Calls      38 this week are expected to keep 1.2 M after their cost (4 more do not fit in); first:
           无锡海信食品股份有限公司 (120,000), Ruidekai Chemical (Chongqing)… (99,000), c3 (80,000)
Alerts     12 new: 3 high, 9 medium; 221 open in all
Models     tell leavers from stayers 89 times in 100 (82-94), growers 92 (90-93); gates passed
Data       2 of 13 sources with remarks; 27 audits passed

Set 71e7a5ebf3ae of 2026-04-02 (published): 2 tables, 2.0 MB in /srv/acme/warehouse, 1 min 5 s.
  Next: luopan report
"
    );
    assert!(told.lines().all(|line| width(line) <= 100), "{told}");
    assert_eq!(told.lines().filter(|line| !line.is_empty()).count(), 11);
}

#[test]
fn a_first_night_compares_with_nothing_and_calls_nothing_new() {
    let first = Summary { previous: None, moved: None, moves: None, ..night() };
    let told = summary(&first);
    assert!(told.contains("\nMoved      nothing to compare with: this is the first set\n"), "{told}");
    assert!(told.contains("\nAlerts     221 open: 60 high, 150 medium, 11 low\n"), "{told}");
    // The set before had no quadrants, as another pipeline's has none.
    let other = Summary { moved: None, moves: None, ..night() };
    assert!(!summary(&other).contains("Moved"));
}

#[test]
fn a_quiet_night_says_that_nothing_happened() {
    let quiet = Summary {
        changed: false,
        moved: Some(0),
        moves: Some(Moves { came: Some(group(0, 0.0)), left: Some(group(1, 90_000.0)), ..Moves::default() }),
        calls: Some(Calls::default()),
        severities: vec![Severity { severity: "high".into(), open: 221, new: 0 }],
        ..night()
    };
    let told = summary(&quiet);
    for line in [
        "As of 2026-04-02: 1,443 customers (1 left with 90,000), 200.0 M revenue in 12 months",
        "Moved      nobody since 2026-04-01",
        "Calls      nobody to be called this week",
        "Alerts     none new; 221 open: 221 high",
        "Set 71e7a5ebf3ae of 2026-04-02 (unchanged: the same set stood there): 2 tables, 2.0 MB",
    ] {
        assert!(told.lines().any(|l| l == line), "{line}\n{told}");
    }
    assert!(!told.contains(" (120,000)"), "{told}");
}

#[test]
fn what_went_wrong_is_named() {
    let refused = ModelLine {
        model: "churn_risk".into(),
        reason:
            "12 customers with churned = true and 480 without at 2026-01-01; at least 50 of each are needed"
                .into(),
        ..ModelLine::default()
    };
    let mut kept = model("growth_potential", LearnedKind::Amount, "growth", (0.9, 0.8, 0.95));
    kept.state = ModelState::GoesOn;
    kept.reason = "version a goes on".into();
    let source = |source: &str, status: &str| Finding {
        source: source.into(),
        status: status.into(),
        finding: "not delivered".into(),
    };
    let mut bad = Summary {
        expected: Some(Expected {
            leavers: Some(Estimate::default()),
            loss: Some(Estimate::default()),
            growth: estimate(8.3e6, None, Some(180)),
        }),
        models: vec![refused, kept],
        findings: vec![source("crm_surveys", "absent"), source("erp_invoices", "warn"), source("x", "ok")],
        warnings: vec!["one".into(), "two".into()],
        ..night()
    };
    bad.audits.warned = 2;
    let told = summary(&bad);
    for line in [
        "Expected   loss unknown, 8.3 M growth in 180 days",
        "Models     no scores from churn_risk; tell growers from others 90 times in 100 (80-95);",
        "           no new version of growth_potential",
        "Data       look at crm_surveys (absent), erp_invoices (warn); 2 of 27 audits warn; 2 warnings",
    ] {
        assert!(told.lines().any(|l| l == line), "{line}\n{told}");
    }
    assert!(told.lines().filter(|line| !line.is_empty()).count() <= 12, "{told}");
    bad.models.pop();
    let told = summary(&bad);
    let told = told.lines().find(|line| line.starts_with("Models")).unwrap();
    assert!(
        told.starts_with("Models     no scores from churn_risk: 12 customers with churned")
            && width(told) <= 100,
        "{told}"
    );
}

#[test]
fn a_project_of_other_tables_has_no_lines_without_figures() {
    let mut light = Summary {
        as_of: day(1),
        set: "0a1b2c3d4e5f".into(),
        changed: true,
        bytes: 900,
        seconds: 2.0,
        warehouse: "w".into(),
        tables: vec![TableLine { table: "light_customers".into(), rows: 1443 }],
        ..Summary::default()
    };
    light.audits.checked = 2;
    assert_eq!(
        summary(&light),
        "\
As of 2026-04-01

Tables     light_customers 1,443 rows
Data       2 audits passed

Set 0a1b2c3d4e5f of 2026-04-01 (published): 1 table, 900 bytes in w, 2.0 s.
  Next: luopan query light_customers
"
    );
}

#[test]
fn what_a_project_calls_value_at_risk_is_not_called_margin() {
    let expected = Expected { loss: estimate(1.2e6, None, Some(30)), ..Expected::default() };
    let portfolio = Portfolio { customers: 1, ..Portfolio::default() };
    let telco =
        Summary { expected: Some(expected), portfolio: Some(portfolio), as_of: day(1), ..Summary::default() };
    let told = summary(&telco);
    assert!(
        told.starts_with("As of 2026-04-01: 1 customer\n\nExpected   1.2 M at risk in 30 days\n\n"),
        "{told}"
    );
}

#[test]
fn names_cannot_act_on_the_terminal_nor_widen_a_line() {
    assert_eq!(clean("a\u{1b}[31mb\n\u{202e}c 株"), "a[31mbc 株");
    assert_eq!((width("株式会社 a"), cut("株式会社 a", 10).as_str()), (10, "株式会社 a"));
    assert_eq!((cut("株式会社 a", 6).as_str(), cut("ab cd", 4).as_str()), ("株式…", "ab…"));
    let long = "很".repeat(60);
    let calls =
        Calls { fit: 3, first: (0..3).map(|_| call("c", Some(&long), 5e6)).collect(), ..Calls::default() };
    let told = summary(&Summary { calls: Some(calls), ..night() });
    let line = told.lines().find(|l| l.contains('很')).unwrap();
    assert!(width(line) <= 100 && line.matches("(5.0 M)").count() == 3, "{line}");
}

#[test]
fn details_hold_what_the_ten_lines_leave_out() {
    let told = details(&night());
    for part in [
        "Model churn_risk, version 0123456789ab",
        "0.892",
        "192  health_alert",
        "customer_snapshot/as_of=2026-04-02/  1,443 rows",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let mut out = String::new();
    lines::line(&mut out, "Data", "");
    assert_eq!(out, "", "no line without a text");
}

//! The command line: what goes to stdout and what to stderr, and the exit status.

use std::path::Path;

use chrono::Utc;
use luopan::{
    lake::store::Location,
    warehouse::{Holder, Warehouse},
};
use serde_json::{Value, json};

use super::{
    program::{luopan, luopan_with},
    published,
    tiny::{DAY, Project, VISITS},
    vendor,
};

/// Three visits of two customers, in March 2026.
fn visited() -> Project {
    let project = Project::of_visits(VISITS);
    project.rows("shop_visits", "visits/a.parquet", &json!([
        { "visit_id": "v1", "customer_id": "ada", "seen_at": "2026-03-01T10:00:00Z", "spent": 12.5, "minutes": 30 },
        { "visit_id": "v2", "customer_id": "bo", "seen_at": "2026-03-02T10:00:00Z", "spent": 7, "minutes": 5 },
        { "visit_id": "v3", "customer_id": "ada", "seen_at": "2026-03-20T10:00:00Z", "spent": 0.25, "minutes": 12 },
    ]));
    project
}

#[test]
fn help_and_version_are_data_and_usage_faults_are_not() {
    let here = Path::new(".");
    for args in [["--help"].as_slice(), &["--version"], &["run", "--help"]] {
        let ended = luopan(here, args).done();
        assert!(!ended.out.is_empty() && ended.err.is_empty(), "{args:?}");
    }
    for args in [[].as_slice(), &["rnu"], &["run", "--thread", "2"], &["query"]] {
        let ended = luopan(here, args).with(2);
        assert!(ended.out.is_empty() && !ended.err.is_empty(), "{args:?}");
    }
    luopan(here, &["rnu"]).says(&["run"]);
}

#[test]
fn a_run_says_its_result_on_stdout_and_its_steps_on_stderr() {
    let project = visited();
    let ended =
        project.run().done().says(&["opening the lake", "visit_list as of 2026-04-01, 3 rows", "publishing"]);
    assert!(ended.out.starts_with("As of 2026-04-01\n"), "{}", ended.out);
    assert!(ended.out.contains("\nTables     visit_list 3 rows\n"), "{}", ended.out);
    let set = published::set(&project.warehouse(), DAY).unwrap();
    assert!(ended.out.contains(&format!("Set {set} of 2026-04-01 (published)")), "{}", ended.out);
    let more = project.luopan(&["run", "-v"]).done().out;
    assert!(
        more.contains("visit_list/as_of=2026-04-01/  3 rows") && more.contains("\nAs of 2026-04-01\n"),
        "{more}"
    );
}

#[test]
fn a_log_in_json_is_json_on_every_line_and_the_summary_is_too() {
    let project = visited();
    let ended = project.luopan(&["run", "--log-format", "json"]).done();
    let events: Vec<Value> = ended.err.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(events.iter().all(|e| e["event"].is_string() && e["elapsed_seconds"].is_number()), "{events:?}");
    let finished: Vec<_> = events.iter().filter(|e| e["event"] == "finished").collect();
    assert_eq!((finished[0]["table"].as_str(), finished[0]["rows"].as_i64()), (Some("visit_list"), Some(3)));
    let summary = ended.json();
    assert_eq!(summary.len(), 1);
    assert_eq!(summary[0]["set"].as_str(), published::set(&project.warehouse(), DAY).as_deref());
    assert_eq!(summary[0]["tables"], json!([{ "table": "visit_list", "rows": 3 }]));
}

#[test]
fn a_failure_in_json_is_json_too() {
    let project = Project::of_visits(VISITS);
    let ended = project.luopan(&["run", "--log-format", "json"]).with(1);
    let strays: Vec<_> = ended.err.lines().filter(|l| serde_json::from_str::<Value>(l).is_err()).collect();
    assert_eq!(strays, [""; 0]);
}

#[test]
fn colours_come_only_when_asked_for() {
    let project = Project::of_visits(VISITS);
    let coloured = |args: &[&str], variables: &[(&str, &str)]| {
        luopan_with(project.root(), args, variables).with(1).err.contains('\u{1b}')
    };
    assert!(coloured(&["run", "--color", "always"], &[]));
    assert!(!coloured(&["run"], &[]), "a pipe is no terminal");
    assert!(!coloured(&["run"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["run", "--color", "never"], &[]));
}

#[test]
fn a_day_before_the_first_data_is_refused_with_the_first_day() {
    let project = visited();
    let ended = project.luopan(&["run", "--as-of", "2026-03-01"]).with(1);
    ended.says(&["was known before 2026-03-01", "the first data is of 2026-03-01, in `shop_visits`"]);
    assert_eq!(published::set(&project.warehouse(), "2026-03-01"), None);
    project.luopan(&["run", "--as-of", "2026-03-02"]).done();
}

#[test]
fn a_held_lock_makes_the_second_run_fail_and_names_the_holder() {
    let project = visited();
    let location = Location::resolve("warehouse", project.root(), &Default::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let holder = Holder::this_process(Utc::now(), "a test that holds the lock");
    let lock = runtime.block_on(Warehouse::open(location).lock(&holder)).unwrap();
    let pid = format!("process {} on", std::process::id());
    project.run().with(1).says(&["another run is publishing", &pid, "a test that holds the lock"]);
    assert_eq!(published::set(&project.warehouse(), DAY), None);
    drop(lock);
    project.run().done();
}

#[test]
fn a_table_or_a_select_is_shown_as_of_any_day() {
    let project = visited();
    let ids = |day, what: &str| -> Vec<String> {
        project.query_at(day, what).iter().map(|r| r["visit_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(DAY, "visit_list"), ["v1", "v2", "v3"]);
    assert_eq!(ids("2026-03-03", "visit_list"), ["v1", "v2"]);
    assert_eq!(ids("2026-03-03", "SELECT visit_id FROM visit_list WHERE minutes > 10"), ["v1"]);
    let asked = "SELECT count(*) AS n FROM shop_visits WHERE seen_at >= $as_of - INTERVAL '15 days'";
    assert_eq!(project.query(asked), [json!({ "n": 1 })]);
    let ended = project
        .luopan(&["query", "visit_list", "--limit", "2", "--format", "csv"])
        .done()
        .says(&["2 rows; there are more"]);
    assert_eq!(ended.out.lines().count(), 3);
    assert!(ended.out.starts_with("visit_id,customer_id,"), "{}", ended.out);
    let empty = project
        .luopan(&["query", "SELECT visit_id FROM visit_list WHERE minutes < 0"])
        .done()
        .says(&["0 rows"]);
    assert!(empty.out.contains("visit_id"), "an empty answer has its heads: {}", empty.out);
    assert!(!project.warehouse().exists(), "a query writes nothing");
}

#[test]
fn a_query_that_cannot_be_answered_cannot_run() {
    let project = visited();
    let refused = |what: &str, says: &[&str]| project.luopan(&["query", what]).with(2).says(says);
    refused("visit_lits", &["no table `visit_lits`", "did you mean `visit_list`?"]);
    refused("SELECT * FROM future.shop_visits", &["a query cannot read future."]);
    refused("SELECT visitid FROM visit_list", &["visitid", "did you mean `visit_id`?"]);
    refused("DELETE FROM visit_list", &["made by a SELECT"]);
}

#[test]
fn runs_are_recorded_however_they_end() {
    let project = visited();
    assert!(project.luopan(&["runs"]).done().out.is_empty());
    project.run().done();
    project.luopan(&["run", "--as-of", "2020-01-01"]).with(1);
    let listed = project.luopan(&["runs"]).done().out;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert!(lines[1].contains("2020-01-01") && lines[1].contains("failed"), "the newest first: {listed}");
    let set = published::set(&project.warehouse(), DAY).unwrap();
    assert!(lines[2].contains(DAY) && lines[2].contains("done") && lines[2].contains(&set), "{listed}");
    let name = lines[1].split_whitespace().next().unwrap();
    let whole = project.luopan(&["runs", name]).done().out;
    assert!(whole.contains("was known before 2020-01-01"), "{whole}");
    assert_eq!(project.luopan(&["runs", "--limit", "1"]).done().out.lines().count(), 2);
    project.luopan(&["runs", "20200101T000000Z-1"]).with(2).says(&["no run `20200101T000000Z-1`"]);
}

#[test]
fn a_new_project_runs_over_a_new_sample_and_refuses_models_with_too_few_events() {
    let dir = tempfile::tempdir().unwrap();
    let said = luopan(dir.path(), &["init", "vendor"]).done();
    assert!(said.out.contains("luopan sample data-samples"), "{}", said.out);
    let project = dir.path().join("vendor");
    luopan(dir.path(), &["init", "vendor"]).with(2).says(&["is not empty"]);
    let small = ["sample", "data-samples", "--customers", "120", "--months", "18"];
    let made = luopan(&project, &small).done();
    assert!(made.out.contains("erp/invoices") && made.err.contains("120 customers over 18 months"));
    luopan(&project, &small).with(2).says(&["is not empty"]);
    let ended = luopan(&project, &["run"]).done().says(&["warning: model `churn_risk` gives no scores"]);
    assert!(ended.err.contains("min_events"), "{}", ended.err);
    assert!(ended.out.contains("no scores from churn_risk"), "{}", ended.out);
    assert!(
        ended.out.contains("loss unknown") && ended.out.contains("this is the first set"),
        "{}",
        ended.out
    );
    let warehouse = project.join("warehouse");
    let customers = published::rows(&warehouse, "customer_snapshot", "2026-04-01");
    assert!(
        customers.len() > 50 && customers.iter().all(|c| c["churn_probability"].is_null()),
        "never an invented probability"
    );
    assert!(customers.iter().all(|c| !c["quadrant"].is_null()));
    let metrics = published::rows(&warehouse, "model_metrics", "2026-04-01");
    assert!(metrics.iter().any(|m| m["model"] == "churn_risk" && m["status"] == "refused"), "{metrics:?}");
}

#[test]
fn a_table_is_named_with_its_own_and_others_by_selectors() {
    let project = vendor::project();
    let names = |selectors: &[&str]| -> Vec<String> {
        let args: Vec<&str> = ["ls", "--json"].iter().chain(selectors).copied().collect();
        project.luopan(&args).done().json().iter().map(|t| t["table"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(&[]);
    assert!(all.len() > 60);
    assert_eq!(names(&["receivables"]), ["receivables"]);
    let with_sources = names(&["+receivables"]);
    assert!(
        with_sources.iter().any(|t| t == "erp_payments") && with_sources.last().unwrap() == "receivables"
    );
    let readers = names(&["receivables+"]);
    assert_eq!(readers[0], "receivables");
    assert!(readers.iter().any(|t| t == "customer_snapshot") && !readers.iter().any(|t| t == "erp_payments"));
    assert_eq!(names(&["layer:source"]).len(), 12);
    assert!(names(&["tag:usage"]).contains(&"usage_windows".to_owned()));
    let both = names(&["layer:labels", "identities"]);
    assert_eq!(both.len(), 3, "{both:?}");
    project.luopan(&["ls", "recievables"]).with(2).says(&["did you mean `receivables`?"]);
    project.luopan(&["ls", "tga:usage"]).with(2).says(&["did you mean `tag`?"]);
    project.luopan(&["ls", "tag:nothing"]).with(2).says(&["nothing is selected"]);
}

#[test]
fn what_makes_a_table_can_be_read() {
    let project = vendor::project();
    let sql = |table: &str| project.luopan(&["compile", table]).done().out;
    let source = sql("crm_opportunities");
    assert!(source.contains("CASE WHEN closed_at < $as_of THEN won END AS won"), "{source}");
    assert!(source.contains("WHERE created_at < $as_of"), "{source}");
    assert!(sql("product_usage").contains("WHERE usage_date < $as_of_date - INTERVAL '1 days'"));
    assert!(sql("crm_accounts").contains("CASE WHEN valid_to < $as_of THEN valid_to END AS valid_to"));
    let health = sql("health");
    assert!(health.contains("FROM score_inputs") && health.contains("AS band"), "{health}");
    assert!(sql("quadrant").contains("'cash_cow'") && sql("health_components").contains("UNION ALL"));
    project
        .luopan(&["compile", "churn_risk"])
        .with(2)
        .says(&["is fitted to `customer_features` and `churned`"]);
    project.luopan(&["compile", "helth"]).with(2).says(&["did you mean `health`?"]);
}

//! `luopan models`: versions as people see them, and what they decide of them.

mod moved;
mod nights;
pub mod vendor;

use std::fs;

use chrono::Utc;
use luopan::{
    lake::store::Location,
    warehouse::{Holder, Warehouse},
};
use serde_json::{Value, json};

use super::tiny::{Project, VISITS};
use vendor::{MODEL, USUAL, listed, model_file, night, vendor};

/// A night in March and one in April: another cutoff to learn from, hence another version.
fn two_nights() -> (Project, String, String) {
    let project = vendor(&USUAL);
    let [march, april] = ["2026-03-02", "2026-04-02"].map(|day| night(&project, day).scores());
    assert_ne!(march, april);
    (project, march, april)
}

fn card(project: &Project, version: &str) -> Value {
    serde_json::from_slice(&fs::read(model_file(project, version, "card.json")).unwrap()).unwrap()
}

fn metric<'a>(card: &'a Value, name: &str) -> &'a Value {
    card["metrics"].as_array().unwrap().iter().find(|m| m["metric"] == name).unwrap()
}

#[test]
fn versions_are_listed_and_shown() {
    let (project, march, april) = two_nights();
    let row = listed(&project);
    assert_eq!((&row["model"], &row["version"]), (&json!(MODEL), &json!(april)));
    assert_eq!((&row["since"], &row["fitted_on"]), (&json!("2026-04-02"), &json!("2026-04-02")));
    let measured = metric(&card(&project, &april), "roc_auc").clone();
    assert_eq!((&row["roc_auc"], &row["interval"]), (&measured["value"], &measured["interval"]));
    assert_eq!((&row["held"], &row["challenger"]), (&json!(false), &json!(null)));
    let text = project.luopan(&["models"]).done().out;
    assert!(text.starts_with("Set of 2026-04-02\n"), "{text}");
    let line = text.lines().find(|line| line.contains(MODEL)).unwrap();
    let auc = format!("{:.3}", measured["value"].as_f64().unwrap());
    assert!(
        [april.as_str(), "2026-04-02", "logistic regression", &auc].iter().all(|w| line.contains(w)),
        "{text}"
    );

    let all = project.luopan(&["models", "list", "--all", "--format", "json"]).done().json();
    let brief = |row: &Value| {
        [&row["version"], &row["fitted_on"], &row["in_set"]].map(|v| v.as_str().unwrap().to_owned())
    };
    let day = ["2026-04-02", "2026-03-02"].map(str::to_owned);
    assert_eq!(
        all.iter().map(brief).collect::<Vec<_>>(),
        [[april.clone(), day[0].clone(), day[0].clone()], [march.clone(), day[1].clone(), day[1].clone()],]
    );

    let show = |args: &[&str]| project.luopan(&[&["models", "show", MODEL], args].concat()).done().out;
    let text = |version: &str| fs::read_to_string(model_file(&project, version, "card.md")).unwrap();
    assert_eq!(show(&[]).trim(), text(&april).trim());
    assert_eq!(show(&[&march[..5]]).trim(), text(&march).trim());
    let json: Value = serde_json::from_str(&show(&[&march, "--format", "json"])).unwrap();
    assert_eq!(json, card(&project, &march));
    // The artifact bears the card, too.
    fs::remove_file(model_file(&project, &march, "card.md")).unwrap();
    fs::write(model_file(&project, &march, "card.json"), "{}").unwrap();
    assert!(show(&[&march]).starts_with(&format!("# {MODEL} {march}\n")));
    assert_eq!(serde_json::from_str::<Value>(&show(&[&march, "--format", "json"])).unwrap(), json);
}

#[test]
fn two_versions_are_set_side_by_side_with_what_the_difference_is_worth() {
    let (project, march, april) = two_nights();
    let compare = |args: &[&str]| project.luopan(&[&["models", "compare", MODEL], args].concat()).done();
    let found = compare(&["--format", "json"]).json().remove(0);
    assert_eq!((&found["first"]["version"], &found["second"]["version"]), (&json!(march), &json!(april)));
    let auc = [&march, &april]
        .map(|version| metric(&card(&project, version), "roc_auc")["value"].as_f64().unwrap());
    let row = found["metrics"].as_array().unwrap().iter().find(|m| m["metric"] == "roc_auc").unwrap();
    assert_eq!(row["difference"], json!(auc[1] - auc[0]));
    assert_eq!(
        (&found["first"]["measured_on"], &found["second"]["measured_on"]),
        (&json!("2026-02-01"), &json!("2026-03-01"))
    );
    let text = compare(&[]).out;
    assert!(
        text.contains("on different days or customers") && text.contains("no comparison on the same rows"),
        "{text}"
    );
    let gate = format!("When {april} was fitted: AUC {:.3} against the champion's", auc[1]);
    assert!(text.contains(&gate), "{text}");

    // Another penalty is another model, measured on the same day.
    project.edit("models/complaint_risk.toml", "penalty = 1.0", "penalty = 50.0");
    let shrunk = night(&project, "2026-04-03").scores();
    let text = compare(&[&april[..6], &shrunk]).out;
    assert!(text.contains("on the same day, on as many customers") && !text.contains("different"), "{text}");
    let alone = compare(&[&march, "--format", "json"]).json().remove(0);
    assert_eq!((&alone["first"]["version"], &alone["second"]["version"]), (&json!(shrunk), &json!(march)));
}

#[test]
fn a_rollback_holds_a_version_until_one_is_promoted() {
    let (project, march, april) = two_nights();
    let said = project.luopan(&["models", "rollback", MODEL]).done().out;
    let will = format!(
        "As of 2026-04-03 and later, version {march} of `{MODEL}` scores. It is held until you promote one"
    );
    assert!(said.contains(&will) && said.contains("`luopan models promote"), "{said}");
    assert!(!said.contains("run that day again"), "{said}");
    let row = listed(&project);
    assert_eq!((&row["version"], &row["held"]), (&json!(april), &json!(false)));
    assert_eq!(row["decided"], json!([{ "version": march, "as_of": "2026-04-03", "hold": true }]));

    let held = night(&project, "2026-04-03");
    assert_eq!(held.scores(), march);
    assert!(held.reason().contains("somebody decided so") && held.past.is_empty(), "{}", held.reason());
    assert_eq!(held.model["reason_zh"], format!("由 2026-03-02 的版本 {march} 评分：由人工指定"));
    assert_eq!(
        (&held.model["fitted_on"], &held.model["champion_since"]),
        (&json!("2026-03-02"), &json!("2026-04-03"))
    );
    let row = listed(&project);
    assert_eq!((&row["version"], &row["held"], &row["decided"]), (&json!(march), &json!(true), &json!([])));
    let text = project.luopan(&["models"]).done().out;
    assert!(text.contains("held until one is promoted"), "{text}");
    // The next month, too.
    let later = night(&project, "2026-05-02");
    assert_eq!((later.scores(), &later.model["champion_since"]), (march.clone(), &json!("2026-04-03")));

    let said = project.luopan(&["models", "promote", MODEL, &april[..4]]).done().out;
    assert!(said.contains(&format!("As of 2026-05-03 and later, version {april}")), "{said}");
    let promoted = night(&project, "2026-05-03");
    assert_eq!((promoted.scores(), promoted.past.len()), (april, 0));
    assert_eq!(listed(&project)["held"], json!(false));
    let fitted = night(&project, "2026-05-04");
    assert!(!fitted.past.is_empty() && fitted.reason().contains("passed its gates"), "{}", fitted.reason());
}

#[test]
fn a_decision_for_a_published_day_counts_once_that_day_is_run_again() {
    let (project, march, april) = two_nights();
    night(&project, "2026-04-03");
    let said =
        project.luopan(&["models", "rollback", MODEL, "--to", &march, "--from", "2026-04-02"]).done().out;
    assert!(
        said.contains("run that day again") && said.contains("`luopan run --as-of 2026-04-02`"),
        "{said}"
    );
    assert!(said.contains("the published days after it (to 2026-04-03) in their order"), "{said}");
    assert_eq!(night(&project, "2026-04-02").scores(), march);
    assert_eq!(night(&project, "2026-03-02").scores(), march, "an earlier day is not touched");
    let future = project.luopan(&["models", "promote", MODEL, &april, "--from", "2026-03-10"]).with(2);
    future.says(&["it would know the future", "--from 2026-03-21 or later"]);
}

#[test]
fn what_is_not_there_cannot_be_meant() {
    let (project, march, april) = two_nights();
    let refused =
        |args: &[&str], words: &[&str]| project.luopan(&[&["models"], args].concat()).with(2).says(words);
    refused(&["show", "complain_risk"], &["no model `complain_risk`", "did you mean `complaint_risk`?"]);
    refused(&["promote", MODEL, "ffffffffffff"], &["has no version `ffffffffffff`", &march, &april]);
    let mistyped = format!("{}x", &april[..11]);
    refused(&["rollback", MODEL, "--to", &mistyped], &[&format!("did you mean `{april}`?")]);
    refused(&["show", MODEL, &april[..3]], &["four of its digits are the least"]);
    refused(&["compare", MODEL, &april, &march, &march], &[]);
    // A model of which nothing was published yet.
    let toml = fs::read_to_string(project.root().join("models/complaint_risk.toml")).unwrap();
    project.file("models/later.toml", &toml);
    refused(&["show", "later"], &["model `later` has no version", "luopan run"]);
    let text = project.luopan(&["models"]).done().out;
    assert!(text.contains("later: no version has scored yet"), "{text}");
    // Two versions that begin alike.
    let folder = model_file(&project, &march, "");
    let twin = folder.parent().unwrap().join(format!("{}{}", &march[..8], "0000"));
    fs::create_dir(&twin).unwrap();
    fs::copy(folder.join("artifact.json"), twin.join("artifact.json")).unwrap();
    refused(&["promote", MODEL, &march[..6]], &["the beginning of several versions"]);
    assert!(!project.warehouse().join("_luopan/models").join(MODEL).join("decisions.json").exists());
}

#[test]
fn a_damaged_or_lost_version_cannot_be_promoted() {
    let (project, march, april) = two_nights();
    let artifact = model_file(&project, &march, "artifact.json");
    let text = fs::read_to_string(&artifact).unwrap();
    fs::write(&artifact, text.replacen("\"rows\":", "\"rows\":1", 1)).unwrap();
    project.luopan(&["models", "promote", MODEL, &march]).with(1).says(&["cannot score", "damaged"]);
    fs::remove_file(&artifact).unwrap();
    project.luopan(&["models", "rollback", MODEL]).with(1).says(&["cannot score", "artifact.json is gone"]);
    let all = project.luopan(&["models", "list", "--all"]).done().out;
    assert!(all.lines().any(|line| line.contains(&march) && line.contains("gone")), "{all}");
    // One that asks for a column that is no longer there.
    project.edit("sql/features/customer_features.sql", "logins, seats", "logins");
    project.luopan(&["models", "promote", MODEL, &april]).with(2).says(&["cannot score", "`seats`"]);
}

#[test]
fn an_empty_warehouse_has_no_models_and_a_busy_one_takes_no_decision() {
    let project = Project::of_visits(VISITS);
    let ended = project.luopan(&["models"]).done().says(&["no model was published in this warehouse yet"]);
    assert!(ended.out.is_empty());
    project.luopan(&["models", "rollback", "churn_risk"]).with(2).says(&["no model was published here"]);
    assert!(!project.warehouse().exists());

    let (project, march, _) = two_nights();
    let location = Location::resolve("warehouse", project.root(), &Default::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let holder = Holder::this_process(Utc::now(), "a test that holds the lock");
    let lock = runtime.block_on(Warehouse::open(location).lock(&holder)).unwrap();
    project.luopan(&["models", "promote", MODEL, &march]).with(1).says(&["a test that holds the lock"]);
    drop(lock);
    project.luopan(&["models", "promote", MODEL, &march]).done();
}

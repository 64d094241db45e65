//! Where reports are written, when a run writes them, and what is said when they cannot be.

use std::fs;

use serde_json::json;

use super::tiny::{Project, VISITS, pipeline};

/// A project that lists visits, whose pipeline ends with `more`.
fn project(more: &str) -> Project {
    let project = Project::of_visits(VISITS);
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], more));
    let visit = json!([{ "visit_id": "v1", "customer_id": "c1", "seen_at": "2026-03-01T00:00:00Z" }]);
    project.rows("shop_visits", "visits/a.parquet", &visit);
    project
}

#[test]
fn a_run_writes_the_reports_that_its_pipeline_wants() {
    let silent = project("");
    silent.run().done();
    assert!(!silent.warehouse().join("reports").exists(), "none where none is wanted");

    let project = project("[report]\nlanguages = ['en', 'zh']\n");
    let ended = project.run().done();
    for language in ["en", "zh"] {
        let path = project.warehouse().join(format!("reports/2026-04-01.{language}.html"));
        assert!(ended.out.contains(path.to_str().unwrap()), "{}", ended.out);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>"), "{language}");
        assert!(text.contains("customer_snapshot"), "it says which table it would need");
    }
    let told = project.luopan(&["run", "--log-format", "json"]).done().json();
    assert_eq!(told[0]["reports"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_set_is_published_though_its_report_cannot_be_written() {
    let project = project("[report]\nlanguages = ['en']\nfolder = 'taken'\n");
    project.file("taken", "a file");
    let ended = project.run().with(1).says(&["the set is published, but not its report", "taken"]);
    assert!(ended.out.contains("(published)"), "{}", ended.out);
    assert_eq!(project.published("visit_list").len(), 1);
}

#[test]
fn wrong_settings_of_a_report_are_shown_at_their_place() {
    for (more, said) in [
        ("[report]\nlanguages = ['de']\n", "unknown variant `de`"),
        ("[report]\nlanguages = []\n", "a report is written in no language"),
        ("[report]\nlanguage = ['en']\n", "did you mean `languages`?"),
    ] {
        project(more).luopan(&["check"]).with(2).says(&["pipelines/nightly.toml:6:", said]);
    }
}

#[test]
fn a_report_names_what_it_does_not_find() {
    let project = project("");
    project.luopan(&["report"]).with(1).says(&["nothing is published in", "`luopan run` publishes a set"]);
    project.run().done();
    let missing = ["no set of 2026-03-01 is published", "the newest days are 2026-04-01"];
    project.luopan(&["report", "--as-of", "2026-03-01"]).with(1).says(&missing);
    let unknown = ["the set of 2026-04-01 has no table customer_snapshot"];
    project.luopan(&["explain", "c1"]).with(1).says(&unknown);
    project.luopan(&["report", "--internal"]).with(2).says(&["--customer"]);
    project.luopan(&["report", "--pipeline", "nihgtly"]).with(2).says(&["did you mean `nightly`?"]);
    let out = project.root().join("elsewhere");
    let ended = project.luopan(&["report", "--out", "elsewhere"]).done();
    assert_eq!(ended.out.trim(), "elsewhere/2026-04-01.en.html");
    assert_eq!(fs::read_dir(out).unwrap().count(), 1, "nothing but the page is left");
}

//! `luopan check`: every fault of a project, at its place, before any data is touched.

use super::{
    program::Ended,
    tiny::{DAY, Project, VISITS, pipeline},
};

/// Checks the visits project with one file more (or another instead).
fn check_with(path: &str, text: &str) -> Ended {
    let project = Project::of_visits(VISITS);
    project.file(path, text);
    project.luopan(&["check"])
}

#[track_caller]
fn refuses(path: &str, text: &str, says: &[&str]) {
    let ended = check_with(path, text).with(2).says(says);
    assert_eq!(ended.out, "", "faults go to stderr");
}

#[test]
fn a_sound_project_is_said_to_be_sound_on_stdout() {
    let ended = Project::of_visits(VISITS).luopan(&["check"]).done();
    assert!(ended.out.contains("2 tables") && ended.out.contains("1 pipelines"), "{}", ended.out);
    assert_eq!(ended.err, "");
}

#[test]
fn the_repositorys_own_projects_are_sound() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for project in ["", "examples/online-retail", "examples/telco"] {
        super::program::luopan(&root.join(project), &["check"]).done();
    }
}

#[test]
fn a_table_that_is_not_there_is_shown_with_the_one_that_was_meant() {
    let says = ["unknown table `shop_visit`", "sql/value/a.sql:2:6", "did you mean `shop_visits`?"];
    refuses("sql/value/a.sql", "SELECT customer_id\nFROM shop_visit", &says);
}

#[test]
fn a_circle_of_tables_is_named_whole() {
    let project = Project::of_visits(VISITS);
    project.file("sql/staging/a.sql", "SELECT * FROM b");
    project.file("sql/staging/b.sql", "SELECT * FROM c");
    project.file("sql/staging/c.sql", "SELECT * FROM a");
    project.luopan(&["check"]).with(2).says(&["in a circle: a → b → c → a"]);
}

#[test]
fn only_a_label_may_look_ahead() {
    let says = ["`f` reads future.shop_visits", "only labels may look ahead", "sql/features/f.sql:1:25"];
    refuses("sql/features/f.sql", "SELECT customer_id FROM  future.shop_visits", &["only labels"]);
    refuses("sql/features/f.sql", "SELECT customer_id FROM future.shop_visits", &says);
    let label = "/*---\nhorizon_days = 30\n---*/\nSELECT customer_id FROM future.shop_visits";
    check_with("sql/labels/l.sql", label).done();
    let reader = "SELECT label.customer_id FROM l AS label";
    let project = Project::of_visits(VISITS);
    project.file("sql/labels/l.sql", label);
    project.file("sql/features/f.sql", reader);
    project.luopan(&["check"]).with(2).says(&["reads the label `l`", "sql/features/f.sql:1:31"]);
}

#[test]
fn the_future_is_hidden_behind_no_quotes_and_no_capitals() {
    for table in ["FUTURE.shop_visits", "\"future\".\"shop_visits\"", "(SELECT * FROM future.shop_visits)"] {
        refuses(
            "sql/features/f.sql",
            &format!("SELECT customer_id FROM {table}"),
            &["only labels may look ahead"],
        );
    }
    refuses("sql/features/f.sql", "SELECT customer_id FROM files.shop_visits", &["unknown schema `files`"]);
}

#[test]
fn an_unknown_key_is_shown_at_its_line_and_column() {
    let says = ["unknown field `grian`", "sql/value/a.sql:3:1", "did you mean `grain`?"];
    refuses(
        "sql/value/a.sql",
        "/*---\ndescription = 'x'\ngrian = ['visit_id']\n---*/\nSELECT 1 AS visit_id",
        &says,
    );
    let says = ["unknown field `pubish`", "pipelines/late.toml:1:1", "did you mean `publish`?"];
    refuses("pipelines/late.toml", "pubish = []\nlake = 'x'", &says);
    let sources = VISITS.replace("known_at", "know_at");
    refuses(
        "sql/sources.toml",
        &sources,
        &["unknown field `know_at`", "sql/sources.toml:5:1", "did you mean `known_at`?"],
    );
}

/// A scorecard over visits, with one component.
fn card(weight: &str, value: &str) -> String {
    let component = format!("name = 'time'\nweight = {weight}\nvalue = '{value}'\npoints = 'rank'\n");
    format!("kind = 'scorecard'\nfrom = 'shop_visits'\n[[component]]\n{component}")
}

#[test]
fn a_negative_weight_is_refused_with_what_to_do_instead() {
    let card = card("-1", "minutes");
    let says = ["weight of `time` is -1", "models/card.toml:5:10", "let its points fall"];
    refuses("models/card.toml", &card, &says);
}

#[test]
fn settings_that_mean_nothing_are_refused_at_their_place() {
    for points in
        ["{}", "[[nan, 0], [1, 2]]", "[[-inf, 0], [1, 2]]", "[[0, 0], [1, inf]]", "[[0, 0]]", "'rnak'"]
    {
        refuses(
            "models/card.toml",
            &card("1", "minutes").replace("'rank'", points),
            &["models/card.toml:7:10"],
        );
    }
    refuses("models/card.toml", &card("1", "minutes").replace("'time'", "''"), &["models/card.toml:"]);
    refuses("sql/sources.toml", &VISITS.replace("visits/*.parquet", ""), &["sql/sources.toml:"]);
}

#[test]
fn a_slip_in_sql_is_shown_where_the_parser_stood() {
    refuses("sql/value/a.sql", "SELECT visit_id\nFORM shop_visits", &["sql/value/a.sql:2:6"]);
    refuses(
        "sql/value/a.sql",
        "SELECT visit_id FROM shop_visits WHERE",
        &["sql/value/a.sql:1:", "ends before it is whole"],
    );
    refuses("sql/value/a.sql", "DROP TABLE shop_visits", &["made by a SELECT, and by nothing else"]);
    refuses("sql/value/a.sql", "SELECT 1 AS a;\nSELECT 2 AS a", &["exactly one SELECT"]);
}

#[test]
fn a_slip_of_a_chinese_keyboard_is_shown_and_is_no_crash() {
    refuses("sql/value/a.sql", "SELECT visit_id，customer_id FROM shop_visits", &["sql/value/a.sql:1:"]);
    refuses(
        "sql/value/a.sql",
        "SELECT visit_id FROM shop_visits WHERE note ＝ '罗盘'",
        &["sql/value/a.sql:1:"],
    );
    refuses("models/card.toml", "kind ＝ 'scorecard'", &["models/card.toml:1:"]);
    let with_mark = check_with("sql/value/a.sql", "\u{feff}SELECT visit_id FROM shop_visits");
    assert!([0, 2].contains(&with_mark.status), "read, or refused in words: {}", with_mark.err);
}

#[test]
fn the_clock_and_the_dice_are_refused() {
    for function in ["now()", "current_date", "current_timestamp", "random()", "uuid()"] {
        let says = ["gives another result at another time", "sql/value/a.sql:1:"];
        refuses("sql/value/a.sql", &format!("SELECT visit_id, {function} AS x FROM shop_visits"), &says);
    }
}

#[test]
fn a_column_that_is_not_there_is_shown_with_the_one_that_was_meant() {
    let near = "did you mean `visit_id`?";
    refuses(
        "sql/value/a.sql",
        "SELECT\n    customer_id,\n    visits.visit_idd\nFROM shop_visits AS visits",
        &["visit_idd", "sql/value/a.sql:3:5", near],
    );
    refuses(
        "sql/value/a.sql",
        "SELECT\n    customer_id,\n    visit_idd\nFROM shop_visits",
        &["sql/value/a.sql:3:5", near],
    );
    refuses(
        "models/card.toml",
        &card("1", "minutse / 60"),
        &["minutse", "models/card.toml:6:9", "did you mean `minutes`?"],
    );
}

#[test]
fn two_files_of_one_name_are_both_named() {
    let project = Project::of_visits(VISITS);
    project.file("sql/staging/twin.sql", "SELECT 1 AS a");
    project.file("sql/value/deeper/twin.sql", "SELECT 1 AS a");
    let says = ["two tables are named `twin`", "sql/staging/twin.sql", "sql/value/deeper/twin.sql"];
    project.luopan(&["check"]).with(2).says(&says);
}

#[test]
fn faults_of_several_files_come_together() {
    let project = Project::of_visits(VISITS);
    project.file("sql/value/a.sql", "SELECT nothing FROM shop_visits");
    project.file("sql/value/b.sql", "SELECT naught FROM shop_visits");
    project.luopan(&["check"]).with(2).says(&["sql/value/a.sql:1:8", "sql/value/b.sql:1:8"]);
}

#[test]
fn a_published_table_has_declared_columns_and_a_pipeline_that_knows_it() {
    let path = "sql/snapshots/visit_list.sql";
    let declared = "note = { type = \"text\" }\n";
    let project = Project::of_visits(VISITS);
    project.edit(path, declared, "");
    project.luopan(&["check"]).with(2).says(&["makes `note`", "do not declare"]);
    let project = Project::of_visits(VISITS);
    project.edit(path, "minutes = { type = \"int\" }", "minutes = { type = \"text\" }");
    project
        .luopan(&["check"])
        .with(2)
        .says(&["`minutes` is declared text, and the query makes it int", "visit_list.sql:10:1"]);
    let wrong = pipeline(&["visit_lists"], "");
    refuses(
        "pipelines/nightly.toml",
        &wrong,
        &["no table `visit_lists`", "nightly.toml:4:12", "did you mean `visit_list`?"],
    );
    refuses("pipelines/nightly.toml", &pipeline(&["shop_visits"], ""), &["not in sql/snapshots/"]);
}

#[test]
fn an_unknown_pipeline_or_project_cannot_run() {
    let project = Project::of_visits(VISITS);
    project.luopan(&["run", "nigthly"]).with(2).says(&["no pipeline `nigthly`", "did you mean `nightly`?"]);
    project
        .luopan(&["check", "--project", "elsewhere"])
        .with(2)
        .says(&["elsewhere is no luopan project", "luopan init"]);
    let ended = project.luopan(&["run", "--as-of", "2026-4-1"]).with(2).says(&["YYYY-MM-DD"]);
    assert!(!ended.err.contains(DAY) && ended.out.is_empty());
}

#[test]
fn a_scorecards_value_reads_its_own_table_and_no_other() {
    for beyond in ["files.shop_visits", "future.shop_visits", "luopan.sources"] {
        let value = format!("(SELECT CAST(count(*) AS DOUBLE) FROM {beyond})");
        refuses("models/card.toml", &card("1", &value), &["models/card.toml:6:9"]);
    }
}

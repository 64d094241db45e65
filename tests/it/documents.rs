//! The page of the published tables: what `luopan docs` prints, and that the repository's own is that.

use std::{fs, path::Path};

use luopan::project::{Project as Files, model::ModelSpec, sql_file::Layer};

use super::{
    program::luopan,
    tiny::{Project, VISITS, pipeline},
};

const PROJECTS: [&str; 3] = [".", "examples/online-retail", "examples/telco"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_page_of_the_published_tables_is_what_the_program_prints() {
    let printed = luopan(root(), &["docs"]).done().out;
    let page = fs::read_to_string(root().join("docs/tables.md")).unwrap();
    let differs = printed.lines().zip(page.lines()).position(|(new, old)| new != old);
    assert!(
        printed == page,
        "docs/tables.md is not what `luopan docs` prints (from line {}): run `cargo run -- docs > docs/tables.md`",
        differs.unwrap_or_else(|| printed.lines().count().min(page.lines().count())) + 1
    );
}

#[test]
fn every_published_column_says_what_it_is() {
    for folder in PROJECTS {
        let project = Files::read(&root().join(folder)).unwrap_or_else(|e| panic!("{}", e.render(false)));
        let published = project.sql.iter().filter(|sql| sql.layer == Layer::Snapshots);
        for (sql, (column, note)) in
            published.flat_map(|sql| sql.header.columns.iter().map(move |c| (sql, c)))
        {
            let said = note.description.as_deref().unwrap_or_default().trim();
            assert!(
                !said.is_empty(),
                "{folder}: `{column}` of {} has no description",
                sql.file.path.display()
            );
        }
    }
}

#[test]
fn what_the_built_in_project_says_of_itself_it_says_in_both_languages() {
    let project = Files::read(root()).unwrap_or_else(|e| panic!("{}", e.render(false)));
    let mut unsaid: Vec<String> = Vec::new();
    let mut asked = 0;
    let mut ask = |what: String, words: [&Option<String>; 2]| {
        let said = |words: &Option<String>| words.as_ref().is_some_and(|text| !text.trim().is_empty());
        asked += 1;
        unsaid.extend((!words.into_iter().all(said)).then_some(what));
    };
    let pipelines = project.pipelines().unwrap_or_else(|e| panic!("{}", e.render(false)));
    for pipeline in &pipelines {
        ask(format!("pipeline {}", pipeline.name), [&pipeline.description, &pipeline.description_zh]);
    }
    for sql in project.sql.iter().filter(|sql| sql.layer == Layer::Snapshots) {
        ask(sql.name.clone(), [&sql.header.description, &sql.header.description_zh]);
        for (column, note) in &sql.header.columns {
            ask(format!("{}.{column}", sql.name), [&note.description, &note.description_zh]);
            let twin = sql.header.columns.contains_key(&format!("{column}_zh"));
            let english_only = note.description_zh.as_ref().is_some_and(|zh| zh.contains("英文"));
            assert!(twin || !english_only, "{}.{column} has no Chinese twin", sql.name);
        }
    }
    for parameter in &project.parameters {
        ask(format!("${}", parameter.name), [&parameter.description, &parameter.description_zh]);
    }
    for model in &project.models {
        ask(format!("model {}", model.name), [&model.description, &model.description_zh]);
        let about = |what: &str| format!("model {}, {what}", model.name);
        match &model.spec {
            ModelSpec::Scorecard(s) => {
                s.components.iter().for_each(|c| ask(about(&c.name), [&c.description, &c.description_zh]))
            }
            ModelSpec::Rules(s) => {
                s.rules.iter().for_each(|r| ask(about(&r.name), [&r.description, &r.description_zh]))
            }
            ModelSpec::Alerts(s) => s.alerts.iter().for_each(|a| {
                ask(about(&a.name), [&Some(a.description.clone()), &a.description_zh]);
                ask(about(&a.name), [&a.next_step, &a.next_step_zh]);
            }),
            _ => {}
        }
    }
    assert_eq!(unsaid, [""; 0], "without description or description_zh");
    assert!(asked > 700, "{asked}");
}

const CARD: &str = r#"
kind = "scorecard"
description = "How dear a customer is"
description_zh = "客户有多贵重"
from = "by_customer"
[[component]]
name = "spent"
description = "Money left here"
description_zh = "消费金额"
weight = 3
value = "CASE WHEN spent > 0 | 1 THEN spent END"
points = [[0, 0], [0.5, 100]]
[[component]]
name = "ways"
weight = 1
value = "way"
points = { bus = 20, car = 40 }
[bands]
dear = 50
cheap = 0
"#;

fn described() -> Project {
    let project = Project::of_visits(VISITS);
    let by_customer = "/*---\ndescription = \"Each customer.\"\ndescription_zh = \"每位客户。\"\ngrain = [\"customer_id\"]\n[columns]\n\
         customer_id = { type = \"text\", null = false, description = \"Who\", description_zh = \"客户\" }\n\
         share = { type = \"double\", description = \"One|many\", unit = \"share\" }\n---*/\n\
         SELECT customer_id, 0.5 AS share FROM shop_visits";
    project.file("sql/snapshots/by_customer.sql", by_customer);
    project.file(
        "pipelines/early.toml",
        &pipeline(
            &["by_customer", "visit_list"],
            "description = \"Before dawn.\"\ndescription_zh = \"黎明之前。\"",
        ),
    );
    project
}

#[test]
fn a_page_has_every_pipeline_table_and_column() {
    let page = described().luopan(&["docs"]).done().out;
    let places = [
        "# The published tables",
        "## Pipeline `nightly`",
        "### visit_list\n\nEvery visit. Grain: `visit_id`.",
        "| `spent` | decimal(18,2) | null |  |",
        "## Pipeline `early`\n\nBefore dawn.",
        "### by_customer\n\nEach customer. Grain: `customer_id`.",
        "| `customer_id` | text |  | Who |",
        "| `share` | double, share | null | One\\|many |",
        "It publishes, too, as described above: `visit_list`",
    ]
    .map(|part| page.find(part).unwrap_or_else(|| panic!("{part:?} is missing in\n{page}")));
    assert!(places.is_sorted(), "{page}");
    assert_eq!(page.matches("### visit_list").count(), 1);
    let chinese = described().luopan(&["docs", "--lang", "zh"]).done().out;
    for part in [
        "# 发布的表",
        "## 流水线 `early`\n\n黎明之前。",
        "### by_customer\n\n每位客户。 粒度：`customer_id`。",
        // What has no Chinese words keeps its English ones.
        "### visit_list\n\nEvery visit. 粒度：`visit_id`。",
        "| `customer_id` | text |  | 客户 |",
        "| 可空 | One\\|many |",
    ] {
        assert!(chinese.contains(part), "{part}\n{chinese}");
    }
}

#[test]
fn a_page_says_how_a_score_comes_about() {
    let project = described();
    project.file("models/dear.toml", CARD);
    let says = |language: &str, parts: &[&str]| {
        let page = project.luopan(&["docs", "--lang", language]).done().out;
        parts.iter().for_each(|part| assert!(page.contains(part), "{part:?} is missing in\n{page}"));
    };
    says(
        "en",
        &[
            "### dear\n\nHow dear a customer is. Kind: `scorecard`, `models/dear.toml`.",
            "| `spent` | 3 | Money left here | `CASE WHEN spent > 0 \\| 1 THEN spent END` | 0 → 0, 0.5 → 100 |",
            "| `ways` | 1 |  | `way` | bus → 20, car → 40 |",
            "Bands: `dear` from 50, `cheap` from 0.",
        ],
    );
    says(
        "zh",
        &[
            "### dear\n\n客户有多贵重。 类别：`scorecard`",
            "| `spent` | 3 | 消费金额 |",
            "分档：`dear` 自 50 分起，`cheap` 自 0 分起。",
        ],
    );
    project.file("models/dear.toml", &CARD.replace("weight = 3", "wieght = 3"));
    project.luopan(&["docs"]).with(2).says(&["did you mean `weight`?", "models/dear.toml:10:1"]);
    project.luopan(&["docs", "--lang", "de"]).with(2).says(&["possible values: en, zh"]);
}

//! The page of the published tables: what `luopan docs` prints, and that the repository's own is that.

use std::{fs, path::Path};

use luopan::project::{Project as Files, sql_file::Layer};

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

const CARD: &str = r#"
kind = "scorecard"
description = "How dear a customer is"
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
    let by_customer = "/*---\ndescription = \"Each customer.\"\ngrain = [\"customer_id\"]\n[columns]\n\
         customer_id = { type = \"text\", null = false, description = \"Who\", description_zh = \"客户\" }\n\
         share = { type = \"double\", description = \"One|many\", unit = \"share\" }\n---*/\n\
         SELECT customer_id, 0.5 AS share FROM shop_visits";
    project.file("sql/snapshots/by_customer.sql", by_customer);
    project.file(
        "pipelines/early.toml",
        &pipeline(&["by_customer", "visit_list"], "description = \"Before dawn.\""),
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
    for part in ["# 发布的表", "| `customer_id` | text |  | 客户 |", "| 可空 | One\\|many |"] {
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
    says("zh", &["| `spent` | 3 | 消费金额 |", "分档：`dear` 自 50 分起，`cheap` 自 0 分起。"]);
    project.file("models/dear.toml", &CARD.replace("weight = 3", "wieght = 3"));
    project.luopan(&["docs"]).with(2).says(&["did you mean `weight`?", "models/dear.toml:9:1"]);
    project.luopan(&["docs", "--lang", "de"]).with(2).says(&["possible values: en, zh"]);
}

//! What a careless or hostile analyst writes reads the declared sources and nothing else, writes nothing, and deletes nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    program::luopan_with,
    published,
    tiny::{DAY, Project, VISITS, pipeline},
};

/// A project with one visit, and a folder outside of its lake and warehouse that nobody may read or change.
struct Confined {
    project: Project,
    outside: PathBuf,
    before: Vec<PathBuf>,
}

impl Confined {
    fn new() -> Self {
        let project = Project::of_visits(VISITS);
        let visit = json!([{ "visit_id": "v1", "customer_id": "ada", "seen_at": "2026-03-01T10:00:00Z" }]);
        project.rows("shop_visits", "visits/a.parquet", &visit);
        project.rows("shop_visits", "../outside/secret.parquet", &visit);
        project.file("outside/secret.txt", "top secret");
        let outside = project.root().join("outside");
        let before = names(&outside);
        Self { project, outside, before }
    }

    /// A statement, with OUTSIDE as that folder.
    fn of(&self, statement: &str) -> String {
        statement.replace("OUTSIDE", self.outside.to_str().expect("a path in UTF-8"))
    }

    #[track_caller]
    fn assert_untouched(&self, after: &str) {
        assert_eq!(names(&self.outside), self.before, "{after}");
        assert_eq!(fs::read_to_string(self.outside.join("secret.txt")).unwrap(), "top secret", "{after}");
    }
}

fn names(folder: &Path) -> Vec<PathBuf> {
    published::files(folder).into_keys().collect()
}

/// Statements that are no SELECT, or more than one.
const STATEMENTS: [&str; 16] = [
    "COPY (SELECT 1) TO 'OUTSIDE/x.parquet'",
    "COPY shop_visits TO 'OUTSIDE/x.csv' STORED AS CSV",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'OUTSIDE/x.parquet'",
    "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION 'OUTSIDE'",
    "CREATE TABLE t AS SELECT 1",
    "SELECT * INTO t FROM shop_visits",
    "INSERT INTO shop_visits VALUES (1)",
    "WITH t AS (INSERT INTO shop_visits SELECT * FROM shop_visits) SELECT * FROM t",
    "SELECT * FROM (DELETE FROM shop_visits)",
    "SET datafusion.execution.batch_size = 1",
    "SHOW ALL",
    "PREPARE p AS SELECT 1",
    "SELECT 1; COPY (SELECT 1) TO 'OUTSIDE/x.parquet'",
    "SELECT 1 -- ; harmless\n; COPY (SELECT 1) TO 'OUTSIDE/x.parquet'",
    "SELECT 1 /* */; /* */ COPY (SELECT 1) TO 'OUTSIDE/x.parquet'",
    "(COPY (SELECT 1) TO 'OUTSIDE/x.parquet')",
];

/// SELECTs of what is no table of the project.
const ELSEWHERE: [&str; 14] = [
    "SELECT * FROM 'OUTSIDE/secret.parquet'",
    "SELECT * FROM \"OUTSIDE/secret.txt\"",
    "SELECT * FROM 'file://OUTSIDE/secret.parquet'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "SELECT * FROM read_parquet('OUTSIDE/secret.parquet')",
    "SELECT * FROM read_csv('OUTSIDE/secret.txt')",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM luopan.information_schema.tables",
    "SELECT * FROM files.shop_visits",
    "SELECT (SELECT count(*) FROM files.shop_visits)",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM 'OUTSIDE/secret.parquet')",
    "WITH RECURSIVE r AS (SELECT * FROM 'OUTSIDE/secret.parquet') SELECT * FROM r",
    "WITH generate_series AS (SELECT * FROM files.shop_visits) SELECT * FROM generate_series",
    "SELECT 1 FROM shop_visits LIMIT (SELECT count(*) FROM files.shop_visits)",
];

#[test]
fn a_query_reads_tables_of_the_project_and_does_nothing_else() {
    let confined = Confined::new();
    let lake = published::files(&confined.project.lake());
    for statement in STATEMENTS.into_iter().chain(ELSEWHERE) {
        let ended = confined.project.luopan(&["query", &confined.of(statement)]).with(2);
        assert!(ended.out.is_empty() && !ended.err.contains("top secret"), "{statement}: {}", ended.out);
        confined.assert_untouched(statement);
    }
    assert_eq!(published::files(&confined.project.lake()), lake);
    assert!(!confined.project.warehouse().exists(), "a query that is refused writes no record");
}

#[test]
fn a_file_of_the_project_is_held_to_the_same() {
    let confined = Confined::new();
    for statement in STATEMENTS.into_iter().chain(ELSEWHERE) {
        confined.project.file("sql/staging/evil.sql", &confined.of(statement));
        confined.project.luopan(&["check"]).with(2).says(&["sql/staging/evil.sql"]);
        confined.assert_untouched(statement);
    }
}

const CARD: &str = r#"
kind = "scorecard"
description = "A card."
from = "shop_visits"
[[component]]
name = "spent"
description = "What was spent"
weight = 1
value = "VALUE"
points = [[0, 0], [1, 100]]
"#;

#[test]
fn an_expression_of_a_model_reads_its_own_table_alone() {
    let confined = Confined::new();
    confined.project.file("models/card.toml", &CARD.replace("VALUE", "spent"));
    confined.project.luopan(&["check"]).done();
    for value in [
        "1) AS value FROM shop_visits; COPY (SELECT 1) TO 'OUTSIDE/x.parquet' --",
        "1) AS value FROM visit_list --",
        "(SELECT max(spent) FROM visit_list)",
        "(SELECT 1 FROM 'OUTSIDE/secret.parquet')",
    ] {
        confined.project.file("models/card.toml", &CARD.replace("VALUE", &confined.of(value)));
        confined.project.luopan(&["check"]).with(2).says(&["models/card.toml"]);
        confined.assert_untouched(value);
    }
}

#[test]
fn a_source_lies_below_the_lake_whatever_its_path_says() {
    let confined = Confined::new();
    for path in [
        "../outside/*.parquet",
        "visits/../../outside/*.parquet",
        "..*/*.parquet",
        "OUTSIDE/*.parquet",
        "file://OUTSIDE/*.parquet",
        "%2e%2e/outside/*.parquet",
    ] {
        let sources = VISITS.replace("visits/*.parquet", &confined.of(path));
        confined.project.file("sql/sources.toml", &sources);
        confined.project.run().with(1).says(&["no file matches"]);
    }
    assert_eq!(published::set(&confined.project.warehouse(), DAY), None);
}

#[test]
fn a_table_is_published_in_a_folder_of_the_warehouse_or_not_at_all() {
    let confined = Confined::new();
    let root = confined.project.root();
    let select = fs::read_to_string(root.join("sql/snapshots/visit_list.sql")).unwrap();
    for name in ["_luopan", "a=b", "a b"] {
        confined.project.file(&format!("sql/snapshots/{name}.sql"), &select);
        confined.project.file("pipelines/nightly.toml", &pipeline(&[name], ""));
        confined.project.run().with(1).says(&["cannot be published under that name"]);
        fs::remove_file(root.join(format!("sql/snapshots/{name}.sql"))).unwrap();
    }
    for name in ["../visit_list", "..", "visit_list/../../x"] {
        confined.project.file("pipelines/nightly.toml", &pipeline(&[name], ""));
        confined.project.run().with(2).says(&["no table"]);
    }
    for args in
        [["run", "../outside/secret"], ["runs", "../outside/secret"], ["compile", "../outside/secret"]]
    {
        confined.project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], ""));
        let ended = confined.project.luopan(&args).with(2);
        assert!(!ended.err.contains("top secret"), "{}", ended.err);
    }
    confined.assert_untouched("odd names");
}

#[test]
fn a_manifest_that_names_files_elsewhere_has_none_of_them_removed() {
    let confined = Confined::new();
    confined.project.run().done();
    let warehouse = confined.project.warehouse();
    let set = published::set(&warehouse, DAY).unwrap();
    let sets = warehouse.join("_luopan/sets").join(DAY);
    let true_one: Value =
        serde_json::from_slice(&fs::read(sets.join(format!("{set}.json"))).unwrap()).unwrap();
    let kept = published::tables(&warehouse, DAY);
    // Where a table of that name would lie, if names could lead out of the warehouse.
    let alike = format!("outside/as_of={DAY}/part-00000-0123456789ab.parquet");
    confined.project.file(&alike, "top secret");
    let before = names(&confined.outside);
    for (table, path) in [
        ("visit_list", "../outside/secret.parquet".to_owned()),
        ("visit_list", format!("visit_list/as_of={DAY}/part-00000-{set}.parquet")),
        ("../outside", format!("../{alike}")),
    ] {
        let mut forged = true_one.clone();
        forged["set"] = "0123456789ab".into();
        forged["tables"][0]["name"] = table.into();
        forged["tables"][0]["files"][0]["path"] = path.clone().into();
        fs::write(sets.join("0123456789ab.json"), forged.to_string()).unwrap();
        confined.project.run().done();
        assert_eq!(names(&confined.outside), before, "{path}");
        published::assert_same(&published::tables(&warehouse, DAY), &kept);
    }
}

#[test]
fn credentials_are_in_nothing_that_is_said_or_kept() {
    let confined = Confined::new();
    // Nobody listens there.
    let storage = "[storage]\nendpoint = \"http://127.0.0.1:9\"\nregion = \"nowhere\"\nallow_http = true\n";
    confined.project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], storage));
    let secrets = ["AKIAOFATESTOFLUOPAN1", "SecretOfATestOfLuopan", "TokenOfATestOfLuopan"];
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let variables: Vec<(&str, &str)> = keys.into_iter().zip(secrets).collect();
    let root = confined.project.root();
    for (place, form) in
        [("--lake", "text"), ("--lake", "json"), ("--warehouse", "text"), ("--warehouse", "json")]
    {
        let ended =
            luopan_with(root, &["run", place, "s3://bucket/a", "--log-format", form], &variables).with(1);
        let said = ended.out + &ended.err;
        assert!(!secrets.iter().any(|secret| said.contains(secret)), "{place} {form}: {said}");
    }
    for (path, (bytes, _)) in published::files(root) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{}", path.display());
    }
    for url in ["s3://key:hunter2@bucket/a", "https://key:hunter2@host/a", "s3://bucket/a?signature=hunter2"]
    {
        let ended = luopan_with(root, &["run", "--lake", url], &[]).with(2);
        assert!(!(ended.out + &ended.err).contains("hunter2"), "{url}");
    }
}

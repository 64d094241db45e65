//! Published files as other programs open them: tests/readers/read_everywhere.py, where Python has these programs.

use std::{env, path::Path, process::Command};

use serde_json::json;

use super::{
    tiny::{Project, VISITS, pipeline},
    vendor,
};

/// What the script exits with where a reader that it must have is not installed.
const NOT_INSTALLED: i32 = 77;
const READERS: &str = "pyarrow,duckdb,polars,pandas";

/// Opens every table of a warehouse with each reader. Skipped where there is none; with CI_NEEDS_READERS set it fails instead.
/// $TEST_PYTHON is the Python that has them.
fn read_everywhere(warehouse: &Path) {
    let skipped = |why: &str| {
        assert!(env::var_os("CI_NEEDS_READERS").is_none(), "CI_NEEDS_READERS is set, and {why}");
        eprintln!("SKIPPED: {why}: published files were not opened by other programs");
    };
    let python = env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/read_everywhere.py");
    let asked = ["--only", READERS, "--require", READERS];
    let output = match Command::new(&python).arg(script).arg(warehouse).args(asked).output() {
        Ok(output) => output,
        Err(error) => return skipped(&format!("{python} does not start ({error})")),
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(NOT_INSTALLED) {
        return skipped(&format!("{python}: {}", err.trim()));
    }
    assert!(output.status.success(), "{out}\n{err}");
}

#[test]
fn readers_agree_on_every_table_of_a_night() {
    read_everywhere(&vendor::night().warehouse);
}

const NOTHING: &str = r#"/*---
description = "No row at all."
grain = ["visit_id"]
[columns]
visit_id = { type = "text", null = false }
seen_at = { type = "timestamp" }
spent = { type = "decimal" }
---*/
SELECT visit_id, seen_at, spent FROM shop_visits WHERE FALSE
"#;

#[test]
fn readers_agree_on_odd_values_and_on_tables_without_rows() {
    let project = Project::of_visits(VISITS);
    project.file("sql/snapshots/nothing.sql", NOTHING);
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list", "nothing"], ""));
    project.rows("shop_visits", "visits/a.parquet", &json!([
        { "visit_id": "v1", "customer_id": "北京 ada", "seen_at": "2026-03-01T23:59:59.999999Z", "day": "2026-03-01",
          "spent": 12.5, "minutes": 30, "weight": 0.1, "rated": true, "note": "天安咨询 “好”, \n\t'; -- 👩‍💻" },
        { "visit_id": "v2", "customer_id": "", "seen_at": "1970-01-01T00:00:00Z", "day": "1969-12-31",
          "spent": -0.01, "minutes": -1, "weight": -0.0, "rated": false, "note": "" },
        { "visit_id": "v3", "customer_id": "bo", "seen_at": "1900-02-28T00:00:00Z", "day": "1600-01-01",
          "spent": 0, "minutes": 9007199254740993i64, "weight": 1e-300 },
        { "visit_id": "v4", "customer_id": "bo", "seen_at": "2026-03-20T10:00:00Z", "day": "2026-03-20",
          "spent": 1, "minutes": 2, "weight": 3.0 },
    ]));
    project.luopan(&["run", "--as-of", "2026-03-15"]).done();
    project.run().done();
    read_everywhere(&project.warehouse());
}

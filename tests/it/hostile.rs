//! Manifests, stores, names and queries that mean harm, and what is said of them.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    thread,
};

use serde_json::{Value, json};

use super::{
    program::{Ended, luopan, luopan_with},
    published,
    reports::{DAY, copied, folder, root, shown},
    tiny::{Project, VISITS, pipeline},
};

/// What `luopan report` says of a warehouse.
fn report(warehouse: &Path) -> Ended {
    let out = folder();
    luopan(root(), &["report", "--warehouse", shown(warehouse), "--out", shown(out.path())])
}

/// The one file of a table.
fn file_of(warehouse: &Path, table: &str) -> std::path::PathBuf {
    let partition = warehouse.join(table).join(format!("as_of={DAY}"));
    fs::read_dir(partition).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn a_report_of_a_lost_or_damaged_file_is_not_written() {
    let warehouse = copied();
    let file = file_of(warehouse.path(), "customer_snapshot");
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    fs::write(&file, flipped).unwrap();
    report(warehouse.path()).with(1).says(&["customer_snapshot/as_of=", "is damaged"]);
    fs::remove_file(&file).unwrap();
    report(warehouse.path()).with(1).says(&["customer_snapshot/as_of=", "is gone"]);
    fs::write(&file, whole).unwrap();
    report(warehouse.path()).done();
}

#[test]
fn a_manifest_cannot_lead_a_report_out_of_the_warehouse() {
    let warehouse = copied();
    let outside = folder();
    let file = file_of(warehouse.path(), "customer_snapshot");
    fs::copy(&file, outside.path().join("x.parquet")).unwrap();
    let set = published::set(warehouse.path(), DAY).unwrap();
    let manifest = warehouse.path().join(format!("_luopan/sets/{DAY}/{set}.json"));
    let true_one: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    let neighbour = outside.path().file_name().unwrap().to_str().unwrap();
    for path in [
        format!("../{neighbour}/x.parquet"),
        format!("customer_snapshot/../../{neighbour}/x.parquet"),
        format!("%2e%2e/{neighbour}/x.parquet"),
        format!("{}/x.parquet", shown(outside.path())),
    ] {
        let mut forged = true_one.clone();
        let tables = forged["tables"].as_array_mut().unwrap();
        let entry = tables.iter_mut().find(|table| table["name"] == "customer_snapshot").unwrap();
        entry["files"][0]["path"] = path.clone().into();
        fs::write(&manifest, forged.to_string()).unwrap();
        let ended = report(warehouse.path());
        assert_eq!(ended.status, 1, "{path}: {}{}", ended.out, ended.err);
    }
}

/// A project with a customer whose name a terminal would act on.
fn loud() -> Project {
    let project = Project::of_visits(VISITS);
    project.rows("shop_visits", "visits/a.parquet", &json!([
        { "visit_id": "v1", "customer_id": "bo \u{1b}[31mred\u{1b}]0;title\u{7}", "seen_at": "2026-03-01T10:00:00Z" },
    ]));
    project
}

#[test]
fn a_table_on_a_terminal_is_text() {
    let project = loud();
    for args in [["query", "shop_visits"], ["query", "SELECT chr(27) || '[31m' AS x"]] {
        let ended = project.luopan(&args).done();
        assert!(!ended.out.contains(['\u{1b}', '\u{7}']), "{:?}", ended.out);
    }
    // What programs read keeps every character.
    let rows = project.query("shop_visits");
    assert_eq!(rows[0]["customer_id"], "bo \u{1b}[31mred\u{1b}]0;title\u{7}");
    project.run().done();
    let records = published::files(&project.warehouse().join("_luopan/runs"));
    let (name, (bytes, _)) = records.into_iter().next().unwrap();
    let mut record: Value = serde_json::from_slice(&bytes).unwrap();
    record["pipeline"] = "x\u{1b}[2J".into();
    record["warnings"] = json!(["a \u{1b}[31m warning"]);
    fs::write(project.warehouse().join("_luopan/runs").join(&name), record.to_string()).unwrap();
    let run = name.file_stem().unwrap().to_str().unwrap().to_owned();
    let ended = project.luopan(&["runs", &run]).done();
    assert!(!ended.out.contains('\u{1b}'), "{:?}", ended.out);
}

#[test]
fn a_query_that_is_too_long_to_plan_is_refused_and_does_not_crash() {
    let project = loud();
    for query in [
        format!("SELECT 1{}", "+1".repeat(10_000)),
        format!("SELECT 1 AS a{}", " UNION ALL SELECT 1".repeat(3_000)),
        format!("SELECT 1{}", "::int".repeat(20_000)),
    ] {
        project.luopan(&["query", &query]).with(2);
        project.file("sql/staging/long.sql", &query);
        project.luopan(&["check"]).with(2);
    }
}

#[test]
fn a_select_into_is_refused_wherever_it_stands() {
    let project = loud();
    for query in [
        "SELECT * FROM (SELECT * INTO t FROM shop_visits)",
        "WITH t AS (SELECT * INTO u FROM shop_visits) SELECT * FROM t",
    ] {
        project.luopan(&["query", query]).with(2).says(&["by nothing else"]);
    }
}

#[test]
fn a_password_in_an_endpoint_is_refused_before_anything_is_kept() {
    let project = loud();
    let storage =
        "[storage]\nendpoint = \"http://user:hunter2@127.0.0.1:9\"\nregion = \"x\"\nallow_http = true\n";
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], storage));
    for args in
        [["run", "--lake", "s3://bucket/a"].as_slice(), &["run", "--warehouse", "s3://bucket/a"], &["run"]]
    {
        let ended = project.luopan(args).with(2);
        assert!(!(ended.out + &ended.err).contains("hunter2"));
    }
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], ""));
    let variables = [
        ("AWS_ENDPOINT_URL", "http://user:hunter2@127.0.0.1:9"),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "x"),
        ("AWS_ACCESS_KEY_ID", "nobody"),
        ("AWS_SECRET_ACCESS_KEY", "nothing"),
    ];
    let ended = luopan_with(project.root(), &["run", "--lake", "s3://bucket/a"], &variables);
    assert!(ended.status > 0 && !(ended.out + &ended.err).contains("hunter2"));
    if project.warehouse().exists() {
        for (path, (bytes, _)) in published::files(&project.warehouse()) {
            assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"), "{}", path.display());
        }
    }
}

#[test]
fn what_a_store_says_of_our_keys_is_not_repeated() {
    // As AWS does where a signature is wrong: the answer has the key's id and more in it.
    let store = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", store.local_addr().unwrap());
    thread::spawn(move || {
        for mut call in store.incoming().flatten() {
            let mut asked = [0; 8192];
            let _ = call.read(&mut asked);
            let body = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIAOFATESTOFLUOPAN1</AWSAccessKeyId>\
                        <StringToSign>TokenOfATestOfLuopan</StringToSign></Error>";
            let size = body.len();
            let head = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: application/xml\r\n";
            let _ = call.write_all(format!("{head}Content-Length: {size}\r\n\r\n{body}").as_bytes());
        }
    });
    let project = loud();
    let storage = format!("[storage]\nendpoint = \"{endpoint}\"\nregion = \"nowhere\"\nallow_http = true\n");
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], &storage));
    let secrets = ["AKIAOFATESTOFLUOPAN1", "TokenOfATestOfLuopan"];
    let variables = [
        ("AWS_ACCESS_KEY_ID", secrets[0]),
        ("AWS_SECRET_ACCESS_KEY", "SecretOfATestOfLuopan"),
        ("AWS_SESSION_TOKEN", secrets[1]),
    ];
    for place in ["--lake", "--warehouse"] {
        let ended = luopan_with(project.root(), &["run", place, "s3://bucket/a"], &variables).with(1);
        let ended = ended.says(&["SignatureDoesNotMatch"]);
        let said = ended.out + &ended.err;
        assert!(!secrets.iter().any(|secret| said.contains(secret)), "{place}: {said}");
    }
}

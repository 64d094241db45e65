//! Customers who moved because another version scores.

use std::fs;

use serde_json::Value;

use super::vendor::{MODEL, USUAL, model_file, night, vendor};
use crate::{
    moves::{SNAPSHOT, own, told},
    published,
    tiny::{Project, pipeline},
};

const SALES: &str = "/*---\ngrain = ['customer_id']\nmaterialized = 'table'\n---*/\n\
    SELECT customer_features.customer_id, customer_features.logins AS sold, complaint_risk.probability AS risk\n\
    FROM customer_features LEFT JOIN complaint_risk ON complaint_risk.customer_id = customer_features.customer_id";

const CALM: &str = "kind = 'scorecard'\nfrom = 'sales'\n[[component]]\nname = 'calm'\nweight = 1\nvalue = 'risk'\n\
    points = [[0, 100], [1, 0]]\n";

const QUADRANT: &str = "kind = 'quadrant'\nfrom = 'sales'\nx = { scores = { calm = 1 }, cut = { fixed = 75 } }\n\
    y = { scores = { calm = 1 }, cut = { fixed = 40 } }\n";

/// The vendor, with quadrants that go by the model alone, after two nights on each of which a version was fitted. The third
/// night knows nothing that the second did not, but the version of the first scores: gives both versions.
fn another_version_on_the_third_night() -> (Project, [String; 2]) {
    let project = vendor(&USUAL);
    project.edit("models/complaint_risk.toml", "retrain = \"always\"", "retrain = \"monthly\"");
    let tables = ["quadrant_states", "quadrant_migration", "quadrant_moves"];
    for table in tables {
        let path = format!("sql/snapshots/{table}.sql");
        project.file(&path, &own(&path));
    }
    project
        .file("sql/audits/moves_match_the_migration.sql", &own("sql/audits/moves_match_the_migration.sql"));
    project.file("sql/value/sales.sql", SALES);
    project.file("sql/snapshots/customer_snapshot.sql", SNAPSHOT);
    project.file("models/calm.toml", CALM);
    project.file("models/quadrant.toml", QUADRANT);
    let publish =
        ["risks", "model_versions", "customer_snapshot"].into_iter().chain(tables).collect::<Vec<_>>();
    let cutoffs = "[cutoffs]\nevery_months = 1\ncount = 4\n";
    project.file("pipelines/nightly.toml", &pipeline(&publish, cutoffs));
    let versions = ["2026-02-02", "2026-03-02"].map(|day| night(&project, day).scores());
    assert_ne!(versions[0], versions[1]);
    project.luopan(&["models", "promote", MODEL, &versions[0], "--from", "2026-03-03"]).done();
    (project, versions)
}

fn moves(project: &Project, day: &str) -> Vec<Value> {
    published::rows(&project.warehouse(), "quadrant_moves", day)
}

#[test]
fn who_moved_because_another_version_scores_is_told_so() {
    let (project, versions) = another_version_on_the_third_night();
    let third = night(&project, "2026-03-03");
    assert_eq!(third.scores(), versions[0]);
    let moved = moves(&project, "2026-03-03");
    assert!(!moved.is_empty(), "some stand near a cut");
    assert!(told(&moved).iter().all(|row| row[3..] == ["model", "model"]), "{:?}", told(&moved));
    assert!(moved[0]["evidence"].as_str().unwrap().starts_with("Another model scores: "), "{}", moved[0]);
    // With the version of the night before everybody stands where he stood then.
    let places = "SELECT count(*) AS n FROM quadrant_recomputed JOIN previous.quadrant_states AS before \
                  ON before.customer_id = quadrant_recomputed.customer_id \
                  WHERE scenario = 'models_before' AND before.quadrant = quadrant_recomputed.quadrant \
                  AND before.x = quadrant_recomputed.x AND before.y_cut = quadrant_recomputed.y_cut";
    assert_eq!(project.query_at("2026-03-03", places)[0]["n"], 500);
    night(&project, "2026-03-04");
    assert!(moves(&project, "2026-03-04").is_empty());
    assert!(project.query_at("2026-03-04", "quadrant_recomputed").is_empty(), "the same version scores");
}

#[test]
fn changed_settings_and_another_version_are_told_apart() {
    let (project, _) = another_version_on_the_third_night();
    let fixed = "x = { scores = { calm = 1 }, cut = { fixed = 75 } }";
    project.edit("models/quadrant.toml", fixed, &fixed.replace("75", "60"));
    night(&project, "2026-03-03");
    let moved = moves(&project, "2026-03-03");
    let by = |cause: &str| told(&moved).iter().filter(|row| row[3] == cause).count();
    assert!(by("settings") > 0 && by("model") > 0, "{:?}", told(&moved));
    assert_eq!(by("settings") + by("model"), moved.len(), "the data are the same");
}

#[test]
fn a_former_version_that_is_lost_is_warned_of() {
    let (project, versions) = another_version_on_the_third_night();
    fs::remove_dir_all(model_file(&project, &versions[1], "")).unwrap();
    let third = night(&project, "2026-03-03");
    let warned = third.warnings.iter().find(|w| w.contains("models_before")).expect("a warning");
    assert!(warned.contains("`quadrant` cannot be made") && warned.contains("is gone"), "{warned}");
    assert!(told(&moves(&project, "2026-03-03")).iter().all(|row| row[3] == "data"));
}

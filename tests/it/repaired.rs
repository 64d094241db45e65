//! `luopan repair`, as who is on call meets it.

use std::fs;

use super::{
    published,
    shop::{self, EARLY, LATE},
};

#[test]
fn a_lost_pointer_is_told_by_the_run_and_written_anew_by_repair() {
    let project = shop::project();
    let pointer = project.warehouse().join("_luopan/current.json");
    project.luopan(&["repair"]).with(2).says(&["there is no warehouse in"]);
    assert!(!project.warehouse().exists(), "looking makes no warehouse");
    project.luopan(&["run", "--as-of", EARLY]).done();
    project.luopan(&["run", "--as-of", LATE]).done();
    assert_eq!(project.luopan(&["repair", "--verify"]).done().out, "");
    let text = fs::read(&pointer).unwrap();
    for damage in [None, Some(&text[..text.len() / 2])] {
        match damage {
            Some(half) => fs::write(&pointer, half).unwrap(),
            None => fs::remove_file(&pointer).unwrap(),
        }
        project.luopan(&["run", "--as-of", LATE]).with(1).says(&["current.json", "luopan repair"]);
        let told = project.luopan(&["repair"]).with(1).says(&["nothing was changed", "repair --apply"]);
        assert!(
            told.out
                .contains("would write anew _luopan/current.json, from the sets that are there (days: 2)"),
            "{}",
            told.out
        );
        assert_ne!(fs::read(&pointer).ok().as_ref(), Some(&text));
        let done = project.luopan(&["repair", "--apply"]).done();
        assert!(done.out.contains("wrote anew"), "{}", done.out);
        assert_eq!(fs::read(&pointer).unwrap(), text, "byte for byte");
    }
}

#[test]
fn damage_is_told_with_the_day_to_run_and_that_run_mends_it() {
    let project = shop::project();
    project.luopan(&["run", "--as-of", LATE]).done();
    let set = published::set(&project.warehouse(), LATE).unwrap();
    let file = project.warehouse().join(format!("visit_list/as_of={LATE}/part-00000-{set}.parquet"));
    let sound = fs::read(&file).unwrap();
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    fs::write(&file, &flipped).unwrap();
    project.luopan(&["repair"]).done();
    for args in [&["repair", "--verify"][..], &["repair", "--verify", "--apply"]] {
        let told = project.luopan(args).with(1).says(&[": 1"]);
        assert!(told.out.contains("has other content than was published"), "{}", told.out);
        assert!(told.out.contains(&format!("`--as-of {LATE}`")), "{}", told.out);
    }
    project.luopan(&["run", "--as-of", LATE]).done();
    assert_eq!(fs::read(&file).unwrap(), sound);
    project.luopan(&["repair", "--verify"]).done();
}

#[test]
fn leftovers_go_and_foreign_files_stay() {
    let project = shop::project();
    project.luopan(&["run", "--as-of", LATE]).done();
    let before = published::files(&project.warehouse());
    let own = |name: &str| project.warehouse().join(name);
    let staged = format!("visit_list/as_of={LATE}/part-00000-0123456789ab.parquet#1");
    let set = published::set(&project.warehouse(), LATE).unwrap();
    let stray = format!("alarms/as_of={LATE}/part-00000-{set}.parquet");
    fs::create_dir_all(own(&format!("alarms/as_of={LATE}"))).unwrap();
    for name in [staged.as_str(), &stray, "_luopan/current.json.next", "visit_list/README"] {
        fs::write(own(name), "half").unwrap();
    }
    let told = project.luopan(&["repair"]).with(1);
    assert_eq!(told.out.lines().filter(|line| line.starts_with("would remove ")).count(), 3, "{}", told.out);
    assert!(
        told.out.contains("left alone: files that luopan did not write (1): visit_list/README"),
        "{}",
        told.out
    );
    let done = project.luopan(&["repair", "--apply"]).done();
    assert_eq!(done.out, told.out.replace("would remove", "removed"));
    let mut after = published::files(&project.warehouse());
    assert!(after.remove(std::path::Path::new("visit_list/README")).is_some());
    after.remove(std::path::Path::new("_luopan/lock"));
    let mut before = before;
    before.remove(std::path::Path::new("_luopan/lock"));
    assert_eq!(after, before);
    project.luopan(&["repair", "--apply"]).done();
    // Tables without a manifest may be all that is left of a day.
    let orphan = own("visit_list/as_of=2026-05-01/part-00000-0123456789ab.parquet");
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::write(&orphan, "whole").unwrap();
    let kept = project.luopan(&["repair", "--apply"]).with(1);
    assert!(kept.out.contains("without a manifest") && orphan.exists(), "{}", kept.out);
    project.luopan(&["repair", "nobody"]).with(2);
}

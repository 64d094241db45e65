//! A run that is stopped halfway says so, records it, and publishes nothing.

#![cfg(unix)]

use std::{
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{
    published,
    tiny::{DAY, Project, VISITS, pipeline},
};

#[test]
fn a_run_that_is_told_to_stop_stops_and_leaves_a_record() {
    for signal in ["-TERM", "-INT"] {
        stops_at(signal);
    }
}

fn stops_at(signal: &str) {
    // A store that takes the call and never answers: the run is under way, and stays so.
    let store = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", store.local_addr().unwrap());
    let project = Project::of_visits(VISITS);
    let storage = format!("[storage]\nendpoint = \"{endpoint}\"\nregion = \"nowhere\"\nallow_http = true\n");
    project.file("pipelines/nightly.toml", &pipeline(&["visit_list"], &storage));

    let mut command = Command::new(env!("CARGO_BIN_EXE_luopan"));
    command.current_dir(project.root()).args(["run", "--lake", "s3://bucket/lake"]);
    command.env("AWS_ACCESS_KEY_ID", "nobody").env("AWS_SECRET_ACCESS_KEY", "nothing");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (called, call) = mpsc::channel();
    thread::spawn(move || called.send(store.accept()));
    // Only a program that never calls waits so long, and has failed.
    let call = call.recv_timeout(Duration::from_secs(120)).expect("the run calls its store");
    let told = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let output = child.wait_with_output().unwrap();
    drop(call);

    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("interrupted: nothing was published"), "{err}");
    assert!(output.stdout.is_empty());
    assert!(published::set(&project.warehouse(), DAY).is_none());
    let runs = project.luopan(&["runs"]).done().out;
    assert!(runs.contains("interrupted"), "{runs}");
    // Whoever comes next finds the lock open.
    project.luopan(&["run"]).with(1).says(&["no file matches"]);
}

//! The program as a user starts it: arguments in, exit status and two streams out.

use std::{path::Path, process::Command};

use serde_json::Value;

/// How a command ended.
pub struct Ended {
    pub status: i32,
    pub out: String,
    pub err: String,
    command: String,
}

/// Runs the program in a folder, without colours, and without settings from the environment of the tests.
pub fn luopan(folder: &Path, args: &[&str]) -> Ended {
    luopan_with(folder, args, &[])
}

/// As [`luopan`], with these variables set.
pub fn luopan_with(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luopan"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR").envs(variables.iter().copied());
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
    Ended {
        status: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
        command: format!("luopan {}", args.join(" ")),
    }
}

impl Ended {
    /// Asserts the exit status, and shows everything if it is another.
    #[track_caller]
    pub fn with(self, status: i32) -> Self {
        let Self { out, err, command, .. } = &self;
        assert_eq!(self.status, status, "{command}\n--- stdout\n{out}\n--- stderr\n{err}");
        self
    }

    #[track_caller]
    pub fn done(self) -> Self {
        self.with(0)
    }

    /// Asserts that stderr says each of these.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "{}: stderr lacks {word:?}\n{}", self.command, self.err);
        }
        self
    }

    /// The lines of stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        let line =
            |text| serde_json::from_str(text).unwrap_or_else(|e| panic!("{}: {e}: {text}", self.command));
        self.out.lines().map(line).collect()
    }
}

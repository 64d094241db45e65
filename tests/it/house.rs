//! Rules of the house: how large files may grow, which room may know which, and that what is written is true.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use luopan::{graph::Graph, project::Project};

use super::program::luopan;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Files with this ending below a folder of the repository.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => found.extend(path.extension().is_some_and(|e| e == ending).then_some(path)),
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has files .{ending}");
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Files that may be longer than 250 lines, and why.
const LONG: [(&str, &str); 7] = [
    ("src/engine/plan.rs", "one walk over all tables, and where each of its faults is shown"),
    ("src/graph/mod.rs", "the one type of a table, and all that makes a graph of them"),
    ("src/learn/lifetime/fit.rs", "one algorithm, and the small linear algebra that it needs"),
    ("src/project/learned_toml.rs", "one file format, and the check of each of its figures"),
    ("src/project/sources.rs", "one file format from its TOML to its checks, with its tests"),
    ("src/run/build.rs", "one struct and what it does in order"),
    ("src/sample/tests.rs", "one table of laws over one sample lake"),
];

#[test]
fn files_stay_short_enough_to_be_read_at_once() {
    for path in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let (name, lines) = (shown(&path), read(&path).lines().count());
        assert!(lines <= 400, "{name} has {lines} lines: divide it");
        let allowed = LONG.iter().any(|(long, _)| *long == name);
        assert!(lines <= 250 || allowed, "{name} has {lines} lines: divide it, or give the reason in LONG");
    }
}

#[test]
fn nothing_half_done_is_left_in_the_code() {
    let marks = [["to", "do!("], ["unimpl", "emented!("], ["db", "g!("], ["TO", "DO"], ["FIX", "ME"]]
        .map(|m| m.concat());
    for path in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let text = read(&path);
        let found = marks.iter().find(|m| text.contains(m.as_str()));
        assert_eq!(found, None, "{}", shown(&path));
    }
}

/// A file's code without comments and without the tests at its end.
fn code(path: &Path) -> String {
    let text = read(path).replace("#[cfg(test)]\npub mod", "#[cfg(test)]\nmod");
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    before_tests.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Files that only tests see.
fn is_test(path: &Path) -> bool {
    path.components().any(|c| {
        matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs" | "synthetic.rs" | "simulated.rs"))
    })
}

#[test]
fn the_program_never_panics_by_its_own_word() {
    for path in files("src", "rs") {
        let text = code(&path);
        let word =
            [".unwrap()", ".expect(", "panic!(", "unreachable!("].into_iter().find(|w| text.contains(w));
        assert!(is_test(&path) || word.is_none(), "{}: {}", shown(&path), word.unwrap_or_default());
    }
}

/// What follows `crate::` in a text: one name, or those at the head of each branch of braces.
fn crate_names(text: &str) -> BTreeSet<String> {
    let head = |branch: &str| -> String {
        branch.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        let Some(inner) = after.strip_prefix('{') else {
            found.insert(head(after));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (i, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    found.insert(head(&inner[start..i]));
                    start = i + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn braces_of_a_use_are_read_by_branch() {
    let text = "use crate::{\n    graph::{Graph, Table},\n    problem::Result,\n};\nlet x = crate::lake::as_of::quote(y);";
    assert_eq!(crate_names(text).into_iter().collect::<Vec<_>>(), ["graph", "lake", "problem"]);
}

/// The rooms of ARCHITECTURE.md, lower ones first, and what each may use.
fn rooms() -> Vec<(String, Vec<String>)> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let mut rooms: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let uses: Vec<String> = match cells[2] {
            "all above" => rooms.iter().map(|(name, _)| name.clone()).collect(),
            "–" => Vec::new(),
            some => some.split(',').map(|u| u.trim().trim_matches('`').to_owned()).collect(),
        };
        let above = |name: &String| rooms.iter().any(|(room, _)| room == name);
        assert!(uses.iter().all(above), "{line}: it names a room that is not above it");
        rooms.push((cells[1].trim_matches('`').to_owned(), uses));
    }
    rooms
}

#[test]
fn a_room_uses_those_below_that_the_architecture_names_and_no_other() {
    let rooms = rooms();
    assert!(rooms.len() > 8, "ARCHITECTURE.md has its table of rooms");
    for path in files("src", "rs") {
        let name = shown(&path);
        let room = name.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        // Tests may reach for whatever makes their case.
        if matches!(room, "lib" | "main") || is_test(&path) {
            continue;
        }
        let (_, allowed) = rooms
            .iter()
            .find(|(r, _)| r == room)
            .unwrap_or_else(|| panic!("{room} is in the table of rooms"));
        for used in crate_names(&code(&path)) {
            let known = used == room || used == "problem" || allowed.contains(&used);
            assert!(known, "{name} uses {used}, which ARCHITECTURE.md does not allow the room {room}");
        }
    }
}

const PROJECTS: [&str; 3] = [".", "examples/online-retail", "examples/telco"];

#[test]
fn every_file_of_the_projects_loads_and_links() {
    for folder in PROJECTS {
        let project =
            Project::read(&root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {}", e.render(false)));
        let pipelines = project.pipelines().unwrap_or_else(|e| panic!("{folder}: {}", e.render(false)));
        let count = |ending, inner: &str| files(&format!("{folder}/{inner}"), ending).len();
        assert_eq!(project.models.len(), count("toml", "models"), "{folder}");
        assert_eq!(project.sql.len(), count("sql", "sql"), "{folder}");
        assert_eq!(pipelines.len(), count("toml", "pipelines"), "{folder}");
        Graph::new(&project).unwrap_or_else(|e| panic!("{folder}: {}", e.render(false)));
        for sql in &project.sql {
            let description = sql.header.description.as_deref().unwrap_or_default();
            assert!(
                description.ends_with(['.', '?']),
                "{} has a sentence for a description",
                shown(&sql.file.path)
            );
        }
        for model in &project.models {
            assert!(model.description.is_some(), "{} says what it is for", shown(&model.file.path));
        }
    }
}

/// Commands in code: lines of fenced blocks, and what stands between backticks.
fn commands(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut code = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            code.push(line);
        } else {
            code.extend(line.split('`').skip(1).step_by(2));
        }
    }
    let after = |c: &str| {
        c.find("luopan ")
            .filter(|at| *at == 0 || c[..*at].ends_with([' ', '/']))
            .map(|at| c[at + 7..].to_owned())
    };
    code.into_iter().filter_map(after).collect()
}

#[test]
fn commands_that_the_documents_name_are_there() {
    let help = |args: &[&str]| luopan(root(), args).done().out;
    let known = help(&["--help"]);
    let mut checked = 0;
    for path in
        files("docs", "md").into_iter().chain([root().join("README.md"), root().join("ARCHITECTURE.md")])
    {
        for command in commands(&read(&path)) {
            let word: String = command.chars().take_while(char::is_ascii_lowercase).collect();
            if word.is_empty() {
                continue;
            }
            let listed = known.lines().any(|l| l.trim_start().starts_with(&format!("{word} ")));
            assert!(listed, "{}: luopan {command}: there is no command {word}", shown(&path));
            let flags = help(&[&word, "--help"]);
            let own = command.split([';', '|', '>', '#']).next().unwrap_or_default();
            for flag in own.split_whitespace().filter(|w| w.starts_with("--")) {
                let flag = flag.split('=').next().unwrap_or_default();
                assert!(flags.contains(flag), "{}: luopan {command}: there is no {flag}", shown(&path));
            }
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked} commands were found");
}

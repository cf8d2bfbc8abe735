//! Holds the code to the habits of the house: openings, file length, layering, the drawn dependency graph. Reads the sources; never runs the product.
#![expect(clippy::expect_used, reason = "every step here is a step of a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Longer than this, a file holds more than one noun, page or action.
const LONGEST_FILE: usize = 600;

/// Files that may be longer, each with the reason. Empty, and best kept so.
const LONGER_FOR_A_REASON: [(&str, &str); 0] = [];

#[test]
fn every_file_opens_by_saying_what_it_is() {
    assert_none(rust_files().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| {
        format!("{}: open with one `//!` sentence: what the file is, and what it must never do", file.path)
    }));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    assert_none(rust_files().into_iter().filter_map(|file| {
        let lines = file.text.lines().count();
        let excused = LONGER_FOR_A_REASON.iter().any(|(path, _)| *path == file.path);
        (lines > LONGEST_FILE && !excused).then(|| format!("{}: {lines} lines, over {LONGEST_FILE}", file.path))
    }));
}

#[test]
fn no_file_is_named_for_nothing() {
    const EMPTY_NAMES: [&str; 5] = ["utils", "util", "helpers", "manager", "common"];
    assert_none(rust_files().into_iter().filter_map(|file| {
        let mut parts = file.path.trim_end_matches(".rs").split('/');
        parts.find(|part| EMPTY_NAMES.contains(part)).map(|part| format!("{}: `{part}` names nothing", file.path))
    }));
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    assert_none(rust_files().into_iter().flat_map(|file| {
        let silenced = ["#[al", "#![al"].map(|start| format!("{start}low("));
        let lines: Vec<String> = file
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| silenced.iter().any(|start| line.trim_start().starts_with(start)))
            .map(|(n, _)| format!("{}:{}: write #[expect(lint, reason = \"…\")]", file.path, n + 1))
            .collect();
        lines
    }));
}

/// `rules.rs` and `states.rs` are pure: they know no web and no SQL, so that they can be read, tested and proved alone.
#[test]
fn rules_and_states_know_no_web_and_no_sql() {
    const FOREIGN: [&str; 6] = ["axum", "maud", "sea_orm", "sqlx", "hiec_web", "hiec_store"];
    let pure = |path: &str| path.ends_with("/rules.rs") || path.ends_with("/states.rs") || path.starts_with("engines/");
    assert_none(rust_files().into_iter().filter(|file| pure(&file.path)).flat_map(|file| {
        let found: Vec<String> = FOREIGN
            .iter()
            .filter(|name| file.text.contains(&format!("{name}::")))
            .map(|name| format!("{}: knows {name}", file.path))
            .collect();
        found
    }));
}

#[test]
fn no_capability_depends_on_another() {
    let crates = Crates::read();
    assert_none(crates.capabilities.iter().flat_map(|capability| {
        let others = crates.graph[capability].iter().filter(|other| crates.capabilities.contains(*other));
        others.map(move |other| format!("{capability} depends on {other}: let them meet in hiec-contracts"))
    }));
}

/// What only tests may stand on.
const TEST_ONLY: [&str; 2] = ["hiec-testkit", "hiec-teststand"];

#[test]
fn no_product_crate_depends_on_what_is_for_tests() {
    assert_none(Crates::read().graph.iter().filter(|(name, _)| !TEST_ONLY.contains(&name.as_str())).flat_map(
        |(name, needs)| {
            let wrong = TEST_ONLY.iter().filter(|one| needs.contains(**one));
            wrong.map(move |one| format!("{name} depends on {one} outside [dev-dependencies]"))
        },
    ));
}

/// The graph in ARCHITECTURE.md, a block fenced as `deps`, is the real one. Set `UPDATE_ARCHITECTURE=1` to draw it anew.
#[test]
fn the_drawn_dependency_graph_is_the_real_one() {
    let path = root().join("ARCHITECTURE.md");
    let document = fs::read_to_string(&path).expect("ARCHITECTURE.md is there");
    let (before, rest) = document.split_once("```deps\n").expect("ARCHITECTURE.md has a block fenced as `deps`");
    let (drawn, after) = rest.split_once("```").expect("the deps block ends");
    let real = Crates::read().drawn();
    if std::env::var("UPDATE_ARCHITECTURE").is_ok() {
        fs::write(&path, format!("{before}```deps\n{real}```{after}")).expect("ARCHITECTURE.md can be written");
        return;
    }
    let (drawn, real): (BTreeSet<&str>, BTreeSet<&str>) = (drawn.lines().collect(), real.lines().collect());
    assert_none(
        drawn
            .difference(&real)
            .map(|line| format!("drawn in ARCHITECTURE.md, but not so: {line}"))
            .chain(real.difference(&drawn).map(|line| format!("missing in ARCHITECTURE.md: {line}"))),
    );
}

/// Our own crates and what each needs of the others, test-only needs left out.
struct Crates {
    graph: BTreeMap<String, BTreeSet<String>>,
    capabilities: BTreeSet<String>,
}

impl Crates {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
            .current_dir(root())
            .output()
            .expect("cargo metadata runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
        let packages = metadata["packages"].as_array().expect("packages").clone();
        let name = |value: &serde_json::Value| value["name"].as_str().expect("a name").to_owned();
        let ours: BTreeSet<String> = packages.iter().map(name).collect();
        let graph = packages
            .iter()
            .map(|package| {
                let needs = package["dependencies"].as_array().expect("dependencies").iter();
                let needs = needs.filter(|need| need["kind"] != "dev").map(name).filter(|need| ours.contains(need));
                (name(package), needs.collect())
            })
            .collect();
        let capabilities = packages
            .iter()
            .filter(|package| package["manifest_path"].as_str().is_some_and(|path| path.contains("/capabilities/")))
            .map(name)
            .collect();
        Self { graph, capabilities }
    }

    /// One line a crate: `crate -> crate, crate`, or the crate alone where it needs none.
    fn drawn(&self) -> String {
        let line = |(name, needs): (&String, &BTreeSet<String>)| match needs.is_empty() {
            true => format!("{name}\n"),
            false => format!("{name} -> {}\n", needs.iter().cloned().collect::<Vec<_>>().join(", ")),
        };
        self.graph.iter().map(line).collect()
    }
}

struct SourceFile {
    /// From the root of the repository, with `/`.
    path: String,
    text: String,
}

/// Every Rust file we wrote, in order of path.
fn rust_files() -> Vec<SourceFile> {
    let mut paths = Vec::new();
    for folder in ["app", "base", "capabilities", "engines", "pdf", "fuzz"] {
        collect(&root().join(folder), &mut paths);
    }
    paths.sort();
    assert!(paths.len() > 10, "the sources were not found");
    paths
        .into_iter()
        .map(|path| SourceFile {
            text: fs::read_to_string(&path).expect("a source file is text"),
            path: path.strip_prefix(root()).expect("under the root").to_string_lossy().into_owned(),
        })
        .collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the root of the repository")
}

/// Fails with every problem at once, one a line.
fn assert_none(problems: impl IntoIterator<Item = String>) {
    let problems: Vec<String> = problems.into_iter().collect();
    assert!(problems.is_empty(), "{} problem(s):\n{}", problems.len(), problems.join("\n"));
}

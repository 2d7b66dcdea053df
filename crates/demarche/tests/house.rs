//! The rules of the house, held by a test: who may import whom, how modules begin, where printing is allowed.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(dir: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for member in
        ["crates/core", "crates/text", "crates/knowledge", "crates/coder", "crates/store", "crates/demarche", "data"]
    {
        files(&root().join(member).join("src"), "rs", &mut paths);
    }
    paths.into_iter().map(|p| (p.clone(), std::fs::read_to_string(&p).expect("a source file"))).collect()
}

/// ARCHITECTURE.md, "Who may see whom": what each member may depend on at run time.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("crates/core", &[]),
    ("crates/text", &["demarche-core"]),
    ("crates/knowledge", &["demarche-core"]),
    ("crates/coder", &["demarche-core", "demarche-text", "demarche-knowledge"]),
    ("crates/store", &["demarche-core"]),
    ("data", &[]),
    (
        "crates/demarche",
        &["demarche-core", "demarche-text", "demarche-knowledge", "demarche-coder", "demarche-store", "demarche-data"],
    ),
];

#[test]
fn imports_follow_the_table() {
    for (member, allowed) in ALLOWED {
        let manifest = std::fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a manifest");
        let mut section = "";
        for line in manifest.lines() {
            if line.starts_with('[') {
                section = line.trim();
            } else if section == "[dependencies]" && line.starts_with("demarche-") {
                let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
                assert!(allowed.contains(&name), "{member} must never import {name} (ARCHITECTURE.md)");
            }
        }
        for outside in ["anyhow", "axum", "clap", "maud", "tokio"] {
            let used = manifest.lines().any(|l| l.split(['.', ' ', '=']).next() == Some(outside));
            assert!(!used || member == "crates/demarche", "{outside} belongs to the program alone, not to {member}");
        }
        for outside in ["rusqlite", "arrow", "petgraph"] {
            let used = manifest.lines().any(|l| l.split(['.', ' ', '=']).next() == Some(outside));
            assert!(!used || member == "crates/store", "{outside} belongs to the ledger alone, not to {member}");
        }
    }
}

#[test]
fn every_module_says_why_it_exists() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{}: begins without a module comment", path.display());
    }
}

#[test]
fn libraries_never_print_exit_or_reach_out() {
    for (path, text) in sources() {
        let name = path.display().to_string();
        let code: String =
            text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
        let code = code.split("#[cfg(test)]").next().unwrap_or_default().to_string();
        if !name.contains("crates/demarche/src") {
            for word in [
                "println!",
                "eprintln!",
                "dbg!(",
                "process::exit",
                "std::net",
                "SystemTime",
                "Zoned::now",
                "Timestamp::now",
            ] {
                assert!(!code.contains(word), "{name}: {word} is for the program alone");
            }
        }
        if name.contains("crates/coder") || name.contains("crates/text") {
            for word in ["std::fs", "std::thread", "HashMap::iter"] {
                assert!(!code.contains(word), "{name}: {word} has no place here");
            }
        }
        assert!(
            !code.contains("unsafe ") || name.ends_with("kernel.rs") || code.contains("unsafe_code"),
            "{name}: unsafe outside the kernels"
        );
    }
}

#[test]
fn verbs_and_options_are_documented() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut pages = Vec::new();
    files(&root().join("docs"), "md", &mut pages);
    let docs: String = pages.iter().map(|p| std::fs::read_to_string(p).expect("a page")).collect();
    for verb in [
        "code", "classify", "parse", "extract", "who", "when", "where", "eval", "data", "ingest", "recode", "diff",
        "correct", "verify", "watch", "events", "stories", "series", "panel", "ties", "network", "actor", "brief",
        "import", "export",
    ] {
        assert!(docs.contains(&format!("demarche {verb}")), "docs/: nothing on `demarche {verb}`");
    }
    for option in [
        "--format",
        "--published",
        "--data",
        "--explain",
        "--threads",
        "--forced",
        "--on",
        "--input",
        "--all",
        "--text",
        "--from",
        "--until",
        "--as-known-on",
        "--min-origins",
        "--reports",
        "--limit",
        "--count",
        "--output",
        "--by",
        "--measure",
        "--unit",
        "--codes",
        "--states",
        "--standing",
        "--flow",
        "--edges",
        "--gexf",
        "--top",
    ] {
        assert!(docs.contains(option), "docs/: nothing on {option}");
    }
    assert!(readme.contains("cargo run --release -- code examples/"), "README.md: the main command is gone");
}

/// docs/ledger.md names every table, view and column of the schema.
#[test]
fn the_ledger_is_documented() {
    let schema = std::fs::read_to_string(root().join("crates/store/src/schema/1.sql")).expect("the schema");
    let page = std::fs::read_to_string(root().join("docs/ledger.md")).expect("docs/ledger.md");
    let named = |name: &str| {
        let mut parts = page.split(name);
        let mut before = parts.next().unwrap_or_default();
        parts.any(|after| {
            let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            before = after;
            whole
        })
    };
    let mut count = 0;
    for line in schema.lines() {
        let made = ["CREATE TABLE ", "CREATE VIEW ", "CREATE VIRTUAL TABLE "].iter().find_map(|m| line.strip_prefix(m));
        // A column stands four spaces deep, its type after it.
        let column = line.strip_prefix("    ").filter(|c| c.starts_with(|c: char| c.is_lowercase() || c == '"'));
        let column = column.filter(|c| [" INTEGER", " TEXT", " REAL"].iter().any(|t| c.contains(t)));
        let Some(name) = made.or(column) else { continue };
        let name = name.trim_start_matches('"').split([' ', '"', '(']).next().unwrap_or_default();
        count += 1;
        assert!(named(name), "docs/ledger.md: nothing on `{name}`");
    }
    assert!(count > 150, "only {count} tables, views and columns were found");
}

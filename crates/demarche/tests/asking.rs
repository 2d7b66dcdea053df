//! The verbs that ask, over a small ledger: commands and exact output, in tests/cli/asking.md.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli")
}

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Folder {
    let path = std::env::temp_dir().join(format!("demarche-asking-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    Folder(path)
}

fn demarche(folder: &Folder, arguments: &[String]) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_demarche")).args(arguments).current_dir(&folder.0).output();
    program.expect("the program runs")
}

fn ingested(name: &str) -> Folder {
    let folder = folder(name);
    let articles = root().join("dispatches.jsonl").display().to_string();
    let done = demarche(&folder, &["ingest".to_string(), articles]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

/// The words of a command line: single quotation marks hold words together, as in a shell.
fn split(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(n, part)| -> Vec<String> {
        if n % 2 == 1 { vec![part.to_string()] } else { part.split_whitespace().map(str::to_string).collect() }
    });
    words.skip(1).collect()
}

#[test]
fn answers_are_those_of_the_page() {
    let folder = ingested("page");
    let path = root().join("asking.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let head = page.split("```").next().unwrap_or_default().to_string();
    let commands = page.split("```").filter_map(|block| block.strip_prefix("sh\n"));
    let commands = commands.flat_map(|block| block.lines()).filter(|line| line.starts_with("demarche "));
    let mut written = head;
    for command in commands {
        let done = demarche(&folder, &split(command));
        let said = [&done.stdout[..], &done.stderr[..]].concat();
        let said = String::from_utf8(said).expect("UTF-8");
        let code = done.status.code().unwrap_or(-1);
        let ended = if code == 0 { String::new() } else { format!("exit {code}\n") };
        written += &format!("```sh\n{command}\n```\n\n````text\n{}{ended}````\n\n", said);
    }
    let written = format!("{}\n", written.trim_end());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).expect("written");
    }
    let expected = std::fs::read_to_string(&path).expect("the page");
    assert_eq!(written, expected, "tests/cli/asking.md (UPDATE=1 writes it anew)");
}

#[test]
fn tables_go_out_in_every_shape_and_say_the_same() {
    let folder = ingested("shapes");
    let of = |line: &str| {
        let done = demarche(&folder, &split(line));
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let lines = of("demarche series FRA-RUS --from 2025-01 --until 2025-04 --format jsonl");
    let rows: Vec<serde_json::Value> =
        String::from_utf8(lines).expect("UTF-8").lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    let csv =
        String::from_utf8(of("demarche series FRA-RUS --from 2025-01 --until 2025-04 --format csv")).expect("UTF-8");
    let mut csv = csv.lines();
    let header: Vec<&str> = csv.next().expect("a header").split(',').collect();
    for (row, line) in rows.iter().zip(csv) {
        for (name, cell) in header.iter().zip(line.split(',')) {
            let value = match &row[*name] {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null => String::new(),
                other => other.to_string(),
            };
            // A whole number may be written with its point or without.
            let same = value == cell || value.parse::<f64>().ok().is_some_and(|v| Some(v) == cell.parse().ok());
            assert!(same, "{name}: {value} {cell}");
        }
    }
    assert_eq!(rows.len(), 3);
    of("demarche panel --states FRA,RUS --from 2025 --until 2026 -o panel.parquet");
    let parquet = std::fs::read(folder.0.join("panel.parquet")).expect("a file");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    of("demarche network --gexf -o net.gexf");
    let gexf = std::fs::read_to_string(folder.0.join("net.gexf")).expect("a file");
    assert!(gexf.contains("for=\"betweenness\"") && gexf.contains("source=\"FRA\" target=\"RUS\""));
    of("demarche brief FRA-RUS --from 2025-01 -o brief.html");
    let html = std::fs::read_to_string(folder.0.join("brief.html")).expect("a file");
    assert!(html.contains("<svg") && html.contains("<title>") && !html.contains("<script"));
    of("demarche brief RUS --from 2025-01 -o brief.md");
    let plot = std::fs::read_to_string(folder.0.join("brief.svg")).expect("a file");
    assert!(plot.contains("role=\"img\"") && plot.contains("<desc>"));
}

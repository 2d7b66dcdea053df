//! The ledger from outside: killed and begun again, asked while it is written, recoded, corrected, checked.

use demarche_store::{Access, Ledger};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Dir {
        let path = std::env::temp_dir().join(format!("demarche-ledger-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Dir(path)
    }
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("a file for the test");
        path.display().to_string()
    }
    fn ledger(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).stdin(Stdio::null()).env("USER", "Faramir");
    command
}

fn demarche(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Reports from a seed: states do things to states, some pages change, some lines are broken, some are French.
fn reports(count: usize) -> String {
    const STATES: [&str; 8] = ["Finland", "Norway", "Chile", "Peru", "Kenya", "Japan", "Canada", "Greece"];
    const DEEDS: [&str; 6] =
        ["imposed sanctions on", "praised", "accused", "attacked", "signed an agreement with", "threatened"];
    let mut state = 11u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    let mut lines = String::new();
    for n in 0..count {
        let (a, b) = (below(8), below(7));
        let (source, target) = (STATES[a], STATES[if b >= a { b + 1 } else { b }]);
        let (day, month) = (1 + below(28), 1 + below(12));
        let text = format!(
            "{source} {} {target} on Monday over case {n}. The minister of {target} said that talks on matter {} would go on.",
            DEEDS[below(6)],
            below(1000)
        );
        match n % 50 {
            17 => lines.push_str("{broken\n"),
            23 => lines.push_str(
                "{\"text\":\"Le président de la République a rencontré le chancelier mardi pour parler de la défense et de la guerre. Les deux hommes se sont entretenus pendant plus de deux heures au palais.\"}\n",
            ),
            _ => {}
        }
        // Each tenth is another version of the page of the one before.
        let page = if n % 10 == 9 { n - 1 } else { n };
        let record = serde_json::json!({
            "url": format!("https://news.example/{page}"), "published": format!("2024-{month:02}-{day:02}"),
            "publisher": "The Herald", "text": text,
        });
        lines.push_str(&format!("{record}\n"));
    }
    lines
}

/// All that a ledger says, but for times of day.
fn contents(path: &str) -> String {
    let ledger = Ledger::open(Path::new(path), Access::Read).expect("it opens");
    let mut reader = ledger.reader();
    let mut all = format!("{:?}\n", ledger.marks().expect("marks"));
    let mut documents: Vec<String> = ledger.document_ids().expect("ids").iter().map(ToString::to_string).collect();
    documents.sort();
    all.push_str(&documents.join(" "));
    for key in 1.. {
        let Ok(event) = reader.event(key) else { break };
        all.push_str(&format!("\n{event:?}"));
    }
    all
}

/// Kills an ingest of `count` documents `kills` times at points from a seed, goes on each time, and holds what is there
/// at the end against an undisturbed run.
fn killed(count: usize, kills: usize) {
    let dir = Dir::new(&format!("kill-{count}"));
    let articles = dir.file("articles.jsonl", reports(count));
    let whole = dir.ledger("whole.db");
    let begun = Instant::now();
    let undisturbed = demarche(&["ingest", "--ledger", &whole, &articles]);
    assert_eq!(undisturbed.status.code(), Some(3), "{}", err(&undisturbed));
    let took = begun.elapsed();
    let cut = dir.ledger("cut.db");
    let mut state = 3u64;
    let mut killed = 0;
    for _ in 0..kills {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let share = (state >> 40) as f64 / (1u64 << 24) as f64;
        // From the first millisecond of the program to well into its work.
        let wait = Duration::from_secs_f64(share * (0.4 + 2.0 * took.as_secs_f64() / kills as f64));
        let mut child = command(&["ingest", "--ledger", &cut, &articles])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(wait);
        if child.try_wait().expect("its state").is_none() {
            killed += 1;
        }
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
    }
    let last = demarche(&["ingest", "--ledger", &cut, &articles]);
    assert!(matches!(last.status.code(), Some(0 | 3)), "{}", err(&last));
    assert!(killed >= kills / 3, "only {killed} of {kills} were killed at work");
    let check = demarche(&["verify", "--ledger", &cut]);
    assert_eq!(check.status.code(), Some(0), "{}", out(&check));
    assert!(contents(&cut) == contents(&whole), "what was killed {killed} times differs from what was not");
}

#[test]
fn a_killed_ingest_goes_on() {
    killed(300, 12);
}

#[test]
#[ignore = "minutes; docs/performance.md has what it showed"]
fn a_large_ingest_killed_two_hundred_times_goes_on() {
    killed(5000, 200);
}

#[test]
fn what_was_taken_is_not_taken_twice() {
    let dir = Dir::new("twice");
    let articles = dir.file("a.jsonl", reports(60));
    let ledger = dir.ledger("l.db");
    let summary = |output: &Output| -> serde_json::Value { serde_json::from_str(&out(output)).expect("a summary") };
    let first = demarche(&["ingest", "--ledger", &ledger, "--threads", "1", &articles]);
    let one = summary(&first);
    assert_eq!(first.status.code(), Some(3), "a broken line is said and the rest is there");
    assert!(err(&first).contains("a.jsonl:18: not JSON"), "{}", err(&first));
    assert_eq!(
        (&one["taken"], &one["versions"], &one["uncoded"]["fr"], &one["faults"]),
        (&61.into(), &6.into(), &1.into(), &1.into())
    );
    let again = summary(&demarche(&["ingest", "--ledger", &ledger, &articles]));
    assert_eq!((&again["taken"], &again["passed"]["file taken before"]), (&0.into(), &1.into()));
    let copy = dir.file("b.jsonl", reports(60));
    let copied = summary(&demarche(&["ingest", "--ledger", &ledger, &copy]));
    assert_eq!((&copied["taken"], &copied["passed"]["in the ledger already"]), (&0.into(), &61.into()));
    // The number of threads is of no account.
    let other = dir.ledger("m.db");
    demarche(&["ingest", "--ledger", &other, "--threads", "4", &articles]);
    let events = |path: &str| contents(path).lines().skip(2).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(events(&ledger), events(&other));
}

#[test]
fn who_cannot_write_is_told_why() {
    let dir = Dir::new("write");
    let articles = dir.file("a.txt", "Date: 2024-05-06\n\nFinland praised Norway on Monday.");
    let path = dir.ledger("l.db");
    let held = Ledger::open(Path::new(&path), Access::Write).expect("a ledger");
    let second = demarche(&["ingest", "--ledger", &path, &articles]);
    assert_eq!(second.status.code(), Some(2));
    assert!(err(&second).contains("another demarche is writing this ledger"), "{}", err(&second));
    assert_eq!(demarche(&["verify", "--ledger", &path]).status.code(), Some(0), "asking goes on meanwhile");
    drop(held);
    let mut permissions = std::fs::metadata(&path).expect("the file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("set");
    let fixed = demarche(&["ingest", "--ledger", &path, &articles]);
    assert_eq!(fixed.status.code(), Some(2));
    assert!(err(&fixed).contains("cannot be written"), "{}", err(&fixed));
    let none = demarche(&["recode", "--ledger", &dir.ledger("none.db")]);
    assert_eq!(none.status.code(), Some(2));
    assert!(err(&none).contains("no such ledger"), "{}", err(&none));
    assert!(!Path::new(&dir.ledger("none.db")).exists(), "what does not make a ledger does not leave one");
}

#[test]
fn recoding_under_other_tables_says_what_changed() {
    let dir = Dir::new("recode");
    let articles = dir.file("a.jsonl", reports(20));
    let path = dir.ledger("l.db");
    let run = |arguments: &[&str]| demarche(&[arguments, &["--ledger", path.as_str()][..]].concat());
    run(&["ingest", &articles]);
    let same = run(&["recode"]);
    let summary: serde_json::Value = serde_json::from_str(&out(&same)).expect("a summary");
    assert_eq!((&summary["added"], &summary["dropped"], &summary["documents"]), (&0.into(), &0.into(), &18.into()));
    assert_eq!(run(&["diff", "1", "2"]).status.code(), Some(1), "nothing differs");

    // A person rejects the first event that counts, and takes it back.
    let mut first = String::new();
    {
        let ledger = Ledger::open(Path::new(&path), Access::Read).expect("opens");
        let mut reader = ledger.reader();
        for key in reader.keys_in_force().expect("keys") {
            let event = reader.event(key).expect("an event").entry.event;
            if event.counted() {
                first = event.id;
                break;
            }
        }
    }
    let wordless = run(&["correct", &first, "--reject"]);
    assert!(wordless.status.code() == Some(2) && err(&wordless).contains("--reason"), "{}", err(&wordless));
    assert_eq!(run(&["correct", &first, "--reject", "--reason", "a play"]).status.code(), Some(0));
    let diff = run(&["diff", "2", "3"]);
    assert!(out(&diff).contains("\"change\":\"dropped\",\"cause\":\"correction\""), "{}", out(&diff));
    assert!(out(&run(&["correct", "--golden"])).contains("```events\nnone\n```"));
    assert!(out(&run(&["correct", "--list", "--format", "table"])).contains("a play"));
    assert_eq!(run(&["correct", "--withdraw", "1", "--reason", "no play"]).status.code(), Some(0));
    assert_eq!(run(&["diff", "1", "4"]).status.code(), Some(0), "the event is known anew");
    let check = run(&["verify"]);
    assert_eq!(check.status.code(), Some(0), "{}", out(&check));
}

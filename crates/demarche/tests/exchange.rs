//! `demarche import` and `demarche export`: what comes in goes out again, and what is said of the rest.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("demarche-exchange-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn demarche(at: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demarche")).args(args).current_dir(at).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const HEADER: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\t\
    Target Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\t\
    Latitude\tLongitude\n";

/// Two rows of one id on two days, a statement, and a row with a code that is none.
fn icews() -> String {
    let row = |day: &str, code: &str| {
        format!(
            "7\t{day}\tSergey Lavrov\tCabinet,Government\tRussian Federation\tx\t{code}\t1\tFrance\t\tFrance\t9\t2\tTASS\t\
             Moscow\t\tMoskva\tRussian Federation\t55.75\t37.62\n"
        )
    };
    HEADER.to_owned()
        + &row("2014-03-02", "042")
        + &row("2014-03-03", "111")
        + &row("2014-03-03", "010")
        + &row("2014-03-04", "999")
}

#[test]
fn what_comes_in_goes_out_and_the_rest_is_told() {
    let at = folder("icews");
    std::fs::write(at.join("in.tab"), icews()).expect("written");
    let done = demarche(&at, &["import", "icews", "in.tab"]);
    assert_eq!(done.status.code(), Some(3), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("in.tab:5: CAMEO Code: 999 is no CAMEO code"), "{}", text(&done.stderr));
    let summary = text(&done.stdout);
    assert!(summary.contains(r#""taken":2,"repeated":0"#) && summary.contains("statements and appeals"), "{summary}");
    // The same file, and a copy of it, are taken once.
    std::fs::copy(at.join("in.tab"), at.join("copy.tab")).expect("copied");
    let again = demarche(&at, &["import", "icews", "in.tab", "copy.tab"]);
    assert!(text(&again.stdout).contains(r#""taken":0"#) && text(&again.stdout).contains(r#""files taken before":2"#));
    let out = demarche(&at, &["export", "icews"]);
    assert_eq!(out.status.code(), Some(0));
    let wanted: String = icews().lines().take(3).map(|line| format!("{line}\n")).collect();
    assert_eq!(text(&out.stdout), wanted);
    assert!(text(&out.stderr).contains("icews cannot hold: dataset;"), "{}", text(&out.stderr));
    // By way of Parquet, by year and month, into another ledger.
    assert!(demarche(&at, &["export", "parquet", "-o", "events"]).status.success());
    assert!(at.join("events/year=2014/month=03/part-0.parquet").is_file());
    assert!(demarche(&at, &["import", "parquet", "events", "--ledger", "other.db"]).status.success());
    let out = demarche(&at, &["export", "icews", "--ledger", "other.db"]);
    assert_eq!(text(&out.stdout), wanted);
}

#[test]
fn exports_are_bounded_and_formats_have_names() {
    let at = folder("bounds");
    std::fs::write(at.join("in.tab"), icews()).expect("written");
    demarche(&at, &["import", "icews", "in.tab"]);
    let rows = |args: &[&str]| {
        let out = demarche(&at, &[&["export", "csv"], args].concat());
        (out.status.code(), text(&out.stdout).lines().count())
    };
    assert_eq!(rows(&["--from", "2014-03-03"]), (Some(0), 2));
    assert_eq!(rows(&["--until", "2014-03-03"]), (Some(0), 2));
    assert_eq!(rows(&["--from", "2015"]), (Some(1), 0));
    assert_eq!(rows(&["--dataset", "polecat"]), (Some(1), 0));
    let unknown = demarche(&at, &["import", "icew", "in.tab"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("no such format (hint: polecat, icews"), "{}", text(&unknown.stderr));
    let written = demarche(&at, &["import", "gexf", "in.tab"]);
    assert!(text(&written.stderr).contains("only written"), "{}", text(&written.stderr));
    let losses = demarche(&at, &["export", "polecat", "--losses", "--ledger", "none.db"]);
    assert!(losses.status.success() && text(&losses.stdout).contains("event.evidence"));
}

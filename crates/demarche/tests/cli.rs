//! The program from outside: what it prints, where, and how it ends.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Dir {
        let path = std::env::temp_dir().join(format!("demarche-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Dir(path)
    }
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file for the test");
        path.display().to_string()
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn demarche(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn piped(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("its input").write_all(input).expect("input is taken");
    child.wait_with_output().expect("it ends")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}
fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
fn rows(output: &Output, kind: &str) -> Vec<serde_json::Value> {
    out(output)
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("a JSON object a line"))
        .filter(|v| v["kind"] == kind)
        .collect()
}
fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name).display().to_string()
}

const PLAIN: &str = "France imposed sanctions on Russia on Monday.";

#[test]
fn codes_an_example() {
    let done = demarche(&["code", "--format", "jsonl", &example("saudi-iran.txt")]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert_eq!(rows(&done, "document")[0]["published"], "2023-03-10");
    let events = rows(&done, "event");
    let both = |e: &&serde_json::Value| {
        let codes: Vec<&str> =
            e["actors"].as_array().into_iter().flatten().filter_map(|a| a["code"].as_str()).collect();
        e["type"] == "AGREE" && codes.contains(&"IRN") && codes.contains(&"SAU")
    };
    assert!(events.iter().any(|e| both(&e) && e["modality"] == "asserted"), "no agreement of Iran and Saudi Arabia");
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).expect("README.md");
    let shown = readme.split("```text\n").nth(1).and_then(|b| b.split("```").next()).expect("a block of output");
    assert_eq!(shown.trim_end(), out(&demarche(&["code", "--format", "table", &example("saudi-iran.txt")])).trim_end());
    let explained = readme.split("```text\n").nth(2).and_then(|b| b.split("```").next()).expect("a second block");
    let printed = out(&demarche(&["code", "--explain", &example("finland-nato.txt")]));
    assert!(printed.contains(explained.trim_end()), "README.md: --explain prints otherwise now:\n{printed}");
}

#[test]
fn every_offset_repeats_its_words() {
    let done = demarche(&[
        "code",
        "--format",
        "jsonl",
        "--text",
        &example("saudi-iran.txt"),
        &example("finland-nato.txt"),
        &example("sudan.jsonl"),
    ]);
    let mut texts = std::collections::BTreeMap::new();
    for doc in rows(&done, "document") {
        texts
            .insert(doc["id"].as_str().expect("id").to_string(), doc["clean_text"].as_str().expect("text").to_string());
    }
    fn walk(value: &serde_json::Value, text: &str, seen: &mut usize) {
        if let (Some(words), Some(start), Some(end)) =
            (value["text"].as_str(), value["start"].as_u64(), value["end"].as_u64())
        {
            assert_eq!(&text[start as usize..end as usize], words);
            *seen += 1;
        }
        match value {
            serde_json::Value::Array(list) => list.iter().for_each(|v| walk(v, text, seen)),
            serde_json::Value::Object(map) => map.values().for_each(|v| walk(v, text, seen)),
            _ => {}
        }
    }
    let mut seen = 0;
    for kind in ["event", "statement", "relation", "check"] {
        for row in rows(&done, kind) {
            walk(&row, &texts[row["document"].as_str().expect("document")], &mut seen);
        }
    }
    assert!(seen > 100, "only {seen} stretches were printed");
}

#[test]
fn the_bytes_do_not_depend_on_threads_or_company() {
    let all = [example("saudi-iran.txt"), example("finland-nato.txt"), example("sudan.jsonl")];
    let run = |threads: &str| {
        let mut arguments = vec!["code", "--format", "jsonl", "--threads", threads];
        arguments.extend(all.iter().map(String::as_str));
        demarche(&arguments).stdout
    };
    assert_eq!(run("1"), run("3"));
    let alone: Vec<u8> = all.iter().flat_map(|f| demarche(&["code", "--format", "jsonl", f]).stdout).collect();
    assert_eq!(run("2"), alone);
}

#[test]
fn formats() {
    let csv = out(&demarche(&["code", "--format", "csv", &example("sudan.jsonl")]));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    assert_eq!(header.get(5), Some("type"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("an even row")).collect();
    assert!(!rows.is_empty());
    let table = out(&demarche(&["code", "--format", "table", &example("sudan.jsonl")]));
    assert!(table.contains("when") && table.contains("ASSAULT"), "{table}");
    let explained = out(&demarche(&["code", "--explain", &example("finland-nato.txt")]));
    for word in ["grounds", "rule", "patterns/", "party", "check", "furniture"] {
        assert!(explained.contains(word), "--explain says nothing of {word}");
    }
}

#[test]
fn charsets_and_markup() {
    let dir = Dir::new("charsets");
    let text = "Président Macron visited Berlin. Türkiye condemned Israel on Monday.";
    let latin: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let html =
        format!("<html><head><title>News</title><body><div><p>{}<p>{PLAIN} {PLAIN}</b></div><br>", text.repeat(8));
    for (name, bytes) in [("latin1.txt", latin), ("utf16.txt", utf16), ("open.html", html.into_bytes())] {
        let done =
            demarche(&["code", "--format", "jsonl", "--text", "--published", "2024-05-02", &dir.file(name, bytes)]);
        assert_eq!(done.status.code(), Some(0), "{name}: {}", err(&done));
        assert!(out(&done).contains("Türkiye condemned Israel"), "{name} was not read right");
        assert!(
            rows(&done, "event").iter().any(|e| e["type"] == "ACCUSE" && e["recipients"][0]["code"] == "ISR"),
            "{name}"
        );
    }
}

#[test]
fn one_bad_document_never_costs_another() {
    let dir = Dir::new("bad");
    let good = dir.file("good.txt", PLAIN);
    let files = [
        dir.file("empty.txt", ""),
        dir.file("random.txt", (0..4000u32).map(|i| (i.wrapping_mul(2654435761) >> 13) as u8).collect::<Vec<u8>>()),
        dir.file("cut.jsonl", format!("{{\"id\":\"a\",\"text\":\"{PLAIN}\"}}\n{{\"id\":\"b\",\"text\":\"Fra")),
        dir.file("date.jsonl", format!("{{\"id\":\"c\",\"published\":\"2024-02-31\",\"text\":\"{PLAIN}\"}}\n")),
        dir.0.join("missing.txt").display().to_string(),
        dir.file("german.txt", "Die Bundesregierung hat am Montag neue Sanktionen gegen Russland beschlossen, wie das Auswärtige Amt in Berlin mitteilte. Der Minister sprach von einem wichtigen Schritt für Europa."),
    ];
    let mut arguments = vec!["code", "--format", "jsonl", "--published", "2024-05-02"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.push(&good);
    let done = demarche(&arguments);
    assert_eq!(done.status.code(), Some(3), "{}", err(&done));
    let said = err(&done);
    for word in ["empty.txt", "random.txt", "cut.jsonl:2", "date.jsonl:1", "missing.txt", "german.txt"] {
        assert!(said.contains(word), "nothing said of {word}:\n{said}");
    }
    let sanctions = rows(&done, "event").iter().filter(|e| e["cameo"] == "163").count();
    assert!(sanctions >= 2, "the good documents of the batch were lost: {sanctions}");
    for file in files.iter().filter(|f| !f.contains("cut.jsonl") && !f.contains("date.jsonl")) {
        assert_eq!(demarche(&["code", file]).status.code(), Some(2), "{file} alone");
    }
}

#[test]
fn a_ten_megabyte_line_takes_linear_time() {
    let dir = Dir::new("long");
    let time = |megabytes: usize| {
        let words = "stone river cloud seven market under green ";
        let file = dir.file(&format!("{megabytes}.txt"), words.repeat(megabytes * 1_000_000 / words.len()));
        let start = std::time::Instant::now();
        let done = demarche(&["extract", &file]);
        assert!(matches!(done.status.code(), Some(0 | 2)), "{}", err(&done));
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(1).max(0.02), time(10));
    assert!(long < 40.0 * short, "1 MB took {short:.2} s, 10 MB {long:.2} s");
}

#[test]
fn who_and_exit_codes() {
    let found = demarche(&["who", "Putin", "--on", "2010-06-01", "--format", "jsonl"]);
    let who: serde_json::Value = serde_json::from_str(out(&found).trim()).expect("one object");
    assert_eq!((who["id"].as_str(), who["code"].as_str()), (Some("vladimir-putin"), Some("RUS")));
    assert!(who["offices"].to_string().contains("Prime Minister"), "{who}");
    let found = demarche(&["who", "Germany", "--on", "2010-06-01", "--format", "jsonl"]);
    let state: serde_json::Value = serde_json::from_str(out(&found).trim()).expect("one object");
    assert_eq!((state["ids"]["cow"].as_u64(), state["ids"]["gw"].as_u64()), (Some(255), Some(260)));
    let pact = state["ties"].as_array().into_iter().flatten().find(|t| t["id"] == "pact-nato");
    assert_eq!(pact.map(|t| t["kind"].as_str()), Some(Some("defence-pact")), "{state}");
    assert_eq!(demarche(&["who", "Nobody Ofthisname", "--on", "2010-06-01"]).status.code(), Some(1));
    assert_eq!(demarche(&["who", "Putin", "--on", "2010-13-01"]).status.code(), Some(2));
    assert_eq!(demarche(&["nonsense"]).status.code(), Some(2));
}

#[test]
fn classify_answers_in_order() {
    let input = concat!(
        r#"{"id":1,"text":"France condemned Russia on Monday.","source":"France","target":"Russia"}"#,
        "\n",
        r#"{"id":"two","text":"Germany will send aid to Ukraine.","source":"Germany","target":"Poland"}"#,
        "\n{\"id\":3\n"
    );
    let done = piped(&["classify", "--forced", "-"], input.as_bytes());
    assert_eq!(done.status.code(), Some(3), "{}", err(&done));
    let lines: Vec<serde_json::Value> =
        out(&done).lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["id"], &lines[0]["type"]), (&serde_json::json!(1), &serde_json::json!("ACCUSE")));
    assert_eq!(lines[1]["unplaced"], serde_json::json!(["target"]));
}

#[test]
fn parse_gives_conllu_and_keeps_given_tokens() {
    let done = piped(&["parse", "-"], b"France won't talk to Russia.");
    let text = out(&done);
    assert!(text.contains("# text = France won't talk to Russia."), "{text}");
    let words: Vec<&str> =
        text.lines().filter(|l| l.split('\t').next().is_some_and(|id| id.parse::<u32>().is_ok())).collect();
    assert_eq!(words.len(), 7, "{text}");
    let again = piped(&["parse", "--input", "conllu", "-"], text.as_bytes());
    assert_eq!(out(&again).lines().filter(|l| l.starts_with("1\t")).count(), 1, "{}", err(&again));
    let bad = piped(&["parse", "--input", "conllu", "-"], b"1\tFrance\n");
    assert_eq!(bad.status.code(), Some(2));
    assert!(err(&bad).contains(":1"), "{}", err(&bad));
}

#[test]
fn gold_with_faults_is_not_half_read() {
    let dir = Dir::new("gold");
    let bad = dir.file("bad.conllu", "1\ta\ta\tX\t_\t_\t2\tdep\t_\t_\n2\tb\n\n1\tc\tc\tX\t_\t_\t1\tdep\t_\t_\n");
    let good =
        dir.file("good.conllu", "# who = a\n1\tFrance\t_\t_\t_\t_\t_\t_\t_\tx=y\n1.1\tb\t_\t_\t_\t_\t_\t_\t_\t_\n\n");
    let lines = [
        format!("demarche: {bad}:2: 2 columns where ten belong, with a tab between them"),
        format!("demarche: {bad}:4: no word of the sentence is its root (0 in column 7)"),
        format!("demarche: {bad}:4: word 1 is its own ancestor"),
    ];
    let done = demarche(&["parse", "--input", "conllu", &bad, &good]);
    assert_eq!(done.status.code(), Some(3));
    assert_eq!(err(&done).lines().collect::<Vec<_>>(), lines);
    let printed = out(&done);
    assert!(printed.starts_with("# who = a\n1\tFrance\t") && printed.contains("\n1.1\tb\t"), "{printed}");
    let scored = demarche(&["eval", "parse", &bad]);
    assert_eq!(scored.status.code(), Some(2));
    assert_eq!(err(&scored).lines().collect::<Vec<_>>(), lines);
    let names = dir.file("names.iob2", "1\tFrance\tB-LOC\t-\t-\n2\tcondemned\tO\t-\t-\n3\tRussia\tB-LOC\t-\t-\n");
    let scored = demarche(&["eval", "ner", &names]);
    assert_eq!(scored.status.code(), Some(0), "{}", err(&scored));
    assert!(
        out(&scored).contains("LOC                       100.00    100.00    100.00         2         2"),
        "{}",
        out(&scored)
    );
}

#[test]
fn broken_tables_are_all_named_at_once() {
    let dir = Dir::new("tables");
    dir.file(
        "actors/memberships.tsv",
        "group\tmember\tstatus\tfrom\tuntil\tsource\nNATO\tFRX\tmember\t1949-08-24\t\tgeneral\nNATO\tFRA\tmember\t1949-13-24\t\tgeneral\n",
    );
    let folder = dir.0.display().to_string();
    for arguments in [vec!["data", "check", &folder], vec!["code", "--data", &folder, "examples"]] {
        let done = demarche(&arguments);
        assert_eq!(done.status.code(), Some(2));
        let said = err(&done);
        assert!(
            said.contains("memberships.tsv:2") && said.contains("memberships.tsv:3") && said.contains('('),
            "{said}"
        );
    }
}

#[test]
fn a_closed_pipe_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(["code", "--format", "jsonl", &example("saudi-iran.txt"), &example("finland-nato.txt")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let done = child.wait_with_output().expect("it ends");
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert!(done.stderr.is_empty(), "{}", err(&done));
}

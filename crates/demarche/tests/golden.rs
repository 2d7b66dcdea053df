//! Runs the golden pages of `tests/golden`: articles over the invented world of `tests/world`, and the events or
//! checks expected.
//!
//! `UPDATE=1 cargo test --test golden` rewrites the `events` and `checks` blocks; the difference is for a reader to judge.

use demarche::{Article, Coded, Engine};
use demarche_core::{ActorRef, Basis, Event};
use demarche_knowledge::Knowledge;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The built-in words and patterns over the invented world's actors.
fn engine() -> Engine {
    let base = Knowledge::from_bytes(demarche_data::KNOWLEDGE).expect("built-in tables").into_tables();
    let (world, mut faults) = demarche_knowledge::load(&root().join("tests/world"));
    let (knowledge, crossed) = Knowledge::from_tables(base, Some(world));
    faults.extend(crossed);
    assert!(faults.is_empty(), "{}", faults.iter().map(|f| format!("{f}\n")).collect::<String>());
    Engine::with_knowledge(knowledge).expect("built-in model")
}

fn party(actor: &ActorRef) -> String {
    let code = actor.code.as_deref().unwrap_or("?");
    match actor.sector {
        Some(sector) => format!("{code}/{sector}"),
        None => code.to_string(),
    }
}

fn parties(list: &[ActorRef]) -> String {
    if list.is_empty() { "-".to_string() } else { list.iter().map(party).collect::<Vec<_>>().join("+") }
}

/// One line: who, type and mode, whom, when, according to whom, standing, the words.
fn line(event: &Event) -> String {
    let mut text = format!("{} {}", parties(&event.actors), event.event_type);
    if let Some(mode) = event.mode {
        let _ = write!(text, ".{mode}");
    }
    let _ = write!(text, " {}", parties(&event.recipients));
    if let Some(when) = event.when.filter(|w| !matches!(w.basis, Basis::Publication | Basis::LatestInText)) {
        let from = when.interval.from.map_or("..".to_string(), |d| d.to_string());
        let _ = write!(text, "  when={from}({:?},{:?})", when.precision, when.basis);
    }
    if let Some(place) = &event.place {
        let _ = write!(text, " in={}", place.name.replace(' ', "_"));
    }
    if let Some(speaker) = event.attribution.as_ref().and_then(|a| a.speaker.as_ref()) {
        let _ = write!(text, " said-by={}", party(speaker));
    }
    let trigger = event.evidence.first().map_or("", |e| e.text.as_str());
    let standing = format!("{:?} {:?}", event.polarity, event.modality).to_lowercase();
    let _ = write!(text, "  {standing}  \"{trigger}\"");
    text
}

fn rendered(coded: &Coded) -> String {
    let mut text = String::new();
    for event in &coded.coding.events {
        let _ = writeln!(text, "{}", line(event));
    }
    if text.is_empty() {
        text.push_str("none\n");
    }
    text
}

/// How a block shows what was coded.
type Rendered = fn(&Coded) -> String;

/// One line a check: the verdict, the claim, and what the reference says where.
fn rendered_checks(coded: &Coded) -> String {
    let mut text = String::new();
    for check in &coded.coding.checks {
        let verdict = format!("{:?}", check.verdict).to_lowercase();
        let reference = check.reference.as_ref().expect("a row behind every verdict");
        let _ = writeln!(text, "{verdict}  {}  [{}]  {}", check.claim, reference.statement, reference.row);
    }
    if text.is_empty() {
        text.push_str("none\n");
    }
    text
}

/// The article of a block.
fn article(head: &str, body: &str) -> Article {
    let mut article = Article::from_text(body);
    for word in head.split_whitespace() {
        match word.split_once('=') {
            Some(("date", date)) => article.set_published(date.parse().expect("a date in the article block")),
            Some(("source", source)) => article.publisher = Some(source.to_string()),
            _ => panic!("article block: {word}: date= or source= is wanted"),
        }
    }
    article
}

/// Codes one article block and gives its lines: the one place that touches the program.
fn check(engine: &Engine, head: &str, body: &str, rendered: Rendered) -> String {
    rendered(&engine.code_one(&article(head, body)))
}

fn pages(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(dir).expect("tests/golden").map(|e| e.expect("entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
}

#[test]
fn golden_pages() {
    let engine = engine();
    let update = std::env::var_os("UPDATE").is_some();
    let mut paths = Vec::new();
    pages(&root().join("tests/golden"), &mut paths);
    let (mut cases, mut failures) = (0, String::new());
    for path in paths {
        let page = std::fs::read_to_string(&path).expect("a page");
        let mut renewed = String::new();
        let mut rest = page.as_str();
        while let Some(at) = rest.find("```article") {
            let (before, block) = rest.split_at(at);
            let (head, after) = block["```article".len()..].split_once('\n').expect("an article block");
            let (body, after) = after.split_once("\n```").expect("the end of an article block");
            let blocks: [(&str, Rendered); 2] = [("```events\n", rendered), ("```checks\n", rendered_checks)];
            let (open, rendered) = blocks
                .iter()
                .filter_map(|(fence, rendered)| Some((after.find(fence)? + fence.len(), *rendered)))
                .min_by_key(|(open, _)| *open)
                .unwrap_or_else(|| panic!("{}: an article without events or checks", path.display()));
            let (gap, after) = after.split_at(open);
            let close = after.find("```").expect("the end of the block");
            let (expected, after) = after.split_at(close);
            let got = check(&engine, head, body, rendered);
            cases += 1;
            if got != expected && !update {
                let _ = writeln!(failures, "{}:\n{body}\n--- expected\n{expected}--- got\n{got}", path.display());
            }
            let _ = write!(renewed, "{before}```article{head}\n{body}\n```{gap}{got}");
            rest = after;
        }
        renewed.push_str(rest);
        if update && renewed != page {
            std::fs::write(&path, renewed).expect("a page can be written");
        }
    }
    assert!(cases >= 20, "only {cases} golden cases were found");
    assert!(failures.is_empty(), "{failures}");
}

/// What the look at the bare words passes over would have given no record: pages and examples come out the same.
#[test]
fn nothing_is_lost_by_the_look() {
    let (looking, reading) = (engine(), engine().reading_all(true));
    let mut paths = Vec::new();
    pages(&root().join("tests/golden"), &mut paths);
    let mut articles = Vec::new();
    for path in paths {
        let page = std::fs::read_to_string(&path).expect("a page");
        for block in page.split("```article").skip(1) {
            let (head, rest) = block.split_once('\n').expect("an article block");
            articles.push(article(head, rest.split("\n```").next().unwrap_or_default()));
        }
    }
    let examples = std::fs::read_dir(root().join("examples")).expect("examples").map(|e| e.expect("entry").path());
    for path in examples.filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).expect("an example");
        articles.extend(
            demarche_text::article::read(&bytes, demarche_text::article::Hint::default()).into_iter().flatten(),
        );
    }
    articles.push(Article::from_text("Arnor attacked Gondor on Monday.\n\nBread was dear."));
    let passed = |coded: &Coded| coded.doc.sentences().filter(|s| !s.analyzed()).count();
    let mut passed_over = 0;
    for article in &articles {
        let (looked, read) = (looking.code_one(article), reading.code_one(article));
        passed_over += passed(&looked) - passed(&read);
        assert_eq!(looked.records(false), read.records(false), "{}", article.body);
    }
    assert!(articles.len() > 20 && passed_over > 0, "{passed_over} sentences of {} articles", articles.len());
}

/// Every pattern proves itself: its `matches` gives a counted event of its type, its `not` gives none of its own.
#[test]
fn patterns_prove_themselves() {
    let engine = engine();
    let (mut cases, mut failures) = (0, String::new());
    let mut patterns: Vec<_> = engine.knowledge().patterns().all.iter().collect();
    patterns.sort_by_key(|a| a.row);
    for pattern in patterns {
        let ground = format!("pattern {}", pattern.id);
        let coded = |text: &str| {
            let mut article = Article::from_text(text);
            article.set_published(jiff::civil::date(1950, 3, 2));
            engine.code_one(&article).coding.events
        };
        for text in &pattern.matches {
            cases += 1;
            let events = coded(text);
            if !events.iter().any(|e| e.counted() && e.grounds.contains(&ground)) {
                let got: Vec<String> = events.iter().map(|e| format!("{} [{}]", line(e), e.grounds[0])).collect();
                let _ = writeln!(failures, "{} {}: should match: {text}\n    got {got:?}", pattern.row, pattern.id);
            }
        }
        for text in &pattern.not {
            cases += 1;
            if let Some(event) = coded(text).iter().find(|e| e.counted() && e.grounds.contains(&ground)) {
                let _ = writeln!(
                    failures,
                    "{} {}: should not match: {text}\n    got {}",
                    pattern.row,
                    pattern.id,
                    line(event)
                );
            }
        }
    }
    assert!(cases > 500, "only {cases} pattern sentences were found");
    let count = failures.lines().filter(|l| !l.starts_with(' ')).count();
    assert!(failures.is_empty(), "{count} of {cases} sentences fail:\n{failures}");
}

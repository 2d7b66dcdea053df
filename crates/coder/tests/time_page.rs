//! `tests/golden/time/expressions.md`: each row finds its expression and the days that it names.

use demarche_coder::when::resolve;
use demarche_text::timex::{TimeWords, find};

fn root(path: &str) -> String {
    let full = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{full}: {e}"))
}

#[test]
fn every_row_of_the_page() {
    let words: TimeWords = toml::from_str(&root("data/language/time-words.toml")).expect("the time words are sound");
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in root("tests/golden/time/expressions.md").lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [text, published, tense, wanted @ ..] = &cells[..] else { continue };
        if wanted.len() != 3 || *text == "text" || text.starts_with("--") {
            continue;
        }
        rows += 1;
        let published = published.parse().ok();
        let past = match *tense {
            "past" => Some(true),
            "future" => Some(false),
            _ => None,
        };
        let day = |d: Option<jiff::civil::Date>| d.map_or("-".to_string(), |d| d.to_string());
        let found = find(text, &words);
        let got = match found.first().map(|t| resolve(&t.kind, published, past)) {
            None => ["none".into(), String::new(), String::new()],
            Some(None) => ["-".into(), "-".into(), "-".into()],
            Some(Some((days, precision, _))) => {
                [day(days.from), day(days.until), format!("{precision:?}").to_lowercase()]
            }
        };
        if got.iter().zip(wanted).any(|(g, w)| g != w) {
            wrong.push(format!(
                "{text:?} (published {published:?}, {tense})\n  wanted {wanted:?}\n  got    {got:?}\n  found  {found:?}"
            ));
        }
    }
    assert!(rows > 60, "only {rows} rows were read");
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
}

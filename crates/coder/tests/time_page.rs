//! `tests/golden/time/expressions.md`: each row finds its expression and the days that it names;
//! `told.md`: the last expression of each row counts from those before it.

use demarche_coder::when::Teller;
use demarche_text::timex::{TimeWords, find};

fn root(path: &str) -> String {
    let full = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{full}: {e}"))
}

#[test]
fn every_row_of_the_pages() {
    let words: TimeWords = toml::from_str(&root("data/language/time-words.toml")).expect("the time words are sound");
    let mut rows = 0;
    let mut wrong = Vec::new();
    for (page, last) in [("expressions.md", false), ("told.md", true)] {
        for line in root(&format!("tests/golden/time/{page}")).lines() {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [text, published, tense, wanted @ ..] = &cells[..] else { continue };
            if wanted.len() != 3 || *text == "text" || text.starts_with("--") {
                continue;
            }
            rows += 1;
            let past = match *tense {
                "past" => Some(true),
                "future" => Some(false),
                _ => None,
            };
            let day = |d: Option<jiff::civil::Date>| d.map_or("-".to_string(), |d| d.to_string());
            let found = find(text, &words);
            let mut teller = Teller::new(published.parse().ok());
            let take = if last { found.len() } else { 1 };
            let mut end = 0;
            let told = found.iter().take(take).map(|t| {
                if text[end..t.span.start as usize].contains(". ") {
                    teller.sentence();
                }
                end = t.span.end as usize;
                teller.next(&t.kind, past)
            });
            let got = match told.last() {
                None => ["none".into(), String::new(), String::new()],
                Some(None) => ["-".into(), "-".into(), "-".into()],
                Some(Some((days, precision, _))) => {
                    [day(days.from), day(days.until), format!("{precision:?}").to_lowercase()]
                }
            };
            let agrees = match wanted {
                ["none", ..] => got[0] == "none",
                _ => got.iter().zip(wanted).all(|(g, w)| g == w),
            };
            if !agrees {
                wrong.push(format!(
                    "{text:?} (published {published:?}, {tense})\n  wanted {wanted:?}\n  got    {got:?}\n  found  {found:?}"
                ));
            }
        }
    }
    assert!(rows > 170, "only {rows} rows were read");
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
}

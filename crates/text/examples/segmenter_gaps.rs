//! Gives the segmenter's training its features, so that they are written down once.
//!
//! Reads JSON lines `{"text": …, "ends": [byte offsets where sentences end]}`, a paragraph each, and
//! writes for each open gap one record: paragraph (u32), label (u8), marked (u8), then the features (u32 each), little-endian.
//! `segmenter_gaps DATA_LANGUAGE_FOLDER < paragraphs.jsonl > gaps.bin`

use demarche_core::Span;
use demarche_text::{language, segment, token};
use std::error::Error;
use std::io::{BufRead, Write};

#[derive(serde::Deserialize)]
struct Paragraph {
    text: String,
    ends: Vec<u32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("give the folder data/language")?;
    let files: Vec<(&str, String)> = language::FILES
        .iter()
        .map(|name| (*name, std::fs::read_to_string(format!("{folder}/{name}")).unwrap_or_default()))
        .collect();
    let words = language::Language::read(&files).map_err(|faults| format!("{faults:?}"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let paragraph: Paragraph = serde_json::from_str(&line?)?;
        let mut tokens = Vec::new();
        token::tokenize(&paragraph.text, Span::of(0, paragraph.text.len()), &words, &mut tokens);
        for (at, marked, features) in segment::gaps(&paragraph.text, &tokens, &words) {
            let span = tokens[at].span;
            let label = paragraph.ends.iter().any(|&end| span.start < end && end <= span.end);
            out.write_all(&(number as u32).to_le_bytes())?;
            out.write_all(&[u8::from(label), u8::from(marked)])?;
            for feature in features {
                out.write_all(&feature.to_le_bytes())?;
            }
        }
    }
    Ok(())
}

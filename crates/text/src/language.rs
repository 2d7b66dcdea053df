//! The word lists exist as files that a person edits; this module reads them, says what is wrong
//! with them line by line, and lays them into one blob beside the trained weights.
//!
//! The blob keeps the files' own text: what the program reads at start is what the build has checked.

use crate::article::FurnitureLists;
use crate::model::dictionary::Dictionary;
use crate::timex::TimeWords;
use std::fmt;

/// The files of `data/language` that this crate reads, by name.
pub const FILES: [&str; 5] =
    ["abbreviations.txt", "contractions.tsv", "furniture.toml", "irregular-verbs.tsv", "time-words.toml"];

/// A further file, made at build: the dictionary forms that the other tables are written in, one a line.
pub const WORDS: &str = "words.txt";

/// Something wrong in a file of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageFault {
    /// The file's name.
    pub file: String,
    /// Its line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for LanguageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}
impl std::error::Error for LanguageFault {}

/// How an abbreviation keeps its stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abbreviation {
    /// Anywhere; a sentence may end with it.
    Plain,
    /// Before a name: no sentence ends with it.
    Title,
    /// Before a numeral alone.
    Number,
}

/// The words of the language, ready for look-up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Language {
    /// Words that time expressions are made of.
    pub time: TimeWords,
    /// What page furniture, captions and datelines are known by.
    pub furniture: FurnitureLists,
    /// The files as read: what [`pack`] writes.
    files: Vec<(String, String)>,
    /// Sorted by the abbreviation without its stop.
    abbreviations: Vec<(String, Abbreviation)>,
    /// Sorted by the lower-case word; the lengths of its parts.
    contractions: Vec<(String, Vec<usize>)>,
    /// Irregular pasts and their verbs.
    pasts: Vec<(String, String)>,
}

impl Language {
    /// Reads files given as (name, text); a name may carry folders before it, and files of other
    /// readers are passed over.
    ///
    /// # Errors
    /// Every fault of every file, and each of [`FILES`] that is not given.
    pub fn read<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Language, Vec<LanguageFault>> {
        let mut language = Language::default();
        let mut faults = Vec::new();
        for name in FILES {
            let given = files.iter().find(|(n, _)| n.as_ref().rsplit('/').next() == Some(name));
            let Some((path, text)) = given else {
                faults.push(LanguageFault { file: name.into(), line: 0, what: "this file is missing".into() });
                continue;
            };
            let text = text.as_ref();
            language.files.push((name.into(), text.into()));
            let mut report = |line, what| faults.push(LanguageFault { file: path.as_ref().into(), line, what });
            match name {
                "abbreviations.txt" => language.abbreviations = read_abbreviations(text, &mut report),
                "contractions.tsv" => language.contractions = read_contractions(text, &mut report),
                "time-words.toml" => language.time = read_toml(text, &mut report),
                "irregular-verbs.tsv" => language.pasts = read_pasts(text, &mut report),
                _ => language.furniture = read_toml(text, &mut report),
            }
        }
        if let Some((_, text)) = files.iter().find(|(name, _)| name.as_ref() == WORDS) {
            language.files.push((WORDS.into(), text.as_ref().into()));
        }
        if faults.is_empty() { Ok(language) } else { Err(faults) }
    }

    /// What lemmas are checked against.
    pub(crate) fn dictionary(&self) -> Dictionary {
        let words = self.file(WORDS).unwrap_or_default().lines();
        Dictionary::new(words, self.pasts.iter().map(|(past, verb)| (past.as_str(), verb.as_str())))
    }

    /// Irregular pasts and participles, each with its verb.
    pub fn irregular_pasts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pasts.iter().map(|(past, verb)| (past.as_str(), verb.as_str()))
    }

    /// The text of one of [`FILES`] as it was read.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    /// Whether, and how, a word keeps the stop after it.
    pub(crate) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        if word.len() > 12 {
            return None;
        }
        let look = |w: &str| {
            self.abbreviations.binary_search_by(|(a, _)| a.as_str().cmp(w)).ok().map(|at| self.abbreviations[at].1)
        };
        look(word).or_else(|| look(&word.to_lowercase())).or_else(|| {
            let capitals = word.len() > 1 && word.chars().all(char::is_uppercase);
            let first = word.chars().next().map_or(0, char::len_utf8);
            capitals.then(|| look(&(word[..first].to_string() + &word[first..].to_lowercase())))?
        })
    }

    /// The lengths of the parts of a word contracted without an apostrophe.
    pub(crate) fn contraction(&self, word: &str) -> Option<&[usize]> {
        if word.len() > 12 || !word.is_ascii() {
            return None;
        }
        let lower = word.to_ascii_lowercase();
        let at = self.contractions.binary_search_by(|(c, _)| c.as_str().cmp(&lower)).ok()?;
        Some(&self.contractions[at].1)
    }

    /// The language as the repository's own files have it.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Language {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/language/");
        let files: Vec<(String, String)> = FILES
            .iter()
            .map(|name| (name.to_string(), std::fs::read_to_string(format!("{folder}{name}")).unwrap_or_default()))
            .collect();
        Language::read(&files).expect("the language files are sound")
    }
}

/// The lines of a file that say something, with their numbers.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

fn read_abbreviations(text: &str, report: &mut dyn FnMut(usize, String)) -> Vec<(String, Abbreviation)> {
    let mut found: Vec<(String, Abbreviation)> = Vec::new();
    for (line, row) in rows(text) {
        let mut words = row.split_whitespace();
        let (Some(word), kind, None) = (words.next(), words.next(), words.next()) else {
            report(line, format!("{row:?} has more than an abbreviation and its kind"));
            continue;
        };
        let kind = match kind {
            None => Abbreviation::Plain,
            Some("title") => Abbreviation::Title,
            Some("number") => Abbreviation::Number,
            Some(other) => {
                report(line, format!("{other:?} is no kind of abbreviation: title, number or nothing"));
                continue;
            }
        };
        found.push((word.trim_end_matches('.').to_string(), kind));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

fn read_contractions(text: &str, report: &mut dyn FnMut(usize, String)) -> Vec<(String, Vec<usize>)> {
    let mut found = Vec::new();
    for (line, row) in rows(text).skip(1) {
        let Some((word, parts)) = row.split_once('\t') else {
            report(line, format!("{row:?} is not a form, a tab and its parts"));
            continue;
        };
        let parts: Vec<&str> = parts.split_whitespace().collect();
        if parts.concat() != word || !word.is_ascii() {
            report(line, format!("the parts of {word:?} do not make it up"));
            continue;
        }
        found.push((word.to_string(), parts.iter().map(|p| p.len()).collect()));
    }
    found.sort();
    found
}

fn read_pasts(text: &str, report: &mut dyn FnMut(usize, String)) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (line, row) in rows(text).skip(1) {
        match row.split_once('\t') {
            Some((past, verb)) if !past.is_empty() && !verb.is_empty() => found.push((past.into(), verb.into())),
            _ => report(line, "a past form and its verb are wanted, with a tab between".into()),
        }
    }
    found
}

fn read_toml<T: serde::de::DeserializeOwned + Default>(text: &str, report: &mut dyn FnMut(usize, String)) -> T {
    toml::from_str(text).unwrap_or_else(|fault| {
        let line = fault.span().map_or(0, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
        report(line, fault.message().to_string());
        T::default()
    })
}

const MAGIC: &[u8; 8] = b"DEMTEXT2";

/// Lays the model's weights, the typing head's, the segmenter's and the words into one blob.
///
/// The weights come first and begin at a multiple of 64 bytes, so that they can be read in place.
pub fn pack(weights: &[u8], pairs: &[u8], segmenter: &[u8], language: &Language) -> Vec<u8> {
    let mut words = Vec::new();
    for (name, text) in &language.files {
        for part in [name, text] {
            words.extend_from_slice(&(part.len() as u64).to_le_bytes());
            words.extend_from_slice(part.as_bytes());
        }
    }
    let mut blob = Vec::with_capacity(64 + weights.len() + pairs.len() + segmenter.len() + words.len());
    blob.extend_from_slice(MAGIC);
    for part in [weights, pairs, segmenter, &words] {
        blob.extend_from_slice(&(part.len() as u64).to_le_bytes());
    }
    blob.resize(64, 0);
    for part in [weights, pairs, segmenter, &words] {
        blob.extend_from_slice(part);
    }
    blob
}

/// The parts of a blob.
pub(crate) struct Unpacked<'a> {
    pub(crate) weights: &'a [u8],
    pub(crate) pairs: &'a [u8],
    pub(crate) segmenter: &'a [u8],
    pub(crate) language: Language,
}

/// Takes a blob apart; `Err` says what is wrong with it.
pub(crate) fn unpack(blob: &[u8]) -> Result<Unpacked<'_>, String> {
    let cut = || "the packed language data is cut short".to_string();
    let head = blob.get(..64).ok_or_else(cut)?;
    if !head.starts_with(MAGIC) {
        return Err("this is no packed language data of this version".into());
    }
    let mut rest = &blob[64..];
    let mut parts = [&blob[..0]; 4];
    for (part, size) in parts.iter_mut().zip(head[8..].chunks_exact(8)) {
        (*part, rest) = rest.split_at_checked(number(size)).ok_or_else(cut)?;
    }
    let [weights, pairs, segmenter, mut words] = parts;
    let mut texts = Vec::new();
    while !words.is_empty() {
        let (size, after) = words.split_at_checked(8).ok_or_else(cut)?;
        let (text, after) = after.split_at_checked(number(size)).ok_or_else(cut)?;
        texts.push(std::str::from_utf8(text).map_err(|e| e.to_string())?);
        words = after;
    }
    let files: Vec<(&str, &str)> = texts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let language = Language::read(&files)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    Ok(Unpacked { weights, pairs, segmenter, language })
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0_usize, |sum, &b| sum << 8 | usize::from(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_gives_what_was_packed() {
        let language = Language::for_tests();
        let blob = pack(b"weights", b"pairs", b"segmenter", &language);
        let parts = unpack(&blob).unwrap();
        assert_eq!(parts.weights, b"weights");
        assert_eq!(parts.pairs, b"pairs");
        assert_eq!(parts.segmenter, b"segmenter");
        assert_eq!(parts.language, language);
        for end in 0..blob.len().min(200) {
            assert!(unpack(&blob[..end]).is_err());
        }
    }

    #[test]
    fn every_fault_names_its_file_and_line() {
        let faults = Language::read(&[
            ("x/abbreviations.txt", "# a\nMr titel\nDr title\n"),
            ("contractions.tsv", "form\tparts\ncannot\tcan nt\n"),
        ])
        .unwrap_err();
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(said[0], "x/abbreviations.txt:2: \"titel\" is no kind of abbreviation: title, number or nothing");
        assert_eq!(said[1], "contractions.tsv:2: the parts of \"cannot\" do not make it up");
        assert_eq!(said.len(), FILES.len(), "every other file is missing");
    }
}

//! CoNLL-U exists here for tests, for scorers and for people who bring their own tokens.
//!
//! [`read`] gives whole sentences or every fault of the file; [`write`] prints a document.

use crate::document::{Document, Token};
use crate::model::{EntityKind, EntityTag};
use crate::segment;
use std::fmt;
use std::fmt::Write as _;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConlluFault {
    /// The file as the caller named it.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for ConlluFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}
impl std::error::Error for ConlluFault {}

/// One word: the ten columns, with what the id column says kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub form: String,
    /// Dictionary form.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: String,
    /// The treebank's own part of speech.
    pub xpos: String,
    /// Features.
    pub feats: String,
    /// The head: 0 is the root, else a word counted from 1; `None` where the file gives none.
    pub head: Option<u32>,
    /// The relation to the head.
    pub deprel: String,
    /// Enhanced dependencies.
    pub deps: String,
    /// Anything else.
    pub misc: String,
}

/// A surface token that is several words ("don't").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contracted {
    /// Its first word, from 1.
    pub first: u32,
    /// Its last word.
    pub last: u32,
    /// As written.
    pub form: String,
    /// Its MISC column.
    pub misc: String,
}

/// One sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// The lines that begin with `#`, without that sign and the space after it.
    pub comments: Vec<String>,
    /// Its words.
    pub words: Vec<Word>,
    /// Its contracted tokens, in order.
    pub contracted: Vec<Contracted>,
    /// Lines of empty nodes (`8.1`), as they stand, with the word that they follow.
    pub empty: Vec<(u32, String)>,
}

impl Sentence {
    /// The value of a comment `key = value`, or an empty text for `# newpar` alone.
    pub fn comment(&self, key: &str) -> Option<&str> {
        self.comments.iter().find_map(|c| {
            let rest = c.strip_prefix(key)?;
            if rest.is_empty() {
                return Some("");
            }
            rest.trim_start().strip_prefix('=').map(str::trim).or_else(|| rest.starts_with(' ').then_some(rest.trim()))
        })
    }
    /// Its surface tokens: form, and whether a space follows.
    pub fn surface(&self) -> Vec<(&str, bool)> {
        let mut found = Vec::new();
        let mut contracted = self.contracted.iter().peekable();
        let mut covered = 0;
        for (place, word) in (1_u32..).zip(&self.words) {
            if let Some(token) = contracted.next_if(|c| c.first == place) {
                found.push((token.form.as_str(), spaced(&token.misc)));
                covered = token.last;
            } else if place > covered {
                found.push((word.form.as_str(), spaced(&word.misc)));
            }
        }
        found
    }
    /// The sentence as it was written.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (form, space) in self.surface() {
            text.push_str(form);
            if space {
                text.push(' ');
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// A file's sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Treebank {
    /// In the order of the file.
    pub sentences: Vec<Sentence>,
}

impl fmt::Display for Treebank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentences.iter().try_for_each(|s| s.fmt(f))
    }
}

fn spaced(misc: &str) -> bool {
    !misc.split('|').any(|m| m == "SpaceAfter=No")
}

/// Reads a file's sentences; `file` is how faults name it.
///
/// # Errors
/// Every fault of the file: a missing column, ids out of order, a head out of range, a cycle, bytes that are not UTF-8.
pub fn read(file: &str, bytes: &[u8]) -> Result<Treebank, Vec<ConlluFault>> {
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let line = bytes[..fault.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        vec![ConlluFault { file: file.to_string(), line, what: "this line is not UTF-8".into() }]
    })?;
    let mut reader =
        Reader { file, faults: Vec::new(), sentences: Vec::new(), sentence: Sentence::default(), lines: Vec::new() };
    for (line, row) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let row = row.trim_end_matches('\r');
        if row.trim().is_empty() {
            reader.finish();
        } else if let Some(comment) = row.strip_prefix('#') {
            if reader.sentence.words.is_empty() {
                reader.sentence.comments.push(comment.strip_prefix(' ').unwrap_or(comment).to_string());
            } else {
                reader.fault(line, "a comment within a sentence: a blank line is missing before it".into());
            }
        } else {
            reader.row(line, row);
        }
    }
    reader.finish();
    if reader.faults.is_empty() { Ok(Treebank { sentences: reader.sentences }) } else { Err(reader.faults) }
}

struct Reader<'a> {
    file: &'a str,
    faults: Vec<ConlluFault>,
    sentences: Vec<Sentence>,
    sentence: Sentence,
    /// The line of each word.
    lines: Vec<usize>,
}

impl Reader<'_> {
    fn fault(&mut self, line: usize, what: String) {
        self.faults.push(ConlluFault { file: self.file.to_string(), line, what });
    }

    fn row(&mut self, line: usize, row: &str) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [id, form, lemma, upos, xpos, feats, head, deprel, deps, misc] = columns[..] else {
            self.fault(line, format!("{} columns where ten belong, with a tab between them", columns.len()));
            return;
        };
        let place = self.sentence.words.len() as u32 + 1;
        if form.is_empty() {
            self.fault(line, "the form (column 2) is empty".into());
        }
        if let Some((first, last)) = id.split_once('-') {
            let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else {
                self.fault(line, format!("the id {id:?} (column 1) is no range"));
                return;
            };
            let inside = self.sentence.contracted.last().is_some_and(|c| first <= c.last);
            if first != place || last <= first || inside {
                self.fault(line, format!("the range {id} stands before word {place} and does not begin there"));
            }
            self.sentence.contracted.push(Contracted { first, last, form: form.to_string(), misc: misc.to_string() });
            return;
        }
        if id.contains('.') {
            self.sentence.empty.push((place - 1, row.to_string()));
            return;
        }
        if id.parse() != Ok(place) {
            self.fault(line, format!("the id {id:?} (column 1) stands where {place} belongs"));
        }
        let head = match head {
            "_" => None,
            number => match number.parse() {
                Ok(head) => Some(head),
                Err(_) => {
                    self.fault(line, format!("the head {number:?} (column 7) is no number"));
                    None
                }
            },
        };
        let [form, lemma, upos, xpos, feats, deprel, deps, misc] =
            [form, lemma, upos, xpos, feats, deprel, deps, misc].map(str::to_string);
        self.sentence.words.push(Word { form, lemma, upos, xpos, feats, head, deprel, deps, misc });
        self.lines.push(line);
    }

    fn finish(&mut self) {
        let sentence = std::mem::take(&mut self.sentence);
        let lines = std::mem::take(&mut self.lines);
        let count = sentence.words.len() as u32;
        if count == 0 {
            // Comments alone are the file's own remarks, and stay out.
            return;
        }
        if let Some(token) = sentence.contracted.iter().find(|c| c.last > count) {
            self.fault(
                lines[count as usize - 1],
                format!("the range {}-{} goes beyond the sentence's {count} words", token.first, token.last),
            );
        }
        let mut sound = true;
        for (word, &line) in sentence.words.iter().zip(&lines) {
            if let Some(head) = word.head.filter(|&h| h > count) {
                self.fault(line, format!("the head {head} (column 7) is beyond the sentence's {count} words"));
                sound = false;
            }
        }
        if sound && let Some(at) = cycle(&sentence.words) {
            self.fault(lines[at], format!("word {} is its own ancestor", at + 1));
        }
        self.sentences.push(sentence);
    }
}

/// A word that is its own ancestor.
fn cycle(words: &[Word]) -> Option<usize> {
    // 0: not seen, 1: on the present path, 2: leads to a root.
    let mut seen = vec![0_u8; words.len()];
    for start in 0..words.len() {
        let mut path = Vec::new();
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = 1;
            path.push(at);
            match words[at].head {
                Some(head) if head > 0 => at = head as usize - 1,
                _ => break,
            }
            if seen[at] == 1 {
                return Some(at);
            }
        }
        path.into_iter().for_each(|p| seen[p] = 2);
    }
    None
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for comment in &self.comments {
            writeln!(f, "#{}{comment}", if comment.is_empty() { "" } else { " " })?;
        }
        let mut contracted = self.contracted.iter().peekable();
        let mut empty = self.empty.iter().peekable();
        while let Some((_, line)) = empty.next_if(|e| e.0 == 0) {
            writeln!(f, "{line}")?;
        }
        for (place, w) in (1_u32..).zip(&self.words) {
            if let Some(c) = contracted.next_if(|c| c.first == place) {
                writeln!(f, "{}-{}\t{}\t_\t_\t_\t_\t_\t_\t_\t{}", c.first, c.last, c.form, c.misc)?;
            }
            let head = w.head.map_or("_".to_string(), |h| h.to_string());
            writeln!(
                f,
                "{place}\t{}\t{}\t{}\t{}\t{}\t{head}\t{}\t{}\t{}",
                w.form, w.lemma, w.upos, w.xpos, w.feats, w.deprel, w.deps, w.misc
            )?;
            while let Some((_, line)) = empty.next_if(|e| e.0 == place) {
                writeln!(f, "{line}")?;
            }
        }
        writeln!(f)
    }
}

/// A document as sentences of CoNLL-U.
pub fn sentences(doc: &Document) -> Vec<Sentence> {
    let mut found = Vec::with_capacity(doc.sentences().len());
    let mut paragraph = None;
    let mut all = doc.sentences().peekable();
    while let Some(sent) = all.next() {
        let mut sentence = Sentence::default();
        if found.is_empty() {
            sentence.comments.push(format!(
                "newdoc id = {}",
                doc.meta.article_id.as_deref().map_or_else(|| doc.id.to_string(), one_line)
            ));
        }
        if paragraph.replace(sent.paragraph()) != Some(sent.paragraph()) {
            sentence.comments.push("newpar".to_string());
        }
        sentence.comments.push(format!("sent_id = {}-{}", doc.id, sent.ix().0 + 1));
        sentence.comments.push(format!("text = {}", one_line(sent.text())));
        if !sent.analyzed() {
            sentence.comments.push("analyzed = no".to_string());
        }
        let first = sent.tokens().next().map_or(0, |t| t.ix().0);
        let after = all.peek().map(|s| s.span().start);
        let mut tokens = sent.tokens().peekable();
        let mut open = 0;
        for (place, token) in (1_u32..).zip(sent.tokens()) {
            tokens.next();
            let next = tokens.peek();
            let end = next.map(|n| n.span().start).or(after);
            // Between sentences a missing space is told too; the text's end counts as a space.
            let tight = end == Some(token.span().end);
            if !token.continues() {
                open = 0;
            }
            if next.is_some_and(|n| n.continues()) && open == 0 {
                open = place;
            }
            if open > 0 && !next.is_some_and(|n| n.continues()) {
                let from = sent.tokens().nth(open as usize - 1).map_or(token, |t| t).span().start;
                let form = doc.text(demarche_core::Span::new(from, token.span().end)).to_string();
                let misc = if tight { "SpaceAfter=No" } else { "_" }.to_string();
                sentence.contracted.push(Contracted { first: open, last: place, form, misc });
            }
            let inside = open > 0;
            sentence.words.push(word(token, first, tight && !inside));
        }
        found.push(sentence);
    }
    found
}

fn word(token: Token<'_>, first: u32, tight: bool) -> Word {
    let root = token.deprel() == "root";
    let head = token.head().map(|h| h.ix().0 - first + 1).or(root.then_some(0));
    let plain = |s: &str| if s.is_empty() { "_".to_string() } else { s.to_string() };
    Word {
        form: one_line(token.text()),
        lemma: plain(token.lemma()),
        upos: token.upos().to_string(),
        xpos: "_".into(),
        feats: plain(token.feats()),
        head,
        deprel: plain(token.deprel()),
        deps: "_".into(),
        misc: with_entity(if tight { "SpaceAfter=No" } else { "_" }, token.entity()),
    }
}

/// A MISC column with this entity in place of any that stood there.
pub(crate) fn with_entity(misc: &str, entity: EntityTag) -> String {
    let tag = match entity {
        EntityTag::Out => None,
        EntityTag::Begin(kind) => Some(('B', kind)),
        EntityTag::Inside(kind) => Some(('I', kind)),
    };
    let tag = tag.map(|(letter, kind)| {
        let kind = match kind {
            EntityKind::Person => "PER",
            EntityKind::Location => "LOC",
            EntityKind::Organisation => "ORG",
        };
        format!("Entity={letter}-{kind}")
    });
    let kept = misc.split('|').filter(|m| *m != "_" && !m.starts_with("Entity="));
    let parts: Vec<&str> = tag.as_deref().into_iter().chain(kept).collect();
    if parts.is_empty() { "_".into() } else { parts.join("|") }
}

/// A text without line breaks and tabs, which would break the format.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints a document.
pub fn write(doc: &Document) -> String {
    let mut text = String::new();
    for sentence in sentences(doc) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{sentence}");
    }
    text
}

/// The raw text of a treebank's sentences: a blank line between paragraphs and documents, as the
/// evaluation of raw text has it.
pub fn raw_text(sentences: &[Sentence]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        let begins = sentence.comment("newdoc").or(sentence.comment("newpar")).is_some()
            || sentence.comment("newpar id").is_some()
            || sentence.comment("newdoc id").is_some();
        if begins && !text.is_empty() {
            text.truncate(text.trim_end().len());
            text.push_str("\n\n");
        }
        for (form, space) in sentence.surface() {
            text.push_str(form);
            if space {
                text.push(' ');
            }
        }
    }
    text.truncate(text.trim_end().len());
    debug_assert!(segment::paragraphs(&text).len() <= sentences.len() + 1);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# sent_id = a-1\n# text = I don't.\n1\tI\tI\tPRON\t_\t_\t2\tnsubj\t_\t_\n2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n2\tdo\tdo\tAUX\t_\t_\t0\troot\t_\t_\n3\tn't\tnot\tPART\t_\t_\t2\tadvmod\t_\t_\n3.1\tgo\tgo\tVERB\t_\t_\t_\t_\t_\t_\n4\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_\n\n";

    #[test]
    fn reading_what_is_written_gives_it_back() {
        let sentences = read("a.conllu", GOOD.as_bytes()).unwrap().sentences;
        assert_eq!(sentences[0].to_string(), GOOD);
        assert_eq!(sentences[0].text(), "I don't.");
        assert_eq!(sentences[0].comment("sent_id"), Some("a-1"));
        assert_eq!(read("empty", b""), Ok(Treebank::default()));
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let bad = "1\tI\tI\tPRON\t_\t_\t9\tnsubj\t_\t_\n3\tgo\tgo\tVERB\t_\t_\tx\troot\t_\t_\n4\tgo\n\n1\ta\ta\tX\t_\t_\t2\tdep\t_\t_\n2\tb\tb\tX\t_\t_\t1\tdep\t_\t_\n";
        let said: Vec<String> = read("f", bad.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "f:2: the id \"3\" (column 1) stands where 2 belongs",
                "f:2: the head \"x\" (column 7) is no number",
                "f:3: 2 columns where ten belong, with a tab between them",
                "f:1: the head 9 (column 7) is beyond the sentence's 2 words",
                "f:5: word 1 is its own ancestor",
            ]
        );
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let alphabet: Vec<char> = "1234-._\t\t\t\n#ab".chars().collect();
        let mut seed = 3_u64;
        for round in 0..3000 {
            let mut text = String::new();
            for _ in 0..round % 90 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            if let Ok(treebank) = read("f", text.as_bytes()) {
                assert_eq!(read("f", treebank.to_string().as_bytes()), Ok(treebank), "{text:?}");
            }
        }
    }
}

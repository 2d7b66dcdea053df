//! CoNLL-U exists here for tests, for scorers and for people who bring their own tokens.
//!
//! [`read`] gives whole sentences or every fault of the file; [`write`] prints a document, and a
//! [`Treebank`] prints itself. What is printed reads back as it was: words, ranges, empty nodes, comments and all
//! ten columns. Four things of a file are not kept, for they say nothing: a byte order mark, carriage
//! returns, how a comment is spaced from its `#`, and comments that belong to no sentence.

use crate::document::{Document, Token};
use crate::model::{EntityKind, EntityTag};
use crate::segment;
use std::borrow::Cow;
use std::collections::BTreeMap;
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
    /// Its features: treebanks mark spelling mistakes so (`Typo=Yes`).
    pub feats: String,
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
/// A sentence's heads are all given, and then they make a tree with one root, or none is.
///
/// # Errors
/// Every fault of the file by its line: bytes that are not UTF-8, a missing or empty column, ids out of order, a range
/// or an empty node out of its place, a head outside the sentence, a cycle, no root or two.
pub fn read(file: &str, bytes: &[u8]) -> Result<Treebank, Vec<ConlluFault>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let what = "this is UTF-16: save the file as UTF-8".into();
        return Err(vec![ConlluFault { file: file.to_string(), line: 1, what }]);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = Reader { file, faults: Vec::new(), sentences: Vec::new(), open: Open::default() };
    for (line, row) in (1..).zip(bytes.split(|&b| b == b'\n')) {
        let row = String::from_utf8_lossy(row);
        if matches!(row, Cow::Owned(_)) {
            reader.fault(line, "this line is not UTF-8".into());
        }
        let row = row.trim_end_matches('\r');
        if row.trim().is_empty() {
            reader.finish();
        } else if let Some(comment) = row.strip_prefix('#') {
            if reader.open.rows.is_empty() {
                reader.open.sentence.comments.push(comment.strip_prefix(' ').unwrap_or(comment).to_string());
            } else {
                reader.fault(line, "a comment within a sentence: a blank line is missing before it".into());
            }
        } else {
            reader.row(line, row);
        }
    }
    reader.finish();
    let Reader { mut faults, sentences, .. } = reader;
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(Treebank { sentences }) } else { Err(faults) }
}

/// The columns by name, as faults call them.
const COLUMNS: [&str; 10] = ["id", "form", "lemma", "UPOS", "XPOS", "features", "head", "relation", "deps", "MISC"];

/// A head as the file has it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// `_`.
    Open,
    /// 0 or a word's id.
    Word(u32),
    /// Said to be faulty.
    Faulty,
}

/// What of a word its sentence is judged by.
struct Row {
    id: u32,
    line: usize,
    head: Head,
}

/// The sentence that is being read.
#[derive(Default)]
struct Open {
    sentence: Sentence,
    /// Its words, and the lines that failed to be one.
    rows: Vec<Row>,
    /// The lines of its ranges.
    ranges: Vec<usize>,
    /// The last empty node: the word that it follows and its own number.
    empty: (u32, u32),
}

struct Reader<'a> {
    file: &'a str,
    faults: Vec<ConlluFault>,
    sentences: Vec<Sentence>,
    open: Open,
}

impl Reader<'_> {
    fn fault(&mut self, line: usize, what: String) {
        self.faults.push(ConlluFault { file: self.file.to_string(), line, what });
    }

    /// The id that the next word has.
    fn next_id(&self) -> u32 {
        self.open.rows.last().map_or(1, |row| row.id.saturating_add(1))
    }

    fn row(&mut self, line: usize, row: &str) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [id, form, lemma, upos, xpos, feats, head, deprel, deps, misc] = columns[..] else {
            self.fault(line, format!("{} columns where ten belong, with a tab between them", columns.len()));
            // It counts as a word all the same, so that one slip is said once.
            if !columns[0].contains(['-', '.']) {
                let id = number(columns[0]).unwrap_or(self.next_id());
                self.open.rows.push(Row { id, line, head: Head::Faulty });
            }
            return;
        };
        for (at, column) in (1..).zip(&columns) {
            if column.is_empty() {
                self.fault(
                    line,
                    format!("the {} (column {at}) is empty, where _ is written for nothing", COLUMNS[at - 1]),
                );
            }
        }
        if id.contains('-') {
            self.range(line, id, &columns);
            return;
        }
        if id.contains('.') {
            self.empty(line, id, row);
            return;
        }
        let wanted = self.next_id();
        let given = number(id);
        if given != Some(wanted) {
            self.fault(line, format!("the id {id:?} (column 1) stands where {wanted} belongs"));
        }
        let (seen, head) = match (head, number(head)) {
            ("_", _) => (Head::Open, None),
            (_, Some(word)) => (Head::Word(word), Some(word)),
            (_, None) => {
                self.fault(line, format!("the head {head:?} (column 7) is no number"));
                (Head::Faulty, None)
            }
        };
        self.open.rows.push(Row { id: given.unwrap_or(wanted), line, head: seen });
        let [form, lemma, upos, xpos, feats, deprel, deps, misc] =
            [form, lemma, upos, xpos, feats, deprel, deps, misc].map(str::to_string);
        self.open.sentence.words.push(Word { form, lemma, upos, xpos, feats, head, deprel, deps, misc });
    }

    /// A line `3-4`: a surface token of several words.
    fn range(&mut self, line: usize, id: &str, columns: &[&str]) {
        let ends = id.split_once('-').and_then(|(first, last)| number(first).zip(number(last)));
        let Some((first, last)) = ends else {
            self.fault(line, format!("the id {id:?} (column 1) is no range"));
            return;
        };
        let place = self.next_id();
        let inside = self.open.sentence.contracted.last().is_some_and(|c| first <= c.last);
        if last <= first {
            self.fault(line, format!("the range {id} does not rise"));
        } else if first != place {
            self.fault(line, format!("the range {id} stands before word {place} and does not begin there"));
        } else if inside {
            self.fault(line, format!("the range {id} begins within another"));
        }
        for at in [2, 3, 4, 6, 7, 8] {
            if columns[at] != "_" && !columns[at].is_empty() {
                let name = COLUMNS[at];
                self.fault(line, format!("a range has no {name} (column {}): _ belongs there", at + 1));
            }
        }
        let [form, feats, misc] = [columns[1], columns[5], columns[9]].map(str::to_string);
        self.open.sentence.contracted.push(Contracted { first, last, form, feats, misc });
        self.open.ranges.push(line);
    }

    /// A line `8.1`: a node of the enhanced graph alone.
    fn empty(&mut self, line: usize, id: &str, row: &str) {
        let place = self.next_id() - 1;
        let (after, last) = self.open.empty;
        let wanted = if after == place { last + 1 } else { 1 };
        if id.split_once('.').and_then(|(word, own)| number(word).zip(number(own))) != Some((place, wanted)) {
            self.fault(line, format!("the id {id:?} (column 1) stands where the empty node {place}.{wanted} could"));
        }
        if self.open.sentence.contracted.last().is_some_and(|c| c.first == place + 1) {
            self.fault(line, format!("the empty node {id} stands between a range and its first word"));
        }
        self.open.empty = (place, wanted);
        self.open.sentence.empty.push((place, row.to_string()));
    }

    fn finish(&mut self) {
        let Open { sentence, rows, ranges, .. } = std::mem::take(&mut self.open);
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            if let Some(&line) = ranges.first() {
                self.fault(line, "a range without words".into());
            }
            // Comments alone are the file's own remarks, and stay out.
            return;
        };
        for (token, line) in sentence.contracted.iter().zip(ranges) {
            if token.last > last.id {
                let (from, to) = (token.first, token.last);
                self.fault(line, format!("the range {from}-{to} goes beyond the sentence's last word, {}", last.id));
            }
        }
        self.tree(&rows, first.line);
        self.sentences.push(sentence);
    }

    /// What is wrong with the heads of a sentence that begins at this line.
    fn tree(&mut self, rows: &[Row], first: usize) {
        if rows.iter().all(|row| row.head == Head::Open) {
            return;
        }
        let places: BTreeMap<u32, usize> = rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let mut root: Option<u32> = None;
        let mut heads = Vec::with_capacity(rows.len());
        for row in rows {
            let mut above = None;
            match row.head {
                Head::Open => {
                    self.fault(row.line, "no head (column 7), where other words of the sentence have one".into());
                }
                Head::Word(0) => match root {
                    Some(other) => self.fault(row.line, format!("a second root: word {other} is the root already")),
                    None => root = Some(row.id),
                },
                Head::Word(head) => {
                    above = places.get(&head).copied();
                    if above.is_none() {
                        self.fault(row.line, format!("the head {head} (column 7) is no word of the sentence"));
                    }
                }
                Head::Faulty => {}
            }
            heads.push(above);
        }
        if root.is_none() && rows.iter().all(|row| row.head != Head::Faulty) {
            self.fault(first, "no word of the sentence is its root (0 in column 7)".into());
        }
        for at in cycles(&heads) {
            self.fault(rows[at].line, format!("word {} is its own ancestor", rows[at].id));
        }
    }
}

/// A number as the format writes it: digits alone, no leading zero.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    // The last number stays free, so that the one after any can be named.
    plain.then(|| text.parse().ok())?.filter(|&n| n < u32::MAX)
}

/// One word of every cycle.
fn cycles(heads: &[Option<usize>]) -> Vec<usize> {
    let mut found = Vec::new();
    // The walk on which each word was first met.
    let mut met = vec![usize::MAX; heads.len()];
    for start in 0..heads.len() {
        let mut at = start;
        while met[at] == usize::MAX {
            met[at] = start;
            match heads[at] {
                Some(head) => at = head,
                None => break,
            }
            if met[at] == start {
                found.push(at);
            }
        }
    }
    found
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
                writeln!(f, "{}-{}\t{}\t_\t_\t_\t{}\t_\t_\t_\t{}", c.first, c.last, c.form, c.feats, c.misc)?;
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
                sentence.contracted.push(Contracted { first: open, last: place, form, feats: "_".into(), misc });
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

    fn said(bytes: &[u8]) -> Vec<String> {
        read("f", bytes).unwrap_err().iter().map(ToString::to_string).collect()
    }

    /// Rows of `id head`, or of `id` and whole columns, as a file.
    fn rows(rows: &[&str]) -> Vec<u8> {
        let line = |row: &&str| match row.split(' ').collect::<Vec<_>>()[..] {
            [""] => "\n".to_string(),
            [id, head] => format!("{id}\ta\ta\tX\t_\t_\t{head}\tdep\t_\t_\n"),
            _ => format!("{}\n", row.replace(' ', "\t")),
        };
        rows.iter().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn every_fault_of_a_file_is_told_at_once_by_its_line() {
        let mut bad = rows(&[
            "1 9", "3 x", "4 a b", "4", "", // ids, heads and columns
            "1 2", "2 1", "3 4", "4 3", "", // two cycles, no root
            "1 0", "2 0", "3 _", "", // two roots and a word without a head
            "1 0", "# 1", "01 +1", "3 1", "", // a comment within; numbers with ornament
        ]);
        bad.extend(b"1\t\xff\ta\tX\t_\t_\t0\troot\t_\t\n");
        assert_eq!(
            said(&bad),
            [
                "f:1: the head 9 (column 7) is no word of the sentence",
                "f:2: the id \"3\" (column 1) stands where 2 belongs",
                "f:2: the head \"x\" (column 7) is no number",
                "f:3: 3 columns where ten belong, with a tab between them",
                "f:4: 1 columns where ten belong, with a tab between them",
                "f:6: no word of the sentence is its root (0 in column 7)",
                "f:6: word 1 is its own ancestor",
                "f:8: word 3 is its own ancestor",
                "f:12: a second root: word 1 is the root already",
                "f:13: no head (column 7), where other words of the sentence have one",
                "f:16: a comment within a sentence: a blank line is missing before it",
                "f:17: the id \"01\" (column 1) stands where 2 belongs",
                "f:17: the head \"+1\" (column 7) is no number",
                "f:20: this line is not UTF-8",
                "f:20: the MISC (column 10) is empty, where _ is written for nothing",
            ]
        );
    }

    #[test]
    fn ranges_and_empty_nodes_keep_their_place() {
        let range = |id: &str| format!("{id} ab _ _ _ Typo=Yes _ _ _ _");
        let empty = |id: &str| format!("{id} a a X _ _ _ _ 1:dep _");
        let good = rows(&[&empty("0.1"), &range("1-2"), "1 0", "2 1", &empty("2.1"), &empty("2.2"), "3 1", ""]);
        assert_eq!(read("f", &good).unwrap().to_string().as_bytes(), good);
        let bad = rows(&[
            &range("1-2"),
            &empty("0.1"),
            "1 0",
            &range("2-3"),
            "2 1",
            &empty("2.2"),
            &range("3-3"),
            &range("2-"),
            "3 1",
            &range("4-9"),
            "4 1",
            "",
            "5-6 ab a X _ _ _ _ _ _",
        ]);
        assert_eq!(
            said(&bad),
            [
                "f:2: the empty node 0.1 stands between a range and its first word",
                "f:4: the range 2-3 begins within another",
                "f:6: the id \"2.2\" (column 1) stands where the empty node 2.1 could",
                "f:7: the range 3-3 does not rise",
                "f:8: the id \"2-\" (column 1) is no range",
                "f:10: the range 4-9 goes beyond the sentence's last word, 4",
                "f:13: the range 5-6 stands before word 1 and does not begin there",
                "f:13: a range has no lemma (column 3): _ belongs there",
                "f:13: a range has no UPOS (column 4): _ belongs there",
                "f:13: a range without words",
            ]
        );
        assert_eq!(said(b"\xff\xfe1\0"), ["f:1: this is UTF-16: save the file as UTF-8"]);
    }

    #[test]
    fn any_treebank_reads_back_as_it_was_printed() {
        let mut seed = 11_u64;
        let mut draw = move |below: u32| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as u32 % below
        };
        for _ in 0..500 {
            let mut treebank = Treebank::default();
            for _ in 0..draw(4) {
                let count = 1 + draw(9);
                let mut column = || {
                    let letters: Vec<char> = "_a-.1#=| \u{a0}\u{2028}\u{85}\u{0}é語\u{202e}".chars().collect();
                    (0..1 + draw(4)).map(|_| letters[draw(letters.len() as u32) as usize]).collect::<String>()
                };
                let mut sentence =
                    Sentence { comments: vec![column(), String::new(), column()], ..Sentence::default() };
                for _ in 0..count {
                    let [form, lemma, upos, xpos, feats, deprel, deps, misc] = std::array::from_fn(|_| column());
                    sentence.words.push(Word { form, lemma, upos, xpos, feats, head: None, deprel, deps, misc });
                }
                let mut first = 1;
                while first < count && draw(2) > 0 {
                    let last = first + 1 + draw(count - first);
                    sentence.contracted.push(Contracted {
                        first,
                        last,
                        form: "ab".into(),
                        feats: "_".into(),
                        misc: "x=y".into(),
                    });
                    first = last + 1;
                }
                for after in (0..=count).filter(|_| draw(3) == 0).collect::<Vec<_>>() {
                    for own in 1..=1 + draw(2) {
                        sentence.empty.push((after, format!("{after}.{own}\ta\t_\t_\t_\t_\t_\t_\t_\t_")));
                    }
                }
                if draw(3) > 0 {
                    // Every word but the root hangs on one that was placed before it.
                    let root = draw(count);
                    for at in 0..count {
                        let head = if at < root { at + 2 } else { at };
                        sentence.words[at as usize].head = Some(if at == root { 0 } else { head });
                    }
                }
                treebank.sentences.push(sentence);
            }
            let printed = treebank.to_string();
            assert_eq!(read("f", printed.as_bytes()), Ok(treebank), "{printed}");
        }
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

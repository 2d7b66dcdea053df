//! Names of people, places and organisations against gold in the IOB2 columns of Universal NER.
//!
//! The gold's words and sentences are kept. A name is right when its words and its kind are; precision, recall and
//! F1 are over names, for each kind and for all, as the CoNLL 2003 task has it. Kinds that the gold has besides
//! these three count as no name.

use super::parse::Score;
use demarche_text::Analyzer;
use demarche_text::conllu::{ConlluFault, Sentence, Treebank, Word};
use std::collections::BTreeSet;
use std::fmt;

/// The kinds that are scored, as the gold writes them.
pub const KINDS: [&str; 3] = ["PER", "LOC", "ORG"];

/// A name: its sentence, its first and last word, its kind.
type Name<'t> = (usize, usize, usize, &'t str);

/// What was measured; prints as a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Each of [`KINDS`], then all together.
    pub scores: Vec<(&'static str, Score)>,
    /// Each name that was missed, invented or of another kind: what is wrong, its kind, its words, its sentence.
    pub errors: Vec<(&'static str, String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::parse::table(f, &self.scores)
    }
}

/// Scores the analyzer on gold words.
pub fn score(analyzer: &Analyzer, gold: &Treebank) -> Figures {
    compare(gold, &analyzer.worker().annotate(gold))
}

/// Scores one tagging against another of the same words.
pub fn compare(gold: &Treebank, system: &Treebank) -> Figures {
    let (wanted, found) = (names(gold), names(system));
    let of = |kind: Option<&str>| {
        let here = |n: &&Name<'_>| kind.is_none_or(|k| n.3 == k);
        Score {
            gold: wanted.iter().filter(here).count(),
            found: found.iter().filter(here).count(),
            right: wanted.intersection(&found).filter(here).count(),
        }
    };
    let mut scores: Vec<(&'static str, Score)> = KINDS.iter().map(|&kind| (kind, of(Some(kind)))).collect();
    scores.push(("all", of(None)));
    let mut wrong: Vec<(Name<'_>, &'static str)> = wanted.difference(&found).map(|&n| (n, "missed")).collect();
    wrong.extend(found.difference(&wanted).map(|&n| (n, "found")));
    wrong.sort_unstable();
    let errors = wrong
        .into_iter()
        .map(|((at, first, last, kind), what)| {
            let sentence = &gold.sentences[at];
            let words: Vec<&str> = sentence.words[first..=last].iter().map(|w| w.form.as_str()).collect();
            (what, kind.to_string(), words.join(" "), sentence.text())
        })
        .collect();
    Figures { scores, errors }
}

/// The names that the MISC column marks. An inside that follows nothing of its kind begins a name.
fn names(treebank: &Treebank) -> BTreeSet<Name<'_>> {
    let mut found = BTreeSet::new();
    for (at, sentence) in treebank.sentences.iter().enumerate() {
        let mut open: Option<Name<'_>> = None;
        for (place, word) in sentence.words.iter().enumerate() {
            let tag = word.misc.split('|').find_map(|m| m.strip_prefix("Entity=")).and_then(|t| t.split_once('-'));
            let tag = tag.filter(|(_, kind)| KINDS.contains(kind));
            match (tag, &mut open) {
                (Some(("I", kind)), Some(name)) if name.3 == kind => name.2 = place,
                (tag, _) => {
                    found.extend(open.take());
                    open = tag.map(|(_, kind)| (at, place, place, kind));
                }
            }
        }
        found.extend(open);
    }
    found
}

/// Reads the gold: id, word and tag in columns, with a tab between; comments and blank lines as in CoNLL-U.
/// The tags stand in the MISC column of what comes out, as `demarche parse` writes them.
///
/// # Errors
/// Every fault of the file by its line: bytes that are not UTF-8, a missing column, a word out of order, a tag of another scheme.
pub fn read_gold(file: &str, bytes: &[u8]) -> Result<Treebank, Vec<ConlluFault>> {
    let mut treebank = Treebank::default();
    let mut faults = Vec::new();
    let mut sentence = Sentence::default();
    let mut close = |sentence: &mut Sentence| {
        let whole = std::mem::take(sentence);
        if !whole.words.is_empty() {
            treebank.sentences.push(whole);
        }
    };
    for (line, row) in (1..).zip(bytes.split(|&b| b == b'\n')) {
        let mut fault = |what: String| faults.push(ConlluFault { file: file.to_string(), line, what });
        let Ok(row) = std::str::from_utf8(row) else {
            fault("this line is not UTF-8".into());
            continue;
        };
        let row = row.trim_end_matches('\r');
        if row.trim().is_empty() {
            close(&mut sentence);
            continue;
        }
        if let Some(comment) = row.strip_prefix('#').filter(|_| sentence.words.is_empty()) {
            sentence.comments.push(comment.trim_start().to_string());
            continue;
        }
        let mut columns = row.split('\t');
        let (Some(id), Some(form), Some(tag)) = (columns.next(), columns.next(), columns.next()) else {
            fault("an id, a word and a tag are wanted, with a tab between them".into());
            continue;
        };
        let place = sentence.words.len() + 1;
        if id != place.to_string() {
            fault(format!("the id {id:?} (column 1) stands where {place} belongs"));
        }
        if form.is_empty() {
            fault("the word (column 2) is empty".into());
        }
        let misc = match tag.split_once('-') {
            None if tag == "O" => "_".to_string(),
            Some(("B" | "I", kind)) if !kind.is_empty() => format!("Entity={tag}"),
            _ => {
                fault(format!("the tag {tag:?} (column 3) is none of O, B-PER, I-PER and the like"));
                "_".to_string()
            }
        };
        let blank = || "_".to_string();
        sentence.words.push(Word {
            form: form.to_string(),
            lemma: blank(),
            upos: blank(),
            xpos: blank(),
            feats: blank(),
            head: None,
            deprel: blank(),
            deps: blank(),
            misc,
        });
    }
    close(&mut sentence);
    if faults.is_empty() { Ok(treebank) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold(tags: &[&str]) -> Treebank {
        let rows = tags.iter().zip(1..).map(|(tag, id)| format!("{id}\tw{id}\t{tag}\t-\t-\n")).collect::<String>();
        read_gold("gold", rows.as_bytes()).unwrap()
    }

    #[test]
    fn a_name_is_right_by_its_words_and_its_kind() {
        let wanted = gold(&["B-PER", "I-PER", "O", "B-LOC", "B-LOC", "B-OTH", "B-ORG", "I-ORG"]);
        let found = gold(&["B-PER", "I-PER", "O", "B-LOC", "I-LOC", "O", "B-PER", "I-PER"]);
        let figures = compare(&wanted, &found);
        let of = |gold, found, right| Score { gold, found, right };
        assert_eq!(
            figures.scores,
            [("PER", of(1, 2, 1)), ("LOC", of(2, 1, 0)), ("ORG", of(1, 0, 0)), ("all", of(4, 3, 1))]
        );
        assert_eq!(figures.errors.len(), 5);
        assert!(compare(&wanted, &wanted).errors.is_empty());
        let loose = gold(&["I-PER", "I-LOC", "O", "I-LOC"]);
        assert_eq!(names(&loose).len(), 3);
    }

    #[test]
    fn every_fault_of_the_gold_is_told_with_its_line() {
        let bad = b"# text = a\n1\ta\tO\n1\tb\tB\n3\tc\n\n1\t\tI-PER\n\xff\n";
        let said: Vec<String> = read_gold("g", bad).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "g:3: the id \"1\" (column 1) stands where 2 belongs",
                "g:3: the tag \"B\" (column 3) is none of O, B-PER, I-PER and the like",
                "g:4: an id, a word and a tag are wanted, with a tab between them",
                "g:6: the word (column 2) is empty",
                "g:7: this line is not UTF-8",
            ]
        );
    }
}

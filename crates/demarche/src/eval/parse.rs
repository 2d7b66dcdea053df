//! Tokens, tags, trees and names against CoNLL-U gold, after the evaluation of the CoNLL 2018 shared task.
//!
//! System and gold spell the same characters once white space is left out; words are aligned by their
//! character spans, and within surface tokens of several words ("don't") by the longest common subsequence of their forms.
//! Precision and recall are over words; with gold tokens the two are the same.
//!
//! The team quotes LAS with punctuation counted and labels in full (`nsubj:pass` is not `nsubj`);
//! the shared task's own LAS, which leaves subtypes out, stands beside it. Names are exact spans with
//! their kinds, scored where the gold's MISC column carries `Entity=B-PER` and the like.

use anyhow::{Result, bail};
use demarche_text::Analyzer;
use demarche_text::conllu::{self, Sentence, Treebank, Word};
use std::fmt;

/// How many gold things there are, how many were found, how many of these are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// In the gold.
    pub gold: usize,
    /// In the system's answer.
    pub found: usize,
    /// In both.
    pub right: usize,
}

impl Score {
    /// Right of those found, in percent.
    pub fn precision(self) -> f64 {
        percent(self.right, self.found)
    }
    /// Right of those in the gold, in percent.
    pub fn recall(self) -> f64 {
        percent(self.right, self.gold)
    }
    /// The harmonic mean of the two.
    pub fn f1(self) -> f64 {
        percent(2 * self.right, self.gold + self.found)
    }
    fn of(gold: usize, found: usize, right: usize) -> Score {
        Score { gold, found, right }
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// Everything that is measured of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Whether it began from raw text.
    pub raw: bool,
    /// Each measure by its name.
    pub scores: Vec<(&'static str, Score)>,
}

impl Figures {
    /// One measure.
    pub fn get(&self, name: &str) -> Option<Score> {
        self.scores.iter().find(|(n, _)| *n == name).map(|(_, s)| *s)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", if self.raw { "from raw text" } else { "from gold tokens and sentences" })?;
        table(f, &self.scores)
    }
}

/// The measures as a table, one line each.
pub(super) fn table(f: &mut fmt::Formatter<'_>, scores: &[(&'static str, Score)]) -> fmt::Result {
    writeln!(f, "{:<22} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "precision", "recall", "F1", "gold", "found")?;
    for (name, s) in scores {
        writeln!(
            f,
            "{name:<22} {:>9.2} {:>9.2} {:>9.2} {:>9} {:>9}",
            s.precision(),
            s.recall(),
            s.f1(),
            s.gold,
            s.found
        )?;
    }
    Ok(())
}

/// Scores the analyzer on one gold file, from its raw text or from its own tokens and sentences.
///
/// # Errors
/// Where the reading does not spell the gold's characters.
pub fn score(analyzer: &Analyzer, gold: &Treebank, raw: bool) -> Result<Figures> {
    let mut worker = analyzer.worker();
    let system = if raw {
        let doc = worker.analyze_text(&conllu::raw_text(&gold.sentences));
        Treebank { sentences: conllu::sentences(&doc) }
    } else {
        worker.annotate(gold)
    };
    let mut figures = compare(gold, &system)?;
    figures.raw = raw;
    Ok(figures)
}

/// Scores one reading against another of the same text.
///
/// # Errors
/// Where the two do not spell the same characters.
pub fn compare(gold: &Treebank, system: &Treebank) -> Result<Figures> {
    let (g, s) = (Flat::of(gold), Flat::of(system));
    if g.text != s.text {
        let at = g.text.iter().zip(&s.text).take_while(|(a, b)| a == b).count();
        let around = |t: &[char]| t[at.min(t.len())..(at + 30).min(t.len())].iter().collect::<String>();
        bail!("the texts differ from character {at} on: gold {:?}, system {:?}", around(&g.text), around(&s.text));
    }
    let pairs = align(&g, &s);
    let counted = |same: &dyn Fn(usize, usize) -> bool| {
        Score::of(g.words.len(), s.words.len(), pairs.iter().filter(|&&(a, b)| same(a, b)).count())
    };
    let mut partner = vec![None; s.words.len()];
    pairs.iter().for_each(|&(a, b)| partner[b] = Some(a));
    let (gw, sw) = (|a: usize| g.words[a].word, |b: usize| s.words[b].word);
    let heads = |a: usize, b: usize| match (g.words[a].head, s.words[b].head) {
        (None, None) => g.words[a].word.head == s.words[b].word.head,
        (Some(x), Some(y)) => partner[y] == Some(x),
        _ => false,
    };
    let plain = |l: &str| l.split(':').next().unwrap_or_default().to_string();
    let lemma = |a: usize, b: usize| gw(a).lemma == "_" || gw(a).lemma == sw(b).lemma;
    let mut scores = vec![
        ("tokens", spans(&g.tokens, &s.tokens)),
        ("sentences", spans(&g.sentences, &s.sentences)),
        ("words", counted(&|_, _| true)),
        ("UPOS", counted(&|a, b| gw(a).upos == sw(b).upos)),
        ("features", counted(&|a, b| gw(a).feats == sw(b).feats)),
        ("lemmas", counted(&lemma)),
        ("UAS", counted(&heads)),
        ("LAS, full labels", counted(&|a, b| heads(a, b) && gw(a).deprel == sw(b).deprel)),
        ("LAS, no subtypes", counted(&|a, b| heads(a, b) && plain(&gw(a).deprel) == plain(&sw(b).deprel))),
    ];
    let names = g.names();
    if !names.is_empty() {
        scores.push(("names", spans(&names, &s.names())));
    }
    Ok(Figures { raw: false, scores })
}

/// Ordered things that are right where both sides have them.
fn spans<T: Ord>(gold: &[T], found: &[T]) -> Score {
    let (mut a, mut b, mut right) = (0, 0, 0);
    while a < gold.len() && b < found.len() {
        match gold[a].cmp(&found[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                right += 1;
                a += 1;
                b += 1;
            }
        }
    }
    Score::of(gold.len(), found.len(), right)
}

/// A word with its characters, counted without white space.
struct Placed<'t> {
    word: &'t Word,
    start: usize,
    end: usize,
    /// It is part of a surface token of several words, whose characters it shares.
    contracted: bool,
    /// Its head among all words; `None` for a root.
    head: Option<usize>,
}

/// A treebank without its sentences: characters, tokens, words.
struct Flat<'t> {
    text: Vec<char>,
    tokens: Vec<(usize, usize)>,
    sentences: Vec<(usize, usize)>,
    words: Vec<Placed<'t>>,
}

impl<'t> Flat<'t> {
    fn of(treebank: &'t Treebank) -> Flat<'t> {
        let mut flat = Flat { text: Vec::new(), tokens: Vec::new(), sentences: Vec::new(), words: Vec::new() };
        treebank.sentences.iter().for_each(|s| flat.add(s));
        flat
    }

    fn add(&mut self, sentence: &'t Sentence) {
        let first = self.words.len();
        let begin = self.text.len();
        let mut contracted = sentence.contracted.iter().peekable();
        let mut covered = 0;
        let mut place = (begin, begin);
        for (number, word) in (1_u32..).zip(&sentence.words) {
            let range = contracted.next_if(|c| c.first == number);
            if range.is_some() || number > covered {
                let form = range.map_or(&word.form, |c| &c.form);
                let start = self.text.len();
                self.text.extend(form.chars().filter(|c| !c.is_whitespace()));
                place = (start, self.text.len());
                self.tokens.push(place);
                covered = range.map_or(number, |c| c.last);
            }
            let inside = number <= covered
                && (range.is_some()
                    || covered > number
                    || sentence.contracted.iter().any(|c| c.first <= number && number <= c.last));
            let head = word.head.filter(|&h| h > 0).map(|h| first + h as usize - 1);
            self.words.push(Placed { word, start: place.0, end: place.1, contracted: inside, head });
        }
        self.sentences.push((begin, self.text.len()));
    }

    /// The names that the MISC column marks: characters and kind.
    fn names(&self) -> Vec<(usize, usize, &'t str)> {
        let mut found: Vec<(usize, usize, &str)> = Vec::new();
        let mut open = false;
        for placed in &self.words {
            let tag =
                placed.word.misc.split('|').find_map(|m| m.strip_prefix("Entity=")).and_then(|t| t.split_once('-'));
            match tag {
                Some(("I", kind)) if open && found.last().is_some_and(|f| f.2 == kind) => {
                    if let Some(last) = found.last_mut() {
                        last.1 = placed.end;
                    }
                }
                Some(("B" | "I", kind)) if matches!(kind, "PER" | "LOC" | "ORG") => {
                    open = true;
                    found.push((placed.start, placed.end, kind));
                }
                _ => open = false,
            }
        }
        found
    }
}

/// The words that both sides have, as positions in gold and system.
fn align(gold: &Flat<'_>, system: &Flat<'_>) -> Vec<(usize, usize)> {
    let (g, s) = (&gold.words, &system.words);
    let mut pairs = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < g.len() && b < s.len() {
        if g[a].contracted || s[b].contracted {
            // All words under the surface tokens that overlap here, on both sides.
            let (from_a, from_b) = (a, b);
            if !g[a].contracted && g[a].end <= s[b].start {
                a += 1;
                continue;
            }
            if !s[b].contracted && s[b].end <= g[a].start {
                b += 1;
                continue;
            }
            let mut end = if g[a].contracted { g[a].end } else { s[b].end };
            loop {
                if a < g.len() && g[a].start < end {
                    if g[a].contracted {
                        end = end.max(g[a].end);
                    }
                    a += 1;
                } else if b < s.len() && s[b].start < end {
                    if s[b].contracted {
                        end = end.max(s[b].end);
                    }
                    b += 1;
                } else {
                    break;
                }
            }
            common(&g[from_a..a], &s[from_b..b], (from_a, from_b), &mut pairs);
        } else if (g[a].start, g[a].end) == (s[b].start, s[b].end) {
            pairs.push((a, b));
            a += 1;
            b += 1;
        } else if g[a].start <= s[b].start {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

/// The longest common subsequence of two stretches' forms, case apart.
fn common(gold: &[Placed<'_>], system: &[Placed<'_>], base: (usize, usize), pairs: &mut Vec<(usize, usize)>) {
    let same = |a: usize, b: usize| gold[a].word.form.to_lowercase() == system[b].word.form.to_lowercase();
    let mut best = vec![vec![0_u32; system.len() + 1]; gold.len() + 1];
    for a in (0..gold.len()).rev() {
        for b in (0..system.len()).rev() {
            best[a][b] = if same(a, b) { best[a + 1][b + 1] + 1 } else { best[a + 1][b].max(best[a][b + 1]) };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < gold.len() && b < system.len() {
        if same(a, b) {
            pairs.push((base.0 + a, base.1 + b));
            a += 1;
            b += 1;
        } else if best[a + 1][b] >= best[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(rows: &[&str]) -> Treebank {
        let mut text = String::new();
        for row in rows {
            if row.is_empty() {
                text.push('\n');
                continue;
            }
            let f: Vec<&str> = row.split(' ').collect();
            text.push_str(&match f[..] {
                [id, form] => format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t_\n"),
                [id, form, upos, head, label] => format!("{id}\t{form}\t{form}\t{upos}\t_\t_\t{head}\t{label}\t_\t_\n"),
                _ => panic!("{row}"),
            });
        }
        conllu::read("test", text.as_bytes()).unwrap()
    }

    #[test]
    fn a_reading_equals_itself() {
        let a =
            bank(&["1-2 don't", "1 do AUX 3 aux", "2 n't PART 3 advmod", "3 go VERB 0 root", "", "1 Yes INTJ 0 root"]);
        let figures = compare(&a, &a).unwrap();
        assert!(figures.scores.iter().all(|(_, s)| s.right == s.gold && s.gold == s.found && s.gold > 0), "{figures}");
    }

    #[test]
    fn words_are_aligned_by_characters_and_within_contractions_by_form() {
        let gold =
            bank(&["1-2 don't", "1 do AUX 3 aux", "2 n't PART 3 advmod", "3 go VERB 0 root", "4 in ADP 3 obl:x"]);
        let whole = bank(&["1 don't AUX 2 aux", "2 go VERB 0 root", "3 i X 2 dep", "4 n ADP 2 obl"]);
        let figures = compare(&gold, &whole).unwrap();
        assert_eq!(figures.get("words"), Some(Score::of(4, 4, 1)));
        assert_eq!(figures.get("tokens"), Some(Score::of(3, 4, 2)));
        let cut = bank(&["1 do AUX 3 aux", "2 n't PART 3 advmod", "3 go VERB 0 root", "", "1 in ADP 0 root"]);
        let figures = compare(&gold, &cut).unwrap();
        assert_eq!(figures.get("words"), Some(Score::of(4, 4, 4)));
        assert_eq!(figures.get("sentences"), Some(Score::of(1, 2, 0)));
        assert_eq!(figures.get("UAS"), Some(Score::of(4, 4, 3)));
    }

    #[test]
    fn subtypes_count_in_one_las_only() {
        let gold = bank(&["1 go VERB 0 root", "2 in ADP 1 obl:agent"]);
        let found = bank(&["1 go VERB 0 root", "2 in ADP 1 obl"]);
        let figures = compare(&gold, &found).unwrap();
        assert_eq!(figures.get("LAS, full labels"), Some(Score::of(2, 2, 1)));
        assert_eq!(figures.get("LAS, no subtypes"), Some(Score::of(2, 2, 2)));
        assert!(compare(&gold, &bank(&["1 gone VERB 0 root"])).is_err());
    }
}

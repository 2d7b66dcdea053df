//! A look at the bare words of a document, before the language model runs: which sentences can yield a record at all?
//!
//! A sentence is read where it names somebody or some place known, has the words of a pattern and a word for somebody,
//! or a verb of saying; and where a sentence that is read may refer back to it. Everything asked for is a condition
//! that the coder asks for as well, so that what is passed over is what could not have been coded.

use demarche_knowledge::{Knowledge, Pattern};
use demarche_text::Analyzer;
use demarche_text::analyze::Glance;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many sentences back a word may refer, as in `coref`.
const REACH: usize = 3;

/// What a word may be to the coder, whatever its meaning in the sentence.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    /// A verb of saying, or "according".
    says: bool,
    /// Somebody, by what they do: "soldiers".
    somebody: bool,
    /// Somebody named before: "they", "the minister".
    refers: bool,
    /// "anniversary"
    anniversary: bool,
}

/// What is known of one dictionary form.
#[derive(Debug, Clone, Default)]
struct Word {
    kinds: Kinds,
    /// The patterns that it sets off, by their place in [`CheapLook::conditions`].
    sets_off: Vec<u32>,
}

/// What else a sentence must have for a pattern: of each list one word.
type Conditions = Vec<Vec<u32>>;

/// What words to look for; frozen, shared between threads, made once from the knowledge.
#[derive(Debug)]
pub struct CheapLook {
    /// The words that an inflected form may be of.
    forms: HashMap<Box<str>, Vec<u32>>,
    words: Vec<Word>,
    conditions: Vec<Conditions>,
}

/// The look at a document: the words to look for, and the knowledge that has the names.
#[derive(Clone, Copy)]
pub struct Looking<'k> {
    look: &'k CheapLook,
    knowledge: &'k Knowledge,
}

/// Words being gathered by their dictionary form.
#[derive(Default)]
struct Vocabulary {
    numbers: BTreeMap<String, u32>,
    words: Vec<Word>,
}

impl Vocabulary {
    fn number(&mut self, word: &str) -> u32 {
        let word = word.to_lowercase();
        if let Some(&number) = self.numbers.get(&word) {
            return number;
        }
        let number = self.words.len() as u32;
        self.words.push(Word::default());
        self.numbers.insert(word, number);
        number
    }

    fn mark(&mut self, word: &str, set: impl Fn(&mut Kinds)) {
        let number = self.number(word);
        set(&mut self.words[number as usize].kinds);
    }

    fn conditions(&mut self, pattern: &Pattern) -> Conditions {
        let under: Vec<String> =
            pattern.preposition_object.iter().flat_map(|(_, heads)| heads.iter().cloned()).collect();
        let particle: Vec<String> = pattern.particle.iter().cloned().collect();
        [&pattern.object, &under, &pattern.complement, &pattern.modifier, &particle]
            .into_iter()
            .filter(|list| !list.is_empty() && !list.iter().any(|word| word == "*"))
            .map(|list| list.iter().map(|word| self.number(word)).collect())
            .collect()
    }
}

impl CheapLook {
    /// The words by which this knowledge codes; the analyzer knows the irregular forms.
    pub fn new(knowledge: &Knowledge, analyzer: &Analyzer) -> CheapLook {
        let mut vocabulary = Vocabulary::default();
        let mut conditions = Vec::new();
        for pattern in knowledge.patterns().all.iter().chain(&knowledge.relations().all) {
            let at = conditions.len() as u32;
            conditions.push(vocabulary.conditions(pattern));
            for lemma in &pattern.lemmas {
                let number = vocabulary.number(lemma);
                vocabulary.words[number as usize].sets_off.push(at);
            }
        }
        let lexicon = knowledge.lexicon();
        for verb in lexicon.speech.keys() {
            vocabulary.mark(verb, |kinds| kinds.says = true);
        }
        vocabulary.mark("according", |kinds| kinds.says = true);
        for agent in &knowledge.tables().agents {
            let last = agent.noun.rsplit([' ', '-']).next().unwrap_or(&agent.noun);
            vocabulary.mark(last, |kinds| kinds.somebody = true);
        }
        for list in ["pronouns", "person_nouns", "state_nouns", "group_nouns", "pair_words", "two_words"] {
            for word in lexicon.list(list) {
                vocabulary.mark(word, |kinds| kinds.refers = true);
            }
        }
        for word in lexicon.list("anniversary_nouns") {
            vocabulary.mark(word, |kinds| kinds.anniversary = true);
        }
        let mut forms: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut add = |form: &str, number: u32| {
            let known = forms.entry(form.into()).or_default();
            if !known.contains(&number) {
                known.push(number);
            }
        };
        for (word, &number) in &vocabulary.numbers {
            inflected(word, |form| add(form, number));
        }
        for (past, verb) in analyzer.language().irregular_pasts() {
            if let Some(&number) = vocabulary.numbers.get(verb) {
                add(past, number);
            }
        }
        CheapLook { forms, words: vocabulary.words, conditions }
    }

    /// The look at documents, with the knowledge that it was made from.
    pub fn with<'k>(&'k self, knowledge: &'k Knowledge) -> Looking<'k> {
        Looking { look: self, knowledge }
    }
}

impl Looking<'_> {
    /// What a sentence is made of.
    fn look(&self, sentence: &str) -> Look {
        let mut found = Look::default();
        let mut kinds = Kinds::default();
        let mut present: Vec<u32> = Vec::new();
        let mut lower = String::new();
        let mut before: Option<(usize, usize)> = None;
        for (start, word) in words(sentence) {
            lower.clear();
            lower.extend(word.chars().flat_map(char::to_lowercase));
            present.extend(self.look.forms.get(lower.as_str()).into_iter().flatten());
            // The tables write "cease-fire" as one word.
            if let Some((first, end)) = before
                && &sentence[end..start] == "-"
            {
                lower.insert(0, '-');
                lower.insert_str(0, &sentence[first..end].to_lowercase());
                present.extend(self.look.forms.get(lower.as_str()).into_iter().flatten());
            }
            before = Some((start, start + word.len()));
        }
        present.sort_unstable();
        present.dedup();
        for &number in &present {
            let word = self.look.words[number as usize].kinds;
            kinds.says |= word.says;
            kinds.somebody |= word.somebody;
            kinds.refers |= word.refers;
            kinds.anniversary |= word.anniversary;
        }
        let has = |number: &u32| present.binary_search(number).is_ok();
        let met = |pattern: &u32| self.look.conditions[*pattern as usize].iter().all(|list| list.iter().any(has));
        found.refers = kinds.refers;
        let set_off = || present.iter().any(|&n| self.look.words[n as usize].sets_off.iter().any(met));
        // Offices, capitals, memberships and places are checked wherever somebody is named.
        found.worth =
            kinds.says || kinds.anniversary || (kinds.somebody || kinds.refers) && set_off() || self.names(sentence);
        found
    }

    /// Whether a known name or place may stand in a sentence.
    fn names(&self, sentence: &str) -> bool {
        words(sentence).any(|(start, word)| {
            let upper = |end: usize| sentence[start..end].contains(char::is_uppercase);
            self.knowledge.names_at(sentence, start).iter().any(|(end, _)| upper(*end))
                || word.starts_with(char::is_uppercase) && self.knowledge.places_at(sentence, start).is_some()
        })
    }
}

/// What a look at one sentence has found.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    worth: bool,
    refers: bool,
}

impl Glance for Looking<'_> {
    fn worth_reading(&self, sentences: &[&str]) -> Vec<bool> {
        let mut looks: Vec<Look> = sentences.iter().map(|sentence| self.look(sentence)).collect();
        // A surname is whose full name the article gives elsewhere.
        let alone: HashSet<&str> =
            sentences.iter().zip(&looks).filter(|(_, look)| look.worth).flat_map(|(s, _)| capitals(s)).collect();
        for (sentence, look) in sentences.iter().zip(&mut looks).filter(|(_, look)| !look.worth) {
            look.worth = full_names(sentence).any(|last| alone.contains(last));
        }
        // Whom "he" means may stand in a sentence that says nothing else; and who that is, in one before it.
        for ix in (0..looks.len()).rev().filter(|&ix| ix > 0) {
            if looks[ix].worth && looks[ix].refers {
                for back in ix.saturating_sub(REACH)..ix {
                    looks[back].worth |= looks[back].refers || capitals(sentences[back]).next().is_some();
                }
            }
        }
        looks.into_iter().map(|look| look.worth).collect()
    }
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The words with a capital.
fn capitals(sentence: &str) -> impl Iterator<Item = &str> {
    words(sentence).map(|(_, word)| word).filter(|word| word.starts_with(char::is_uppercase))
}

/// The last words of what may be full names: capitalised words after another one.
fn full_names(sentence: &str) -> impl Iterator<Item = &str> {
    let all = || words(sentence).map(|(_, word)| word);
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    all().zip(all().skip(1)).filter(move |(a, b)| capital(a) && capital(b)).map(|(_, last)| last)
}

/// Every form that a dictionary form may take by the rules of English spelling, and some that it never does.
fn inflected(word: &str, mut put: impl FnMut(&str)) {
    let mut with = |stem: &str, endings: &[&str]| {
        for ending in endings {
            put(&format!("{stem}{ending}"));
        }
    };
    with(word, &["", "s", "es", "d", "ed", "ing", "r", "er", "st", "est", "ren"]);
    if let Some(stem) = word.strip_suffix('y') {
        with(stem, &["ies", "ied", "ier", "iest"]);
    }
    if let Some(stem) = word.strip_suffix('e') {
        with(stem, &["ing"]);
    }
    if let Some(stem) = word.strip_suffix("ie") {
        with(stem, &["ying"]);
    }
    if let Some(stem) = word.strip_suffix("ve") {
        // "has", had the verb a regular sister.
        with(stem, &["s"]);
    }
    if let Some(stem) = word.strip_suffix("fe").or_else(|| word.strip_suffix('f')) {
        with(stem, &["ves"]);
    }
    if let Some(stem) = word.strip_suffix("is") {
        with(stem, &["es"]);
    }
    if let Some(stem) = word.strip_suffix("man") {
        with(stem, &["men"]);
    }
    if let Some(last) = word.chars().next_back().filter(|c| c.is_ascii_lowercase() && !"aeiouwxy".contains(*c)) {
        with(&format!("{word}{last}"), &["ed", "ing", "er"]);
    }
    // "troops" is its own dictionary form in the treebanks.
    if let Some(stem) = word.strip_suffix('s') {
        with(stem, &[""]);
    }
}

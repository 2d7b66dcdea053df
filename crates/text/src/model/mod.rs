//! The language model answers, for every word of a sentence, what the rest of the program builds
//! on: part of speech, features, lemma, head and relation, named entity.
//!
//! A [`Model`] is frozen and shared; a [`ModelWorker`] holds one thread's buffers. Nothing here
//! depends on the machine: every instruction set gives the same answers to the bit.

pub(crate) mod dictionary;
mod encoder;
mod heads;
mod kernel;
mod lemma;
mod lists;
mod names;
mod pair;
mod passes;
mod regular;
mod tree;
mod weights;
mod wordpiece;

use std::ops::Range;

use crate::tag::Upos;

use encoder::{Encoder, EncoderScratch, POSITIONS};
use heads::{HeadScratch, Heads};
use kernel::Kernel;
pub use pair::PairHead;
use weights::Weights;
pub use weights::WeightsFault;
use wordpiece::{CutScratch, Wordpiece};

/// Pieces that are encoded together: enough to use every weight often while it is in cache.
const BATCH: usize = 256;

/// What kind of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A person.
    Person,
    /// A place.
    Location,
    /// An organisation.
    Organisation,
}

/// A word's part in a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntityTag {
    /// In no name.
    #[default]
    Out,
    /// The first word of a name.
    Begin(EntityKind),
    /// A further word of the name that the word before it is in.
    Inside(EntityKind),
}

/// What the model says of one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordPrediction {
    /// Part of speech.
    pub upos: Upos,
    /// Features; [`Model::feats`] names them.
    pub feats: u16,
    /// Relation to the head; [`Model::deprel`] names it.
    pub deprel: u16,
    /// The head: 0 the root, else a word of the sentence counted from 1.
    pub head: u32,
    /// Dictionary form.
    pub lemma: String,
    /// Part in a name; an `Inside` always follows a word of the same name.
    pub entity: EntityTag,
}

/// The frozen model.
pub struct Model {
    wordpiece: Wordpiece,
    dictionary: dictionary::Dictionary,
    encoder: Encoder,
    heads: Heads,
    kernel: Kernel,
}

impl Model {
    /// Reads the weights file.
    ///
    /// # Errors
    /// Says everything that is missing or of the wrong format, type or shape; nothing is half read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsFault> {
        let mut weights = Weights::open(bytes, weights::ENGLISH)?;
        let vocabulary = weights.text("vocabulary");
        let wordpiece = Wordpiece::read(vocabulary, |what| weights.fault(what));
        let encoder = Encoder::read(&mut weights, vocabulary.split('\n').count());
        let heads = Heads::read(&mut weights);
        weights.finish()?;
        Ok(Self { wordpiece, dictionary: dictionary::Dictionary::default(), encoder, heads, kernel: Kernel::best() })
    }

    /// The instruction sets that this machine can run the model with, the best first; the last runs anywhere.
    #[must_use]
    pub fn instruction_sets() -> Vec<&'static str> {
        Kernel::available().into_iter().map(Kernel::name).collect()
    }

    /// The same on a chosen one of the [instruction sets](Self::instruction_sets): it changes no answer, only speed.
    ///
    /// `None` where the machine lacks it.
    #[must_use]
    pub fn with_instructions(mut self, name: &str) -> Option<Model> {
        self.kernel = Kernel::available().into_iter().find(|k| k.name() == name)?;
        Some(self)
    }

    /// A worker for one thread.
    #[must_use]
    pub fn worker(&self) -> ModelWorker<'_> {
        ModelWorker {
            model: self,
            kernel: self.kernel,
            cut: CutScratch::default(),
            pieces: Vec::new(),
            casings: Vec::new(),
            firsts: Vec::new(),
            windows: Vec::new(),
            borders: Vec::new(),
            encoder: EncoderScratch::default(),
            heads: HeadScratch::default(),
        }
    }

    /// The same with a dictionary that lemmas are checked against.
    pub fn with_dictionary(mut self, dictionary: dictionary::Dictionary) -> Model {
        self.dictionary = dictionary;
        self
    }

    /// The features with this id as CoNLL-U writes them, `_` for none.
    #[must_use]
    pub fn feats(&self, id: u16) -> &str {
        self.heads.feats.get(usize::from(id)).map_or("_", String::as_str)
    }

    /// The relation with this id, subtype included, such as `nsubj:pass`.
    #[must_use]
    pub fn deprel(&self, id: u16) -> &str {
        self.heads.deprels.get(usize::from(id)).map_or("dep", String::as_str)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("kernel", &self.kernel).finish_non_exhaustive()
    }
}

/// A sentence, or as much of a very long one as is encoded at once.
struct Window {
    /// Which of the sentences asked for.
    sentence: usize,
    /// Its words within that sentence.
    words: Range<usize>,
}

/// One thread's buffers; reused from call to call.
pub struct ModelWorker<'m> {
    model: &'m Model,
    kernel: Kernel,
    cut: CutScratch,
    pieces: Vec<u32>,
    casings: Vec<u8>,
    /// Pieces whose states the heads read: each window's opening piece and first pieces of words.
    firsts: Vec<usize>,
    windows: Vec<Window>,
    /// The windows' pieces.
    borders: Vec<Range<usize>>,
    encoder: EncoderScratch,
    heads: HeadScratch,
}

impl ModelWorker<'_> {
    /// Predicts the words of one sentence; `out` is cleared first and gets one entry per word.
    ///
    /// A sentence of any length is answered: one too long for the encoder is read in windows, and
    /// the later windows' roots hang on the first one's.
    pub fn predict(&mut self, words: &[&str], out: &mut Vec<WordPrediction>) {
        self.predict_all(&[words], out);
    }

    /// Predicts many sentences, which is faster than one by one and says the same; `out` is cleared
    /// first and gets one entry per word, sentence after sentence.
    pub fn predict_all(&mut self, sentences: &[&[&str]], out: &mut Vec<WordPrediction>) {
        out.clear();
        self.start_batch();
        for (sentence, words) in sentences.iter().enumerate() {
            let mut first = 0;
            while first < words.len() {
                first = self.add_window(sentence, words, first);
                if self.pieces.len() >= BATCH {
                    self.run_batch(sentences, out);
                }
            }
        }
        self.run_batch(sentences, out);
        join_windows(sentences, self.model.heads.joint, out);
        let mut at = 0;
        for words in sentences {
            lists::mend(words, &mut out[at..at + words.len()], self.model.heads.conj);
            at += words.len();
        }
        self.mend_lemmas(sentences, out);
    }

    /// Runs the encoder alone over many sentences, as the first part of [`Self::predict_all`] does, and returns
    /// how many pieces they were cut into: what measures its speed.
    pub fn encode_all(&mut self, sentences: &[&[&str]]) -> usize {
        let mut pieces = 0;
        self.start_batch();
        for (sentence, words) in sentences.iter().enumerate() {
            let mut first = 0;
            while first < words.len() {
                first = self.add_window(sentence, words, first);
                if self.pieces.len() >= BATCH {
                    pieces += self.encode_batch();
                    self.start_batch();
                }
            }
        }
        pieces += self.encode_batch();
        self.start_batch();
        pieces
    }

    /// Gives irregular pasts, and words whose edit made no word, their dictionary form.
    fn mend_lemmas(&self, sentences: &[&[&str]], out: &mut [WordPrediction]) {
        let words = sentences.iter().flat_map(|words| words.iter());
        let dictionary = &self.model.dictionary;
        let known = |word: &str| dictionary.has(word) || self.model.wordpiece.knows(word);
        for (word, prediction) in words.zip(out) {
            let form = match prediction.upos {
                Upos::Verb | Upos::Noun => word.to_lowercase(),
                _ => continue,
            };
            let verb = prediction.upos == Upos::Verb;
            let past = verb && self.model.heads.past[usize::from(prediction.feats)];
            // A past that is no base form of another verb ("forgave") needs no tense to be told.
            let irregular = if past || verb && !dictionary.has(&form) { dictionary.verb_of_past(&form) } else { None };
            let lemma = match irregular {
                Some(lemma) => Some(lemma.to_string()),
                // A word of the tables goes before one that is merely known.
                None if !(verb && regular::misspelt(&form, &prediction.lemma))
                    && (dictionary.has(&prediction.lemma) || !verb && known(&prediction.lemma)) =>
                {
                    None
                }
                None => regular::candidates(&form, verb).find(|c| dictionary.has(c)).or_else(|| {
                    if verb {
                        regular::verb(&form, &prediction.lemma, known)
                    } else {
                        regular::noun(&form, &prediction.lemma, known)
                    }
                }),
            };
            if let Some(lemma) = lemma {
                prediction.lemma = lemma;
            }
        }
    }

    fn start_batch(&mut self) {
        self.pieces.clear();
        self.casings.clear();
        self.firsts.clear();
        self.windows.clear();
        self.borders.clear();
    }

    /// Adds as many words from `first` on as fit; returns where the next window begins.
    fn add_window(&mut self, sentence: usize, words: &[&str], first: usize) -> usize {
        let wordpiece = &self.model.wordpiece;
        let start = self.pieces.len();
        self.firsts.push(start);
        self.pieces.push(wordpiece.cls);
        self.casings.push(0);
        let mut end = first;
        while end < words.len() {
            let before = self.pieces.len();
            wordpiece.cut(words[end], &mut self.cut, &mut self.pieces, &mut self.casings);
            if self.pieces.len() - start >= POSITIONS {
                self.pieces.truncate(before);
                self.casings.truncate(before);
                break;
            }
            self.firsts.push(before);
            end += 1;
        }
        self.pieces.push(wordpiece.sep);
        self.casings.push(0);
        self.windows.push(Window { sentence, words: first..end });
        self.borders.push(start..self.pieces.len());
        end
    }

    fn encode_batch(&mut self) -> usize {
        let encoder = &self.model.encoder;
        encoder.run(self.kernel, &self.pieces, &self.casings, &self.borders, &self.firsts, &mut self.encoder);
        self.pieces.len()
    }

    fn run_batch(&mut self, sentences: &[&[&str]], out: &mut Vec<WordPrediction>) {
        if self.windows.is_empty() {
            return;
        }
        let (model, kernel) = (self.model, self.kernel);
        self.encode_batch();
        let windows = self.windows.iter().map(|w| &sentences[w.sentence][w.words.clone()]);
        let before = out.len();
        model.heads.run(kernel, &self.encoder.states, windows, &mut self.heads, out);
        let mut at = before;
        for window in &self.windows {
            for word in &mut out[at..at + window.words.len()] {
                if word.head != 0 {
                    word.head += window.words.start as u32;
                }
            }
            at += window.words.len();
        }
        self.start_batch();
    }
}

/// Hangs the roots of a sentence's later windows on its first root.
fn join_windows(sentences: &[&[&str]], joint: u16, out: &mut [WordPrediction]) {
    let mut rest = out;
    for words in sentences {
        let (here, after) = rest.split_at_mut(words.len());
        rest = after;
        let mut root = None;
        for (place, word) in (1_u32..).zip(here.iter_mut()).filter(|(_, w)| w.head == 0) {
            match root {
                None => root = Some(place),
                Some(first) => (word.head, word.deprel) = (first, joint),
            }
        }
    }
}

#[cfg(test)]
mod tests;

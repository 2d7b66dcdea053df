//! The heads read every answer off the states of a sentence's words.
//!
//! One matrix serves all of them, so that a state is brought to 8 bits once. The row before a
//! sentence's first word is its opening piece, which stands for the root.

use std::ops::Range;

use crate::tag::Upos;

use super::WordPrediction;
use super::encoder::WIDTH;
use super::kernel::{Kernel, Matrix, Quantised};
use super::lemma::LemmaScript;
use super::names::{NameScratch, NameTags};
use super::tree;
use super::weights::{Weights, WeightsFault};

/// Width of the arc and label representations.
const ARC: usize = 256;

/// Where each answer lies in a row of the common matrix.
struct Columns {
    upos: Range<usize>,
    feats: Range<usize>,
    lemmas: Range<usize>,
    entities: Range<usize>,
    arc_dep: Range<usize>,
    arc_head: Range<usize>,
    label_dep: Range<usize>,
    label_head: Range<usize>,
}

/// The heads with their classes.
pub(super) struct Heads {
    all: Matrix,
    columns: Columns,
    arc: Matrix,
    label: Matrix,
    upos: Vec<Upos>,
    lemmas: Vec<LemmaScript>,
    entities: NameTags,
    /// Which feature bundles are of the past tense.
    pub(super) past: Vec<bool>,
    root: u16,
    /// The label of an arc that joins two windows of one long sentence.
    pub(super) joint: u16,
    pub(super) feats: Vec<String>,
    pub(super) deprels: Vec<String>,
}

/// Buffers kept from batch to batch.
#[derive(Default)]
pub(super) struct HeadScratch {
    /// States of the rows asked for: for each sentence its opening piece, then its words.
    pub(super) rows: Vec<f32>,
    quantised: Quantised,
    all: Vec<f32>,
    deps: Vec<f32>,
    heads: Vec<f32>,
    asked: Vec<f32>,
    scores: Vec<f32>,
    labels: Vec<f32>,
    tree: Vec<u32>,
    names: NameScratch,
}

impl Heads {
    /// Takes the heads out of the weights.
    pub(super) fn read(weights: &Weights<'_>) -> Result<Self, WeightsFault> {
        let inv = weights.inventories()?;
        let fault = |kind: &str, class: &str| WeightsFault::new(format!("`{class}` is no {kind}"));
        let upos: Result<Vec<_>, _> =
            inv.upos.iter().map(|t| Upos::parse(t).ok_or_else(|| fault("part of speech", t))).collect();
        let lemmas: Result<Vec<_>, _> =
            inv.lemmas.iter().map(|t| LemmaScript::read(t).ok_or_else(|| fault("lemma script", t))).collect();
        let entities = NameTags::read(&inv.entities).map_err(|t| fault("entity tag", &t));
        let past = inv.feats.iter().map(|f| f.contains("Tense=Past")).collect();
        let sizes = [inv.upos.len(), inv.feats.len(), inv.lemmas.len(), inv.entities.len(), inv.deprels.len()];
        if sizes.iter().any(|n| *n == 0 || *n > usize::from(u16::MAX)) {
            return Err(WeightsFault::new(format!("a head has no or too many classes: {sizes:?}")));
        }
        let id_of = |name: &str| (0_u16..).zip(&inv.deprels).find(|(_, d)| *d == name).map(|(i, _)| i);
        let root = id_of("root").ok_or_else(|| WeightsFault::new("no relation `root`"))?;
        let joint = id_of("parataxis").ok_or_else(|| WeightsFault::new("no relation `parataxis`"))?;
        let mut end = 0;
        let mut next = |size: usize| {
            end += size;
            end - size..end
        };
        let columns = Columns {
            upos: next(sizes[0]),
            feats: next(sizes[1]),
            lemmas: next(sizes[2]),
            entities: next(sizes[3]),
            arc_dep: next(ARC),
            arc_head: next(ARC),
            label_dep: next(ARC),
            label_head: next(ARC),
        };
        Ok(Self {
            all: weights.matrix("heads.all", WIDTH, end)?,
            columns,
            arc: weights.matrix("heads.arc", ARC, ARC)?,
            label: weights.matrix("heads.label", ARC, sizes[4])?,
            upos: upos?,
            lemmas: lemmas?,
            entities: entities?,
            past,
            root,
            joint,
            feats: inv.feats,
            deprels: inv.deprels,
        })
    }

    /// Answers for consecutive sentences whose states lie in `s.rows`; appends to `out`.
    pub(super) fn run<'w>(
        &self,
        kernel: Kernel,
        sentences: impl Iterator<Item = &'w [&'w str]>,
        s: &mut HeadScratch,
        out: &mut Vec<WordPrediction>,
    ) {
        kernel.quantise(&s.rows, WIDTH, WIDTH, &mut s.quantised);
        kernel.multiply(&self.all, &s.quantised, &mut s.all);
        let stride = self.all.stride();
        let mut first = 0;
        for words in sentences {
            let after = first + words.len() + 1;
            self.parse(kernel, first * stride..after * stride, s);
            let answers = &s.all[(first + 1) * stride..after * stride];
            let entities = self.columns.entities.clone();
            let scores = answers.chunks_exact(stride).map(|row| &row[entities.clone()]);
            self.entities.decode(scores, &mut s.names);
            for (i, (word, row)) in words.iter().zip(answers.chunks_exact(stride)).enumerate() {
                let head = s.tree[i];
                let labels = &s.labels[i * self.label.stride()..][..self.label.outputs()];
                let upos = self.upos[best(&row[self.columns.upos.clone()])];
                let feats = best(&row[self.columns.feats.clone()]);
                let script = &self.lemmas[best(&row[self.columns.lemmas.clone()])];
                out.push(WordPrediction {
                    upos,
                    feats: feats as u16,
                    deprel: self.relation(head, labels),
                    head,
                    lemma: script.apply(word),
                    entity: s.names.found[i],
                });
            }
            first = after;
        }
    }

    /// Fills `s.tree` with the heads and `s.labels` with the label scores of one sentence.
    fn parse(&self, kernel: Kernel, rows: Range<usize>, s: &mut HeadScratch) {
        let all = &s.all[rows];
        let stride = self.all.stride();
        let words = all.len() / stride - 1;
        let c = &self.columns;
        s.deps.clear();
        s.heads.clear();
        for row in all.chunks_exact(stride) {
            s.deps.extend_from_slice(&row[c.arc_dep.clone()]);
            s.heads.extend_from_slice(&row[c.arc_head.clone()]);
        }
        s.deps.drain(..ARC);
        kernel.gelu(&mut s.deps);
        kernel.gelu(&mut s.heads);
        kernel.quantise(&s.deps, ARC, ARC, &mut s.quantised);
        kernel.multiply(&self.arc, &s.quantised, &mut s.asked);
        s.scores.resize(words * (words + 1), 0.0);
        for (asked, scores) in s.asked.chunks_exact(ARC).zip(s.scores.chunks_exact_mut(words + 1)) {
            kernel.dots(asked, &s.heads, ARC, scores);
        }
        tree::heads(&s.scores, words, &mut s.tree);
        for (i, (head, both)) in s.tree.iter().zip(s.deps.chunks_exact_mut(ARC)).enumerate() {
            let dep = &all[(i + 1) * stride..][c.label_dep.clone()];
            let head = &all[*head as usize * stride..][c.label_head.clone()];
            kernel.gelu_sum(dep, head, both);
        }
        kernel.quantise(&s.deps, ARC, ARC, &mut s.quantised);
        kernel.multiply(&self.label, &s.quantised, &mut s.labels);
    }

    /// The root's relation is `root`, and no other word's is.
    fn relation(&self, head: u32, labels: &[f32]) -> u16 {
        if head == 0 {
            return self.root;
        }
        let (mut found, mut highest) = (self.joint, f32::NEG_INFINITY);
        for (id, score) in (0_u16..).zip(labels) {
            if *score > highest && id != self.root {
                (found, highest) = (id, *score);
            }
        }
        found
    }
}

/// The index of the highest score, the first of equals.
fn best(scores: &[f32]) -> usize {
    let (mut best, mut highest) = (0, f32::NEG_INFINITY);
    for (i, s) in scores.iter().enumerate() {
        if *s > highest {
            (best, highest) = (i, *s);
        }
    }
    best
}

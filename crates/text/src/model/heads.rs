//! The heads read every answer off the states of a sentence's words.
//!
//! One matrix serves all of them, so that a state is brought to 7 bits once. The row before a
//! sentence's first word is its opening piece, which stands for the root.

use std::ops::Range;

use crate::tag::Upos;

use super::WordPrediction;
use super::encoder::WIDTH;
use super::kernel::{Kernel, Matrix};
use super::lemma::LemmaScript;
use super::names::{NameScratch, NameTags};
use super::passes::{self, Quantised};
use super::tree;
use super::weights::Weights;

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
    /// The label of a joined word.
    pub(super) conj: u16,
    pub(super) feats: Vec<String>,
    pub(super) deprels: Vec<String>,
}

/// Buffers kept from batch to batch.
#[derive(Default)]
pub(super) struct HeadScratch {
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
    pub(super) fn read(weights: &mut Weights<'_>) -> Self {
        let inv = weights.inventories();
        let mut unknown = |kind: &str, class: &str| weights.fault(format!("`{class}` is no {kind}"));
        let mut upos = Vec::with_capacity(inv.upos.len());
        for tag in &inv.upos {
            match Upos::parse(tag) {
                Some(tag) => upos.push(tag),
                None => unknown("part of speech", tag),
            }
        }
        let mut lemmas = Vec::with_capacity(inv.lemmas.len());
        for script in &inv.lemmas {
            match LemmaScript::read(script) {
                Some(script) => lemmas.push(script),
                None => unknown("lemma script", script),
            }
        }
        let entities = NameTags::read(&inv.entities, |tag| unknown("entity tag", tag));
        let mut relation = |name: &str| {
            let found = (0_u16..).zip(&inv.deprels).find(|(_, d)| *d == name).map(|(i, _)| i);
            found.unwrap_or_else(|| {
                weights.fault(format!("there is no relation `{name}`"));
                0
            })
        };
        let (root, joint, conj) = (relation("root"), relation("parataxis"), relation("conj"));
        let past = inv.feats.iter().map(|f| f.contains("Tense=Past")).collect();
        let sizes = [inv.upos.len(), inv.feats.len(), inv.lemmas.len(), inv.entities.len(), inv.deprels.len()];
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
        Self {
            all: weights.matrix("heads.all", WIDTH, end),
            columns,
            arc: weights.matrix("heads.arc", ARC, ARC),
            label: weights.matrix("heads.label", ARC, sizes[4]),
            upos,
            lemmas,
            entities,
            past,
            root,
            joint,
            conj,
            feats: inv.feats,
            deprels: inv.deprels,
        }
    }

    /// Answers for consecutive sentences; appends to `out`.
    ///
    /// `states` has, for each sentence, that of its opening piece, then those of its words.
    pub(super) fn run<'w>(
        &self,
        kernel: Kernel,
        states: &[f32],
        sentences: impl Iterator<Item = &'w [&'w str]>,
        s: &mut HeadScratch,
        out: &mut Vec<WordPrediction>,
    ) {
        kernel.quantise(states, WIDTH, &mut s.quantised);
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
        kernel.quantise(&s.deps, ARC, &mut s.quantised);
        kernel.multiply(&self.arc, &s.quantised, &mut s.asked);
        s.scores.resize(words * (words + 1), 0.0);
        kernel.dots(&s.asked, &s.heads, ARC, &mut s.scores);
        tree::heads(&s.scores, words, &mut s.tree);
        for (i, (head, both)) in s.tree.iter().zip(s.deps.chunks_exact_mut(ARC)).enumerate() {
            let dep = &all[(i + 1) * stride..][c.label_dep.clone()];
            let head = &all[*head as usize * stride..][c.label_head.clone()];
            kernel.gelu_sum(dep, head, both);
        }
        kernel.quantise(&s.deps, ARC, &mut s.quantised);
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
    let high = passes::highest(scores);
    scores.iter().position(|s| *s == high).unwrap_or(0)
}

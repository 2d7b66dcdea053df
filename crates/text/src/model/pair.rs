//! The pair head answers one narrow question of a sentence: what the one marked party does to the other.
//!
//! It carries on from the states that the reader's first layers give, so that no sentence is embedded twice: the
//! parties are marked by adding a learned state to theirs, a few layers of the head's own mix them, and the means
//! over source, target and the rest answer together with the opening state.  `training/pairs/train.py` is the same
//! network in floats.

use std::ops::Range;

use super::encoder::{Layer, WIDTH, pass};
use super::kernel::Matrix;
use super::weights::{PAIRS, Weights};
use super::{Model, ModelWorker, WeightsFault};

/// Width of the layer before the answer.
const HIDDEN: usize = 384;

/// The frozen head.
pub struct PairHead {
    /// What is added to the states of words without a part, of the source and of the target.
    roles: Vec<f32>,
    /// Layers of the reader that it builds on.
    after: usize,
    layers: Vec<Layer>,
    hidden: Matrix,
    types: Matrix,
    classes: Vec<String>,
}

impl PairHead {
    /// Reads the head's weights file, made for this model.
    ///
    /// # Errors
    /// Everything that is missing or of the wrong format, type or shape, or does not fit the model.
    pub fn from_bytes(bytes: &[u8], model: &Model) -> Result<Self, WeightsFault> {
        let mut weights = Weights::open(bytes, PAIRS)?;
        let classes = weights.classes("types");
        if classes.is_empty() {
            weights.fault("there are no types");
        }
        let after = weights.number("after", 0);
        if after > model.encoder.layers() {
            weights.fault(format!("it builds on {after} layers of a model that has {}", model.encoder.layers()));
        }
        let layers = (0..weights.layers()).map(|number| Layer::read(&mut weights, number)).collect();
        let head = Self {
            roles: weights.floats("roles", &[3, WIDTH]),
            after,
            layers,
            hidden: weights.matrix("hidden", 4 * WIDTH, HIDDEN),
            types: weights.matrix("types", HIDDEN, classes.len()),
            classes,
        };
        weights.finish()?;
        Ok(head)
    }

    /// The classes, in the order of the answers.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }
}

impl std::fmt::Debug for PairHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairHead").field("classes", &self.classes).finish_non_exhaustive()
    }
}

impl ModelWorker<'_> {
    /// The logarithms of the shares of every class, in the order of [`PairHead::classes`].
    ///
    /// Parties are ranges of words; an empty one has no words in the sentence.  Of a sentence longer than the encoder
    /// takes at once its beginning is read.
    pub fn relate(&mut self, head: &PairHead, words: &[&str], source: Range<usize>, target: Range<usize>) -> Vec<f32> {
        self.relate_all(head, words, &[(source, target)]).pop().unwrap_or_default()
    }

    /// The same for several pairs of one sentence, which is embedded once for all of them.
    pub fn relate_all(
        &mut self,
        head: &PairHead,
        words: &[&str],
        pairs: &[(Range<usize>, Range<usize>)],
    ) -> Vec<Vec<f32>> {
        if pairs.is_empty() {
            return Vec::new();
        }
        self.start_batch();
        self.add_window(0, words, 0);
        let pieces = self.pieces.len();
        let (kernel, s) = (self.kernel, &mut self.encoder);
        self.model.encoder.begin(kernel, &self.pieces, &self.casings, &(0..pieces), head.after, s);
        // The opening piece comes before the words' pieces, the closing one after them.
        let words_at = &self.firsts[1..];
        let mut roles = vec![0usize; pieces * pairs.len()];
        for ((source, target), roles) in pairs.iter().zip(roles.chunks_exact_mut(pieces)) {
            for (role, party) in [(1, source), (2, target)] {
                let start = words_at.get(party.start).copied().unwrap_or(pieces - 1);
                let end = words_at.get(party.end).copied().unwrap_or(pieces - 1);
                if start < end {
                    roles[start..end].fill(role);
                }
            }
        }
        let once = s.states.clone();
        s.states.clear();
        (0..pairs.len()).for_each(|_| s.states.extend_from_slice(&once));
        for (state, role) in s.states.chunks_exact_mut(WIDTH).zip(&roles) {
            for (x, mark) in state.iter_mut().zip(&head.roles[role * WIDTH..][..WIDTH]) {
                *x += mark;
            }
        }
        let windows: Vec<Range<usize>> = (0..pairs.len()).map(|i| i * pieces..(i + 1) * pieces).collect();
        pass(kernel, &head.layers, &windows, None, s);
        let mut read = vec![0.0; 4 * WIDTH * pairs.len()];
        let parts = read.chunks_exact_mut(4 * WIDTH);
        for ((read, states), roles) in parts.zip(s.states.chunks_exact(pieces * WIDTH)).zip(roles.chunks_exact(pieces))
        {
            // The order in which training reads them: source, target, the rest, the opening.
            for (part, role) in [1, 2, 0].into_iter().enumerate() {
                let mean = &mut read[part * WIDTH..][..WIDTH];
                let mut count = 0.0;
                for (state, _) in states.chunks_exact(WIDTH).zip(roles).filter(|(_, r)| **r == role) {
                    mean.iter_mut().zip(state).for_each(|(m, x)| *m += x);
                    count += 1.0;
                }
                mean.iter_mut().for_each(|m| *m /= f32::max(count, 1.0));
            }
            read[3 * WIDTH..].copy_from_slice(&states[..WIDTH]);
        }
        let mut quantised = super::passes::Quantised::default();
        let (mut hidden, mut answers) = (Vec::new(), Vec::new());
        kernel.quantise(&read, 4 * WIDTH, &mut quantised);
        kernel.multiply(&head.hidden, &quantised, &mut hidden);
        let stride = head.hidden.stride();
        let mut narrow: Vec<f32> =
            hidden.chunks_exact(stride).take(pairs.len()).flat_map(|row| &row[..HIDDEN]).copied().collect();
        kernel.gelu(&mut narrow);
        kernel.quantise(&narrow, HIDDEN, &mut quantised);
        kernel.multiply(&head.types, &quantised, &mut answers);
        self.start_batch();
        answers
            .chunks_exact(head.types.stride())
            .take(pairs.len())
            .map(|row| {
                let row = &row[..head.classes.len()];
                let high = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let total = row.iter().map(|a| (a - high).exp()).sum::<f32>().ln() + high;
                row.iter().map(|a| a - total).collect()
            })
            .collect()
    }
}

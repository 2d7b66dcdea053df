//! The encoder turns pieces into states that hold their sentence: every head reads these.
//!
//! Sentences lie one after the other without padding; only attention looks at their borders.
//! `training/model.py` (`Encoder`) is the same network in floats.

use std::ops::Range;

use super::kernel::{Kernel, Matrix};
use super::passes::{AttentionScratch, HEAD, Quantised};
use super::weights::Weights;

/// Floats in a state.
pub(super) const WIDTH: usize = 384;
/// Width inside the feed-forward part of a layer.
const INNER: usize = 1536;
/// Pieces that have a place of their own; a window is never longer.
pub(super) const POSITIONS: usize = 512;
const CASINGS: usize = 16;
/// Rows that pass through a layer at a time, so that they stay in cache.
const BLOCK: usize = 48;

struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

impl Norm {
    fn read(weights: &mut Weights<'_>, name: &str) -> Self {
        let mut part = |part: &str| weights.floats(&format!("{name}.{part}"), &[WIDTH]);
        Self { gain: part("weight"), bias: part("bias") }
    }
}

/// One transformer layer.
pub(super) struct Layer {
    qkv: Matrix,
    out: Matrix,
    norm1: Norm,
    up: Matrix,
    down: Matrix,
    norm2: Norm,
}

impl Layer {
    /// Takes the layer with this number out of the weights.
    pub(super) fn read(weights: &mut Weights<'_>, number: usize) -> Self {
        let name = |part: &str| format!("layers.{number}.{part}");
        Self {
            qkv: weights.matrix(&name("qkv"), WIDTH, 3 * WIDTH),
            out: weights.matrix(&name("out"), WIDTH, WIDTH),
            norm1: Norm::read(weights, &name("norm1")),
            up: weights.matrix(&name("up"), WIDTH, INNER),
            down: weights.matrix(&name("down"), INNER, WIDTH),
            norm2: Norm::read(weights, &name("norm2")),
        }
    }
}

/// The embedding tables and the layers.
pub(super) struct Encoder {
    words: Vec<i8>,
    word_scale: Vec<f32>,
    positions: Vec<f32>,
    casings: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Buffers kept from batch to batch; `states` are the result, [`WIDTH`] floats per piece asked for.
#[derive(Default)]
pub(super) struct EncoderScratch {
    pub(super) states: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    added: Vec<f32>,
    wide: Vec<f32>,
    quantised: Quantised,
    attention: AttentionScratch,
}

impl Encoder {
    /// Takes the encoder out of the weights; `vocabulary` is the number of pieces.
    pub(super) fn read(weights: &mut Weights<'_>, vocabulary: usize) -> Self {
        let (words, word_scale) = weights.rows("word", WIDTH, vocabulary);
        let layers = (0..weights.layers()).map(|number| Layer::read(weights, number)).collect();
        Self {
            words,
            word_scale,
            positions: weights.floats("position", &[POSITIONS, WIDTH]),
            casings: weights.floats("casing", &[CASINGS, WIDTH]),
            norm: Norm::read(weights, "norm"),
            layers,
        }
    }

    /// Encodes `pieces`; each of `windows` is a sentence of at most [`POSITIONS`] pieces.
    ///
    /// States are left for the pieces `asked` for (in ascending order) alone: the last layer computes no others.
    pub(super) fn run(
        &self,
        kernel: Kernel,
        pieces: &[u32],
        casings: &[u8],
        windows: &[Range<usize>],
        asked: &[usize],
        s: &mut EncoderScratch,
    ) {
        self.embed(kernel, pieces, casings, windows, s);
        pass(kernel, &self.layers, windows, Some(asked), s);
    }

    /// Leaves the states of all pieces after the first layers.
    pub(super) fn begin(
        &self,
        kernel: Kernel,
        pieces: &[u32],
        casings: &[u8],
        window: &Range<usize>,
        layers: usize,
        s: &mut EncoderScratch,
    ) {
        let windows = std::slice::from_ref(window);
        self.embed(kernel, pieces, casings, windows, s);
        pass(kernel, &self.layers[..layers.min(self.layers.len())], windows, None, s);
    }

    /// How many layers there are.
    pub(super) fn layers(&self) -> usize {
        self.layers.len()
    }

    fn embed(&self, kernel: Kernel, pieces: &[u32], casings: &[u8], windows: &[Range<usize>], s: &mut EncoderScratch) {
        s.states.clear();
        s.added.clear();
        for window in windows {
            for (place, at) in window.clone().enumerate() {
                let (piece, casing) = (pieces[at] as usize, usize::from(casings[at]));
                let scale = self.word_scale[piece];
                let word = &self.words[piece * WIDTH..][..WIDTH];
                s.states.extend(word.iter().map(|w| scale * f32::from(*w)));
                let position = &self.positions[place * WIDTH..][..WIDTH];
                let casing = &self.casings[casing * WIDTH..][..WIDTH];
                s.added.extend(position.iter().zip(casing).map(|(p, c)| p + c));
            }
        }
        kernel.add_norm(&mut s.states, &s.added, &self.norm.gain, &self.norm.bias);
    }
}

/// Takes the states through layers; with `asked`, the last one computes these rows (ascending) and leaves no others.
pub(super) fn pass(
    kernel: Kernel,
    layers: &[Layer],
    windows: &[Range<usize>],
    asked: Option<&[usize]>,
    s: &mut EncoderScratch,
) {
    for (i, layer) in layers.iter().enumerate() {
        kernel.quantise(&s.states, WIDTH, &mut s.quantised);
        kernel.multiply(&layer.qkv, &s.quantised, &mut s.qkv);
        s.mixed.resize(s.states.len(), 0.0);
        let stride = layer.qkv.stride();
        for window in windows {
            let qkv = &s.qkv[window.start * stride..window.end * stride];
            let mixed = &mut s.mixed[window.start * WIDTH..window.end * WIDTH];
            for at in (0..WIDTH).step_by(HEAD) {
                let starts = [at, WIDTH + at, 2 * WIDTH + at];
                kernel.attend(qkv, stride, starts, &mut s.attention, mixed, WIDTH, at);
            }
        }
        if let Some(asked) = asked.filter(|_| i + 1 == layers.len()) {
            for rows in [&mut s.states, &mut s.mixed] {
                for (to, from) in asked.iter().enumerate() {
                    rows.copy_within(from * WIDTH..(from + 1) * WIDTH, to * WIDTH);
                }
                rows.truncate(asked.len() * WIDTH);
            }
        }
        for (states, mixed) in s.states.chunks_mut(BLOCK * WIDTH).zip(s.mixed.chunks(BLOCK * WIDTH)) {
            kernel.quantise(mixed, WIDTH, &mut s.quantised);
            kernel.multiply(&layer.out, &s.quantised, &mut s.added);
            kernel.add_norm_quantise(states, &s.added, &layer.norm1.gain, &layer.norm1.bias, &mut s.quantised);
            kernel.multiply(&layer.up, &s.quantised, &mut s.wide);
            kernel.gelu_quantise(&mut s.wide, INNER, &mut s.quantised);
            kernel.multiply(&layer.down, &s.quantised, &mut s.added);
            kernel.add_norm(states, &s.added, &layer.norm2.gain, &layer.norm2.bias);
        }
    }
}

//! The floating-point passes between the integer products, in plain Rust.
//!
//! `kernel.rs` compiles each of them once for every instruction set. They add and multiply in one fixed order,
//! in lanes whose number does not depend on the machine, and the compiler never fuses or reorders floats: so
//! all instruction sets give the same bits.

#![allow(
    clippy::needless_range_loop,
    reason = "counted loops over fixed arrays are what the compiler turns into vectors"
)]

/// Partial results of a floating-point reduction, whatever the width of the machine.
pub(super) const LANES: usize = 16;
/// Lanes for long rows, so that one comparison need not wait for the one before it.
const WIDE: usize = 4 * LANES;
/// Width of an attention head.
pub(super) const HEAD: usize = 32;
/// Queries answered at a time, so that a key is loaded once for all of them.
const QUERIES: usize = 4;

/// The greatest value of an activation: 7 bits, so that AVX2 can add two products in 16 bits.
const GREATEST: f32 = 127.0;

/// Added, it rounds a small float to the nearest integer, halves to even.
const ROUND: f32 = 12_582_912.0;

/// Rows of activations in 7 bits: `x = low + scale * value`, per row.
#[derive(Default)]
pub(super) struct Quantised {
    pub(super) width: usize,
    pub(super) values: Vec<u8>,
    pub(super) scale: Vec<f32>,
    pub(super) low: Vec<f32>,
}

/// What attention works on; kept from sentence to sentence.
#[derive(Default)]
pub(super) struct AttentionScratch {
    /// The keys of a head, one row for each of its dimensions.
    keys: Vec<f32>,
    scores: Vec<f32>,
    /// 1 for every piece, 0 where rows are filled up.
    real: Vec<f32>,
}

impl Quantised {
    /// Makes room for so many rows; what they held before is of no meaning.
    fn shape(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.values.resize(rows * width, 0);
        self.scale.resize(rows, 0.0);
        self.low.resize(rows, 0.0);
    }
}

/// Rows of `width` floats to 7 bits.
#[inline(always)]
pub(super) fn quantise(input: &[f32], width: usize, out: &mut Quantised) {
    out.shape(input.len() / width, width);
    for (r, row) in input.chunks_exact(width).enumerate() {
        quantise_row(row, r, out);
    }
}

/// Rows of `width` floats through the Gaussian error linear unit, in place, and to 7 bits.
#[inline(always)]
pub(super) fn gelu_quantise(x: &mut [f32], width: usize, out: &mut Quantised) {
    out.shape(x.len() / width, width);
    for (r, row) in x.chunks_exact_mut(width).enumerate() {
        for x in &mut row[..] {
            *x = gelu_of(*x);
        }
        quantise_row(row, r, out);
    }
}

/// `x = norm(x + add)`, rows of `gain.len()` floats.
#[inline(always)]
pub(super) fn add_norm(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
    let width = gain.len();
    for (x, add) in x.chunks_exact_mut(width).zip(add.chunks_exact(width)) {
        norm_row(x, add, gain, bias);
    }
}

/// `x = norm(x + add)`, and the result to 7 bits.
#[inline(always)]
pub(super) fn add_norm_quantise(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32], out: &mut Quantised) {
    let width = gain.len();
    out.shape(x.len() / width, width);
    for (r, (x, add)) in x.chunks_exact_mut(width).zip(add.chunks_exact(width)).enumerate() {
        norm_row(x, add, gain, bias);
        quantise_row(x, r, out);
    }
}

/// One row of [`add_norm`].
#[inline(always)]
fn norm_row(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
    let width = x.len() as f32;
    let mut sums = [0.0_f32; LANES];
    for (x, add) in x.chunks_exact_mut(LANES).zip(add.chunks_exact(LANES)) {
        for i in 0..LANES {
            x[i] += add[i];
            sums[i] += x[i];
        }
    }
    let mean = total(&sums) / width;
    let mut squares = [0.0_f32; LANES];
    for x in x.chunks_exact(LANES) {
        for i in 0..LANES {
            squares[i] += (x[i] - mean) * (x[i] - mean);
        }
    }
    let inverse = 1.0 / (total(&squares) / width + 1e-12).sqrt();
    for ((x, g), b) in x.iter_mut().zip(gain).zip(bias) {
        *x = (*x - mean) * inverse * g + b;
    }
}

/// One row to 7 bits.
#[inline(always)]
fn quantise_row(row: &[f32], r: usize, out: &mut Quantised) {
    // Two loops, as one over both is badly vectorised.
    let (low, high) = (lowest(row), highest(row));
    let scale = (high - low).max(1e-8) / GREATEST;
    let inverse = 1.0 / scale;
    let values = &mut out.values[r * out.width..][..row.len()];
    for (v, x) in values.iter_mut().zip(row) {
        // After the rounding the integer stands in the lowest bits, the same everywhere.
        *v = (((x - low) * inverse + ROUND).to_bits() & 0x7F) as u8;
    }
    out.scale[r] = scale;
    out.low[r] = low;
}

/// The Gaussian error linear unit of each, in place.
#[inline(always)]
pub(super) fn gelu(x: &mut [f32]) {
    for x in x {
        *x = gelu_of(*x);
    }
}

/// `out = gelu(a + b)`.
#[inline(always)]
pub(super) fn gelu_sum(a: &[f32], b: &[f32], out: &mut [f32]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = gelu_of(a + b);
    }
}

/// Attention of one head within one sentence.
///
/// `qkv` holds one row per piece, `stride` floats apart; the head's queries begin at `starts[0]` in each
/// row, its keys at `starts[1]`, its values at `starts[2]`, each [`HEAD`] long. `out` gets [`HEAD`] floats
/// per piece at `at`, `width` apart. `BLOCK` numbers are worked on at once for each of four queries: as many
/// as the registers hold, which changes no result.
#[inline(always)]
pub(super) fn attend<const BLOCK: usize>(
    qkv: &[f32],
    stride: usize,
    starts: [usize; 3],
    s: &mut AttentionScratch,
    out: &mut [f32],
    width: usize,
    at: usize,
) {
    let [q, k, v] = starts;
    let pieces = qkv.len() / stride;
    let padded = pieces.next_multiple_of(LANES);
    s.keys.resize(HEAD * padded, 0.0);
    s.scores.resize(QUERIES * padded, 0.0);
    s.real.clear();
    s.real.resize(pieces, 1.0);
    s.real.resize(padded, 0.0);
    for (j, row) in qkv.chunks_exact(stride).enumerate() {
        let row = &row[k..k + HEAD];
        for d in 0..HEAD {
            s.keys[d * padded + j] = row[d];
        }
    }
    for d in 0..HEAD {
        s.keys[d * padded + pieces..(d + 1) * padded].fill(0.0);
    }
    // Scores count in powers of two, which cost less than those of e.
    let unit = std::f32::consts::LOG2_E / (HEAD as f32).sqrt();
    for first in (0..pieces).step_by(QUERIES) {
        // Past the end the last query is answered again, and the answer dropped.
        let row = |r: usize| (first + r).min(pieces - 1) * stride;
        let mut queries = [[0.0_f32; HEAD]; QUERIES];
        for r in 0..QUERIES {
            let query = &qkv[row(r) + q..][..HEAD];
            for d in 0..HEAD {
                queries[r][d] = query[d] * unit;
            }
        }
        let mut block = 0;
        while block + BLOCK <= padded {
            score::<BLOCK>(&queries, &s.keys[block..], padded, &mut s.scores[block..]);
            block += BLOCK;
        }
        while block < padded {
            score::<LANES>(&queries, &s.keys[block..], padded, &mut s.scores[block..]);
            block += LANES;
        }
        let mut inverse = [0.0_f32; QUERIES];
        for (scores, inverse) in s.scores.chunks_exact_mut(padded).zip(&mut inverse) {
            for x in &mut scores[..] {
                *x = exp2(*x);
            }
            let mut sums = [0.0_f32; LANES];
            for (x, real) in scores.chunks_exact(LANES).zip(s.real.chunks_exact(LANES)) {
                for i in 0..LANES {
                    sums[i] += x[i] * real[i];
                }
            }
            *inverse = 1.0 / total(&sums);
        }
        for part in (0..HEAD).step_by(BLOCK) {
            let [mut m0, mut m1, mut m2, mut m3] = [[0.0_f32; BLOCK]; QUERIES];
            let (s0, rest) = s.scores.split_at(padded);
            let (s1, rest) = rest.split_at(padded);
            let (s2, s3) = rest.split_at(padded);
            let scores = s0.iter().zip(s1).zip(s2.iter().zip(s3));
            for (row, ((s0, s1), (s2, s3))) in qkv.chunks_exact(stride).zip(scores) {
                let value = &row[v + part..][..BLOCK];
                m0 = plus_scaled(m0, *s0, value);
                m1 = plus_scaled(m1, *s1, value);
                m2 = plus_scaled(m2, *s2, value);
                m3 = plus_scaled(m3, *s3, value);
            }
            let mixed = [m0, m1, m2, m3];
            for r in 0..QUERIES.min(pieces - first) {
                let out = &mut out[(first + r) * width + at + part..][..BLOCK];
                for d in 0..BLOCK {
                    out[d] = mixed[r][d] * inverse[r];
                }
            }
        }
    }
}

/// Products of the queries with `N` keys; keys and scores lie `padded` apart.
#[inline(always)]
fn score<const N: usize>(queries: &[[f32; HEAD]; QUERIES], keys: &[f32], padded: usize, scores: &mut [f32]) {
    let [mut s0, mut s1, mut s2, mut s3] = [[0.0_f32; N]; QUERIES];
    for d in 0..HEAD {
        let keys = &keys[d * padded..][..N];
        s0 = plus_scaled(s0, queries[0][d], keys);
        s1 = plus_scaled(s1, queries[1][d], keys);
        s2 = plus_scaled(s2, queries[2][d], keys);
        s3 = plus_scaled(s3, queries[3][d], keys);
    }
    for (r, sums) in [s0, s1, s2, s3].iter().enumerate() {
        scores[r * padded..][..N].copy_from_slice(sums);
    }
}

/// Dot products of each of `left` with each of `right`, rows of `width` floats: `out` has a row per row of `left`.
#[inline(always)]
pub(super) fn dots(left: &[f32], right: &[f32], width: usize, out: &mut [f32]) {
    let columns = right.len() / width;
    for (row, out) in left.chunks_exact(width).zip(out.chunks_exact_mut(columns)) {
        for (other, out) in right.chunks_exact(width).zip(out) {
            let mut sums = [0.0_f32; LANES];
            for (a, b) in row.chunks_exact(LANES).zip(other.chunks_exact(LANES)) {
                for i in 0..LANES {
                    sums[i] += a[i] * b[i];
                }
            }
            *out = total(&sums);
        }
    }
}

/// The sum of partial sums, in a fixed order.
#[inline(always)]
fn total(lanes: &[f32; LANES]) -> f32 {
    let mut l = *lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            l[i] += l[i + half];
        }
        half /= 2;
    }
    l[0]
}

/// `sums + factor * row`, by value so that the sums stay in registers.
#[inline(always)]
fn plus_scaled<const N: usize>(mut sums: [f32; N], factor: f32, row: &[f32]) -> [f32; N] {
    let row = &row[..N];
    for i in 0..N {
        sums[i] += factor * row[i];
    }
    sums
}

/// The lowest of a row.
#[inline(always)]
fn lowest(row: &[f32]) -> f32 {
    reduce(row, f32::INFINITY, |a, b| if b < a { b } else { a })
}

/// The highest of a row.
#[inline(always)]
pub(super) fn highest(row: &[f32]) -> f32 {
    reduce(row, f32::NEG_INFINITY, |a, b| if b > a { b } else { a })
}

#[inline(always)]
fn reduce(row: &[f32], start: f32, choose: impl Fn(f32, f32) -> f32) -> f32 {
    let mut found = [start; WIDE];
    let chunks = row.chunks_exact(WIDE);
    let rest = chunks.remainder();
    for x in chunks {
        for i in 0..WIDE {
            found[i] = choose(found[i], x[i]);
        }
    }
    let mut half = WIDE / 2;
    while half > 0 {
        for i in 0..half {
            found[i] = choose(found[i], found[i + half]);
        }
        half /= 2;
    }
    rest.iter().fold(found[0], |a, b| choose(a, *b))
}

/// Scores of attention beyond this weigh no more: a ratio of 2^200 is as good as any.
const HEAVIEST: f32 = 100.0;

/// `2^x` within three millionths, `x` brought between -100 and 100, so that sums of many stay finite without
/// their highest being known. The polynomial is a minimax fit.
#[inline(always)]
fn exp2(x: f32) -> f32 {
    let x = if x > -HEAVIEST { x } else { -HEAVIEST };
    let x = if x < HEAVIEST { x } else { HEAVIEST };
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    let p = 9.570_101e-3;
    let p = p * r + 5.591_786e-2;
    let p = p * r + 0.240_247_44;
    let p = p * r + 0.693_121_8;
    let p = p * r + 0.999_999_3;
    // The low bits of `shifted` are the nearest integer; in the exponent's place they multiply by its power of 2.
    f32::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// Beyond this the normal distribution is taken to be over.
const TAIL: f32 = 4.25;

/// `x * Φ(x)`, within five hundred-thousandths: far below a step of 7 bits, and without a division.
///
/// `Φ(x) = 1/2 + x * P(x²)` up to [`TAIL`], P a minimax fit over `x²` brought to -1..1.
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let near = if x > -TAIL { x } else { -TAIL };
    let near = if near < TAIL { near } else { TAIL };
    let t = near * near * (2.0 / (TAIL * TAIL)) - 1.0;
    let p = 2.016_516_4e-3;
    let p = p * t - 5.984_251_4e-3;
    let p = p * t + 9.201_722e-3;
    let p = p * t - 1.467_226_8e-2;
    let p = p * t + 2.534_790_3e-2;
    let p = p * t - 3.914_569e-2;
    let p = p * t + 5.572_719e-2;
    let p = p * t - 8.077_915e-2;
    let p = p * t + 0.165_935_08;
    x * (near * p + 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_and_gelu_are_close() {
        for i in -1000..=1000 {
            let x = i as f32 / 10.0;
            assert!((exp2(x) - x.exp2()).abs() <= 4e-6 * x.exp2(), "2^{x}");
        }
        let known = [(-9.0, 0.0), (-3.0, -0.004_049_7), (-0.5, -0.154_268_77), (0.0, 0.0), (1.0, 0.841_344_7)];
        for (x, y) in known.into_iter().chain([(4.0, 3.999_873_2), (30.0, 30.0)]) {
            assert!((gelu_of(x) - y).abs() < 6e-5, "gelu({x}) = {}", gelu_of(x));
        }
    }

    #[test]
    fn seven_bits_are_those_that_the_network_was_trained_with() {
        let row: Vec<f32> = (0..32).map(|i| i as f32 * 0.37 - 4.0).collect();
        let mut q = Quantised::default();
        quantise(&row, row.len(), &mut q);
        let (low, high) = (row[0], row[31]);
        let scale = (high - low) / 127.0;
        assert_eq!((q.low[0], q.scale[0]), (low, scale));
        let expected: Vec<u8> = row.iter().map(|x| ((x - low) / scale).round_ties_even() as u8).collect();
        assert_eq!(q.values, expected);
        quantise(&[3.0; 16], 16, &mut q);
        assert_eq!((q.low[0], q.values.as_slice()), (3.0, &[0; 16][..]));
    }
}

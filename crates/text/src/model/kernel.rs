//! The arithmetic lives here alone, so that every unsafe line of the crate is in one file.
//!
//! Products are of unsigned 8-bit activations and signed 8-bit weights, summed in 32 bits without
//! saturation; sums of integers do not depend on their order, so all instruction sets agree to the
//! bit. The floating-point passes are one source compiled three times; the compiler never fuses or
//! reorders them, so they agree as well.

#![allow(
    clippy::needless_range_loop,
    reason = "counted loops over fixed arrays are what the compiler turns into vectors"
)]
#![allow(
    unsafe_code,
    reason = "SIMD instructions; each block says why it is sound, and tests compare with the portable twin"
)]

/// Outputs in a panel of packed weights.
const PANEL: usize = 64;
/// Rows of activations multiplied at a time.
const ROWS: usize = 6;
/// Queries answered at a time, so that a key is loaded once for all of them.
const QUERIES: usize = 4;
/// Partial sums of a floating-point reduction, whatever the width of the machine.
const LANES: usize = 16;

/// One cache line of packed weights: four inputs of sixteen outputs.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([i8; 64]);

/// A linear layer, its weights packed for the kernels.
///
/// Packed: for every panel of 64 outputs, for every four inputs, four [`Line`]s of 16 outputs each.
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    lines: Vec<Line>,
    /// Per output: the weight scale.
    scale: Vec<f32>,
    /// Per output: scale times the sum of the weights, which the activations' low end multiplies.
    lift: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// Packs `weights` (row-major, one row of `inputs` per output) with per-output scales.
    ///
    /// The caller has checked that the lengths agree and that `inputs` is a multiple of four.
    pub(super) fn pack(inputs: usize, weights: &[i8], scale: &[f32], bias: &[f32]) -> Self {
        assert!(inputs.is_multiple_of(4) && weights.len() == inputs * scale.len() && bias.len() == scale.len());
        let outputs = scale.len();
        let panels = outputs.div_ceil(PANEL);
        let mut lines = vec![Line([0; 64]); panels * inputs];
        for (o, row) in weights.chunks_exact(inputs).enumerate() {
            for (i, w) in row.iter().enumerate() {
                let line = (o / PANEL) * inputs + (i / 4) * 4 + (o % PANEL) / 16;
                lines[line].0[(o % 16) * 4 + i % 4] = *w;
            }
        }
        let padded = |mut v: Vec<f32>| {
            v.resize(panels * PANEL, 0.0);
            v
        };
        let sums = weights.chunks_exact(inputs).map(|row| row.iter().map(|w| i32::from(*w)).sum::<i32>() as f32);
        let lift = sums.zip(scale).map(|(sum, s)| sum * s).collect();
        Self { inputs, outputs, lines, scale: padded(scale.to_vec()), lift: padded(lift), bias: padded(bias.to_vec()) }
    }

    /// Outputs of the layer.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Floats from one row of results to the next: the outputs rounded up to whole panels.
    pub(super) fn stride(&self) -> usize {
        self.scale.len()
    }
}

/// Rows of activations in 8 bits: `x = low + scale * value`, per row.
#[derive(Default)]
pub(super) struct Quantised {
    width: usize,
    values: Vec<u8>,
    scale: Vec<f32>,
    low: Vec<f32>,
}

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Isa {
    #[cfg(target_arch = "x86_64")]
    Vnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

/// The kernels of one instruction set. It cannot be made for one that the machine lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kernel(Isa);

impl Kernel {
    /// Every kernel this machine can run, the best first; the last is the portable one.
    pub(super) fn available() -> Vec<Self> {
        let mut all = Vec::with_capacity(3);
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni")
                && is_x86_feature_detected!("avx2")
            {
                all.push(Self(Isa::Vnni));
            }
            if is_x86_feature_detected!("avx2") {
                all.push(Self(Isa::Avx2));
            }
        }
        all.push(Self(Isa::Portable));
        all
    }

    /// The best kernel of this machine.
    pub(super) fn best() -> Self {
        Self::available()[0]
    }

    /// The linear layer: `out` becomes one row of `layer.stride()` floats per row of `input`.
    pub(super) fn multiply(self, layer: &Matrix, input: &Quantised, out: &mut Vec<f32>) {
        assert_eq!(layer.inputs, input.width);
        let (rows, stride) = (input.scale.len(), layer.stride());
        out.resize(rows * stride, 0.0);
        let mut sums = [[0_i32; PANEL]; ROWS];
        let mut plain = Plain::default();
        for (p, panel) in layer.lines.chunks_exact(layer.inputs).enumerate() {
            let columns = p * PANEL..(p + 1) * PANEL;
            if self.0 == Isa::Portable {
                unpack(panel, &mut plain.weights);
            }
            for first in (0..rows).step_by(ROWS) {
                let count = ROWS.min(rows - first);
                let values = &input.values[first * input.width..(first + count) * input.width];
                self.sum_panel(values, count, panel, &mut plain, &mut sums);
                for (r, sums) in sums[..count].iter().enumerate() {
                    let at = (first + r) * stride + columns.start;
                    self.finish(
                        sums,
                        input.scale[first + r],
                        input.low[first + r],
                        &layer.scale[columns.clone()],
                        &layer.lift[columns.clone()],
                        &layer.bias[columns.clone()],
                        &mut out[at..at + PANEL],
                    );
                }
            }
        }
    }

    /// Integer products of `count` rows (one to [`ROWS`]) with one panel.
    fn sum_panel(
        self,
        values: &[u8],
        count: usize,
        panel: &[Line],
        plain: &mut Plain,
        sums: &mut [[i32; PANEL]; ROWS],
    ) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Isa::Vnni => {
                // SAFETY: an `Isa::Vnni` is made by `available` alone, after the CPU said that it
                // has these instructions.
                unsafe {
                    match count {
                        6 => x86::vnni::<6>(values, panel, sums),
                        5 => x86::vnni::<5>(values, panel, sums),
                        4 => x86::vnni::<4>(values, panel, sums),
                        3 => x86::vnni::<3>(values, panel, sums),
                        2 => x86::vnni::<2>(values, panel, sums),
                        _ => x86::vnni::<1>(values, panel, sums),
                    }
                }
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => {
                let width = panel.len();
                for (r, rows) in values.chunks(3 * width).enumerate() {
                    // SAFETY: an `Isa::Avx2` is made by `available` alone, after the CPU said that
                    // it has these instructions.
                    unsafe {
                        let sums = &mut sums[3 * r..];
                        match rows.len() / width {
                            3 => x86::avx2::<3>(rows, panel, sums),
                            2 => x86::avx2::<2>(rows, panel, sums),
                            _ => x86::avx2::<1>(rows, panel, sums),
                        }
                    }
                }
            }
            Isa::Portable => portable(values, panel.len(), plain, &mut sums[..count]),
        }
    }
}

/// What the portable products work on: 16 bits, which every machine multiplies well.
#[derive(Default)]
struct Plain {
    /// The panel's weights, output by output.
    weights: Vec<i16>,
    row: Vec<i16>,
}

/// The products in plain Rust.
fn portable(values: &[u8], width: usize, plain: &mut Plain, sums: &mut [[i32; PANEL]]) {
    for (row, sums) in values.chunks_exact(width).zip(sums) {
        plain.row.clear();
        plain.row.extend(row.iter().map(|v| i16::from(*v)));
        for (weights, sum) in plain.weights.chunks_exact(width).zip(sums) {
            let products = plain.row.iter().zip(weights).map(|(x, w)| i32::from(*x) * i32::from(*w));
            *sum = products.sum();
        }
    }
}

/// Brings a packed panel back to one row of weights per output.
fn unpack(panel: &[Line], plain: &mut Vec<i16>) {
    let width = panel.len();
    plain.resize(PANEL * width, 0);
    for (at, line) in panel.iter().enumerate() {
        for (i, weight) in line.0.iter().enumerate() {
            plain[((at % 4) * 16 + i / 4) * width + (at / 4) * 4 + i % 4] = i16::from(*weight);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The products in the instructions of x86-64.

    use std::arch::x86_64::*;

    use super::{Line, PANEL};

    /// `R` rows of `panel.len()` values with one panel, by `vpdpbusd`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn vnni<const R: usize>(values: &[u8], panel: &[Line], sums: &mut [[i32; PANEL]]) {
        let width = panel.len();
        assert!(values.len() >= R * width && width.is_multiple_of(4) && sums.len() >= R);
        let mut acc = [[_mm512_setzero_si512(); 4]; R];
        for k in (0..width).step_by(4) {
            let mut w = [_mm512_setzero_si512(); 4];
            for c in 0..4 {
                // SAFETY: `k + c < width`, the number of lines, as `width` is a multiple of four;
                // a line is 64 bytes aligned to 64.
                w[c] = unsafe { _mm512_load_si512(panel.as_ptr().add(k + c).cast()) };
            }
            for r in 0..R {
                // SAFETY: `r * width + k + 4 <= R * width <= values.len()`; the read may be unaligned.
                let four = unsafe { values.as_ptr().add(r * width + k).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                for c in 0..4 {
                    acc[r][c] = _mm512_dpbusd_epi32(acc[r][c], four, w[c]);
                }
            }
        }
        for r in 0..R {
            for c in 0..4 {
                // SAFETY: each row of `sums` holds 64 integers and `16 * c + 16 <= 64`.
                unsafe { _mm512_storeu_si512(sums[r].as_mut_ptr().add(16 * c).cast(), acc[r][c]) };
            }
        }
    }

    /// `R` rows with one panel, widened to 16 bits: `vpmaddubsw` would saturate.
    #[target_feature(enable = "avx2")]
    pub(super) fn avx2<const R: usize>(values: &[u8], panel: &[Line], sums: &mut [[i32; PANEL]]) {
        let width = panel.len();
        assert!(values.len() >= R * width && width.is_multiple_of(4) && sums.len() >= R);
        for column in 0..4 {
            let mut acc = [[_mm256_setzero_si256(); 4]; R];
            for k in (0..width).step_by(4) {
                let mut a = [_mm256_setzero_si256(); R];
                for (r, a) in a.iter_mut().enumerate() {
                    // SAFETY: `r * width + k + 4 <= R * width <= values.len()`; the read may be unaligned.
                    let four = unsafe { values.as_ptr().add(r * width + k).cast::<i32>().read_unaligned() };
                    *a = _mm256_cvtepu8_epi16(_mm_set1_epi32(four));
                }
                for quarter in 0..4 {
                    // SAFETY: `k + column < width`, the number of lines; a line is four times 16 bytes.
                    let w = unsafe {
                        let line = panel.as_ptr().add(k + column).cast::<__m128i>();
                        _mm256_cvtepi8_epi16(_mm_load_si128(line.add(quarter)))
                    };
                    for r in 0..R {
                        acc[r][quarter] = _mm256_add_epi32(acc[r][quarter], _mm256_madd_epi16(a[r], w));
                    }
                }
            }
            for r in 0..R {
                for half in 0..2 {
                    // Two halves of an output's sum lie side by side; adding neighbours leaves the
                    // outputs in the order 0 1 4 5 2 3 6 7 of 64-bit quarters, which 0xD8 puts right.
                    let both = _mm256_hadd_epi32(acc[r][2 * half], acc[r][2 * half + 1]);
                    let both = _mm256_permute4x64_epi64(both, 0xD8);
                    // SAFETY: each row of `sums` holds 64 integers and `16 * 3 + 8 + 8 <= 64`.
                    unsafe {
                        _mm256_storeu_si256(sums[r].as_mut_ptr().add(16 * column + 8 * half).cast(), both);
                    }
                }
            }
        }
    }
}

/// Makes a method of [`Kernel`] whose one body is compiled for every instruction set.
macro_rules! compiled_for_each {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),* $(,)?) $body:block)*) => {
        impl Kernel {$(
            $(#[$doc])*
            #[allow(clippy::too_many_arguments, reason = "flat slices keep the loops plain")]
            pub(super) fn $name(self, $($arg: $type),*) {
                #[inline(always)]
                fn body($($arg: $type),*) $body
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512($($arg: $type),*) { body($($arg),*) }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) { body($($arg),*) }
                match self.0 {
                    // SAFETY: made by `available` alone, after the CPU said it has these instructions.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Vnni => unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2($($arg),*) },
                    Isa::Portable => body($($arg),*),
                }
            }
        )*}
    };
}

compiled_for_each! {
    /// Integer sums of one row and panel to floats.
    fn finish(
        sums: &[i32; PANEL], scale: f32, low: f32, scales: &[f32], lift: &[f32], bias: &[f32], out: &mut [f32],
    ) {
        let (scales, lift, bias) = (&scales[..PANEL], &lift[..PANEL], &bias[..PANEL]);
        let out = &mut out[..PANEL];
        for i in 0..PANEL {
            out[i] = scale * (scales[i] * sums[i] as f32) + (low * lift[i] + bias[i]);
        }
    }

    /// Rows of `width` floats, `stride` apart, to 8 bits.
    fn quantise(input: &[f32], width: usize, stride: usize, out: &mut Quantised) {
        out.width = width;
        out.values.clear();
        out.scale.clear();
        out.low.clear();
        out.values.resize(input.len() / stride * width, 0);
        for (row, values) in input.chunks_exact(stride).zip(out.values.chunks_exact_mut(width)) {
            let row = &row[..width];
            // Two loops, as one over both is badly vectorised.
            let mut lows = [f32::INFINITY; LANES];
            for lane in row.chunks_exact(LANES) {
                for i in 0..LANES {
                    lows[i] = if lane[i] < lows[i] { lane[i] } else { lows[i] };
                }
            }
            let mut highs = [f32::NEG_INFINITY; LANES];
            for lane in row.chunks_exact(LANES) {
                for i in 0..LANES {
                    highs[i] = if lane[i] > highs[i] { lane[i] } else { highs[i] };
                }
            }
            let low = lowest(&lows);
            let high = highest(&highs);
            let scale = ((high - low) / 255.0).max(1e-12);
            let inverse = 1.0 / scale;
            for (v, x) in values.iter_mut().zip(row) {
                // Adding 1.5 * 2^23 rounds to an integer in the lowest bits, the same everywhere.
                *v = (((x - low) * inverse + ROUND).to_bits() & 0xFF) as u8;
            }
            out.scale.push(scale);
            out.low.push(low);
        }
    }

    /// `x = norm(x + add)`, rows of `gain.len()` floats.
    fn add_norm(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
        let width = gain.len();
        for (x, add) in x.chunks_exact_mut(width).zip(add.chunks_exact(width)) {
            let mut sums = [0.0_f32; LANES];
            for (x, add) in x.chunks_exact_mut(LANES).zip(add.chunks_exact(LANES)) {
                for i in 0..LANES {
                    x[i] += add[i];
                    sums[i] += x[i];
                }
            }
            let mean = total(&sums) / width as f32;
            let mut squares = [0.0_f32; LANES];
            for x in x.chunks_exact(LANES) {
                for i in 0..LANES {
                    squares[i] += (x[i] - mean) * (x[i] - mean);
                }
            }
            let inverse = 1.0 / (total(&squares) / width as f32 + 1e-12).sqrt();
            for ((x, g), b) in x.iter_mut().zip(gain).zip(bias) {
                *x = (*x - mean) * inverse * g + b;
            }
        }
    }

    /// The Gaussian error linear unit, in place.
    fn gelu(x: &mut [f32]) {
        for x in x {
            *x = gelu_of(*x);
        }
    }

    /// `out = gelu(a + b)`.
    fn gelu_sum(a: &[f32], b: &[f32], out: &mut [f32]) {
        for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
            *o = gelu_of(a + b);
        }
    }

    /// Attention of one head within one sentence.
    ///
    /// `qkv` holds one row per piece, `stride` floats apart; the head's queries begin at `q` in each
    /// row, its keys at `k`, its values at `v`, each [`HEAD`] long. `out` gets [`HEAD`] floats per
    /// piece at `at`, `width` apart. `keys` and `scores` are scratch.
    fn attend(
        qkv: &[f32], stride: usize, q: usize, k: usize, v: usize,
        keys: &mut Vec<f32>, scores: &mut Vec<f32>, out: &mut [f32], width: usize, at: usize,
    ) {
        let pieces = qkv.len() / stride;
        let padded = pieces.next_multiple_of(LANES);
        keys.clear();
        keys.resize(HEAD * padded, 0.0);
        for (j, row) in qkv.chunks_exact(stride).enumerate() {
            for d in 0..HEAD {
                keys[d * padded + j] = row[k + d];
            }
        }
        scores.clear();
        scores.resize(QUERIES * padded, 0.0);
        let root = 1.0 / (HEAD as f32).sqrt();
        for first in (0..pieces).step_by(QUERIES) {
            // Past the end the last query is answered again, and the answer dropped.
            let row = |r: usize| (first + r).min(pieces - 1) * stride;
            let mut queries = [[0.0_f32; HEAD]; QUERIES];
            for r in 0..QUERIES {
                queries[r].copy_from_slice(&qkv[row(r) + q..][..HEAD]);
            }
            for block in (0..padded).step_by(LANES) {
                let [mut s0, mut s1, mut s2, mut s3] = [[0.0_f32; LANES]; QUERIES];
                for d in 0..HEAD {
                    let keys = &keys[d * padded + block..][..LANES];
                    s0 = plus_scaled(s0, queries[0][d], keys);
                    s1 = plus_scaled(s1, queries[1][d], keys);
                    s2 = plus_scaled(s2, queries[2][d], keys);
                    s3 = plus_scaled(s3, queries[3][d], keys);
                }
                for (r, sums) in [s0, s1, s2, s3].iter().enumerate() {
                    let scores = &mut scores[r * padded + block..][..LANES];
                    for i in 0..LANES {
                        scores[i] = sums[i] * root;
                    }
                }
            }
            let mut inverse = [0.0_f32; QUERIES];
            for r in 0..QUERIES {
                let scores = &mut scores[r * padded..][..padded];
                scores[pieces..].fill(f32::NEG_INFINITY);
                let mut highs = [f32::NEG_INFINITY; LANES];
                for s in scores.chunks_exact(LANES) {
                    for i in 0..LANES {
                        highs[i] = if s[i] > highs[i] { s[i] } else { highs[i] };
                    }
                }
                let high = highest(&highs);
                for s in &mut scores[..] {
                    *s = exp(*s - high);
                }
                scores[pieces..].fill(0.0);
                let mut sums = [0.0_f32; LANES];
                for s in scores.chunks_exact(LANES) {
                    for i in 0..LANES {
                        sums[i] += s[i];
                    }
                }
                inverse[r] = 1.0 / total(&sums);
            }
            let [mut m0, mut m1, mut m2, mut m3] = [[0.0_f32; HEAD]; QUERIES];
            for (j, row) in qkv.chunks_exact(stride).enumerate() {
                let value = &row[v..v + HEAD];
                m0 = plus_scaled(m0, scores[j], value);
                m1 = plus_scaled(m1, scores[padded + j], value);
                m2 = plus_scaled(m2, scores[2 * padded + j], value);
                m3 = plus_scaled(m3, scores[3 * padded + j], value);
            }
            let mixed = [m0, m1, m2, m3];
            for r in 0..QUERIES.min(pieces - first) {
                let out = &mut out[(first + r) * width + at..][..HEAD];
                for d in 0..HEAD {
                    out[d] = mixed[r][d] * inverse[r];
                }
            }
        }
    }

    /// Dot products of `row` with each of `rows` (`stride` apart), into `out`.
    fn dots(row: &[f32], rows: &[f32], stride: usize, out: &mut [f32]) {
        for (other, out) in rows.chunks_exact(stride).zip(out) {
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

/// Width of an attention head.
pub(super) const HEAD: usize = 32;

/// Added, it rounds a small float to the nearest integer.
const ROUND: f32 = 12_582_912.0;

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

/// The highest of sixteen.
#[inline(always)]
fn highest(lanes: &[f32; LANES]) -> f32 {
    let mut l = *lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            l[i] = if l[i + half] > l[i] { l[i + half] } else { l[i] };
        }
        half /= 2;
    }
    l[0]
}

/// The lowest of sixteen.
#[inline(always)]
fn lowest(lanes: &[f32; LANES]) -> f32 {
    let mut negated = *lanes;
    for x in &mut negated {
        *x = -*x;
    }
    -highest(&negated)
}

/// `e^x` for `x <= 0`, within a few units in the last place; tiny below -87.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    let x = if x < 88.0 { x } else { 88.0 };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    // The low bits of `shifted` are n; in the exponent's place they make 2^n.
    p * f32::from_bits(shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23)
}

/// `x * Φ(x)`, the error function after Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let p = 1.061_405_4 * t - 1.453_152_1;
    let p = p * t + 1.421_413_7;
    let p = p * t - 0.284_496_72;
    let p = p * t + 0.254_829_6;
    let tail = p * t * exp(-z * z);
    let erf = (1.0 - tail).copysign(x);
    0.5 * x * (1.0 + erf)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator: the tests need variety, not randomness.
    fn noise(seed: u32, n: usize) -> Vec<f32> {
        let mut s = seed;
        (0..n)
            .map(|_| {
                s = s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (s >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect()
    }

    /// Runs every pass with one kernel and gathers all its results.
    fn everything(kernel: Kernel) -> Vec<f32> {
        let (inputs, outputs, rows) = (384, 100, 13);
        let weights: Vec<i8> = noise(1, inputs * outputs).iter().map(|x| (x * 127.0) as i8).collect();
        let layer = Matrix::pack(inputs, &weights, &noise(2, outputs), &noise(3, outputs));
        let x = noise(4, rows * inputs);
        let (mut q, mut out) = (Quantised::default(), vec![]);
        kernel.quantise(&x, inputs, inputs, &mut q);
        kernel.multiply(&layer, &q, &mut out);
        kernel.gelu(&mut out);
        let mut normed = x.clone();
        kernel.add_norm(&mut normed, &noise(5, x.len()), &noise(6, inputs), &noise(7, inputs));
        let (mut keys, mut scores, mut mixed) = (vec![], vec![], vec![0.0; rows * HEAD]);
        kernel.attend(&x, inputs, 0, 64, 128, &mut keys, &mut scores, &mut mixed, HEAD, 0);
        let mut dots = vec![0.0; rows];
        kernel.dots(&x[..inputs], &x, inputs, &mut dots);
        [out, normed, mixed, dots].concat()
    }

    #[test]
    fn all_instruction_sets_agree_to_the_bit() {
        let bits = |k| everything(k).into_iter().map(f32::to_bits).collect::<Vec<_>>();
        let portable = bits(Kernel(Isa::Portable));
        for kernel in Kernel::available() {
            assert_eq!(bits(kernel), portable, "{kernel:?}");
        }
    }

    #[test]
    fn products_are_those_of_the_floats() {
        let (inputs, outputs) = (384, 70);
        let weights: Vec<i8> = noise(1, inputs * outputs).iter().map(|x| (x * 127.0) as i8).collect();
        let (scale, bias) = (vec![0.01; outputs], noise(3, outputs));
        let layer = Matrix::pack(inputs, &weights, &scale, &bias);
        let x = noise(4, 8 * inputs);
        let (mut q, mut out) = (Quantised::default(), vec![]);
        Kernel::best().quantise(&x, inputs, inputs, &mut q);
        Kernel::best().multiply(&layer, &q, &mut out);
        for (row, out) in x.chunks(inputs).zip(out.chunks(layer.stride())) {
            for o in 0..outputs {
                let exact: f32 = row.iter().zip(&weights[o * inputs..]).map(|(x, w)| x * f32::from(*w) * 0.01).sum();
                assert!((out[o] - exact - bias[o]).abs() < 0.1, "{} against {}", out[o], exact + bias[o]);
            }
        }
    }

    #[test]
    fn exp_and_gelu_are_close() {
        for i in -800..=80 {
            let x = i as f32 / 10.0;
            assert!((exp(x) - x.exp()).abs() <= 2e-6 * x.exp());
        }
        for (x, y) in [(-3.0, -0.004_049_7), (-0.5, -0.154_268_77), (0.0, 0.0), (1.0, 0.841_344_7), (4.0, 3.999_873_2)]
        {
            assert!((gelu_of(x) - y).abs() < 1e-5);
        }
    }
}

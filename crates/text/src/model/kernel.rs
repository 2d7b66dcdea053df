//! The integer products and the choice of instructions, so that every unsafe line of the crate is in one file.
//!
//! Products are of unsigned 7-bit activations and signed 8-bit weights. Two of them fit 16 bits, so `vpmaddubsw`
//! of AVX2 cannot saturate; sums are kept in 32 bits. Sums of integers do not depend on their order, and the
//! floating-point passes are one source compiled for each instruction set: all of them agree to the bit.

#![allow(
    clippy::needless_range_loop,
    reason = "counted loops over fixed arrays are what the compiler keeps in registers"
)]
#![allow(
    unsafe_code,
    reason = "SIMD instructions; each block says why it is sound, and tests compare with the portable twin"
)]

use super::passes::{self, AttentionScratch, Quantised};

/// Outputs in a panel of packed weights.
const PANEL: usize = 32;
/// Lines of weights for four inputs of a panel.
const LINES: usize = PANEL / 16;
/// Rows of activations multiplied at a time: with a panel's width, what fits the registers of AVX-512.
const ROWS: usize = 12;

/// One cache line of packed weights: four inputs of sixteen outputs.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([i8; 64]);

/// A linear layer, its weights packed for the kernels.
///
/// Packed: for every panel of 32 outputs, for every four inputs, two [`Line`]s of 16 outputs each.
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
        let mut lines = vec![Line([0; 64]); panels * inputs / 4 * LINES];
        for (o, row) in weights.chunks_exact(inputs).enumerate() {
            let first = (o / PANEL) * inputs / 4 * LINES + (o % PANEL) / 16;
            let place = (o % 16) * 4;
            for (four, line) in row.chunks_exact(4).zip(lines[first..].iter_mut().step_by(LINES)) {
                line.0[place..place + 4].copy_from_slice(four);
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

    /// What its instructions are called.
    pub(super) fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Isa::Vnni => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => "AVX2",
            Isa::Portable => "portable",
        }
    }

    /// The linear layer: `out` becomes one row of `layer.stride()` floats per row of `input`.
    pub(super) fn multiply(self, layer: &Matrix, input: &Quantised, out: &mut Vec<f32>) {
        assert_eq!(layer.inputs, input.width);
        let (rows, stride, width) = (input.scale.len(), layer.stride(), input.width);
        out.resize(rows * stride, 0.0);
        let mut unpacked = Vec::new();
        for (p, panel) in layer.lines.chunks_exact(width / 4 * LINES).enumerate() {
            let columns = p * PANEL..(p + 1) * PANEL;
            let outputs = Outputs {
                panel,
                scale: &layer.scale[columns.clone()],
                lift: &layer.lift[columns.clone()],
                bias: &layer.bias[columns.clone()],
            };
            if self.0 == Isa::Portable {
                unpack(panel, &mut unpacked);
            }
            for first in (0..rows).step_by(ROWS) {
                let after = (first + ROWS).min(rows);
                let inputs = Inputs {
                    values: &input.values[first * width..after * width],
                    scale: &input.scale[first..after],
                    low: &input.low[first..after],
                };
                let out = &mut out[first * stride + columns.start..(after - 1) * stride + columns.end];
                match self.0 {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Vnni => x86::multiply_vnni(inputs, outputs, out, stride),
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => x86::multiply_avx2(inputs, outputs, out, stride),
                    Isa::Portable => multiply_portable(inputs, outputs, &unpacked, out, stride),
                }
            }
        }
    }
}

/// One to [`ROWS`] rows of activations.
#[derive(Clone, Copy)]
struct Inputs<'m> {
    values: &'m [u8],
    scale: &'m [f32],
    low: &'m [f32],
}

/// A panel of a layer: its weights, and what makes floats of the sums.
#[derive(Clone, Copy)]
struct Outputs<'m> {
    panel: &'m [Line],
    scale: &'m [f32],
    lift: &'m [f32],
    bias: &'m [f32],
}

/// The products in plain Rust, in 16 bits, which every machine multiplies well.
fn multiply_portable(inputs: Inputs<'_>, outputs: Outputs<'_>, unpacked: &[i16], out: &mut [f32], stride: usize) {
    let width = inputs.values.len() / inputs.scale.len();
    let mut wide = Vec::with_capacity(width);
    for (r, row) in inputs.values.chunks_exact(width).enumerate() {
        wide.clear();
        wide.extend(row.iter().map(|v| i16::from(*v)));
        for (o, weights) in unpacked.chunks_exact(width).enumerate() {
            let sum: i32 = wide.iter().zip(weights).map(|(x, w)| i32::from(*x) * i32::from(*w)).sum();
            let constant = inputs.low[r] * outputs.lift[o] + outputs.bias[o];
            out[r * stride + o] = inputs.scale[r] * (outputs.scale[o] * sum as f32) + constant;
        }
    }
}

/// Brings a packed panel back to one row of weights per output.
fn unpack(panel: &[Line], plain: &mut Vec<i16>) {
    let width = panel.len() / LINES * 4;
    plain.resize(PANEL * width, 0);
    for (at, line) in panel.iter().enumerate() {
        for (i, weight) in line.0.iter().enumerate() {
            plain[((at % LINES) * 16 + i / 4) * width + (at / LINES) * 4 + i % 4] = i16::from(*weight);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The products in the instructions of x86-64. The functions with a number of rows do the same for that many.

    use std::arch::x86_64::*;

    use super::{Inputs, LINES, Outputs, PANEL};

    /// Rows that AVX2 multiplies at a time: with half a panel's width, what fits its registers.
    const AVX2_ROWS: usize = 4;

    /// What both instruction sets read and write lies within these bounds.
    fn check(rows: usize, inputs: Inputs<'_>, outputs: Outputs<'_>, out: &[f32], stride: usize) -> usize {
        let width = outputs.panel.len() / LINES * 4;
        assert!(inputs.scale.len() == rows && inputs.low.len() == rows && inputs.values.len() == rows * width);
        assert!([outputs.scale, outputs.lift, outputs.bias].iter().all(|s| s.len() == PANEL));
        assert!(rows > 0 && out.len() >= (rows - 1) * stride + PANEL);
        width
    }

    /// Only called for a kernel that `available` made, after the CPU said that it has these instructions.
    pub(super) fn multiply_vnni(inputs: Inputs<'_>, outputs: Outputs<'_>, out: &mut [f32], stride: usize) {
        // SAFETY: the CPU has the instructions, as above.
        unsafe {
            match inputs.scale.len() {
                12 => vnni::<12>(inputs, outputs, out, stride),
                11 => vnni::<11>(inputs, outputs, out, stride),
                10 => vnni::<10>(inputs, outputs, out, stride),
                9 => vnni::<9>(inputs, outputs, out, stride),
                8 => vnni::<8>(inputs, outputs, out, stride),
                7 => vnni::<7>(inputs, outputs, out, stride),
                6 => vnni::<6>(inputs, outputs, out, stride),
                5 => vnni::<5>(inputs, outputs, out, stride),
                4 => vnni::<4>(inputs, outputs, out, stride),
                3 => vnni::<3>(inputs, outputs, out, stride),
                2 => vnni::<2>(inputs, outputs, out, stride),
                _ => vnni::<1>(inputs, outputs, out, stride),
            }
        }
    }

    /// By `vpdpbusd`: four products and their sum at a time, straight into 32 bits.
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn vnni<const R: usize>(inputs: Inputs<'_>, outputs: Outputs<'_>, out: &mut [f32], stride: usize) {
        let width = check(R, inputs, outputs, out, stride);
        let mut acc = [[_mm512_setzero_si512(); LINES]; R];
        for k in 0..width / 4 {
            let mut w = [_mm512_setzero_si512(); LINES];
            for c in 0..LINES {
                // SAFETY: `k < panel.len() / LINES`, and a line is 64 bytes aligned to 64.
                w[c] = unsafe { _mm512_load_si512(outputs.panel.as_ptr().add(k * LINES + c).cast()) };
            }
            for r in 0..R {
                // SAFETY: `r * width + 4 * k + 4 <= R * width`, the length of the values; the read may be unaligned.
                let four = unsafe { inputs.values.as_ptr().add(r * width + 4 * k).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                for c in 0..LINES {
                    acc[r][c] = _mm512_dpbusd_epi32(acc[r][c], four, w[c]);
                }
            }
        }
        for c in 0..LINES {
            // SAFETY: each of the three holds `PANEL` floats, sixteen for every line.
            let [scale, lift, bias] =
                [outputs.scale, outputs.lift, outputs.bias].map(|s| unsafe { _mm512_loadu_ps(s.as_ptr().add(16 * c)) });
            for r in 0..R {
                let (row_scale, low) = (_mm512_set1_ps(inputs.scale[r]), _mm512_set1_ps(inputs.low[r]));
                let constant = _mm512_add_ps(_mm512_mul_ps(low, lift), bias);
                let sum = _mm512_mul_ps(row_scale, _mm512_mul_ps(scale, _mm512_cvtepi32_ps(acc[r][c])));
                // SAFETY: `check` saw that the last row has room for a panel, and the rows before it end earlier.
                unsafe { _mm512_storeu_ps(out.as_mut_ptr().add(r * stride + 16 * c), _mm512_add_ps(sum, constant)) };
            }
        }
    }

    /// Only called for a kernel that `available` made, after the CPU said that it has these instructions.
    pub(super) fn multiply_avx2(inputs: Inputs<'_>, outputs: Outputs<'_>, out: &mut [f32], stride: usize) {
        let width = outputs.panel.len() / LINES * 4;
        for (g, scale) in inputs.scale.chunks(AVX2_ROWS).enumerate() {
            let (first, after) = (g * AVX2_ROWS, g * AVX2_ROWS + scale.len());
            let group =
                Inputs { values: &inputs.values[first * width..after * width], scale, low: &inputs.low[first..after] };
            let out = &mut out[first * stride..];
            // SAFETY: the CPU has the instructions, as above.
            unsafe {
                match scale.len() {
                    4 => avx2::<4>(group, outputs, out, stride),
                    3 => avx2::<3>(group, outputs, out, stride),
                    2 => avx2::<2>(group, outputs, out, stride),
                    _ => avx2::<1>(group, outputs, out, stride),
                }
            }
        }
    }

    /// By `vpmaddubsw`: two products and their sum in 16 bits, at most 2 * 127 * 128, then widened to 32.
    #[target_feature(enable = "avx2")]
    fn avx2<const R: usize>(inputs: Inputs<'_>, outputs: Outputs<'_>, out: &mut [f32], stride: usize) {
        let width = check(R, inputs, outputs, out, stride);
        let ones = _mm256_set1_epi16(1);
        for c in 0..LINES {
            let mut acc = [[_mm256_setzero_si256(); 2]; R];
            for k in 0..width / 4 {
                // SAFETY: `k < panel.len() / LINES`, and a line is twice 32 bytes aligned to 64.
                let w = unsafe {
                    let line = outputs.panel.as_ptr().add(k * LINES + c).cast::<__m256i>();
                    [_mm256_load_si256(line), _mm256_load_si256(line.add(1))]
                };
                for r in 0..R {
                    // SAFETY: `r * width + 4 * k + 4 <= R * width`, the length of the values; the read may be
                    // unaligned.
                    let four = unsafe { inputs.values.as_ptr().add(r * width + 4 * k).cast::<i32>().read_unaligned() };
                    let four = _mm256_set1_epi32(four);
                    for half in 0..2 {
                        let pairs = _mm256_madd_epi16(_mm256_maddubs_epi16(four, w[half]), ones);
                        acc[r][half] = _mm256_add_epi32(acc[r][half], pairs);
                    }
                }
            }
            for half in 0..2 {
                let at = 16 * c + 8 * half;
                // SAFETY: each of the three holds `PANEL` floats, and `at + 8 <= PANEL`.
                let [scale, lift, bias] =
                    [outputs.scale, outputs.lift, outputs.bias].map(|s| unsafe { _mm256_loadu_ps(s.as_ptr().add(at)) });
                for r in 0..R {
                    let (row_scale, low) = (_mm256_set1_ps(inputs.scale[r]), _mm256_set1_ps(inputs.low[r]));
                    let constant = _mm256_add_ps(_mm256_mul_ps(low, lift), bias);
                    let sum = _mm256_mul_ps(row_scale, _mm256_mul_ps(scale, _mm256_cvtepi32_ps(acc[r][half])));
                    // SAFETY: `check` saw that the last row has room for a panel; the rows before it end earlier.
                    unsafe { _mm256_storeu_ps(out.as_mut_ptr().add(r * stride + at), _mm256_add_ps(sum, constant)) };
                }
            }
        }
    }
}

/// Makes methods of [`Kernel`] of floating-point passes, each compiled for every instruction set; where one has
/// a size of blocks, AVX-512 with its many registers gets the wide one.
macro_rules! compiled_for_each {
    ($(fn $name:ident$(::<wide $wide:literal, narrow $narrow:literal>)?($($arg:ident: $type:ty),* $(,)?);)*) => {
        impl Kernel {$(
            #[doc = concat!("See [`passes::", stringify!($name), "`].")]
            #[allow(clippy::too_many_arguments, reason = "flat slices keep the loops plain")]
            pub(super) fn $name(self, $($arg: $type),*) {
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512($($arg: $type),*) { passes::$name$(::<$wide>)?($($arg),*) }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) { passes::$name$(::<$narrow>)?($($arg),*) }
                match self.0 {
                    // SAFETY: made by `available` alone, after the CPU said it has these instructions.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Vnni => unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2($($arg),*) },
                    Isa::Portable => passes::$name$(::<$narrow>)?($($arg),*),
                }
            }
        )*}
    };
}

compiled_for_each! {
    fn quantise(input: &[f32], width: usize, out: &mut Quantised);
    fn gelu_quantise(x: &mut [f32], width: usize, out: &mut Quantised);
    fn add_norm(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]);
    fn add_norm_quantise(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32], out: &mut Quantised);
    fn gelu(x: &mut [f32]);
    fn gelu_sum(a: &[f32], b: &[f32], out: &mut [f32]);
    fn attend::<wide 32, narrow 16>(
        qkv: &[f32], stride: usize, starts: [usize; 3], s: &mut AttentionScratch, out: &mut [f32],
        width: usize, at: usize,
    );
    fn dots(left: &[f32], right: &[f32], width: usize, out: &mut [f32]);
}

#[cfg(test)]
mod tests {
    use super::super::passes::HEAD;
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

    /// Runs every pass with one kernel over so many rows and gathers all its results.
    fn everything(kernel: Kernel, rows: usize) -> Vec<f32> {
        let (inputs, outputs) = (384, 100);
        // The worst weights for 16 bits stand at the front.
        let mut weights: Vec<i8> = noise(1, inputs * outputs).iter().map(|x| (x * 127.0) as i8).collect();
        weights[..inputs].fill(127);
        weights[inputs..2 * inputs].fill(-128);
        let layer = Matrix::pack(inputs, &weights, &noise(2, outputs), &noise(3, outputs));
        let mut x = noise(4, rows * inputs);
        x[1..inputs].fill(1.0);
        let (mut q, mut out) = (Quantised::default(), vec![]);
        kernel.quantise(&x, inputs, &mut q);
        kernel.multiply(&layer, &q, &mut out);
        let mut sums = vec![0.0; out.len()];
        kernel.gelu_sum(&out, &noise(8, out.len()), &mut sums);
        kernel.gelu_quantise(&mut out, layer.stride(), &mut q);
        let mut normed = x.clone();
        kernel.add_norm(&mut normed, &noise(5, x.len()), &noise(6, inputs), &noise(7, inputs));
        let bytes = |q: &Quantised| q.values.iter().map(|v| f32::from(*v)).chain(q.scale.clone()).collect::<Vec<_>>();
        let narrow = bytes(&q);
        let mut again = x.clone();
        kernel.add_norm_quantise(&mut again, &noise(5, x.len()), &noise(6, inputs), &noise(7, inputs), &mut q);
        assert_eq!(again, normed);
        let (mut scratch, mut mixed) = (AttentionScratch::default(), vec![0.0; rows * HEAD]);
        kernel.attend(&x, inputs, [0, 64, 128], &mut scratch, &mut mixed, HEAD, 0);
        let mut dots = vec![0.0; 2 * rows];
        kernel.dots(&noise(9, 2 * inputs), &x, inputs, &mut dots);
        kernel.gelu(&mut x);
        [out, sums, normed, mixed, dots, x, narrow, bytes(&q)].concat()
    }

    #[test]
    fn all_instruction_sets_agree_to_the_bit() {
        let bits = |k, rows| everything(k, rows).into_iter().map(f32::to_bits).collect::<Vec<_>>();
        for rows in 1..=ROWS + 1 {
            let portable = bits(Kernel(Isa::Portable), rows);
            for kernel in Kernel::available() {
                assert!(bits(kernel, rows) == portable, "{} on {rows} rows", kernel.name());
            }
        }
    }

    #[test]
    fn products_are_those_of_the_floats() {
        let (inputs, outputs) = (384, 70);
        let weights: Vec<i8> = noise(1, inputs * outputs).iter().map(|x| (x * 127.0) as i8).collect();
        let (scale, bias) = (vec![0.01; outputs], noise(3, outputs));
        let layer = Matrix::pack(inputs, &weights, &scale, &bias);
        let x = noise(4, 8 * inputs);
        for kernel in Kernel::available() {
            let (mut q, mut out) = (Quantised::default(), vec![]);
            kernel.quantise(&x, inputs, &mut q);
            kernel.multiply(&layer, &q, &mut out);
            for (row, out) in x.chunks(inputs).zip(out.chunks(layer.stride())) {
                for o in 0..outputs {
                    let exact: f32 =
                        row.iter().zip(&weights[o * inputs..]).map(|(x, w)| x * f32::from(*w) * 0.01).sum();
                    // A step of 7 bits is 2/127 here; errors of 384 roundings against weights of up to 1.27 add up
                    // to a standard deviation of 0.065.
                    assert!((out[o] - exact - bias[o]).abs() < 0.35, "{} against {}", out[o], exact + bias[o]);
                }
            }
        }
    }
}

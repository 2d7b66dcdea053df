//! The same encoder in 32-bit floats with candle, from the same weights multiplied out.

use std::error::Error;

use candle_core::{D, DType, Device, Result, Tensor};
use safetensors::SafeTensors;

const WIDTH: usize = 384;
const HEADS: usize = 12;

struct Linear {
    /// Inputs by outputs.
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    gain: Tensor,
    bias: Tensor,
}

struct Layer {
    qkv: Linear,
    out: Linear,
    norm1: Norm,
    up: Linear,
    down: Linear,
    norm2: Norm,
}

/// A run over sentences of these lengths in pieces, in batches of about so many pieces, ready to be timed.
pub fn work(
    bytes: &[u8],
    layers: usize,
    mut lengths: Vec<usize>,
    batch: usize,
) -> std::result::Result<Box<dyn FnMut()>, Box<dyn Error>> {
    let encoder = Encoder::read(bytes, layers)?;
    let pieces: usize = lengths.iter().sum();
    lengths.sort_unstable();
    let together = (batch * lengths.len() / pieces).max(1);
    Ok(Box::new(move || {
        for batch in lengths.chunks(together) {
            std::hint::black_box(encoder.run(batch)).expect("the shapes fit");
        }
    }))
}

/// The embedding tables and the layers.
struct Encoder {
    words: Tensor,
    positions: Tensor,
    casings: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Encoder {
    /// Multiplies the weights out.
    fn read(bytes: &[u8], layers: usize) -> std::result::Result<Encoder, Box<dyn Error>> {
        let file = SafeTensors::deserialize(bytes)?;
        let floats = |name: &str| -> std::result::Result<Vec<f32>, Box<dyn Error>> {
            let view = file.tensor(name)?;
            Ok(view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
        };
        let vector = |name: &str| -> std::result::Result<Tensor, Box<dyn Error>> {
            Ok(Tensor::new(floats(name)?, &Device::Cpu)?)
        };
        let rows = |name: &str| -> std::result::Result<Tensor, Box<dyn Error>> {
            let view = file.tensor(&format!("{name}.weight"))?;
            let (shape, scale) = (view.shape().to_vec(), floats(&format!("{name}.scale"))?);
            let scaled = view.data().chunks_exact(shape[1]).zip(scale);
            let all: Vec<f32> = scaled.flat_map(|(r, s)| r.iter().map(move |w| f32::from(*w as i8) * s)).collect();
            Ok(Tensor::from_vec(all, shape, &Device::Cpu)?)
        };
        let linear = |name: &str| -> std::result::Result<Linear, Box<dyn Error>> {
            Ok(Linear { weight: rows(name)?.t()?.contiguous()?, bias: vector(&format!("{name}.bias"))? })
        };
        let norm = |name: &str| -> std::result::Result<Norm, Box<dyn Error>> {
            Ok(Norm { gain: vector(&format!("{name}.weight"))?, bias: vector(&format!("{name}.bias"))? })
        };
        let table =
            |name: &str| -> std::result::Result<Tensor, Box<dyn Error>> { Ok(vector(name)?.reshape(((), WIDTH))?) };
        let layer = |i: usize| -> std::result::Result<Layer, Box<dyn Error>> {
            let at = |part: &str| format!("layers.{i}.{part}");
            Ok(Layer {
                qkv: linear(&at("qkv"))?,
                out: linear(&at("out"))?,
                norm1: norm(&at("norm1"))?,
                up: linear(&at("up"))?,
                down: linear(&at("down"))?,
                norm2: norm(&at("norm2"))?,
            })
        };
        Ok(Encoder {
            words: rows("word")?,
            positions: table("position")?,
            casings: table("casing")?,
            norm: norm("norm")?,
            layers: (0..layers).map(layer).collect::<std::result::Result<_, _>>()?,
        })
    }

    /// Encodes sentences of these lengths, padded to the longest. Which pieces they are does not change the
    /// work, so they are made up.
    fn run(&self, lengths: &[usize]) -> Result<Tensor> {
        let (batch, longest) = (lengths.len(), lengths.iter().copied().max().unwrap_or(1));
        let cpu = &Device::Cpu;
        let pieces: Vec<u32> = (0..(batch * longest) as u32).map(|i| 1000 + i * 7919 % 28_000).collect();
        let words = self.words.index_select(&Tensor::new(pieces, cpu)?, 0)?.reshape((batch, longest, WIDTH))?;
        let positions = self.positions.narrow(0, 0, longest)?;
        let casings = self.casings.narrow(0, 1, 1)?;
        let mut x = self.norm.run(&words.broadcast_add(&positions)?.broadcast_add(&casings)?)?;
        let padding =
            |n: &usize| (0..longest).map(|i| if i < *n { 0.0 } else { f32::NEG_INFINITY }).collect::<Vec<_>>();
        let mask: Vec<f32> = lengths.iter().flat_map(padding).collect();
        let mask = Tensor::from_vec(mask, (batch, 1, 1, longest), cpu)?;
        for layer in &self.layers {
            let qkv = layer.qkv.run(&x)?.reshape((batch, longest, 3, HEADS, WIDTH / HEADS))?;
            let part = |i: usize| qkv.narrow(2, i, 1)?.squeeze(2)?.transpose(1, 2)?.contiguous();
            let (q, k, v) = (part(0)?, part(1)?, part(2)?);
            let scores = (q.matmul(&k.t()?.contiguous()?)? / ((WIDTH / HEADS) as f64).sqrt())?;
            let scores = scores.broadcast_add(&mask)?;
            let powers = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
            let weights = powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?;
            let mixed = weights.matmul(&v)?.transpose(1, 2)?.reshape((batch, longest, WIDTH))?;
            x = layer.norm1.run(&(&x + layer.out.run(&mixed)?)?)?;
            let inner = layer.up.run(&x)?.gelu_erf()?;
            x = layer.norm2.run(&(&x + layer.down.run(&inner)?)?)?;
        }
        x.to_dtype(DType::F32)
    }
}

impl Linear {
    fn run(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, length, inputs) = x.dims3()?;
        let out = x.reshape((batch * length, inputs))?.matmul(&self.weight)?.broadcast_add(&self.bias)?;
        out.reshape((batch, length, ()))
    }
}

impl Norm {
    fn run(&self, x: &Tensor) -> Result<Tensor> {
        let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
        let deviation = (centred.sqr()?.mean_keepdim(D::Minus1)? + 1e-12)?.sqrt()?;
        centred.broadcast_div(&deviation)?.broadcast_mul(&self.gain)?.broadcast_add(&self.bias)
    }
}

//! The weights file is read here, and a damaged one is refused with the name of what is wrong.
//!
//! `training/export.py` writes it: a safetensors file whose metadata hold the format and the classes.

use std::{collections::HashMap, fmt};

use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use super::kernel::Matrix;

/// What this program reads; another number is another layout.
const FORMAT: &str = "demarche-english-1";

/// Why a weights file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightsFault(String);

impl WeightsFault {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for WeightsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the language model's weights cannot be used: {}", self.0)
    }
}

impl std::error::Error for WeightsFault {}

/// The classes of every head, in the order of their ids.
#[derive(Deserialize)]
pub(super) struct Inventories {
    pub(super) upos: Vec<String>,
    pub(super) feats: Vec<String>,
    pub(super) lemmas: Vec<String>,
    pub(super) deprels: Vec<String>,
    pub(super) entities: Vec<String>,
}

/// An opened weights file.
pub(super) struct Weights<'b> {
    tensors: SafeTensors<'b>,
    metadata: HashMap<String, String>,
}

impl<'b> Weights<'b> {
    /// Opens the file and checks its format.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, WeightsFault> {
        let damaged = |e| WeightsFault::new(format!("not a whole safetensors file ({e})"));
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let weights = Self { tensors, metadata };
        match weights.metadata("format")? {
            FORMAT => Ok(weights),
            other => Err(WeightsFault::new(format!("format {other}, and this program reads {FORMAT}"))),
        }
    }

    fn metadata(&self, key: &str) -> Result<&str, WeightsFault> {
        let value = self.metadata.get(key).map(String::as_str);
        value.ok_or_else(|| WeightsFault::new(format!("metadata `{key}` is missing")))
    }

    /// How many layers the encoder has.
    pub(super) fn layers(&self) -> Result<usize, WeightsFault> {
        let text = self.metadata("layers")?;
        text.parse().map_err(|_| WeightsFault::new(format!("metadata `layers` is `{text}`, not a number")))
    }

    /// The classes of the heads.
    pub(super) fn inventories(&self) -> Result<Inventories, WeightsFault> {
        serde_json::from_str(self.metadata("inventories")?)
            .map_err(|e| WeightsFault::new(format!("metadata `inventories`: {e}")))
    }

    /// The raw bytes of a tensor of this type, and its shape.
    fn tensor(&self, name: &str, dtype: Dtype) -> Result<(&'b [u8], Vec<usize>), WeightsFault> {
        let view = self.tensors.tensor(name).map_err(|_| WeightsFault::new(format!("tensor `{name}` is missing")))?;
        if view.dtype() != dtype {
            return Err(WeightsFault::new(format!("tensor `{name}` is {:?}, not {dtype:?}", view.dtype())));
        }
        Ok((view.data(), view.shape().to_vec()))
    }

    /// The text in a tensor of bytes.
    pub(super) fn text(&self, name: &str) -> Result<&'b str, WeightsFault> {
        let (bytes, _) = self.tensor(name, Dtype::U8)?;
        std::str::from_utf8(bytes).map_err(|e| WeightsFault::new(format!("tensor `{name}`: {e}")))
    }

    /// Floats, as many as `count`; all of them finite.
    pub(super) fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, WeightsFault> {
        let (bytes, shape) = self.tensor(name, Dtype::F32)?;
        if bytes.len() != 4 * count {
            return Err(WeightsFault::new(format!("tensor `{name}` is of shape {shape:?}, not of {count} numbers")));
        }
        let floats: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if floats.iter().all(|x| x.is_finite()) {
            Ok(floats)
        } else {
            Err(WeightsFault::new(format!("tensor `{name}` holds a number that is not finite")))
        }
    }

    /// Integers in rows of `width`, and a scale for each row; `rows` of them where that is known.
    pub(super) fn rows(
        &self,
        name: &str,
        width: usize,
        rows: Option<usize>,
    ) -> Result<(Vec<i8>, Vec<f32>), WeightsFault> {
        let (bytes, shape) = self.tensor(&format!("{name}.weight"), Dtype::I8)?;
        let found = shape.first().copied().unwrap_or(0);
        let wanted = rows.unwrap_or(found);
        if shape != [wanted, width] {
            return Err(WeightsFault::new(format!(
                "tensor `{name}.weight` is of shape {shape:?}, not {:?}",
                [wanted, width]
            )));
        }
        let scale = self.floats(&format!("{name}.scale"), found)?;
        Ok((bytes.iter().map(|b| b.cast_signed()).collect(), scale))
    }

    /// A linear layer.
    pub(super) fn matrix(&self, name: &str, inputs: usize, outputs: usize) -> Result<Matrix, WeightsFault> {
        let (weights, scale) = self.rows(name, inputs, Some(outputs))?;
        let bias = self.floats(&format!("{name}.bias"), outputs)?;
        Ok(Matrix::pack(inputs, &weights, &scale, &bias))
    }
}

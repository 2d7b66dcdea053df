//! The weights file, refused with everything that is wrong in it.
//!
//! `training/export.py` writes it: a safetensors file whose metadata hold the format and the classes.
//! A part at fault is noted and read as nothing, so that one reading names all faults; what was read is
//! thrown away by [`super::Model::from_bytes`] if there is any.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use super::kernel::Matrix;

/// The reader's layout; another number is another layout.
pub(super) const ENGLISH: &str = "demarche-english-1";
/// The typing head's layout.
pub(super) const PAIRS: &str = "demarche-pairs-1";
/// More layers than any encoder of this kind has.
const MOST_LAYERS: usize = 48;

/// Why a weights file cannot be used: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightsFault(Vec<String>);

impl WeightsFault {
    /// The faults, each a sentence of its own.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for WeightsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the language model's weights cannot be used: {}", self.0.join("; "))
    }
}

impl std::error::Error for WeightsFault {}

/// The classes of every head, in the order of their ids.
#[derive(Default, Deserialize)]
pub(super) struct Inventories {
    pub(super) upos: Vec<String>,
    pub(super) feats: Vec<String>,
    pub(super) lemmas: Vec<String>,
    pub(super) deprels: Vec<String>,
    pub(super) entities: Vec<String>,
}

impl Inventories {
    fn named(&self) -> [(&'static str, &[String]); 5] {
        [
            ("upos", &self.upos),
            ("feats", &self.feats),
            ("lemmas", &self.lemmas),
            ("deprels", &self.deprels),
            ("entities", &self.entities),
        ]
    }
}

/// An opened weights file, and what was found wrong in it so far.
pub(super) struct Weights<'b> {
    tensors: SafeTensors<'b>,
    metadata: HashMap<String, String>,
    /// Tensors that nothing has asked for.
    unread: BTreeSet<String>,
    faults: Vec<String>,
}

impl<'b> Weights<'b> {
    /// Opens a file that should be of this format.
    pub(super) fn open(bytes: &'b [u8], format: &str) -> Result<Self, WeightsFault> {
        let damaged = |e| WeightsFault(vec![format!("not a whole safetensors file ({e})")]);
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        match metadata.get("format").map(String::as_str) {
            Some(found) if found == format => {}
            Some(other) => return Err(WeightsFault(vec![format!("format {other}, and this program reads {format}")])),
            None => return Err(WeightsFault(vec![format!("metadata `format` is missing, and should be {format}")])),
        }
        let unread = tensors.names().into_iter().map(ToString::to_string).collect();
        Ok(Self { tensors, metadata, unread, faults: Vec::new() })
    }

    /// Notes a fault; reading goes on to find the others.
    pub(super) fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// All faults noted, and tensors that have no place in a model of this many layers.
    pub(super) fn finish(mut self) -> Result<(), WeightsFault> {
        let unread = std::mem::take(&mut self.unread);
        self.faults.extend(unread.into_iter().map(|name| format!("tensor `{name}` has no place in this model")));
        if self.faults.is_empty() { Ok(()) } else { Err(WeightsFault(self.faults)) }
    }

    fn metadata(&mut self, key: &str) -> String {
        let value = self.metadata.get(key).cloned();
        value.unwrap_or_else(|| {
            self.fault(format!("metadata `{key}` is missing"));
            String::new()
        })
    }

    /// How many layers there are.
    pub(super) fn layers(&mut self) -> usize {
        self.number("layers", 1)
    }

    /// A count of layers in the metadata, `least` or more.
    pub(super) fn number(&mut self, key: &str, least: usize) -> usize {
        let text = self.metadata(key);
        match text.parse() {
            Ok(layers) if (least..=MOST_LAYERS).contains(&layers) => layers,
            _ => {
                self.fault(format!("metadata `{key}` is `{text}`, not a number from {least} to {MOST_LAYERS}"));
                0
            }
        }
    }

    /// A list of classes in the metadata.
    pub(super) fn classes(&mut self, key: &str) -> Vec<String> {
        let text = self.metadata(key);
        serde_json::from_str(&text).unwrap_or_else(|e| {
            self.fault(format!("metadata `{key}`: {e}"));
            Vec::new()
        })
    }

    /// The classes of the heads.
    pub(super) fn inventories(&mut self) -> Inventories {
        let text = self.metadata("inventories");
        let read: Inventories = serde_json::from_str(&text).unwrap_or_else(|e| {
            self.fault(format!("metadata `inventories`: {e}"));
            Inventories::default()
        });
        for (name, classes) in read.named() {
            if classes.is_empty() || classes.len() > usize::from(u16::MAX) {
                self.fault(format!("`{name}` has {} classes", classes.len()));
            }
            let mut seen = BTreeSet::new();
            for class in classes.iter().filter(|c| !seen.insert(c.as_str())) {
                self.fault(format!("`{name}` has the class `{class}` twice"));
            }
        }
        read
    }

    /// The raw bytes of a tensor of this type, and its shape.
    fn tensor(&mut self, name: &str, dtype: Dtype) -> Option<(&'b [u8], Vec<usize>)> {
        self.unread.remove(name);
        let Ok(view) = self.tensors.tensor(name) else {
            self.fault(format!("tensor `{name}` is missing"));
            return None;
        };
        if view.dtype() != dtype {
            self.fault(format!("tensor `{name}` is {:?}, not {dtype:?}", view.dtype()));
            return None;
        }
        Some((view.data(), view.shape().to_vec()))
    }

    /// The text in a tensor of bytes.
    pub(super) fn text(&mut self, name: &str) -> &'b str {
        let Some((bytes, _)) = self.tensor(name, Dtype::U8) else { return "" };
        std::str::from_utf8(bytes).unwrap_or_else(|e| {
            self.fault(format!("tensor `{name}`: {e}"));
            ""
        })
    }

    /// Floats of this shape, all of them finite; zeros where they are at fault.
    pub(super) fn floats(&mut self, name: &str, shape: &[usize]) -> Vec<f32> {
        let count = shape.iter().product();
        let nothing = vec![0.0; count];
        let Some((bytes, found)) = self.tensor(name, Dtype::F32) else { return nothing };
        if found != shape {
            self.fault(format!("tensor `{name}` is of shape {found:?}, not {shape:?}"));
            return nothing;
        }
        let floats: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if !floats.iter().all(|x| x.is_finite()) {
            self.fault(format!("tensor `{name}` holds a number that is not finite"));
        }
        floats
    }

    /// Integers in so many rows of `width`, and a scale for each row; zeros where they are at fault.
    pub(super) fn rows(&mut self, name: &str, width: usize, rows: usize) -> (Vec<i8>, Vec<f32>) {
        let scale_name = format!("{name}.scale");
        let scale = self.floats(&scale_name, &[rows]);
        if scale.iter().any(|s| *s < 0.0) {
            self.fault(format!("tensor `{scale_name}` holds a negative scale"));
        }
        let name = format!("{name}.weight");
        let weights = match self.tensor(&name, Dtype::I8) {
            Some((bytes, shape)) if shape == [rows, width] => bytes.iter().map(|b| b.cast_signed()).collect(),
            Some((_, shape)) => {
                self.fault(format!("tensor `{name}` is of shape {shape:?}, not {:?}", [rows, width]));
                vec![0; rows * width]
            }
            None => vec![0; rows * width],
        };
        (weights, scale)
    }

    /// A linear layer.
    pub(super) fn matrix(&mut self, name: &str, inputs: usize, outputs: usize) -> Matrix {
        let (weights, scale) = self.rows(name, inputs, outputs);
        let bias = self.floats(&format!("{name}.bias"), &[outputs]);
        Matrix::pack(inputs, &weights, &scale, &bias)
    }
}

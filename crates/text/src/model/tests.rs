//! The model as a whole, on sentences of our own about invented states.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::Value;

use super::encoder::WIDTH;
use super::*;

const WEIGHTS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/english.safetensors"));
const REFERENCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference.json"));

const PAIRS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/pairs.safetensors"));
const PAIR_REFERENCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pairs.json"));

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::from_bytes(WEIGHTS).unwrap())
}

fn reference() -> Vec<Value> {
    serde_json::from_str(REFERENCE).unwrap()
}

fn strings<'v>(entry: &'v Value, key: &str) -> Vec<&'v str> {
    entry[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

fn sentences() -> Vec<Vec<String>> {
    reference().iter().map(|r| strings(r, "words").into_iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_program_says_what_the_trained_network_says() {
    let (mut words, mut agreed) = (0, 0);
    let mut out = vec![];
    let mut worker = model().worker();
    for entry in &reference() {
        let forms = strings(entry, "words");
        worker.predict(&forms, &mut out);
        assert_eq!(out.len(), forms.len());
        for (i, p) in out.iter().enumerate() {
            words += 6;
            agreed += usize::from(p.upos.as_str() == strings(entry, "upos")[i])
                + usize::from(model().feats(p.feats) == strings(entry, "feats")[i])
                + usize::from(p.lemma == strings(entry, "lemmas")[i])
                + usize::from(model().deprel(p.deprel) == strings(entry, "deprels")[i])
                + usize::from(u64::from(p.head) == entry["heads"][i].as_u64().unwrap())
                + usize::from((p.entity == EntityTag::Out) == (strings(entry, "entities")[i] == "O"));
        }
        for (i, row) in entry["states"].as_array().unwrap().iter().enumerate() {
            for (d, x) in row.as_array().unwrap().iter().enumerate() {
                let state = worker.encoder.states[(i + 1) * WIDTH + d];
                assert!((f64::from(state) - x.as_f64().unwrap()).abs() < 0.3, "word {i}: {state} against {x}");
            }
        }
    }
    assert!(agreed * 100 >= words * 98, "{agreed} of {words}");
}

#[test]
fn every_instruction_set_and_any_company_give_the_same_answer() {
    let sentences = sentences();
    let forms: Vec<Vec<&str>> = sentences.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
    let slices: Vec<&[&str]> = forms.iter().map(Vec::as_slice).collect();
    let (mut alone, mut one) = (vec![], vec![]);
    for words in &slices {
        model().worker().predict(words, &mut one);
        alone.append(&mut one);
    }
    for kernel in Kernel::available() {
        let mut worker = model().worker();
        worker.kernel = kernel;
        let mut together = vec![];
        worker.predict_all(&slices, &mut together);
        assert_eq!(together, alone, "{kernel:?}");
    }
}

#[test]
fn any_input_is_answered_by_one_tree() {
    let long: Vec<&str> = "the envoy of Arnor said that ".split(' ').cycle().take(1500).collect();
    let strange = ["=".repeat(4000), String::new(), "\u{301}".into(), "漢字かな".into(), "🙂🙂".into(), "\0".into()];
    let strange: Vec<&str> = strange.iter().map(String::as_str).collect();
    let blobs: Vec<&str> = strange.iter().copied().cycle().take(400).collect();
    let mut out = vec![];
    for words in [&[][..], &["No"], &strange, &long, &blobs] {
        model().worker().predict(words, &mut out);
        assert_eq!(out.len(), words.len());
        assert_eq!(out.iter().filter(|p| p.head == 0).count(), usize::from(!words.is_empty()));
        for start in 0..out.len() {
            let (mut at, mut steps) = (out[start].head, 0);
            while at != 0 && steps <= out.len() {
                at = out[at as usize - 1].head;
                steps += 1;
            }
            assert_eq!(at, 0, "a cycle at word {start}");
        }
    }
}

/// The weights file taken apart, to be put together otherwise.
struct Parts {
    metadata: HashMap<String, String>,
    tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
}

impl Parts {
    fn new() -> Parts {
        let (_, header) = SafeTensors::read_metadata(WEIGHTS).unwrap();
        let whole = SafeTensors::deserialize(WEIGHTS).unwrap();
        let part = |(name, view): (String, TensorView<'_>)| {
            (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec()))
        };
        Parts { metadata: header.metadata().clone().unwrap(), tensors: whole.tensors().into_iter().map(part).collect() }
    }

    fn bytes(&self) -> Vec<u8> {
        let views = self
            .tensors
            .iter()
            .map(|(name, (dtype, shape, data))| (name, TensorView::new(*dtype, shape.clone(), data).unwrap()));
        safetensors::serialize(views, Some(self.metadata.clone())).unwrap()
    }

    fn tensor(&mut self, name: &str) -> &mut (Dtype, Vec<usize>, Vec<u8>) {
        self.tensors.get_mut(name).unwrap()
    }

    fn edit_inventory(&mut self, edit: impl FnOnce(&mut Value)) {
        let mut inventories: Value = serde_json::from_str(&self.metadata["inventories"]).unwrap();
        edit(&mut inventories);
        self.metadata.insert("inventories".into(), inventories.to_string());
    }

    /// As many layers as asked for, the file's own over and over.
    fn with_layers(mut self, layers: usize) -> Parts {
        let own: usize = self.metadata["layers"].parse().unwrap();
        for i in own..layers {
            let from = format!("layers.{}.", i % own);
            let more: Vec<_> = self.tensors.iter().filter(|(name, _)| name.starts_with(&from)).collect();
            let renamed = |name: &str| name.replacen(&from, &format!("layers.{i}."), 1);
            let more: Vec<_> = more.into_iter().map(|(name, part)| (renamed(name), part.clone())).collect();
            self.tensors.extend(more);
        }
        self.tensors.retain(|name, _| (layers..own).all(|i| !name.starts_with(&format!("layers.{i}."))));
        self.metadata.insert("layers".into(), layers.to_string());
        self
    }
}

#[test]
fn the_file_says_how_many_layers_there_are() {
    for layers in [3, 6] {
        let model = Model::from_bytes(&Parts::new().with_layers(layers).bytes()).unwrap();
        let mut out = vec![];
        model.worker().predict(&["Arnor", "waits", "."], &mut out);
        assert_eq!(out.len(), 3);
    }
}

#[test]
fn a_damaged_or_foreign_file_is_refused_with_everything_that_is_wrong() {
    let faults = |bytes: &[u8]| Model::from_bytes(bytes).unwrap_err().faults().to_vec();
    for bytes in [b"", &WEIGHTS[..100], &WEIGHTS[..WEIGHTS.len() - 1], &WEIGHTS[1..]] {
        let found = faults(bytes);
        assert!(matches!(&found[..], [one] if one.starts_with("not a whole safetensors file")), "{found:?}");
    }

    /// What is done to the file, and what is said of it; more may be said.
    type Case = (fn(&mut Parts), &'static str);
    let cases: &[Case] = &[
        (|p| drop(p.metadata.remove("format")), "metadata `format` is missing, and should be demarche-english-1"),
        (
            |p| drop(p.metadata.insert("format".into(), "demarche-english-9".into())),
            "format demarche-english-9, and this program reads demarche-english-1",
        ),
        (|p| drop(p.metadata.remove("layers")), "metadata `layers` is missing"),
        (|p| drop(p.metadata.insert("layers".into(), "0".into())), "`layers` is `0`, not a number from 1 to 48"),
        (|p| drop(p.metadata.insert("layers".into(), "2".into())), "tensor `layers.2.qkv.weight` has no place"),
        (|p| drop(p.metadata.insert("layers".into(), "7".into())), "tensor `layers.6.out.bias` is missing"),
        (|p| drop(p.tensors.remove("heads.arc.bias")), "tensor `heads.arc.bias` is missing"),
        (|p| p.tensor("heads.arc.weight").0 = Dtype::U8, "tensor `heads.arc.weight` is U8, not I8"),
        (
            |p| p.tensor("heads.arc.weight").1 = vec![128, 512],
            "tensor `heads.arc.weight` is of shape [128, 512], not [256, 256]",
        ),
        (|p| p.tensor("position").1 = vec![384, 512], "tensor `position` is of shape [384, 512], not [512, 384]"),
        (
            |p| p.tensor("word.scale").2[4..8].copy_from_slice(&f32::NAN.to_le_bytes()),
            "tensor `word.scale` holds a number that is not finite",
        ),
        (
            |p| p.tensor("heads.all.scale").2[..4].copy_from_slice(&(-1.0_f32).to_le_bytes()),
            "tensor `heads.all.scale` holds a negative scale",
        ),
        (
            |p| p.tensor("norm.bias").2[..4].copy_from_slice(&f32::INFINITY.to_le_bytes()),
            "tensor `norm.bias` holds a number that is not finite",
        ),
        (|p| p.tensor("vocabulary").2[9] = 0xFF, "tensor `vocabulary`: invalid utf-8"),
        (
            |p| {
                let (_, shape, data) = p.tensor("vocabulary");
                data.extend(b"\n[UNK]");
                *shape = vec![data.len()];
            },
            "of the vocabulary are the same, `[UNK]`",
        ),
        (
            |p| {
                let (_, shape, data) = p.tensor("vocabulary");
                data.truncate(5);
                *shape = vec![5];
            },
            "the vocabulary has no [CLS]",
        ),
        (
            |p| {
                let (_, shape, data) = p.tensor("vocabulary");
                data.extend(b"\n##arnor");
                *shape = vec![data.len()];
            },
            "tensor `word.scale` is of shape [30522], not [30523]",
        ),
        (|p| drop(p.metadata.insert("inventories".into(), "{}".into())), "metadata `inventories`: missing field"),
        (|p| p.edit_inventory(|i| i["upos"][0] = "ADJUNCT".into()), "`ADJUNCT` is no part of speech"),
        (|p| p.edit_inventory(|i| i["lemmas"][0] = "x".into()), "`x` is no lemma script"),
        (|p| p.edit_inventory(|i| i["entities"][0] = "B-GOD".into()), "`B-GOD` is no entity tag"),
        (|p| p.edit_inventory(|i| i["feats"][0] = i["feats"][1].clone()), "`feats` has the class"),
        (|p| p.edit_inventory(|i| i["deprels"] = serde_json::json!(["nsubj"])), "there is no relation `root`"),
        (
            |p| p.edit_inventory(|i| i["feats"].as_array_mut().unwrap().push("Mood=Odd".into())),
            "tensor `heads.all.weight` is of shape",
        ),
    ];
    for (damage, expected) in cases {
        let mut parts = Parts::new();
        damage(&mut parts);
        let found = faults(&parts.bytes());
        assert!(found.iter().any(|f| f.contains(expected)), "{expected}: {found:?}");
    }

    let mut parts = Parts::new();
    parts.tensors.remove("norm.weight");
    parts.tensor("heads.arc.weight").0 = Dtype::U8;
    parts.edit_inventory(|i| i["upos"][0] = "ADJUNCT".into());
    parts.tensors.insert("pooler".into(), (Dtype::U8, vec![1], vec![0]));
    let found = faults(&parts.bytes());
    assert_eq!(
        found,
        [
            "tensor `norm.weight` is missing",
            "`ADJUNCT` is no part of speech",
            "tensor `heads.arc.weight` is U8, not I8",
            "tensor `pooler` has no place in this model",
        ]
    );
}

#[test]
fn the_typing_head_says_what_was_trained_on_every_instruction_set() {
    let head = PairHead::from_bytes(PAIRS, model()).unwrap();
    let entries: Vec<Value> = serde_json::from_str(PAIR_REFERENCE).unwrap();
    assert!(entries.len() >= 6);
    for entry in &entries {
        let words = strings(entry, "words");
        let party = |key: &str| {
            let ends: Vec<usize> =
                entry[key].as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect();
            ends[0]..ends[1]
        };
        let expected: Vec<f64> = entry["shares"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let mut first: Option<Vec<f32>> = None;
        for kernel in Kernel::available() {
            let mut worker = model().worker();
            worker.kernel = kernel;
            let shares = worker.relate(&head, &words, party("source"), party("target"));
            for ((class, found), wanted) in head.classes().iter().zip(&shares).zip(&expected) {
                let apart = (f64::from(found.exp()) - wanted).abs();
                assert!(apart < 0.2, "{class} of {words:?}: {} against {wanted}", found.exp());
            }
            assert_eq!(first.get_or_insert_with(|| shares.clone()), &shares, "{kernel:?}");
        }
    }
}

#[test]
fn the_typing_head_takes_any_parties() {
    let head = PairHead::from_bytes(PAIRS, model()).unwrap();
    let mut worker = model().worker();
    for (source, target) in [(0..0, 0..0), (0..3, 0..3), (2..9, 7..80), (5..5, 1..1)] {
        let shares = worker.relate(&head, &["Arnor", "attacked", "Gondor"], source, target);
        assert_eq!(shares.len(), head.classes().len());
        let total: f32 = shares.iter().map(|s| s.exp()).sum();
        assert!((total - 1.0).abs() < 1e-3);
    }
    let long = vec!["war"; 3000];
    assert_eq!(worker.relate(&head, &long, 0..1, 2990..2991).len(), head.classes().len());
}

#[test]
fn a_foreign_typing_head_is_refused() {
    assert!(PairHead::from_bytes(WEIGHTS, model()).is_err());
    assert!(Model::from_bytes(PAIRS).is_err());
    assert!(PairHead::from_bytes(&PAIRS[..PAIRS.len() / 2], model()).is_err());
}

//! The model as a whole, on sentences of our own about invented states.

use std::sync::OnceLock;

use serde_json::Value;

use super::*;

const WEIGHTS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/english.safetensors"));
const REFERENCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference.json"));

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
fn eight_bits_say_what_the_trained_network_says() {
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
                let state = worker.heads.rows[(i + 1) * WIDTH + d];
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

#[test]
fn a_damaged_file_is_refused_by_name() {
    let refused = |bytes: &[u8]| Model::from_bytes(bytes).unwrap_err().to_string();
    assert!(refused(b"").contains("not a whole safetensors file"));
    assert!(refused(&WEIGHTS[..WEIGHTS.len() - 1]).contains("not a whole safetensors file"));
    let renamed = |from: &[u8], to: &[u8]| {
        let mut bytes = WEIGHTS.to_vec();
        let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
        bytes[at..at + from.len()].copy_from_slice(to);
        refused(&bytes)
    };
    assert!(renamed(b"demarche-english-1", b"demarche-english-9").contains("format demarche-english-9"));
    assert!(renamed(b"\"heads.arc.bias\"", b"\"heads.arc.bIas\"").contains("tensor `heads.arc.bias` is missing"));
}

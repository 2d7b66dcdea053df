//! Damaged and foreign weights are refused; what is taken for weights can read a sentence.
//!
//! The input is laid over the repository's own file: pairs of a place and a byte, most of them in the header,
//! where every length and shape stands; an input that begins with an odd byte is read as a file of its own.
#![no_main]

use demarche_fuzz::bytes;
use demarche_text::model::Model;
use demarche_text::segment::Segmenter;
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

fn original() -> &'static [u8] {
    static READ: OnceLock<Vec<u8>> = OnceLock::new();
    READ.get_or_init(|| bytes("models/english.safetensors"))
}

fuzz_target!(|input: &[u8]| {
    let Some((&kind, input)) = input.split_first() else { return };
    if kind % 2 == 1 {
        let _ = Segmenter::from_bytes(input);
        let _ = Model::from_bytes(input);
        return;
    }
    let mut file = original().to_vec();
    let header = u64::from_le_bytes(file[..8].try_into().expect("eight bytes")) as usize + 8;
    for patch in input.chunks_exact(5) {
        let place = u32::from_le_bytes([patch[0], patch[1], patch[2], patch[3]]) as usize;
        let within = if place.is_multiple_of(8) { file.len() } else { header };
        file[place % within] = patch[4];
    }
    if kind % 4 == 2 {
        let kept = usize::from(kind / 4) * file.len() / 64;
        file.truncate(kept);
    }
    if let Ok(model) = Model::from_bytes(&file) {
        let mut words = Vec::new();
        model.worker().predict(&["Arnor", "warned", "Gondor", "."], &mut words);
        assert_eq!(words.len(), 4);
    }
});

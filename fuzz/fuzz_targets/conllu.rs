//! Any bytes are a treebank that prints and reads back the same, or faults by line in order.
#![no_main]

use demarche_text::conllu;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match conllu::read("fuzz", bytes) {
        Ok(treebank) => {
            let printed = treebank.to_string();
            assert_eq!(conllu::read("printed", printed.as_bytes()), Ok(treebank));
        }
        Err(faults) => {
            let lines = bytes.split(|&b| b == b'\n').count();
            assert!(faults.iter().all(|f| (1..=lines).contains(&f.line)));
            assert!(faults.is_sorted_by_key(|f| f.line));
        }
    }
});

//! Any text becomes a sound document, whole or glanced at, and prints as CoNLL-U that reads back the same.
#![no_main]

use demarche_fuzz::analyzer;
use demarche_text::{Article, conllu};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut worker = analyzer().worker();
    let article = Article::from_text(text);
    for doc in [worker.analyze_text(text), worker.analyze(&article)] {
        doc.check().unwrap_or_else(|fault| panic!("{fault}"));
        let printed = conllu::write(&doc);
        let back = conllu::read("printed", printed.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(back.to_string(), printed);
    }
});

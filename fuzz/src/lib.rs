//! What the fuzz targets share: the repository's own weights and word lists, opened once.

use demarche_text::Analyzer;
use demarche_text::language::{FILES, Language, pack};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A path of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The bytes of one of the repository's files.
pub fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The word lists.
pub fn language() -> &'static Language {
    static READ: OnceLock<Language> = OnceLock::new();
    READ.get_or_init(|| {
        let text = |name: &str| String::from_utf8(bytes(&format!("data/language/{name}"))).expect("UTF-8");
        let files: Vec<(&str, String)> = FILES.iter().map(|&name| (name, text(name))).collect();
        Language::read(&files).expect("sound word lists")
    })
}

/// The analyzer as the program has it.
pub fn analyzer() -> &'static Analyzer {
    static OPENED: OnceLock<Analyzer> = OnceLock::new();
    OPENED.get_or_init(|| {
        let blob = pack(&bytes("models/english.safetensors"), &bytes("models/segmenter.bin"), language());
        Analyzer::from_bytes(blob.leak()).expect("sound weights")
    })
}

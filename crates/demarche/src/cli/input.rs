//! What the arguments name: files, folders, globs and standard input, plain or gzipped, read as articles.

use super::Exit;
use anyhow::Result;
use demarche_text::Article;
use demarche_text::article::{self, Hint};
use jiff::civil::Date;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Arguments that every reading verb shares.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Inputs {
    /// Files, folders, globs, or - for standard input; plain or gzipped
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
}

/// What went wrong with which input; kept apart from the results.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    count: usize,
}

impl Faults {
    /// Says a fault aloud and counts it.
    pub(crate) fn report(&mut self, message: impl std::fmt::Display) {
        self.count += 1;
        eprintln!("demarche: {message}");
    }
    /// The exit code after `done` good documents.
    pub(crate) fn exit(&self, done: usize) -> Exit {
        match (self.count, done) {
            (0, _) => Exit::Done,
            (_, 0) => Exit::Fault,
            _ => Exit::Partly,
        }
    }
}

/// One file's bytes and how to call it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Inputs {
    /// Every file that the arguments name, in the order of the arguments, folders by name.
    pub(crate) fn paths(&self, faults: &mut Faults) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for argument in &self.files {
            let path = Path::new(argument);
            if argument == "-" || path.is_file() {
                found.push(path.to_path_buf());
            } else if path.is_dir() {
                let before = found.len();
                walk(path, &mut found, faults);
                if found.len() == before {
                    faults.report(format!("{argument}: no file in this folder"));
                }
            } else if argument.contains(['*', '?', '[']) {
                match glob::glob(argument) {
                    Ok(paths) => {
                        let before = found.len();
                        found.extend(paths.flatten().filter(|p| p.is_file()));
                        if found.len() == before {
                            faults.report(format!("{argument}: no file matches"));
                        }
                    }
                    Err(error) => faults.report(format!("{argument}: not a pattern: {error}")),
                }
            } else if path.exists() {
                found.push(path.to_path_buf());
            } else {
                faults.report(format!("{argument}: no such file or folder"));
            }
        }
        found
    }
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>, faults: &mut Faults) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => return faults.report(format!("{}: {error}", dir.display())),
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            walk(&path, found, faults);
        } else if path.is_file() && !hidden {
            found.push(path);
        }
    }
}

/// A file's bytes, unpacked where it is gzipped (several members too).
pub(crate) fn read(path: &Path) -> Result<Source> {
    let (name, bytes) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        ("standard input".to_string(), bytes)
    } else {
        (path.display().to_string(), std::fs::read(path)?)
    };
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Source { name, bytes });
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain)?;
    Ok(Source { name, bytes: plain })
}

/// Every article of the inputs; faults are said as they are met, the rest is read.
pub(crate) fn articles(inputs: &Inputs, published: Option<Date>, faults: &mut Faults) -> Vec<(String, Article)> {
    let mut found = Vec::new();
    for path in inputs.paths(faults) {
        let source = match read(&path) {
            Ok(source) => source,
            Err(error) => {
                faults.report(format!("{}: {error:#}", path.display()));
                continue;
            }
        };
        for article in article::read(&source.bytes, Hint { name: &source.name, format: None }) {
            match article {
                Ok(mut article) => {
                    if let Some(day) = published {
                        article.set_published(day);
                    }
                    found.push((source.name.clone(), article));
                }
                Err(fault) => faults.report(fault),
            }
        }
    }
    found
}

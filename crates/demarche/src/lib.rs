//! The program and its façade: [`Engine`] holds the frozen analyzer and knowledge and codes articles in parallel.
//!
//! ```no_run
//! use demarche::Engine;
//! let engine = Engine::new()?;
//! let article = demarche::Article::from_text("Arnor imposed sanctions on Gondor.");
//! let coded = engine.code_one(&article);
//! assert_eq!(coded.coding.events.len(), 1);
//! # Ok::<(), anyhow::Error>(())
//! ```

pub mod amend;
pub mod ask;
pub mod cli;
pub mod codes;
pub mod engine;
pub mod eval;
pub mod exchange;
pub mod intake;
pub mod page;
pub mod plot;
pub mod web;

pub use demarche_text::Article;
pub use engine::{Coded, Engine};

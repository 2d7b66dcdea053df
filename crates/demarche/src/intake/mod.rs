//! Where articles come from: files, folders and archives, feeds and the web; each a [`source::Source`].

pub mod ingest;
pub mod local;
pub mod source;

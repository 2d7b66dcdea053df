//! Plots as SVG of our own: no script, text that can be read and searched, a title and a text alternative.
//!
//! Each plot is plain values with a function that draws them and one that says them in words.
//! Colours stand in the attributes, so that a file alone looks right, and each has a class beside it, by which
//! `static/plot.css` gives the same plot its colours on a dark page, in print and where contrast is asked for.

mod bars;
mod draw;
mod graph;
mod map;
mod matrix;
mod mirrored;
mod tie;
mod timeline;

pub use bars::{Bar, Bars, Sides};
pub use draw::escaped;
pub use graph::Graph;
pub use map::{Arc, Map, Pin, Scale, Shaded};
pub use matrix::Matrix;
pub use mirrored::{Mirrored, Peak};
pub use tie::{Balance, Node, Sign, Tie};
pub use timeline::{Row, Span, SpanKind, Timeline};

/// The colours of every plot by class, for pages: light, dark, print, forced colours.
pub const CSS: &str = include_str!("../../static/plot.css");

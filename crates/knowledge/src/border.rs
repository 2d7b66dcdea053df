//! The outlines of states, for maps.
//!
//! A row keeps its outline as the words of the table: the program starts without reading them, and a map reads all.

use crate::{RowRef, State};
use serde::{Deserialize, Serialize};

/// A row of the table of borders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BorderRow {
    /// The state.
    pub state: String,
    /// Degrees north of where a mark for the whole state is to stand.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Its outlines, as the table writes them; empty where there is no shape.
    pub rings: String,
    /// Where they come from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// The outlines of all states, by id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Borders<'k> {
    /// Each state, in the order of the ids.
    pub all: Vec<Border<'k>>,
}

/// The outline of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Border<'k> {
    /// The id of the state.
    pub state: &'k str,
    /// Its usual name.
    pub name: &'k str,
    /// Whether it is no longer there.
    pub past: bool,
    /// Degrees north of where a mark for it is to stand.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The corners of each ring in tenths of degrees, east and north; the last is joined to the first. None where the
    /// state is too small to be drawn, or past.
    pub rings: Vec<Vec<(i32, i32)>>,
}

impl<'k> Borders<'k> {
    /// Sorted rows, with the names of sorted states.
    pub(crate) fn new(rows: &'k [BorderRow], states: &'k [State]) -> Borders<'k> {
        let state = |id: &str| states.binary_search_by(|state| state.id.as_str().cmp(id)).ok().map(|ix| &states[ix]);
        let border = |row: &'k BorderRow| {
            let state = state(&row.state);
            Border {
                state: &row.state,
                name: state.map_or(&row.state, |state| &state.name),
                past: state.is_some_and(|state| state.interval.until.is_some()),
                lat: row.lat,
                lon: row.lon,
                rings: rings(&row.rings).unwrap_or_default(),
            }
        };
        Borders { all: rows.iter().map(border).collect() }
    }

    /// That of one state.
    pub fn of(&self, state: &str) -> Option<&Border<'k>> {
        self.all.binary_search_by(|border| border.state.cmp(state)).ok().map(|ix| &self.all[ix])
    }
}

/// The corners of each ring, or what is wrong with the words.
pub(crate) fn rings(words: &str) -> Result<Vec<Vec<(i32, i32)>>, String> {
    words.split('|').filter(|_| !words.is_empty()).enumerate().map(|(ix, ring)| corners(ix + 1, ring)).collect()
}

fn corners(ring: usize, words: &str) -> Result<Vec<(i32, i32)>, String> {
    let mut steps = Vec::new();
    for word in words.split(' ') {
        steps.push(word.parse::<i32>().map_err(|_| format!("“{word}” in ring {ring} is no whole number"))?);
    }
    let (pairs, rest) = steps.as_chunks::<2>();
    if !rest.is_empty() || pairs.len() < 3 {
        return Err(format!("ring {ring} has {} numbers: two a corner, three corners or more", steps.len()));
    }
    let (mut east, mut north) = (0_i32, 0_i32);
    let mut corners = Vec::with_capacity(pairs.len());
    for [x, y] in pairs {
        (east, north) = (east.saturating_add(*x), north.saturating_add(*y));
        if east.abs() > 1800 || north.abs() > 900 {
            return Err(format!("corner {} of ring {ring} is off the globe", corners.len() + 1));
        }
        corners.push((east, north));
    }
    Ok(corners)
}

#[cfg(test)]
mod tests {
    use super::rings;

    #[test]
    fn rings_are_steps_from_the_first_corner() {
        assert_eq!(rings(""), Ok(vec![]));
        assert_eq!(rings("10 20 5 0 0 -5|1 1 1 1 1 -1").unwrap()[0], [(10, 20), (15, 20), (15, 15)]);
        for (words, what) in [
            ("1 2 3", "3 numbers"),
            ("1 2 3 4 5 x", "“x” in ring 1"),
            ("1 2 3 4 5 6|1795 0 9 9 9 9", "corner 2 of ring 2 is off"),
        ] {
            assert!(rings(words).is_err_and(|fault| fault.contains(what)), "{words}");
        }
    }
}

//! What to do with what is found: sums, series, panels, ties, networks, profiles, stories.

pub mod actor;
mod centrality;
pub mod document;
pub mod facet;
pub mod moved;
pub mod network;
pub mod panel;
mod read;
pub mod series;
pub mod source;
pub mod story;
pub mod tie;
pub mod world;

use demarche_core::{EventType, QuadClass};

/// How many events of each type, and their intensity.
///
/// Intensity is kept in thousandths: sums of whole numbers do not depend on their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    events: [u32; 16],
    thousandths: [i64; 4],
}

impl Sums {
    /// Adds events of a type and their intensity in thousandths.
    pub fn add(&mut self, event_type: EventType, events: u32, thousandths: i64) {
        self.events[event_type as usize] += events;
        self.thousandths[event_type.quad() as usize] += thousandths;
    }
    /// Adds all of other sums.
    pub fn add_all(&mut self, other: &Sums) {
        self.events.iter_mut().zip(&other.events).for_each(|(mine, theirs)| *mine += theirs);
        self.thousandths.iter_mut().zip(&other.thousandths).for_each(|(mine, theirs)| *mine += theirs);
    }
    /// Takes away what is in these sums too.
    pub(crate) fn take_all(&mut self, part: &Sums) {
        self.events.iter_mut().zip(&part.events).for_each(|(mine, theirs)| *mine -= theirs);
        self.thousandths.iter_mut().zip(&part.thousandths).for_each(|(mine, theirs)| *mine -= theirs);
    }
    /// What of it is of these quad classes.
    #[must_use]
    pub fn only(&self, classes: &[QuadClass]) -> Sums {
        let mut left = *self;
        for &event_type in EventType::ALL.iter().filter(|t| !classes.contains(&t.quad())) {
            left.events[event_type as usize] = 0;
            left.thousandths[event_type.quad() as usize] = 0;
        }
        left
    }
    /// Events of a type.
    pub fn of(&self, event_type: EventType) -> u32 {
        self.events[event_type as usize]
    }
    /// Events of a quad class.
    pub fn class(&self, class: QuadClass) -> u32 {
        EventType::ALL.iter().filter(|t| t.quad() == class).map(|&t| self.of(t)).sum()
    }
    /// Events of the four quad classes in their order.
    pub fn classes(&self) -> [u32; 4] {
        CLASSES.map(|class| self.class(class))
    }
    /// All events.
    pub fn events(&self) -> u32 {
        self.events.iter().sum()
    }
    /// Events of cooperation, verbal and material.
    pub fn cooperation(&self) -> u32 {
        self.class(QuadClass::VerbalCooperation) + self.class(QuadClass::MaterialCooperation)
    }
    /// Events of conflict, verbal and material.
    pub fn conflict(&self) -> u32 {
        self.class(QuadClass::VerbalConflict) + self.class(QuadClass::MaterialConflict)
    }
    /// The sum of PLOVER's intensities.
    pub fn intensity_sum(&self) -> f64 {
        self.thousandths.iter().sum::<i64>() as f64 / 1000.0
    }
    /// Their mean; `None` where there is no event.
    pub fn intensity(&self) -> Option<f64> {
        let events = self.events();
        (events > 0).then(|| rounded(self.intensity_sum() / f64::from(events)))
    }
    /// The mean intensity of a class.
    pub fn intensity_of(&self, class: QuadClass) -> Option<f64> {
        let events = self.class(class);
        (events > 0).then(|| rounded(self.thousandths[class as usize] as f64 / 1000.0 / f64::from(events)))
    }
}

fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

/// The quad classes in their order.
pub const CLASSES: [QuadClass; 4] = [
    QuadClass::VerbalCooperation,
    QuadClass::MaterialCooperation,
    QuadClass::VerbalConflict,
    QuadClass::MaterialConflict,
];

/// Names of the quad classes for columns.
pub const CLASS_NAMES: [&str; 4] =
    ["verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"];

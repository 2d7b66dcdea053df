//! Who has to do with whom, and how: what the matrix, the drawing of a network and the arcs of the map have in common.

use demarche_store::collect::Sums;

/// Events of cooperation and of conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// How many of cooperation.
    pub cooperation: u32,
    /// How many of conflict.
    pub conflict: u32,
}

impl From<&Sums> for Balance {
    fn from(sums: &Sums) -> Balance {
        Balance { cooperation: sums.cooperation(), conflict: sums.conflict() }
    }
}

/// Which side prevails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// At least three in five are of cooperation.
    Cooperation,
    /// Neither side has three in five.
    Mixed,
    /// At least three in five are of conflict.
    Conflict,
}

impl Balance {
    /// All of them.
    pub fn events(self) -> u32 {
        self.cooperation.saturating_add(self.conflict)
    }
    /// From −1, all conflict, to 1, all cooperation; 0 where there is nothing.
    pub fn share(self) -> f64 {
        (f64::from(self.cooperation) - f64::from(self.conflict)) / f64::from(self.events().max(1))
    }
    /// Which side prevails.
    pub fn sign(self) -> Sign {
        // Three in five against two in five are a share of one in five.
        match self.share() {
            share if share >= 0.2 - 1e-9 => Sign::Cooperation,
            share if share <= -0.2 + 1e-9 => Sign::Conflict,
            _ => Sign::Mixed,
        }
    }
    pub(super) fn and(self, other: Balance) -> Balance {
        Balance {
            cooperation: self.cooperation.saturating_add(other.cooperation),
            conflict: self.conflict.saturating_add(other.conflict),
        }
    }
    /// "5 of cooperation, 2 of conflict".
    pub(super) fn in_words(self) -> String {
        format!("{} of cooperation, {} of conflict", self.cooperation, self.conflict)
    }
}

impl Sign {
    /// Each, as legends list them.
    pub(super) const ALL: [Sign; 3] = [Sign::Cooperation, Sign::Mixed, Sign::Conflict];

    pub(super) fn class(self) -> &'static str {
        match self {
            Sign::Cooperation => "cooperation",
            Sign::Mixed => "mixed",
            Sign::Conflict => "conflict",
        }
    }
    pub(super) fn colour(self) -> &'static str {
        match self {
            Sign::Cooperation => "#1f5fa8",
            Sign::Mixed => "#6b6b6b",
            Sign::Conflict => "#b8430b",
        }
    }
    /// What tells the signs apart without colour, on a line.
    pub(super) fn dashes(self) -> Option<&'static str> {
        match self {
            Sign::Cooperation => None,
            Sign::Mixed => Some("7 3"),
            Sign::Conflict => Some("2.5 2.5"),
        }
    }
    /// The same in a cell.
    pub(super) fn glyph(self) -> &'static str {
        match self {
            Sign::Cooperation => "+",
            Sign::Mixed => "±",
            Sign::Conflict => "−",
        }
    }
    pub(super) fn words(self) -> &'static str {
        match self {
            Sign::Cooperation => "mostly cooperation",
            Sign::Mixed => "mixed",
            Sign::Conflict => "mostly conflict",
        }
    }
}

/// A party of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is called where there is room.
    pub name: String,
    /// What it is called where there is little: "FRA", "IND/MIL".
    pub short: String,
    /// Where it leads.
    pub href: Option<String>,
    /// The number of its bloc, from 0; `None` where it is in none.
    pub bloc: Option<usize>,
}

/// What is between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The position of the one who acts among the nodes.
    pub source: usize,
    /// The position of the other.
    pub target: usize,
    /// What happened.
    pub balance: Balance,
    /// Where it leads.
    pub href: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_turns_at_three_in_five() {
        let sign = |cooperation, conflict| Balance { cooperation, conflict }.sign();
        assert_eq!(
            [sign(3, 2), sign(2, 3), sign(11, 9), sign(0, 0)],
            [Sign::Cooperation, Sign::Conflict, Sign::Mixed, Sign::Mixed]
        );
    }
}

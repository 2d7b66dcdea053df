//! What stands between states and other actors, with its dates: pacts, wars, rivalries, disputes, broken relations.
//!
//! A tie is a fact of the reference; what a text states of such things is [`demarche_core::Relation`].

use crate::RowRef;
use demarche_core::Interval;
use serde::{Deserialize, Serialize};

/// The kinds of tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TieKind {
    /// Each party must help one that is attacked.
    DefencePact,
    /// The parties have bound themselves to help the counterparts, who owe nothing in return.
    Guarantee,
    /// The parties may not attack each other.
    Nonaggression,
    /// The parties must consult in a crisis, or have agreed to work together in defence.
    Entente,
    /// The parties limit or give up weapons.
    ArmsControl,
    /// War between the parties and the counterparts, states all.
    War,
    /// War within a state, its government the party and those who fight it the counterparts.
    CivilWar,
    /// Each sees an enemy in the other.
    Rivalry,
    /// Both claim the same territory.
    TerritorialDispute,
    /// The parties hold territory that is the counterparts'.
    Occupation,
    /// The fighting is to stop.
    Ceasefire,
    /// A treaty that ended or settled a war.
    Peace,
    /// The parties have broken off diplomatic relations with the counterparts.
    NoRelations,
    /// The parties do not recognise the counterparts, or hold that they do not exist as states.
    NonRecognition,
    /// The parties took the place of the counterparts, whole or in part.
    Succession,
}

impl TieKind {
    /// All kinds, in the order of the words below.
    pub const ALL: [TieKind; 15] = [
        TieKind::DefencePact,
        TieKind::Guarantee,
        TieKind::Nonaggression,
        TieKind::Entente,
        TieKind::ArmsControl,
        TieKind::War,
        TieKind::CivilWar,
        TieKind::Rivalry,
        TieKind::TerritorialDispute,
        TieKind::Occupation,
        TieKind::Ceasefire,
        TieKind::Peace,
        TieKind::NoRelations,
        TieKind::NonRecognition,
        TieKind::Succession,
    ];

    /// As tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            TieKind::DefencePact => "defence-pact",
            TieKind::Guarantee => "guarantee",
            TieKind::Nonaggression => "nonaggression",
            TieKind::Entente => "entente",
            TieKind::ArmsControl => "arms-control",
            TieKind::War => "war",
            TieKind::CivilWar => "civil-war",
            TieKind::Rivalry => "rivalry",
            TieKind::TerritorialDispute => "territorial-dispute",
            TieKind::Occupation => "occupation",
            TieKind::Ceasefire => "ceasefire",
            TieKind::Peace => "peace",
            TieKind::NoRelations => "no-relations",
            TieKind::NonRecognition => "non-recognition",
            TieKind::Succession => "succession",
        }
    }

    /// Whether such a tie has two sides, so that the counterparts must be named.
    pub const fn two_sided(self) -> bool {
        !matches!(
            self,
            TieKind::DefencePact
                | TieKind::Nonaggression
                | TieKind::Entente
                | TieKind::ArmsControl
                | TieKind::Ceasefire
                | TieKind::Peace
        )
    }
}

/// A row of `ties.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Our id.
    pub id: String,
    /// What stands.
    pub kind: TieKind,
    /// The usual name of the pact, war or dispute.
    pub name: String,
    /// The one side; where there are no counterparts, all of them.
    pub parties: Vec<String>,
    /// The other side.
    pub counterparts: Vec<String>,
    /// From when until when.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

impl Tie {
    /// Whether this actor is of the one side or the other.
    pub fn concerns(&self, id: &str) -> bool {
        self.parties.iter().chain(&self.counterparts).any(|party| party == id)
    }

    /// Those who stand on the other side of this actor, or with it where there are no sides.
    pub fn others<'t>(&'t self, id: &str) -> Vec<&'t str> {
        let across = self.parties.iter().any(|party| party == id) && !self.counterparts.is_empty();
        let side = if across { &self.counterparts } else { &self.parties };
        side.iter().map(String::as_str).filter(|other| *other != id).collect()
    }

    /// Whether the tie stands between these two: across its sides, or among all where there are none.
    pub fn between(&self, one: &str, other: &str) -> bool {
        let has = |side: &[String], id: &str| side.iter().any(|party| party == id);
        if self.counterparts.is_empty() {
            return one != other && has(&self.parties, one) && has(&self.parties, other);
        }
        has(&self.parties, one) && has(&self.counterparts, other)
            || has(&self.parties, other) && has(&self.counterparts, one)
    }
}

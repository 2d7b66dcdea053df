//! What all pages share: the ledger's open doors, the reader of articles, who may do what and how much at once.

use super::memo::{Memo, Written};
use crate::Engine;
use anyhow::Result;
use demarche_knowledge::Knowledge;
use demarche_store::{Access, Ledger};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// The site.
pub struct Site {
    engine: Engine,
    ledger: Option<PathBuf>,
    /// Ledgers that are open and not in use.
    idle: Mutex<Vec<Ledger>>,
    token: Option<String>,
    /// Whether others than this machine can reach it.
    open: bool,
    /// Questions at once.
    pub(super) gate: Arc<Semaphore>,
    /// Bodies that arrive at once.
    pub(super) arriving: Semaphore,
    /// Articles that are read at once.
    pub(super) reading: Arc<Semaphore>,
    memo: Mutex<Memo>,
    /// Held while a page writes: two of them wait for each other, and not for another program.
    writing: Mutex<()>,
    /// How much each address may still ask at this moment, where others than this machine can.
    allowance: Mutex<BTreeMap<IpAddr, (f64, Instant)>>,
}

/// Requests a second and at once that one address may make over a network.
const RATE: (f64, f64) = (20.0, 60.0);
/// Addresses remembered; of more, those that have asked nothing of late are forgotten.
const REMEMBERED: usize = 10_000;

impl Site {
    /// Over a ledger or none.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn new(engine: Engine, ledger: Option<&Path>, token: Option<String>, open: bool) -> Result<Site> {
        let idle = match ledger {
            Some(path) => vec![Ledger::open(path, Access::Read)?],
            None => Vec::new(),
        };
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Site {
            engine,
            ledger: ledger.map(Path::to_path_buf),
            idle: Mutex::new(idle),
            token,
            open,
            gate: Arc::new(Semaphore::new(cores * 2)),
            arriving: Semaphore::new(16),
            reading: Arc::new(Semaphore::new(cores)),
            memo: Mutex::default(),
            writing: Mutex::default(),
            allowance: Mutex::default(),
        })
    }

    /// What reads articles.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The tables.
    pub(crate) fn knowledge(&self) -> &Knowledge {
        self.engine.knowledge()
    }

    /// The file of the ledger.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.ledger.as_deref()
    }

    /// The word that lets one write, and over a network read.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Whether others than this machine can reach it.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// A ledger to ask, one thread each; given back by [`Site::done`].
    pub(super) fn take(&self) -> demarche_store::Result<Option<Ledger>> {
        let Some(path) = &self.ledger else { return Ok(None) };
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Ledger::open(path, Access::Read), Ok).map(Some)
    }

    pub(super) fn done(&self, ledger: Option<Ledger>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(ledger);
    }

    /// Does what writes into the ledger, one page after another.
    pub(crate) fn writing<T>(&self, write: impl FnOnce() -> T) -> T {
        let _held = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        write()
    }

    /// An answer that was given already.
    pub(super) fn remembered(&self, tag: &str) -> Option<Written> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).get(tag)
    }

    pub(super) fn remember(&self, tag: &str, written: &Written) {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).keep(tag, written);
    }

    /// Whether an address may ask once more; this machine always may.
    pub(super) fn allows(&self, who: IpAddr, now: Instant) -> bool {
        if who.is_loopback() {
            return true;
        }
        let mut all = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > REMEMBERED {
            all.retain(|_, (_, last)| now.duration_since(*last) < Duration::from_secs(60));
        }
        let (left, last) = all.entry(who).or_insert((RATE.1, now));
        *left = (*left + now.duration_since(*last).as_secs_f64() * RATE.0).min(RATE.1);
        *last = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_network_is_slowed_and_this_machine_is_not() {
        let site = Site::new(Engine::new().unwrap(), None, None, true).unwrap();
        let (far, near): (IpAddr, IpAddr) = ("192.0.2.7".parse().unwrap(), "127.0.0.1".parse().unwrap());
        let now = Instant::now();
        assert_eq!((0..100).filter(|_| site.allows(far, now)).count(), 60);
        assert_eq!((0..100).filter(|_| site.allows(far, now + Duration::from_secs(1))).count(), 20);
        assert_eq!((0..100).filter(|_| site.allows(near, now)).count(), 100);
    }
}

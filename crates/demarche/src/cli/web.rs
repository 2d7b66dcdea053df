//! What the verbs share that reach into the web: how far a request may go, and which arguments lead there.

use super::input::{Faults, Inputs};
use crate::intake::address::Private;
use crate::intake::http::{Client, Limits};
use crate::intake::web;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the web is asked.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "The web")]
pub(crate) struct WebOptions {
    /// Take what feeds carry, and fetch no page for it
    #[arg(long)]
    no_pages: bool,
    /// Between two requests to one host, at least; a site's robots.txt may ask for more
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pause: f64,
    /// What a page may take, redirects included
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    timeout: f64,
    /// What a page may have
    #[arg(long, value_name = "MIB", default_value_t = 16)]
    max_size: u64,
    /// Ask hosts, too, that are not on the public network: all, or those that are named
    #[arg(long, value_name = "HOST,…", num_args = 0..=1, require_equals = true, value_delimiter = ',')]
    allow_private: Option<Vec<String>>,
}

impl WebOptions {
    /// Whether pages are fetched for items of feeds.
    pub(crate) fn pages(&self) -> bool {
        !self.no_pages
    }

    /// Who asks; it gives up waiting on Ctrl-C.
    pub(crate) fn client(&self) -> Result<Arc<Mutex<Client<'static>>>> {
        let private = match &self.allow_private {
            None => Private::Refused,
            Some(hosts) if hosts.is_empty() => Private::Allowed,
            Some(hosts) => Private::Hosts(hosts.clone()),
        };
        let limits = Limits {
            size: self.max_size << 20,
            time: Duration::try_from_secs_f64(self.timeout).context("--timeout")?,
            pause: Duration::try_from_secs_f64(self.pause).context("--pause")?,
            private,
        };
        Ok(Arc::new(Mutex::new(Client::new(limits, &super::STOP))))
    }
}

/// Which of the arguments are files, and which addresses lead into the web: given, or listed in a file of feeds.
pub(crate) fn split(arguments: &[String], faults: &mut Faults) -> (Vec<PathBuf>, Vec<String>) {
    let (mut addresses, files): (Vec<String>, Vec<String>) =
        arguments.iter().cloned().partition(|argument| web::is_address(argument));
    let mut kept = Vec::new();
    for path in (Inputs { files }).paths(faults) {
        match web::listed(&path) {
            Some((listed, broken)) => {
                addresses.extend(listed);
                if let Some(what) = broken {
                    faults.report(format!("{}: {what}", path.display()));
                }
            }
            None => kept.push(path),
        }
    }
    (kept, addresses)
}

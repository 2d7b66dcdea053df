//! `demarche serve`: the pages, on this machine unless told otherwise.

use super::{Exit, STOP};
use crate::Engine;
use crate::web::{Options, Site, serve};
use anyhow::Result;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

/// Arguments of `demarche serve`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The ledger [default: demarche.db in this folder, where there is one]
    #[arg(value_name = "LEDGER")]
    ledger: Option<PathBuf>,
    /// The port; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 8017)]
    port: u16,
    /// An address of this machine by which others may reach the pages, such as 0.0.0.0
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// A word that lets its bearer enter corrections, and that is wanted of everybody where --host is given
    #[arg(long, value_name = "WORD", env = "DEMARCHE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  demarche serve news.db
  demarche serve                                # reads articles; the ledger demarche.db where there is one
  DEMARCHE_TOKEN=word demarche serve news.db    # corrections can be entered by whoever knows the word
  DEMARCHE_TOKEN=word demarche serve news.db --host 0.0.0.0

Ctrl-C ends it.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let usual = Path::new("demarche.db");
    let ledger = args.ledger.as_deref().or_else(|| usual.is_file().then_some(usual));
    let engine = match &args.data {
        Some(dir) => Engine::with_data(dir)?,
        None => Engine::new()?,
    };
    let token = args.token.clone().filter(|token| !token.is_empty());
    let open = !args.host.is_loopback();
    if open && token.is_none() {
        eprintln!(
            "demarche: WARNING: open to everybody who can reach {}: what the ledger holds can be read by all of them (hint: --token WORD)",
            args.host
        );
    }
    let site = Site::new(engine, ledger, token, open)?;
    let options = Options { host: args.host, port: args.port };
    serve(site, &options, &STOP, |address| {
        let what = ledger.map_or("no ledger: articles can be read".to_string(), |path| path.display().to_string());
        eprintln!("demarche: {what}\n  http://{address}/\n  Ctrl-C ends it");
    })?;
    Ok(Exit::Done)
}

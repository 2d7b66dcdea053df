//! The pictures of the README, made anew from the examples by one command; it needs Chromium:
//!
//! ```sh
//! cargo run --profile quick -p demarche --example pictures
//! ```
//!
//! Takes `examples/ledger` into a ledger of its own, serves it, and looks at pages in light and in dark:
//! `docs/pictures/NAME.png` and `docs/pictures/NAME-dark.png`.

#[path = "../tests/browser/chromium.rs"]
mod chromium;

use anyhow::{Context, Result, ensure};
use chromium::{Chromium, Tab};
use demarche::Engine;
use demarche::intake::ingest::Ingest;
use demarche::intake::local;
use demarche::web::{Options, Site, serve};
use demarche_store::{Access, Ledger};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// How wide a picture is, in pixels.
const WIDTH: u32 = 1200;
/// How large one may be, in bytes: the README is read over slow lines too.
const LARGEST: usize = 300_000;

fn main() -> Result<()> {
    let program = chromium::found().context("no Chromium on the PATH (hint: apt-get install chromium)")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dir = std::env::temp_dir().join(format!("demarche-pictures-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    // The name stands at the foot of every page.
    let ledger = dir.join("example.db");
    ingest(&root.join("examples/ledger"), &ledger)?;
    let stop = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let site = Site::new(Engine::new()?, Some(&ledger), None, false)?;
            let options = Options { host: [127, 0, 0, 1].into(), port: 0 };
            serve(site, &options, &stop, |address| {
                let _ = tell.send(address);
            })
        });
        // Whatever comes of it, the site is not served on.
        let made = told.recv_timeout(Duration::from_secs(60)).context("the site did not begin").and_then(|address| {
            let tab = Chromium::start(&program);
            pictures(&mut tab.tab(), &format!("http://{address}"), &root)
        });
        stop.store(true, Ordering::Relaxed);
        let served = server.join().map_err(|_| anyhow::anyhow!("the site failed"))?;
        made.and(served)
    })?;
    Ok(std::fs::remove_dir_all(dir)?)
}

fn ingest(from: &Path, to: &Path) -> Result<()> {
    let engine = Engine::new()?;
    let ledger = Ledger::open(to, Access::Write)?;
    let mut files: Vec<_> = std::fs::read_dir(from)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let marks = Arc::new(ledger.marks()?);
    let ingest = Ingest {
        engine: &engine,
        ledger: &ledger,
        command: "ingest examples/ledger".to_string(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        stop: &AtomicBool::new(false),
    };
    let summary = ingest.run(files.into_iter().flat_map(|file| local::file(file, None, Arc::clone(&marks))), |_| {})?;
    ensure!(
        summary.taken > 0 && summary.faults == 0,
        "{}: {} taken, {} faults",
        from.display(),
        summary.taken,
        summary.faults
    );
    Ok(())
}

fn pictures(tab: &mut Tab, site: &str, root: &Path) -> Result<()> {
    let article = std::fs::read_to_string(root.join("examples/saudi-iran.txt"))?;
    for (scheme, ending) in [("light", ""), ("dark", "-dark")] {
        tab.size(WIDTH, 900, false);
        tab.media(scheme, "");
        tab.open(&format!("{site}/read"));
        tab.focus("main form[method=post] textarea");
        tab.write(&article);
        tab.led(|tab| tab.click("main form[method=post] button:not([type=button])"));
        save(tab, root, &format!("read{ending}"), 1000)?;
        tab.open(&format!("{site}/dyad/RUS/UKR"));
        // The series of the two together; those each way begin below.
        save(tab, root, &format!("dyad{ending}"), 970)?;
    }
    Ok(())
}

fn save(tab: &mut Tab, root: &Path, name: &str, height: u32) -> Result<()> {
    // Nothing is half on its way to another colour.
    tab.settle(500);
    let faults = tab.faults();
    ensure!(faults.is_empty(), "{name}: {}", faults.join("; "));
    let png = tab.picture(WIDTH, height);
    ensure!(png.len() <= LARGEST, "{name}: {} bytes, more than {LARGEST}", png.len());
    let path = root.join("docs/pictures").join(format!("{name}.png"));
    std::fs::create_dir_all(root.join("docs/pictures"))?;
    std::fs::write(&path, png).with_context(|| path.display().to_string())
}

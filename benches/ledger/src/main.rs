//! Makes events from a seed, and times questions over a ledger of them; see `README.md`.

mod ask;
mod load;
mod made;

use demarche_store::format::{self, Target};
use made::{MONTHS, Random, World};
use std::error::Error;
use std::path::Path;

const USAGE: &str = "usage: demarche-ledger-benches polecat ROWS FILE | parquet ROWS FOLDER | ask LEDGER | load ADDRESS";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let world = World::of(&root.join("data/actors/states.tsv"))?;
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // Rows in any order, as weekly files have them.
        ["polecat", rows, path] => write(&world, "polecat", rows.parse()?, Path::new(path), |random, _| random.month()),
        // Month after month, as an export has them, and with words to search.
        ["parquet", rows, path] => {
            let rows: u64 = rows.parse()?;
            write(&world, "parquet", rows, Path::new(path), |_, row| (row * MONTHS as u64 / rows) as i32)
        }
        ["ask", ledger] => ask::ask(&world, Path::new(ledger)),
        ["load", address] => load::load(&world, address),
        _ => Err(USAGE.into()),
    }
}

fn write(
    world: &World,
    name: &str,
    rows: u64,
    path: &Path,
    month: impl Fn(&mut Random, u64) -> i32,
) -> Result<(), Box<dyn Error>> {
    let format = format::named(name).ok_or(USAGE)?;
    let mut random = Random(1);
    let words = name == "parquet";
    let mut entries = (0..rows).map(|row| {
        let month = month(&mut random, row);
        Ok(world.event(&mut random, row, month, words))
    });
    let written = format.write(&mut entries, Target::Path(path), &world.codes)?;
    println!("{} rows", written.rows);
    Ok(())
}

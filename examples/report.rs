//! Runs a scenario and prints its report as JSON:
//!
//! ```text
//! cargo run --release --example report -- SCENARIO.json
//! ```
//!
//! A workload's `file` stands beside the scenario, a `trace` in `www/traces`. A scenario that is
//! refused says which field, what was given and what is allowed, and the program exits with 2.

use sluice::lab::{Scenario, Workload};
use sluice::refusal::Refusal;
use sluice::trace::{Columns, Note, Trace, TraceReader, read_all};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: cargo run --release --example report -- SCENARIO.json");
        return ExitCode::from(2);
    };
    match report(&path) {
        Ok(json) => match writeln!(std::io::stdout(), "{json}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(refusal) => {
            eprintln!("{refusal}");
            ExitCode::from(2)
        }
    }
}

fn report(path: &Path) -> Result<String, Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Refusal::new("scenario", path.display(), format!("a file that can be read ({error})"))
    })?;
    let scenario = Scenario::from_json(&text)?;
    let trace = requests(&scenario, path.parent().unwrap_or(Path::new("")))?;
    let mut run = scenario.run(&trace);
    run.advance(u64::MAX);
    let (report, _) = run.finish();
    serde_json::to_string_pretty(&report)
        .map_err(|error| Refusal::new("report", error, "figures that JSON can hold"))
}

fn requests(scenario: &Scenario, folder: &Path) -> Result<Trace, Refusal> {
    match scenario.workload() {
        None => Ok(Trace::empty()),
        Some(Workload::Stream(stream)) => Ok(stream.generate(scenario.seed())),
        Some(Workload::File { name, columns }) => read(&folder.join(name), TraceReader::new(columns.clone())),
        Some(Workload::Log(name)) => read(&folder.join(name), TraceReader::of_times()),
        Some(Workload::Recorded(name)) => {
            let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/traces");
            read(&shipped.join(format!("{name}.txt.zst")), TraceReader::new(Columns::default()))
        }
    }
}

fn read(path: &Path, reader: TraceReader) -> Result<Trace, Refusal> {
    let file = File::open(path).map_err(|error| {
        Refusal::new("workload", path.display(), format!("a file that can be read ({error})"))
    })?;
    let reading = read_all(BufReader::new(file), reader)?;
    for note in reading.notes.iter().filter(|note| !matches!(note, Note::Mended { .. })) {
        eprintln!("note: {note}");
    }
    Ok(reading.trace)
}

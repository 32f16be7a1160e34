//! The machine, date and commit of a measurement.

use crate::shell::{Result, Shell};

/// The date, in UTC.
pub fn today(shell: &Shell) -> Result<String> {
    shell.output(shell.command("date").args(["-u", "+%F"]))
}

/// The commit; `+` marks uncommitted changes.
pub fn commit(shell: &Shell) -> Result<String> {
    shell.output(shell.command("git").args(["describe", "--always", "--dirty=+", "--exclude=*"]))
}

/// The load average of the last minute.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// A line for each property that measurements depend on. Unknown properties are omitted.
pub fn describe(shell: &Shell) -> Vec<String> {
    let output_of = |words: &[&str]| {
        let output = shell.command(words[0]).args(&words[1..]).output().ok()?;
        let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
        Some(String::from_utf8_lossy(&text).lines().next()?.trim().to_owned())
    };
    let python = format!("{}/bin/python", crate::python::venv::BENCH);
    [
        processor(),
        memory(),
        output_of(&["uname", "-srm"]),
        output_of(&["rustc", "--version"]),
        output_of(&[&python, "--version"]),
        output_of(&["java", "--version"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn processor() -> Option<String> {
    let cores = std::thread::available_parallelism().ok()?;
    let name = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    Some(format!("{cores} cores, {name}"))
}

fn memory() -> Option<String> {
    let kilobytes: u64 = field("/proc/meminfo", "MemTotal")?.split(' ').next()?.parse().ok()?;
    Some(format!("{} GB of memory", kilobytes * 1024 / 1_000_000_000))
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

//! Where and when it was measured.

use std::error::Error;

use crate::shell::Shell;

/// The day, in UTC.
pub fn today(shell: &Shell) -> Result<String, Box<dyn Error>> {
    shell.output(shell.command("date").args(["-u", "+%F"]))
}

/// The commit, and whether anything had been changed since.
pub fn commit(shell: &Shell) -> Result<String, Box<dyn Error>> {
    shell.output(shell.command("git").args(["describe", "--always", "--dirty=+", "--exclude=*"]))
}

/// How many processes wanted to run, as a mean of the last minute.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// A line for each thing that figures depend on. What cannot be found out is left out.
pub fn described(shell: &Shell) -> Vec<String> {
    let said = |words: &[&str]| {
        let output = shell.command(words[0]).args(&words[1..]).output().ok()?;
        let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
        Some(String::from_utf8_lossy(&text).lines().next()?.trim().to_owned())
    };
    let python = format!("{}/bin/python", super::place::VENV);
    [
        processor(),
        memory(),
        said(&["uname", "-srm"]),
        said(&["rustc", "--version"]),
        said(&[&python, "--version"]),
        said(&["java", "--version"]),
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

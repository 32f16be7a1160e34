//! Programs that outlive the demo.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::build;
use crate::shell::{Result, Shell};

/// How long a program may take to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// The folder with the list of running programs, one `PID NAME` a line, and their output.
fn folder(shell: &Shell) -> PathBuf {
    build::target(shell).join("demo")
}

/// The file with the standard error of a program.
pub fn log(shell: &Shell, name: &str) -> PathBuf {
    folder(shell).join(format!("{name}.log"))
}

/// Starts a program that outlives this one. `name` must occur in its command line: that is how `stop` recognizes it.
pub fn start(shell: &Shell, name: &str, command: &mut Command) -> Result<Child> {
    fs::create_dir_all(folder(shell))?;
    command.stdin(Stdio::null()).stderr(File::create(log(shell, name))?);
    // Ctrl-C at the terminal stops all programs of a group.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.spawn().map_err(|error| format!("cannot run {name}: {error}"))?;
    let list = folder(shell).join("programs");
    let before = fs::read_to_string(&list).unwrap_or_default();
    fs::write(list, format!("{before}{} {name}\n", child.id()))?;
    Ok(child)
}

/// Stops the programs that an earlier demo has started, and returns their names.
pub fn stop(shell: &Shell) -> Result<Vec<String>> {
    let list = folder(shell).join("programs");
    let text = fs::read_to_string(&list).unwrap_or_default();
    let mut stopped = Vec::new();
    for (pid, name) in text.lines().filter_map(|line| line.split_once(' ')) {
        // By now, another program may have this number.
        if is_running(shell, pid, name) {
            terminate(shell, pid, name)?;
            stopped.push(name.to_owned());
        }
    }
    if list.exists() {
        fs::remove_file(list)?;
    }
    Ok(stopped)
}

fn terminate(shell: &Shell, pid: &str, name: &str) -> Result {
    // A minimal system has no program `kill`, but its shell has the command.
    shell.output(shell.command("sh").args(["-c", "kill \"$1\"", "sh", pid]))?;
    let start = Instant::now();
    while is_running(shell, pid, name) {
        if start.elapsed() > PATIENCE {
            return Err(format!("{name} (process {pid}) does not stop").into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether a process exists and has `name` in its command line.
fn is_running(shell: &Shell, pid: &str, name: &str) -> bool {
    if let Ok(command_line) = fs::read(format!("/proc/{pid}/cmdline")) {
        return String::from_utf8_lossy(&command_line).contains(name);
    }
    let listed = shell.command("ps").args(["-o", "args=", "-p", pid]).stderr(Stdio::null()).output();
    listed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(name))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_the_demo_are_stopped() {
        let shell =
            Shell { root: std::env::temp_dir().join(format!("demo-{}", std::process::id())), ci: false };
        fs::create_dir_all(&shell.root).unwrap();
        let mut own = start(&shell, "tail", shell.command("tail").args(["-f", "/dev/null"])).unwrap();
        let mut other = shell.command("sleep").arg("1000").spawn().unwrap();
        // A number that now belongs to another program.
        let list = folder(&shell).join("programs");
        fs::write(&list, format!("{} tail\n{} tail\n", own.id(), other.id())).unwrap();

        let reaper = thread::spawn(move || own.wait().unwrap());
        assert_eq!(stop(&shell).unwrap(), ["tail"]);
        assert_eq!(reaper.join().unwrap().code(), None, "a signal ends it");
        assert!(other.try_wait().unwrap().is_none(), "another program continues");
        assert!(stop(&shell).unwrap().is_empty());
        other.kill().unwrap();
        other.wait().unwrap();
        fs::remove_dir_all(&shell.root).unwrap();
    }
}

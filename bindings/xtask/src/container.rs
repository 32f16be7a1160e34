//! Follows the emulator's Dockerfile without a container engine: runs the static program in a root folder without any
//! other file, as a user without a name.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::chroot::output_of;
use crate::files;
use crate::shell::{Missing, Result, Shell};

const DOCKERFILE: &str = "tests/emulator/Dockerfile";

/// The root folder of the container.
const ROOT: &str = "target/emulator-root";

/// Fails unless the program starts and its health check succeeds while it runs, and only then.
pub fn check(shell: &Shell, program: &Path) -> Result {
    if output_of(Command::new("id").arg("-u")) != "0" {
        return Err(Missing("only root can run a program in a root folder of its own".into()).into());
    }
    let dockerfile = Dockerfile(std::fs::read_to_string(shell.root.join(DOCKERFILE))?);
    let root = shell.root.join(ROOT);
    files::recreate(&root)?;
    std::fs::copy(program, root.join("scalekit-emulator"))?;
    // A free port, because another emulator may use the exposed one.
    let exposed = format!(":{}", dockerfile.instruction("EXPOSE")?);
    let entry: Vec<_> =
        dockerfile.words("ENTRYPOINT")?.iter().map(|word| word.replace(&exposed, ":0")).collect();
    let mut start = inside(shell, &dockerfile, &root, &entry)?;
    start.args(["--json", "--exit-with-stdin", "--world", "demo"]);
    let mut emulator = start.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let port = port(&mut emulator)?;
    let mut health = inside(shell, &dockerfile, &root, &dockerfile.words("HEALTHCHECK")?)?;
    health.args(["--port", &port]);
    shell.run(&mut health)?;
    drop(emulator.stdin.take());
    emulator.wait()?;
    match shell.run(&mut health) {
        Ok(()) => Err("the health check succeeds without an emulator".into()),
        Err(_) => {
            println!("the program runs and is healthy in an empty root folder");
            Ok(())
        }
    }
}

/// A command in the container.
fn inside(shell: &Shell, dockerfile: &Dockerfile, root: &Path, words: &[String]) -> Result<Command> {
    let mut command = shell.command("chroot");
    command.arg(format!("--userspec={}", dockerfile.instruction("USER")?)).arg(root).args(words);
    Ok(command)
}

/// The port in the line that the emulator prints when it is ready.
fn port(emulator: &mut Child) -> Result<String> {
    let mut line = String::new();
    BufReader::new(emulator.stdout.take().ok_or("the emulator has no output")?).read_line(&mut line)?;
    let ready: serde_json::Value = serde_json::from_str(&line)?;
    let url = ready["environment_url"].as_str().unwrap_or_default();
    Ok(url.rsplit(':').next().unwrap_or_default().to_owned())
}

struct Dockerfile(String);

impl Dockerfile {
    /// The rest of the line that starts with an instruction.
    fn instruction(&self, name: &str) -> Result<&str> {
        let found = self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.ok_or_else(|| format!("{DOCKERFILE} has no {name}").into())
    }

    /// The program and the arguments in the JSON form of an instruction.
    fn words(&self, name: &str) -> Result<Vec<String>> {
        let text = self.instruction(name)?;
        let words = text.find('[').and_then(|start| serde_json::from_str(&text[start..]).ok());
        let words: serde_json::Value = words.ok_or_else(|| format!("{name} is not in JSON form"))?;
        let words = words.as_array().into_iter().flatten().filter_map(|word| word.as_str());
        Ok(words.map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_from_the_json_form() {
        let file =
            Dockerfile("USER 1:2\nHEALTHCHECK --interval=5s CMD [\"/a\", \"--b\"]\nENTRYPOINT a".into());
        assert_eq!(file.instruction("USER").unwrap(), "1:2");
        assert_eq!(file.words("HEALTHCHECK").unwrap(), ["/a", "--b"]);
        assert!(file.words("ENTRYPOINT").is_err() && file.instruction("EXPOSE").is_err());
    }
}

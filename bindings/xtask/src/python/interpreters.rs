//! `cargo xtask interpreters`: runs the tests of the package on every interpreter that this machine and Debian have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::package::{self, FOLDER};
use super::venv::{TOOLS, Venv};
use crate::chroot::{Chroot, Contents, output_of};
use crate::shell::{Missing, Result, Shell};
use crate::{build, emulator};

/// The chroot and the environments.
const WORK: &str = "target/interpreters";

/// The interpreters of Debian's development branch, which has new versions first.
const DEBIAN: Contents<'static> = Contents {
    purpose: "Python of Debian",
    release: "sid",
    packages: "ca-certificates,python3.13-venv,python3.14-venv,python3.15-venv,pypy3-venv",
    size: "120 MB, 0.5 GB on disk",
};

/// The names of interpreters. Those that a system does not have are ignored.
const NAMES: &[&str] = &[
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
    "python3.15",
    "python3.13t",
    "python3.14t",
    "python3.15t",
    "pypy3",
];

/// Packages that tests combine with this one. Some interpreters lack binary packages of some of them.
const OPTIONAL: &[&str] =
    &["anyio", "celery", "fastapi", "gunicorn", "httpx", "msgspec", "orjson", "selenium", "trio", "uvicorn"];

/// Prints the name of an interpreter, such as `CPython 3.14 free-threaded`, and fails if it is too old.
const PROBE: &str = "import platform, sys, sysconfig
threads = ' free-threaded' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''
print('%s %d.%d%s' % (platform.python_implementation(), *sys.version_info[:2], threads))
sys.exit(sys.version_info < (3, 10))";

/// Tests the package on all interpreters, or on those whose names contain one of these texts.
pub fn run(shell: &Shell, wanted: &[&str]) -> Result {
    let chroot = match Chroot::open(shell, &shell.root.join(WORK).join(DEBIAN.release), &DEBIAN) {
        Ok(chroot) => Some(chroot),
        Err(error) if error.is::<Missing>() => {
            eprintln!("NOT RUN: interpreters of Debian: {error}");
            None
        }
        Err(error) => return Err(error),
    };
    if let Some(chroot) = &chroot {
        chroot.share_network()?;
    }
    let found = find(shell, chroot.as_ref());
    let wanted = |name: &String| wanted.is_empty() || wanted.iter().any(|text| name.contains(text));
    let suite = Suite::build(shell)?;
    let mut results = Vec::new();
    for (name, interpreter) in found.into_iter().filter(|(name, _)| wanted(name)) {
        let result = suite.test(shell, &name, &interpreter);
        results.push((name, result.map_err(|error| error.to_string())));
    }
    println!();
    for (name, result) in &results {
        println!("{name}: {}", result.as_ref().map_or_else(String::as_str, |()| "passed"));
    }
    let failed = results.iter().filter(|(_, result)| result.is_err()).count();
    if failed == 0 && !results.is_empty() {
        return Ok(());
    }
    Err(format!("{failed} of {} interpreters failed", results.len()).into())
}

struct Interpreter<'a> {
    program: PathBuf,
    chroot: Option<&'a Chroot>,
}

impl Interpreter<'_> {
    fn command(&self, shell: &Shell, program: &Path) -> Command {
        match self.chroot {
            Some(chroot) => chroot.command(shell, program),
            None => shell.command(program),
        }
    }
}

/// The interpreters by name. One that this machine has is preferred to that of the chroot.
fn find<'a>(shell: &Shell, chroot: Option<&'a Chroot>) -> BTreeMap<String, Interpreter<'a>> {
    let on_path = NAMES.iter().map(|name| Interpreter { program: name.into(), chroot: None });
    let installed = pyenv().into_iter().map(|program| Interpreter { program, chroot: None });
    let names = chroot.map_or(&[][..], |_| NAMES);
    let in_chroot = names.iter().map(|name| Interpreter { program: name.into(), chroot });
    let mut found = BTreeMap::new();
    for interpreter in on_path.chain(installed).chain(in_chroot) {
        let name = output_of(interpreter.command(shell, &interpreter.program).args(["-c", PROBE]));
        if !name.is_empty() {
            found.entry(name).or_insert(interpreter);
        }
    }
    found
}

/// The interpreters that pyenv has installed, which are on the search path only if they are selected.
fn pyenv() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    let versions = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let mut found: Vec<_> =
        versions.into_iter().flatten().flatten().map(|version| version.path().join("bin/python")).collect();
    found.sort();
    found
}

/// What the tests need, built once.
struct Suite {
    wheel: PathBuf,
    emulator: PathBuf,
    faults: PathBuf,
    /// UniFFI's own Python module, with which tests compare the package.
    uniffi: PathBuf,
}

impl Suite {
    fn build(shell: &Shell) -> Result<Self> {
        let wheel = package::build(shell, &Venv::with_tools(shell)?)?;
        let uniffi = shell.root.join(WORK).join("uniffi");
        let mut generate = shell.command(build::generator(shell)?);
        generate.args(["uniffi-python", "--library"]).arg(build::library(shell)?).arg("--out").arg(&uniffi);
        shell.run(&mut generate)?;
        let (emulator, faults) = (emulator::program(shell)?, emulator::faults(shell)?);
        Ok(Self { wheel, emulator, faults, uniffi: uniffi.join("scalekit.py") })
    }

    /// Installs the wheel into a new environment, and runs the tests whose packages can be installed.
    fn test(&self, shell: &Shell, name: &str, interpreter: &Interpreter<'_>) -> Result {
        println!("\n{name}");
        let folder = shell.root.join(WORK).join(name.replace(' ', "-"));
        let python = folder.join("bin/python");
        let mut create = interpreter.command(shell, &interpreter.program);
        shell.run(create.args(["-m", "venv", "--clear"]).arg(&folder))?;
        let pip = |words: &[&str]| {
            let mut pip = interpreter.command(shell, &python);
            pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install"]).args(words);
            pip.env("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt");
            pip
        };
        shell.run(pip(&["--no-index", "--no-deps"]).arg(&self.wheel))?;
        shell.run(&mut pip(&["pytest", "typing_extensions", "--constraint", TOOLS]))?;
        for package in OPTIONAL {
            // Some interpreters need an older version than the one that the other tests use.
            let words = ["--only-binary=:all:", package, "--constraint", TOOLS];
            let installed = shell.run(&mut pip(&words)).or_else(|_| shell.run(&mut pip(&words[..2])));
            if installed.is_err() {
                println!("{name}: {package} cannot be installed");
            }
        }
        let tests = shell.root.join(FOLDER).join("tests");
        let mut pytest = interpreter.command(shell, &python);
        pytest.args(["-m", "pytest", "--quiet", "-p", "support.partial", "-p", "no:cacheprovider"]);
        pytest.arg("--rootdir").arg(shell.root.join(FOLDER));
        pytest.arg("--config-file").arg(shell.root.join(FOLDER).join("pyproject.toml")).arg(&tests);
        pytest.env("SCALEKIT_UNIFFI_PYTHON", &self.uniffi);
        pytest.env("PYTHONPATH", &tests).env("PYTHONDONTWRITEBYTECODE", "1");
        pytest.env("SCALEKIT_EMULATOR", &self.emulator).env("SCALEKIT_FAULTS", &self.faults);
        shell.run(&mut pytest)
    }
}

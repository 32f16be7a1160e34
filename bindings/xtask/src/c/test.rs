//! Tests of the C library: C and C++ programs against the emulator.

use std::path::{Path, PathBuf};

use super::library::{self, Built, STRICT_C, STRICT_CPP};
use super::{examples, install};
use crate::emulator::Emulator;
use crate::files;
use crate::shell::{Missing, Result, Shell};

/// The folder of the programs and of the installed library.
const FOLDER: &str = "target/c";

/// Memory errors and undefined behavior end a program. Rust's runtime threads end with the process.
const SANITIZERS: [&str; 4] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"];

/// A compiler with the flags that tests are compiled with.
type Compiler = (&'static str, &'static [&'static str]);

const C: Compiler = ("gcc", &STRICT_C);
const CPP: Compiler = ("g++", &STRICT_CPP);

/// The options of the sanitizers.
const ASAN_OPTIONS: &str = "detect_leaks=1:abort_on_error=0";

/// The number of calls of the leak check.
const CALLS: &str = "10000";

/// `cargo xtask test c`.
pub fn run(shell: &Shell) -> Result {
    shell.require("gcc", "the tests are C programs")?;
    let built = library::build(shell)?;
    symbols(shell, &built.shared)?;
    let compilers = unless_missing(headers(shell))?;
    interface(shell, &built, "interface.c", C)?;
    let cpp = unless_missing(interface(shell, &built, "interface.cpp", CPP))?;
    scenarios(shell, &built)?;
    let prefix = shell.root.join(FOLDER).join("prefix");
    files::recreate(&prefix)?;
    install::files(shell, &built, &prefix)?;
    symbols(shell, &prefix.join("lib/libscalekit.a"))?;
    static_program(shell, &prefix)?;
    second_archive(shell, &prefix)?;
    // What is not installed is reported when everything else has run.
    examples::run(shell, &prefix)?;
    compilers.and(cpp)
}

/// Fails at once unless the error is that something is not installed, which is returned for later.
fn unless_missing(result: Result) -> Result<Result> {
    match result {
        Err(error) if !error.is::<Missing>() => Err(error),
        other => Ok(other),
    }
}

/// The tests of an interface, with sanitizers, against the emulator.
fn interface(shell: &Shell, built: &Built, source: &str, compiler: Compiler) -> Result {
    shell.require(compiler.0, "it compiles tests of the interface")?;
    let program = program(shell, built, source, compiler, &SANITIZERS)?;
    let emulator = Emulator::start(shell)?;
    let mut test = shell.command(program);
    library::with_library(emulator.configure(&mut test), built);
    shell.run(test.env("ASAN_OPTIONS", ASAN_OPTIONS))
}

/// `cargo xtask leaks`: many calls under valgrind.
pub fn leaks(shell: &Shell) -> Result {
    shell.require("valgrind", "it finds leaks")?;
    let built = library::build(shell)?;
    let soak = program(shell, &built, "interface.c", C, &["-g"])?;
    let emulator = Emulator::start(shell)?;
    let mut check = shell.command("valgrind");
    // Threads of the library are alive when the program ends, with what they own.
    check.args([
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect",
        "--errors-for-leak-kinds=definite,indirect",
    ]);
    check.args(["--error-exitcode=1", "--quiet"]).arg(soak).arg(CALLS);
    library::with_library(emulator.configure(&mut check), &built);
    shell.run(&mut check)
}

/// Builds the contestant of the benchmark, and returns its path.
pub fn bench_program(shell: &Shell) -> Result<PathBuf> {
    let built = library::build(shell)?;
    let runtime = format!("-Wl,-rpath,{}", built.runtime.display());
    program(shell, &built, "bench.c", C, &["-O2", &runtime])
}

/// Only our symbols are visible, and all that the header declares.
fn symbols(shell: &Shell, library: &Path) -> Result {
    let mut exported = library::exported(shell, library)?;
    exported.sort();
    let header = std::fs::read_to_string(library::include(shell).join("scalekit/scalekit.h"))?;
    let declared = |name: &String| header.contains(&format!("{name}("));
    let strangers: Vec<_> = exported.iter().filter(|name| !declared(name)).collect();
    if !strangers.is_empty() {
        return Err(format!("{} exports {strangers:?}", library.display()).into());
    }
    let missing: Vec<_> =
        library::functions(&header).filter(|name| !exported.iter().any(|found| found == name)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{} lacks {missing:?}", library.display()).into()) }
}

/// Both headers compile without warnings as C11 and C++17, under each compiler that is installed.
fn headers(shell: &Shell) -> Result {
    let folder = library::include(shell).join("scalekit");
    let (c, cpp) = (folder.join("scalekit.h"), folder.join("scalekit.hpp"));
    for (compiler, language, flags, header) in [
        ("gcc", "c", &STRICT_C[..], &c),
        ("clang", "c", &STRICT_C, &c),
        ("g++", "c++", &STRICT_CPP, &c),
        ("g++", "c++", &STRICT_CPP, &cpp),
        ("clang++", "c++", &STRICT_CPP, &c),
        ("clang++", "c++", &STRICT_CPP, &cpp),
    ] {
        shell.require(compiler, "the headers must compile with it")?;
        let mut compile = shell.command(compiler);
        shell.run(compile.args(flags).args(["-fsyntax-only", "-x", language]).arg(header))?;
    }
    Ok(())
}

/// Compiles a test program that links the shared library, and returns its path.
fn program(
    shell: &Shell,
    built: &Built,
    source: &str,
    (compiler, standard): Compiler,
    flags: &[&str],
) -> Result<PathBuf> {
    let out = shell.root.join(FOLDER);
    std::fs::create_dir_all(&out)?;
    let out = out.join(source.replace('.', "-"));
    let mut compile = shell.command(compiler);
    compile.args(standard).args(flags).arg("-I").arg(library::include(shell));
    compile.arg(shell.root.join(library::FOLDER).join("tests").join(source));
    compile.arg("-o").arg(&out).arg(&built.shared).arg("-lpthread");
    shell.run(&mut compile)?;
    Ok(out)
}

/// All operations, from the scenarios that every language runs.
fn scenarios(shell: &Shell, built: &Built) -> Result {
    let runner = program(shell, built, "runner.c", C, &SANITIZERS)?;
    let mut test = shell.command(env!("CARGO"));
    // The features of `test rust`, so that nothing is built twice.
    test.args(["test", "--workspace", "--test", "c_scenarios"]).env("SCALEKIT_C_RUNNER", runner);
    library::with_library(&mut test, built);
    shell.run(test.env("ASAN_OPTIONS", ASAN_OPTIONS))
}

/// A program that needs no shared library of ours, and not even libc.
fn static_program(shell: &Shell, prefix: &Path) -> Result {
    let emulator = Emulator::start(shell)?;
    for (name, flags) in [("static-library", &[][..]), ("static-program", &["-static"])] {
        let out = shell.root.join(FOLDER).join(name);
        let mut compile = shell.command("gcc");
        compile.args(STRICT_C).args(flags).arg("-I").arg(prefix.join("include"));
        compile.arg(shell.root.join("examples/c/quickstart.c")).arg("-o").arg(&out);
        compile.arg(prefix.join("lib/libscalekit.a")).args(library::PRIVATE_LIBRARIES);
        shell.run(&mut compile)?;
        shell.run(emulator.configure(&mut shell.command(&out)))?;
    }
    Ok(())
}

/// A program that links another archive of Rust besides ours, which defines the same symbols of Rust's runtime. It is of
/// the same compiler, and also of another one if nightly Rust is installed.
fn second_archive(shell: &Shell, prefix: &Path) -> Result {
    second_archive_of(shell, prefix, &["rustc"])?;
    match shell.require_nightly() {
        Ok(()) => second_archive_of(shell, prefix, &["rustup", "run", "nightly", "rustc"]),
        Err(reason) => {
            eprintln!("NOT RUN with an archive of another compiler: {reason}");
            Ok(())
        }
    }
}

fn second_archive_of(shell: &Shell, prefix: &Path, compiler: &[&str]) -> Result {
    let (tests, out) = (shell.root.join(library::FOLDER).join("tests"), shell.root.join(FOLDER));
    let archive = out.join("libsecond.a");
    let mut rust = shell.command(compiler[0]);
    rust.args(&compiler[1..]);
    rust.args(["--edition", "2024", "--crate-type", "staticlib", "-C", "panic=unwind", "-o"]).arg(&archive);
    shell.run(rust.arg(tests.join("second.rs")))?;
    let program = out.join("two-archives");
    let mut compile = shell.command("gcc");
    compile.args(STRICT_C).arg("-I").arg(prefix.join("include")).arg(tests.join("two_archives.c"));
    compile.arg("-o").arg(&program).arg(archive).arg(prefix.join("lib/libscalekit.a"));
    shell.run(compile.args(library::PRIVATE_LIBRARIES))?;
    shell.run(&mut shell.command(program))
}

//! Checks the classes as an app's build processes them: against Android's API, and shrunk by the rules of the AAR.

use std::path::{Path, PathBuf};

use super::{aar, contents};
use crate::build;
use crate::emulator::Emulator;
use crate::files;
use crate::kotlin::{self, maven};
use crate::shell::{Result, Shell};

const PROJECT: &str = "bindings/android/tests/shrink";

/// The classes of the JDK that stand for Android's.
const MODULES: [&str; 4] = ["java.base", "java.desktop", "java.logging", "jdk.unsupported"];

/// Fails if a class refers to what the oldest supported version of Android does not have.
pub fn check_api(shell: &Shell) -> Result {
    let mut sniff = maven::command(shell, PROJECT);
    sniff.args(["-q", "animal-sniffer:check"]);
    shell.run(sniff.arg(format!("-Dclasses={}", shell.root.join(contents::CLASSES).display())))
}

/// Fails unless JNA's libraries load on newer devices. Its AAR has those for Android.
pub fn check_jna(shell: &Shell) -> Result {
    let pom = std::fs::read_to_string(shell.root.join(kotlin::project::PROJECT).join("pom.xml"))?;
    let dependencies = super::pom::dependencies(&pom)?;
    let jna = dependencies.iter().find(|it| it.kind() == "aar").ok_or("the POM does not depend on JNA")?;
    let folder = shell.root.join("target/android/jna");
    files::recreate(&folder)?;
    let mut copy = maven::command(shell, PROJECT);
    copy.args(["-q", "dependency:copy", &format!("-DoutputDirectory={}", folder.display())]);
    copy.arg(format!("-Dartifact={}:{}:{}:aar", jna.group, jna.artifact, jna.version))
        .arg("-Dclasses=target");
    shell.run(&mut copy)?;
    let archive = files::single(&folder, ".aar")?;
    aar::unpack(shell, &archive, &folder.join("opened"))?;
    contents::check_jna(&folder.join("opened"))
}

/// Shrinks a small app by the rules of the AAR, and runs it with the emulator.
pub fn check(shell: &Shell) -> Result {
    let work = shell.root.join("target/android/shrink");
    files::recreate(&work)?;
    let opened = shell.root.join(contents::OPENED);
    let jars =
        files::ending_in(&shell.root.join(kotlin::project::PROJECT).join("target/dependencies"), ".jar")?;
    let inputs = [&[opened.join("classes.jar")], &jars[..]].concat();
    let mut compile = shell.command("javac");
    compile.args(["-Xlint:all", "-Werror", "--release", "11", "-d"]).arg(work.join("app"));
    compile.arg("-cp").arg(std::env::join_paths(&inputs)?);
    shell.run(compile.arg(shell.root.join(PROJECT).join("App.java")))?;
    let shrunk = work.join("shrunk.jar");
    let rules = rules(shell, &work, &opened, &jars)?;
    std::fs::write(work.join("proguard.pro"), configuration(&work, &inputs, &rules, &shrunk))?;
    proguard(shell, &work.join("proguard.pro"))?;
    let mut app = shell.command("java");
    app.arg(format!("-Djna.library.path={}", build::target(shell).join("debug").display()));
    app.arg("-cp").arg(&shrunk).arg("App");
    shell.run(Emulator::start(shell)?.configure(&mut app))
}

/// The rules that an app's build collects: those of the AAR and of the other dependencies.
fn rules(shell: &Shell, work: &Path, opened: &Path, jars: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut rules = vec![opened.join("proguard.txt")];
    for jar in jars {
        let name = jar.file_name().ok_or("a jar has no name")?;
        let folder = work.join("dependencies").join(name);
        aar::unpack(shell, jar, &folder)?;
        let found = files::all(&folder)?.into_iter();
        rules.extend(
            found.filter(|path| path.starts_with("META-INF/proguard/")).map(|path| folder.join(path)),
        );
    }
    Ok(rules)
}

/// ProGuard's configuration.
fn configuration(work: &Path, inputs: &[PathBuf], rules: &[PathBuf], out: &Path) -> String {
    let mut lines = vec![format!("-injars '{}'", work.join("app").display())];
    // Other versions of the classes, signatures and declarations of modules do not get into an app.
    let filter = "(!META-INF/versions/**,!META-INF/*.SF,!META-INF/*.RSA,!META-INF/MANIFEST.MF,!**/module-info.class,!module-info.class)";
    lines.extend(inputs.iter().map(|jar| format!("-injars '{}'{filter}", jar.display())));
    let modules = MODULES
        .map(|module| format!("-libraryjars <java.home>/jmods/{module}.jmod(!**.jar;!module-info.class)"));
    lines.extend(modules);
    lines.push(format!("-outjars '{}'", out.display()));
    lines.extend(rules.iter().map(|rules| format!("-include '{}'", rules.display())));
    lines.push("-keep class App { public static void main(java.lang.String[]); }".to_owned());
    // The dependencies refer to what only other systems have.
    lines.extend(["-dontwarn kotlin.**", "-dontwarn kotlinx.**", "-dontnote"].map(str::to_owned));
    // ProGuard does not know that its methods have the signature of each call, as R8 does.
    lines.push("-dontwarn java.lang.invoke.MethodHandle".to_owned());
    lines.join("\n") + "\n"
}

fn proguard(shell: &Shell, configuration: &Path) -> Result {
    let mut dependencies = maven::command(shell, PROJECT);
    let folder = shell.root.join(PROJECT).join("target/dependencies");
    dependencies.args(["-q", "dependency:copy-dependencies", "-Dclasses=target"]);
    shell.run(dependencies.arg(format!("-DoutputDirectory={}", folder.display())))?;
    let path = folder.join("*");
    let mut shrink = shell.command("java");
    shrink.arg("-cp").arg(path).arg("proguard.ProGuard");
    shell.run(shrink.arg(format!("@{}", configuration.display())))
}

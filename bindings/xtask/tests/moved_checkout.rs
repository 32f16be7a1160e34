//! A built checkout that is moved or copied works: tasks act on the folder in which cargo runs them.

use std::path::Path;
use std::process::{Command, Output};

const README: &str = "README.md";

/// Creates a checkout whose only text has a phrase that `check terms` rejects.
fn checkout(folder: &Path) {
    let xtask = folder.join("bindings/xtask");
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(&xtask).unwrap();
    std::fs::write(xtask.join("terms.txt"), "odd phrase => usual phrase\n").unwrap();
    std::fs::write(folder.join(README), "An odd phrase.\n").unwrap();
    for arguments in [["init", "--quiet"], ["add", README]] {
        assert!(Command::new("git").args(arguments).current_dir(folder).status().unwrap().success());
    }
}

/// Runs the program, which was built in another folder, as cargo runs it in this one.
fn check_terms(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check", "terms"])
        .env("CARGO_MANIFEST_DIR", folder.join("bindings/xtask"))
        .output()
        .unwrap()
}

#[test]
fn task_of_a_moved_checkout_reads_the_files_at_the_new_path() {
    let tests = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (old, new) = (tests.join("checkout"), tests.join("moved checkout"));
    checkout(&old);
    let _ = std::fs::remove_dir_all(&new);
    std::fs::rename(&old, &new).unwrap();

    let output = check_terms(&new);

    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains("README.md:1: \"odd phrase\"; write: usual phrase"), "{text}");
}

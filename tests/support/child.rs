//! Runs a test in a child process with its own environment variables.

use std::env;
use std::panic::Location;
use std::path::Path;
use std::process::Command;

const ROLE: &str = "SCALEKIT_TEST_CHILD";

/// Variables that would affect the test and are removed from the child's environment.
const CLEARED: &[&str] = &[
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "REQUEST_METHOD",
    "SCALEKIT_CA_FILE",
    "SCALEKIT_CLIENT_ID",
    "SCALEKIT_CLIENT_SECRET",
    "SCALEKIT_ENVIRONMENT_URL",
    "SCALEKIT_LOG",
    "SCALEKIT_PROXY_URL",
    "SCALEKIT_TIMEOUT_SECONDS",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Returns true in the child. In the parent, runs the test of this name in the caller's file again in a child process with
/// these variables, and panics if it fails there.
#[track_caller]
pub fn is_child(test: &str, variables: &[(&str, &str)]) -> bool {
    if env::var_os(ROLE).is_some() {
        return true;
    }
    // A file of the suite is a module with its name.
    let module = Path::new(Location::caller().file()).file_stem().unwrap().to_str().unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    child.args([&format!("{module}::{test}"), "--exact", "--nocapture", "--test-threads=1"]);
    for name in CLEARED {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = child.env(ROLE, "1").envs(variables.iter().copied()).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("1 passed"), "no test is named {test}: {stdout}");
    false
}

//! A test that needs an environment of its own runs in a process of its own.

use std::env;
use std::process::Command;

const ROLE: &str = "SCALEKIT_TEST_CHILD";

/// What would reach into a test from outside.
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

/// True in the child. In the parent runs the test of this name once more, as a child with these variables, and fails
/// when it fails.
pub fn is_child(test: &str, variables: &[(&str, &str)]) -> bool {
    if env::var_os(ROLE).is_some() {
        return true;
    }
    let mut child = Command::new(env::current_exe().unwrap());
    child.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    for name in CLEARED {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = child.env(ROLE, "1").envs(variables.iter().copied()).output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("1 passed"), "there is no test {test}: {said}");
    false
}

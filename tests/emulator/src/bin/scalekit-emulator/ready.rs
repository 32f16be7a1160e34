//! What the emulator prints when it is ready.

use std::fmt::Write;
use std::path::Path;

use scalekit_emulator::Emulator;
use serde_json::json;

/// One line of JSON, for programs.
pub fn as_json(emulator: &Emulator) -> String {
    let mut ready = json!({
        "environment_url": emulator.environment_url(),
        "client_id": emulator.client_id(),
        "client_secret": emulator.client_secret(),
        "public_client_id": emulator.public_client_id(),
    });
    if let Some(pem) = emulator.certificate_pem() {
        ready["certificate"] = pem.into();
    }
    format!("{ready}\n")
}

/// A table, and the environment variables of Scalekit's documentation.
pub fn as_table(emulator: &Emulator, certificate: Option<&Path>) -> String {
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let console = format!("{}/", url.trim_end_matches('/'));
    let mut text = concat!("Scalekit emulator ", env!("CARGO_PKG_VERSION"), "\n\n").to_owned();
    for (name, value) in [
        ("Environment URL", url),
        ("Client ID", id),
        ("Client secret", secret),
        ("Public client ID", emulator.public_client_id()),
        ("Console", &console),
    ] {
        let _ = writeln!(text, "  {name:<17} {value}");
    }
    text.push('\n');
    for (name, value) in
        [("SCALEKIT_ENVIRONMENT_URL", url), ("SCALEKIT_CLIENT_ID", id), ("SCALEKIT_CLIENT_SECRET", secret)]
    {
        let _ = writeln!(text, "export {name}={}", quoted(value));
    }
    match (emulator.certificate_pem(), certificate) {
        (Some(_), Some(path)) => {
            let _ = writeln!(text, "export SSL_CERT_FILE={}", quoted(&path.to_string_lossy()));
        }
        (Some(pem), None) => {
            let _ = write!(text, "\nClients must trust this certificate authority:\n\n{pem}");
        }
        (None, _) => {}
    }
    text.push_str("\nReady. Press Ctrl-C to stop.\n");
    text
}

/// Quotes a value for a POSIX shell, if it needs quotes.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/[]@%+=,".contains(c);
    if value.chars().all(plain) { value.into() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_with_shell_characters_is_quoted() {
        assert_eq!(quoted("http://127.0.0.1:7225"), "http://127.0.0.1:7225");
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}

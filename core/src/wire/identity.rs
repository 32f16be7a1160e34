//! The `user-agent` and `x-sdk-version` headers.

use once_cell::race::OnceBox;

use crate::error::{Result, ScalekitError};

static LANGUAGE: OnceBox<String> = OnceBox::new();

/// Sets the calling language for `user-agent`. The bindings call it when they are loaded; only the first call has an
/// effect.
#[cfg_attr(
    not(any(feature = "ffi", feature = "dispatch")),
    allow(dead_code, reason = "only the bindings call it")
)]
pub(crate) fn identify_caller(language: &str, version: &str) {
    let clean = |text: &str| -> String {
        let token = |c: &char| c.is_ascii_alphanumeric() || "._-+".contains(*c);
        text.chars().filter(token).take(32).collect()
    };
    let _ = LANGUAGE.set(Box::new(format!("{}/{}", clean(language), clean(version))));
}

/// Whether the caller is the Python package.
pub(super) fn is_python() -> bool {
    LANGUAGE.get().is_some_and(|language| language.starts_with("python/"))
}

/// The value of `x-sdk-version`.
pub(super) const SDK: &str = concat!("scalekit-rs/", env!("CARGO_PKG_VERSION"));

/// The value of `user-agent`.
pub(super) fn user_agent(suffix: Option<&str>) -> Result<String> {
    let language = LANGUAGE.get().map_or("rust", String::as_str);
    let own = format!("{SDK} ({language}; {}; {})", std::env::consts::OS, std::env::consts::ARCH);
    let Some(suffix) = suffix.filter(|suffix| !suffix.is_empty()) else { return Ok(own) };
    if !suffix.chars().all(|c| matches!(c, ' '..='~')) {
        return Err(ScalekitError::argument("user_agent_suffix", "must be printable ASCII"));
    }
    Ok(format!("{own} {suffix}"))
}

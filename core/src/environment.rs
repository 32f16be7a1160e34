//! The environment variables of `from_env`.

use std::env::VarError;
use std::sync::Arc;

use reqwest::Url;

use crate::check::seconds;
use crate::error::{Result, ScalekitError};
use crate::options::{ClientOptions, named_origin};
use crate::types::SecretText;
use crate::wire::authorities_in;

const URL: &str = "SCALEKIT_ENVIRONMENT_URL";
const TIMEOUT: &str = "SCALEKIT_TIMEOUT_SECONDS";
const CA_FILE: &str = "SCALEKIT_CA_FILE";
const PROXY: &str = "SCALEKIT_PROXY_URL";
#[cfg(feature = "ffi")]
const LOG: &str = "SCALEKIT_LOG";

/// Returns the credentials, and the options completed from the environment.
pub(crate) fn read(options: &ClientOptions) -> Result<(Credentials, ClientOptions)> {
    #[cfg(feature = "ffi")]
    log(variable)?;
    Ok((Credentials::read(variable)?, complete(options.clone(), variable)?))
}

fn variable(name: &str) -> Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(ScalekitError::argument(name, "is not valid UTF-8")),
    }
}

pub(crate) struct Credentials {
    pub url: String,
    pub client_id: String,
    pub client_secret: SecretText,
}

impl Credentials {
    fn read(variable: impl Fn(&str) -> Result<Option<String>>) -> Result<Self> {
        let required = |name: &str| {
            variable(name)?
                .filter(|value| !value.trim().is_empty())
                .ok_or_else(|| ScalekitError::argument(name, "is not set in the environment, or is empty"))
        };
        let url = required(URL)?;
        named_origin(URL, &url)?;
        Ok(Self {
            url,
            client_id: required("SCALEKIT_CLIENT_ID")?,
            client_secret: SecretText::new(&required("SCALEKIT_CLIENT_SECRET")?),
        })
    }
}

/// Sets the options that the caller has not set. An empty variable counts as absent.
fn complete(
    mut options: ClientOptions,
    variable: impl Fn(&str) -> Result<Option<String>>,
) -> Result<ClientOptions> {
    let value = |name: &str| -> Result<Option<String>> {
        Ok(variable(name)?.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
    };
    if options.timeout_seconds.is_none()
        && let Some(text) = value(TIMEOUT)?
    {
        let number = text.parse().map_err(|_| ScalekitError::argument(TIMEOUT, "must be a number"))?;
        seconds(TIMEOUT, number)?;
        options.timeout_seconds = Some(number);
    }
    if options.root_certificates_pem.is_none()
        && let Some(path) = value(CA_FILE)?
    {
        options.root_certificates_pem = Some(authorities_in(CA_FILE, &path)?);
    }
    if options.proxy_url.is_none()
        && let Some(text) = value(PROXY)?
    {
        proxy(&text, &mut options)?;
    }
    Ok(options)
}

/// Unlike the option, the variable may contain a user name and password, which have no variables of their own.
fn proxy(text: &str, options: &mut ClientOptions) -> Result<()> {
    let invalid = |why: &str| ScalekitError::argument(PROXY, why);
    let mut url =
        Url::parse(text).map_err(|_| invalid("must be a URL such as http://proxy.example.com:3128"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(invalid("must start with http:// or https:// and name a host"));
    }
    let decode = |text: &str| {
        let decoded = percent_decoded(text);
        decoded.ok_or_else(|| invalid("must have its user name and password percent-encoded"))
    };
    if url.username().is_empty() && url.password().is_some() {
        return Err(invalid("must have a user name if it has a password"));
    }
    if !url.username().is_empty() && options.proxy_username.is_none() {
        options.proxy_username = Some(decode(url.username())?);
        let password = url.password().map(decode).transpose()?;
        options.proxy_password = password.map(|password| Arc::new(SecretText::new(&password)));
    }
    // Fails only for URLs without a host.
    let _ = (url.set_username(""), url.set_password(None));
    options.proxy_url = Some(url.into());
    Ok(())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = behind;
    }
    String::from_utf8(bytes).ok()
}

/// In Rust, programs have a `tracing` subscriber of their own.
#[cfg(feature = "ffi")]
fn log(variable: impl Fn(&str) -> Result<Option<String>>) -> Result<()> {
    use crate::ffi::{LogLevel, log_to_stderr};
    let level = match variable(LOG)?.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" => return Ok(()),
        "error" => LogLevel::Error,
        "warn" => LogLevel::Warn,
        "info" => LogLevel::Info,
        "debug" => LogLevel::Debug,
        "trace" => LogLevel::Trace,
        _ => return Err(ScalekitError::argument(LOG, "must be error, warn, info, debug or trace")),
    };
    log_to_stderr(level);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn with(variables: &[(&str, &str)], options: ClientOptions) -> Result<ClientOptions> {
        let all: HashMap<_, _> = variables.iter().copied().collect();
        complete(options, |name| Ok(all.get(name).map(|value| (*value).to_owned())))
    }

    fn rejection(variable: &str, value: &str) -> String {
        let error = with(&[(variable, value)], ClientOptions::default()).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("`{variable}` ")), "{text}");
        text
    }

    #[test]
    fn missing_credential_is_named() {
        let names = [URL, "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET"];
        for missing in names {
            for absent in [None, Some(String::new())] {
                let given =
                    |name: &str| Some(if name == URL { "https://acme.example" } else { "x" }.to_owned());
                let read = |name: &str| Ok(if name == missing { absent.clone() } else { given(name) });
                let error = Credentials::read(read).err().unwrap().to_string();
                assert!(error.starts_with(&format!("`{missing}` is not set")), "{error}");
            }
        }
        assert!(Credentials::read(|_| Ok(Some("https://acme.example".to_owned()))).is_ok());
    }

    #[test]
    fn invalid_environment_url_is_named() {
        for odd in ["acme.example", "http://acme.example", "https://ada:canary@acme.example"] {
            let error = Credentials::read(|_| Ok(Some(odd.to_owned()))).err().unwrap().to_string();
            assert!(error.starts_with("`SCALEKIT_ENVIRONMENT_URL` must "), "{error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn variables_fill_absent_options_only() {
        let variables = [(TIMEOUT, " 2.5 "), (PROXY, "http://ada:p%40ss@proxy.example:3128")];
        let options = with(&variables, ClientOptions::default()).unwrap();
        assert_eq!(options.timeout_seconds, Some(2.5));
        assert_eq!(options.proxy_url.as_deref(), Some("http://proxy.example:3128/"));
        assert_eq!(options.proxy_username.as_deref(), Some("ada"));
        assert_eq!(options.proxy_password.unwrap().reveal(), "p@ss");
        let given = ClientOptions {
            timeout_seconds: Some(7.0),
            proxy_url: Some("http://other.example".into()),
            root_certificates_pem: Some("pem".into()),
            ..ClientOptions::default()
        };
        let variables = [(TIMEOUT, "odd"), (PROXY, "odd"), (CA_FILE, "/no/such/file")];
        assert_eq!(with(&variables, given.clone()).unwrap(), given);
        let empty = [(TIMEOUT, ""), (PROXY, " "), (CA_FILE, "")];
        assert_eq!(with(&empty, ClientOptions::default()).unwrap(), ClientOptions::default());
    }

    #[test]
    fn invalid_variable_is_named() {
        assert!(rejection(TIMEOUT, "2 s").contains("must be a number"));
        for odd in ["0", "-1", "NaN", "86401", "inf"] {
            assert!(rejection(TIMEOUT, odd).contains("must be greater than 0"), "{odd}");
        }
        assert!(rejection(CA_FILE, "/no/such/file").contains("cannot be read"));
        assert!(
            rejection(CA_FILE, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).contains("no certificate")
        );
        for odd in [
            "proxy.example:3128",
            "socks5://proxy.example",
            "http://",
            "http://canary%zz@proxy.example",
            "http://:canary@proxy.example",
        ] {
            assert!(!rejection(PROXY, odd).contains("canary"), "{odd}");
        }
    }

    #[cfg(feature = "ffi")]
    #[test]
    fn unknown_log_level_is_rejected() {
        let error = log(|_| Ok(Some("loud".into()))).unwrap_err().to_string();
        assert_eq!(error, "`SCALEKIT_LOG` must be error, warn, info, debug or trace");
    }
}

//! Trusted certificate authorities, and the client certificate.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Result, ScalekitError};
use crate::options::{ClientOptions, TrustedRoots};
use crate::types::SecretText;

/// The certificates of the caller and of the environment, parsed.
#[derive(Debug, Default)]
pub(super) struct Trust {
    roots: TrustedRoots,
    /// Authorities in addition to `roots`.
    added: Vec<CertificateDer<'static>>,
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Trust {
    /// Without TLS, the environment and the system's store are not read.
    pub(super) fn new(uses_tls: bool, options: &ClientOptions) -> Result<Self> {
        let roots =
            if uses_tls { options.trusted_roots.unwrap_or_default() } else { TrustedRoots::BundledOnly };
        let mut added = match roots {
            TrustedRoots::BundledOnly => Vec::new(),
            TrustedRoots::Bundled | TrustedRoots::System => of_environment()?,
        };
        if let Some(pem) = &options.root_certificates_pem {
            added.extend(authorities("root_certificates_pem", pem.as_bytes())?);
        }
        let identity = options.client_certificate_pem.as_deref().map(identity).transpose()?;
        let trust = Self { roots, added, identity };
        if !trust.is_default() {
            // An unusable certificate or system store is an error now, not at the first call.
            trust.config()?;
        }
        Ok(trust)
    }

    fn is_default(&self) -> bool {
        self.roots != TrustedRoots::System && self.added.is_empty() && self.identity.is_none()
    }

    pub(super) fn config(&self) -> Result<ClientConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|e| ScalekitError::internal("tls", e))?;
        let builder = match self.roots {
            TrustedRoots::System => {
                let verifier = system(self.added.clone(), provider)?;
                builder.dangerous().with_custom_certificate_verifier(verifier)
            }
            TrustedRoots::Bundled | TrustedRoots::BundledOnly => {
                let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                roots.add_parsable_certificates(self.added.iter().cloned());
                builder.with_root_certificates(roots)
            }
        };
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(|_| {
                    ScalekitError::argument(
                        "client_certificate_pem",
                        "has a key that does not match its certificate",
                    )
                })?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

type Verifier = Arc<dyn rustls::client::danger::ServerCertVerifier>;

#[cfg(not(target_os = "android"))]
fn system(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier> {
    match rustls_platform_verifier::Verifier::new_with_extra_roots(added, provider) {
        Ok(verifier) => Ok(Arc::new(verifier)),
        Err(error) => {
            let why = format_args!("cannot use the certificate store of the system: {error}");
            Err(ScalekitError::argument("trusted_roots", why))
        }
    }
}

/// Android's store is accessible from Java only, which this library cannot initialize.
#[cfg(target_os = "android")]
fn system(_: Vec<CertificateDer<'static>>, _: Arc<rustls::crypto::CryptoProvider>) -> Result<Verifier> {
    Err(ScalekitError::argument("trusted_roots", "cannot be System on Android"))
}

/// The authorities of the environment variables. A variable with an unusable value is an error.
fn of_environment() -> Result<Vec<CertificateDer<'static>>> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut found = Found::default();
    if let Some(file) = variable("SSL_CERT_FILE") {
        found.add_file("SSL_CERT_FILE", Path::new(&file))?;
    }
    // The variable of Python's `requests` names a file or a directory.
    const REQUESTS: &str = "REQUESTS_CA_BUNDLE";
    if super::identity::is_python()
        && let Some(bundle) = variable(REQUESTS).map(PathBuf::from)
    {
        if bundle.is_dir() {
            found.add_directory(REQUESTS, &bundle)
        } else {
            found.add_file(REQUESTS, &bundle)
        }?;
    }
    if let Some(directories) = variable("SSL_CERT_DIR") {
        for directory in std::env::split_paths(&directories).filter(|path| !path.as_os_str().is_empty()) {
            found.add_directory("SSL_CERT_DIR", &directory)?;
        }
    }
    let mut known = HashSet::new();
    let mut certificates = found.certificates;
    certificates.retain(|certificate| known.insert(certificate.to_vec()));
    if !certificates.is_empty() {
        tracing::debug!(certificates = certificates.len(), "authorities of the environment are trusted");
    }
    Ok(certificates)
}

/// Authorities from files. Each file is read once: systems link a certificate under several names.
#[derive(Default)]
struct Found {
    certificates: Vec<CertificateDer<'static>>,
    /// Paths as bytes, like the certificates: the set is compiled once more for each type of element.
    files: HashSet<Vec<u8>>,
}

impl Found {
    /// Whether the file was not read before.
    fn is_new(&mut self, path: &Path) -> bool {
        std::fs::canonicalize(path)
            .map_or(true, |path| self.files.insert(path.into_os_string().into_encoded_bytes()))
    }

    /// Adds a PEM file. Unusable certificates, which system bundles may contain, are skipped if there is a usable one.
    fn add_file(&mut self, variable: &str, path: &Path) -> Result<()> {
        if self.is_new(path) && self.add(&read(variable, path)?) == 0 {
            let why = format_args!("names {}, which has no usable certificate in PEM", path.display());
            return Err(ScalekitError::argument(variable, why));
        }
        Ok(())
    }

    /// Adds the PEM files of a directory. Other files are skipped, as by OpenSSL.
    fn add_directory(&mut self, variable: &str, directory: &Path) -> Result<()> {
        let unreadable = |error: std::io::Error| unreadable(variable, directory, &error);
        let mut added = 0;
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file()
                && self.is_new(&path)
                && let Ok(text) = std::fs::read(&path)
            {
                added += self.add(&text);
            }
        }
        if added == 0 {
            tracing::debug!(variable, directory = %directory.display(), "the directory has no certificate");
        }
        Ok(())
    }

    fn add(&mut self, text: &[u8]) -> usize {
        let before = self.certificates.len();
        let parsed = CertificateDer::pem_slice_iter(text).filter_map(std::result::Result::ok);
        self.certificates.extend(parsed.filter(is_usable));
        self.certificates.len() - before
    }
}

fn read(variable: &str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unreadable(variable, path, &error))
}

fn unreadable(variable: &str, path: &Path, error: &std::io::Error) -> ScalekitError {
    let why = format_args!("names {}, which cannot be read: {}", path.display(), error.kind());
    ScalekitError::argument(variable, why)
}

/// The text of a PEM file of authorities, which `variable` names.
pub(crate) fn authorities_in(variable: &str, path: &str) -> Result<String> {
    let text = read(variable, Path::new(path))?;
    authorities(variable, &text)?;
    // PEM is ASCII; the text around it need not be.
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn is_usable(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

/// Parses certificates of authorities, all of which must be usable.
fn authorities(option: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found = certificates(option, pem)?;
    if found.iter().all(is_usable) {
        return Ok(found);
    }
    Err(ScalekitError::argument(option, "has a certificate that cannot be used"))
}

fn certificates(option: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let bad = |why| ScalekitError::argument(option, why);
    let found = CertificateDer::pem_slice_iter(pem).collect::<std::result::Result<Vec<_>, _>>();
    let found = found.map_err(|_| bad("is not valid PEM"))?;
    if found.is_empty() {
        return Err(bad("has no certificate in PEM"));
    }
    Ok(found)
}

fn identity(pem: &SecretText) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let option = "client_certificate_pem";
    let chain = certificates(option, pem.expose().as_bytes())?;
    let key = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes());
    Ok((chain, key.map_err(|_| ScalekitError::argument(option, "has no private key in PEM"))?))
}

//! The command line.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use scalekit_emulator::Settings;

use crate::world::{self, World};

/// Default port: SCAL on the keypad of a phone. Below the ranges from which systems take ports of outgoing connections.
const DEFAULT_PORT: u16 = 7225;

/// Default secret. Fixed, so that the `.env` of a program stays valid.
const DEFAULT_SECRET: &str = "test_scalekit_emulator_development_secret";

/// A local, in-memory emulator of the Scalekit service
#[derive(Debug, Parser)]
#[command(
    name = "scalekit-emulator",
    bin_name = "scalekit-emulator",
    version,
    max_term_width = 110,
    after_help = "Prints its URL and credentials when it is ready. Stops on Ctrl-C and SIGTERM."
)]
pub struct Arguments {
    /// Port to listen on, at 127.0.0.1; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_PORT, value_parser = parse_port, conflicts_with = "addr")]
    port: u16,

    /// Address to listen on, instead of --port: an IP address and a port, such as 127.0.0.1:8080
    #[arg(long, value_name = "IP:PORT", value_parser = parse_address)]
    addr: Option<SocketAddr>,

    /// Allow an address that other machines can reach; all of them can use the control plane
    #[arg(long)]
    allow_remote: bool,

    /// URL at which clients reach the emulator, if it is not the address [default: http://<address>]
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    environment_url: Option<String>,

    /// Serve HTTPS with a certificate made at the start, whose authority is printed
    #[arg(long)]
    pub tls: bool,

    /// Write the authority of the certificate to a file
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub tls_certificate: Option<PathBuf>,

    /// Print one line of JSON when ready, instead of a table
    #[arg(long)]
    pub json: bool,

    /// ID of the client
    #[arg(long, value_name = "ID", default_value = "skc_100000000000000001", value_parser = parse_text)]
    client_id: String,

    /// Secret of the client
    #[arg(long, value_name = "SECRET", default_value = DEFAULT_SECRET, value_parser = parse_text)]
    client_secret: String,

    /// ID of the public client, which has no secret
    #[arg(long, value_name = "ID", default_value = "skc_100000000000000002", value_parser = parse_text)]
    public_client_id: String,

    /// Start with the objects of a JSON or YAML file, and return to them at a reset
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Start with built-in objects, and return to them at a reset: empty, demo, sso, large or agents; help describes them
    #[arg(long, value_name = "NAME", value_parser = World::parse, conflicts_with = "seed")]
    pub world: Option<World>,

    /// Keep the state in a file between runs; if it exists, it is used instead of --seed and --world
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Do not create a connection for each new organization
    #[arg(long)]
    no_auto_connection: bool,

    /// Reject mistakes that the service ignores, such as unknown query parameters
    #[arg(long)]
    strict: bool,

    /// Lifetime of a machine token, in seconds
    #[arg(long, value_name = "N", default_value_t = 86_399)]
    token_lifetime_seconds: u32,

    /// Time in which a request must arrive, in seconds
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    read_timeout_seconds: u32,

    /// Stop when standard input closes, for example because the parent process exited
    #[arg(long)]
    pub exit_with_stdin: bool,

    /// Check that an emulator responds at the port or address, instead of starting one
    #[arg(long)]
    pub check_health: bool,
}

impl Arguments {
    /// The address to listen on.
    pub fn addr(&self) -> SocketAddr {
        self.addr.unwrap_or((Ipv4Addr::LOCALHOST, self.port).into())
    }

    /// The settings of the emulator. Reads the seed.
    pub fn settings(&self) -> io::Result<Settings> {
        let seed = match (&self.seed, self.world) {
            (Some(path), _) => Some(world::read(path)?),
            (None, Some(world)) => world.seed()?,
            (None, None) => None,
        };
        Ok(Settings {
            addr: self.addr(),
            allow_remote: self.allow_remote,
            environment_url: self.environment_url.clone(),
            tls: self.tls,
            client_id: Some(self.client_id.clone()),
            client_secret: Some(self.client_secret.clone()),
            public_client_id: self.public_client_id.clone(),
            token_lifetime_seconds: self.token_lifetime_seconds,
            auto_connection: !self.no_auto_connection,
            strict: self.strict,
            read_timeout: Duration::from_secs(self.read_timeout_seconds.into()),
            seed,
            state_file: self.state.clone(),
        })
    }
}

impl Arguments {
    /// Replaces `seed` in an error by the name of the file.
    pub fn with_seed_file(&self, error: &str) -> String {
        match (&self.seed, error.strip_prefix("seed: ")) {
            (Some(path), Some(rest)) => format!("{}: {rest}", path.display()),
            _ => error.to_owned(),
        }
    }
}

fn parse_port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "a port is a number from 0 to 65535".into())
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(addr) = text.parse() {
        return Ok(addr);
    }
    Err(match (text.parse::<u16>(), text.parse::<IpAddr>(), text.rsplit_once(':')) {
        (Ok(port), ..) => format!("this is only a port; use --port {port}, or --addr 127.0.0.1:{port}"),
        (_, Ok(ip), _) => format!("the port is missing, as in --addr {}", SocketAddr::new(ip, DEFAULT_PORT)),
        (.., Some(("", port))) => format!("the IP address is missing, as in --addr 127.0.0.1:{port}"),
        (.., Some(("localhost", port))) => {
            format!("use the IP address of localhost: --addr 127.0.0.1:{port}")
        }
        _ => format!("use an IP address and a port, as in --addr 127.0.0.1:{DEFAULT_PORT}"),
    })
}

fn parse_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("use a scheme, a host and a port, as in http://localhost:7225".into()),
    }
}

fn parse_text(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("the value must not be empty".into()) } else { Ok(text.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(args: &[&str]) -> Settings {
        Arguments::try_parse_from([&["scalekit-emulator"], args].concat()).unwrap().settings().unwrap()
    }

    #[test]
    fn defaults_are_a_fixed_loopback_port_and_fixed_credentials() {
        let settings = settings(&[]);
        assert_eq!(settings.addr.to_string(), "127.0.0.1:7225");
        assert_eq!(settings.client_id.as_deref(), Some("skc_100000000000000001"));
        assert_eq!(settings.client_secret.as_deref(), Some(DEFAULT_SECRET));
        assert_eq!(settings.read_timeout, Settings::default().read_timeout);
        assert_eq!(settings.token_lifetime_seconds, Settings::default().token_lifetime_seconds);
        assert_eq!(settings.public_client_id, Settings::default().public_client_id);
    }

    #[test]
    fn address_port_and_url_are_taken_from_the_command_line() {
        assert_eq!(settings(&["--port", "8080"]).addr.to_string(), "127.0.0.1:8080");
        assert_eq!(settings(&["--addr", "[::1]:8080"]).addr.to_string(), "[::1]:8080");
        let url = settings(&["--environment-url", "http://scalekit:80/"]).environment_url;
        assert_eq!(url.as_deref(), Some("http://scalekit:80"));
    }

    #[test]
    fn invalid_address_is_rejected_with_what_is_missing() {
        for (text, hint) in [
            ("8080", "use --port 8080"),
            ("127.0.0.1", "--addr 127.0.0.1:7225"),
            ("::1", "--addr [::1]:7225"),
            (":8080", "--addr 127.0.0.1:8080"),
            ("localhost:8080", "--addr 127.0.0.1:8080"),
            ("nowhere", "an IP address and a port"),
        ] {
            let error = parse_address(text).unwrap_err();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn environment_url_with_a_path_or_without_a_host_is_rejected() {
        for text in ["localhost:8080", "http://", "http://host/path", "http://user@host", "ftp://host"] {
            assert!(parse_url(text).is_err(), "{text}");
        }
    }
}

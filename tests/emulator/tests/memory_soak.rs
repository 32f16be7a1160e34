//! A soak test of the memory of the binary: after a tenth of the requests its memory must not grow anymore.
//!
//! `cargo test --release -p scalekit-emulator --test memory_soak -- --ignored --nocapture` runs 100,000 logins and more
//! than 1,000,000 requests. `EMULATOR_SOAK_LOGINS` changes the number.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const LOGINS: u64 = 100_000;
const SAMPLES: u64 = 10;
const MIB: u64 = 1024 * 1024;
/// What the allocator may keep in addition.
const TOLERANCE: u64 = 4 * MIB;
const CALLBACK: &str = "http%3A%2F%2F127.0.0.1%3A9%2Fcallback";

struct Program {
    child: Child,
    ready: Value,
    connection: BufReader<TcpStream>,
    requests: u64,
}

struct Response {
    status: u16,
    head: String,
    json: Value,
}

impl Program {
    fn start() -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scalekit-emulator"));
        let mut child = command
            .args(["--json", "--port", "0", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = ready["environment_url"].as_str().unwrap().trim_start_matches("http://").to_owned();
        let connection = TcpStream::connect(address).unwrap();
        connection.set_nodelay(true).unwrap();
        Program { child, ready, connection: BufReader::new(connection), requests: 0 }
    }

    /// Sends a request over the only connection and reads the response.
    fn send(&mut self, line: &str, token: &str, content_type: &str, body: &str) -> Response {
        self.requests += 1;
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: soak\r\nauthorization: Bearer {token}\r\ncontent-type: {content_type}\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        self.connection.get_mut().write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.connection.read_line(&mut head).unwrap(), 0, "the connection was closed");
        }
        let length = header(&head, "content-length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).unwrap();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Response { status: head[9..12].parse().unwrap(), head, json }
    }

    fn get(&mut self, path: &str, token: &str) -> Response {
        self.send(&format!("GET {path}"), token, "application/json", "")
    }

    fn api(&mut self, line: &str, token: &str, body: &Value) -> Value {
        let response = self.send(line, token, "application/json", &body.to_string());
        assert!(response.status < 300, "{line}: {} {}", response.status, response.json);
        response.json
    }

    fn form(&mut self, path: &str, fields: &str) -> Value {
        let (id, secret) = (self.text("client_id"), self.text("client_secret"));
        let body = format!("client_id={id}&client_secret={secret}&{fields}");
        let response =
            self.send(&format!("POST {path}"), "ignored", "application/x-www-form-urlencoded", &body);
        assert_eq!(response.status, 200, "{fields}: {}", response.json);
        response.json
    }

    fn text(&self, name: &str) -> String {
        self.ready[name].as_str().unwrap().to_owned()
    }

    /// The resident memory of the process, in bytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default()
}

fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}"))
}

/// Makes a login with a refresh, and ends it.
fn login(program: &mut Program, number: u64) {
    let id = program.text("client_id");
    let response = program.get(
        &format!(
            "/oauth/authorize?response_type=code&client_id={id}&redirect_uri={CALLBACK}\
             &scope=openid%20email%20offline_access&login_hint=user{number}%40example.com"
        ),
        "",
    );
    let code = header(&response.head, "location").split("code=").nth(1).unwrap().split('&').next().unwrap();
    let fields = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    let tokens = program.form("/oauth/token", &fields);
    let fields = format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
    let tokens = program.form("/oauth/token", &fields);
    assert_eq!(program.get("/userinfo", text(&tokens, "access_token")).status, 200);
    program.form("/oauth/introspect", &format!("token={}", text(&tokens, "access_token")));
    program.form("/oauth/revoke", &format!("token={}", text(&tokens, "refresh_token")));
    assert_eq!(
        program.get(&format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token")), "").status,
        200
    );
}

/// Creates and deletes objects, and makes others that nothing deletes.
fn work(program: &mut Program, number: u64) {
    let token = program.form("/oauth/token", "grant_type=client_credentials");
    let token = text(&token, "access_token");
    let created = program.api("POST /api/v1/organizations", token, &json!({"display_name": "Acme"}));
    let id = text(&created["organization"], "id");
    let user = json!({"email": format!("user{number}@acme.example")});
    program.api(&format!("POST /api/v1/organizations/{id}/users"), token, &user);
    program.api(&format!("PUT /api/v1/organizations/{id}/portal_links"), token, &json!({}));
    let mail = json!({"email": format!("user{number}@acme.example")});
    program.api("POST /api/v1/passwordless/email/send", token, &mail);
    let user = program.api(&format!("GET /api/v1/organizations/{id}/users"), token, &json!({}));
    let user = text(&user["users"][0], "id").to_owned();
    program.api(&format!("DELETE /api/v1/users/{user}"), token, &json!({}));
    program.api(&format!("DELETE /api/v1/organizations/{id}"), token, &json!({}));
}

#[test]
#[ignore = "takes minutes"]
fn memory_does_not_grow_after_the_first_tenth() {
    let logins = std::env::var("EMULATOR_SOAK_LOGINS").map_or(LOGINS, |text| text.parse().unwrap());
    let mut program = Program::start();
    let mut samples = Vec::new();
    for number in 1..=logins {
        login(&mut program, number);
        work(&mut program, number);
        if number % (logins / SAMPLES) == 0 {
            samples.push(program.memory());
            eprintln!("{} requests, {number} logins: {} KiB", program.requests, program.memory() / 1024);
        }
    }
    let (first, last) = (samples[0], *samples.last().unwrap());
    assert!(last <= first + TOLERANCE, "{first} bytes after the first tenth, {last} at the end");
}

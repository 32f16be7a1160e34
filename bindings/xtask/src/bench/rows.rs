//! The rows of the benchmark: a row is a piece of work, and the contestants that do it.

/// A piece of work and its contestants.
pub struct Row {
    /// The name in `cargo xtask bench ROW`.
    pub name: &'static str,
    /// The title in `RESULTS.md`.
    pub title: &'static str,
    /// The contestant that ratios refer to.
    pub base: &'static str,
    pub contestants: &'static [Contestant],
}

/// A program that does the work.
pub struct Contestant {
    pub name: &'static str,
    pub program: Program,
    /// Separated by spaces. `SECONDS` is replaced by the duration of a measurement.
    pub arguments: &'static str,
}

/// How a contestant is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// A script of `tests/bench/python`, in the environment of all packages but the official SDK.
    Python,
    /// A script of `tests/bench/python`, in the environment of the official SDK.
    Official,
    /// The classes of `tests/bench/kotlin`, with the JDK that Maven uses.
    Jvm,
    /// These, with the newest JDK, which has the foreign-function API.
    NewestJvm,
    /// The crate `tests/bench`.
    Rust,
    /// The program `bindings/c/tests/bench.c`, which links the C library.
    C,
    /// A package, by its name in `bindings/size.json`.
    Size,
}

const fn python(name: &'static str, arguments: &'static str) -> Contestant {
    Contestant { name, program: Program::Python, arguments }
}

const fn jvm(name: &'static str, arguments: &'static str) -> Contestant {
    Contestant { name, program: Program::Jvm, arguments }
}

const fn newest_jvm(name: &'static str, arguments: &'static str) -> Contestant {
    Contestant { name, program: Program::NewestJvm, arguments }
}

const fn c(arguments: &'static str) -> Contestant {
    Contestant { name: OURS, program: Program::C, arguments }
}

const fn rust(name: &'static str, arguments: &'static str) -> Contestant {
    Contestant { name, program: Program::Rust, arguments }
}

const fn size(name: &'static str) -> Contestant {
    Contestant { name, program: Program::Size, arguments: name }
}

pub const OURS: &str = "scalekit-rs";
/// Our models decode a field when it is read. This contestant reads three of every user: two, and one of a nested model.
pub const OURS_READ: &str = "scalekit-rs, three fields of each user read";
/// What a read-only file system and a first start cost.
pub const FROM_SOURCE: &str = "scalekit-rs, without byte code";
/// The contestants of the row of webhooks.
pub const TYPED_EVENT: &str = "scalekit-rs, typed event";
pub const STANDARD_WEBHOOKS: &str = "standardwebhooks, event as a dict";
pub const HTTPX: &str = "httpx + pydantic";
pub const REQUESTS: &str = "requests + pydantic";
pub const URLLIB3: &str = "urllib3 + json.loads, untyped";
pub const AIOHTTP: &str = "aiohttp + pydantic";
pub const ONE_THREAD: &str = "scalekit-rs, one thread";
pub const OFFICIAL: &str = "scalekit-sdk-python";
/// Calls native code with JNA.
pub const OURS_JNA: &str = "scalekit-rs, Java 17, JNA";
/// Calls native code with the foreign-function API.
pub const OURS_FOREIGN: &str = "scalekit-rs, Java 25, foreign functions";
pub const JACKSON: &str = "java.net.http + Jackson, Java 17";
pub const JACKSON_NEWEST: &str = "java.net.http + Jackson, Java 25";
pub const OKHTTP: &str = "okhttp + Jackson, Java 17";
pub const OKHTTP_NEWEST: &str = "okhttp + Jackson, Java 25";
pub const REQWEST: &str = "reqwest + serde_json";
pub const DRIVEN: &str = "reqwest + serde_json, runtime driven by hand";
/// The typed call from Rust, beside the one from C.
pub const FROM_RUST: &str = "scalekit-rs, from Rust";
pub const RING: &str = "ring, the signature alone";

pub const ROWS: &[Row] = &[
    Row {
        name: "python-one",
        title: "Python: one user",
        base: HTTPX,
        contestants: &[
            python(OURS, "calls.py ours one 1 SECONDS"),
            python(OURS_READ, "calls.py ours-read one 1 SECONDS"),
            python(HTTPX, "calls.py httpx one 1 SECONDS"),
            python(REQUESTS, "calls.py requests one 1 SECONDS"),
            python(URLLIB3, "calls.py urllib3 one 1 SECONDS"),
        ],
    },
    Row {
        name: "python-one-8",
        title: "Python: one user, 8 threads",
        base: HTTPX,
        contestants: &[
            python(OURS, "calls.py ours one 8 SECONDS"),
            python(ONE_THREAD, "calls.py ours one 1 SECONDS"),
            python(HTTPX, "calls.py httpx one 8 SECONDS"),
            python(REQUESTS, "calls.py requests one 8 SECONDS"),
            python(URLLIB3, "calls.py urllib3 one 8 SECONDS"),
        ],
    },
    Row {
        name: "python-page",
        title: "Python: a page of 100 users",
        base: HTTPX,
        contestants: &[
            python(OURS, "calls.py ours page 1 SECONDS"),
            python(OURS_READ, "calls.py ours-read page 1 SECONDS"),
            python(HTTPX, "calls.py httpx page 1 SECONDS"),
            python(REQUESTS, "calls.py requests page 1 SECONDS"),
            python(URLLIB3, "calls.py urllib3 page 1 SECONDS"),
        ],
    },
    Row {
        name: "python-page-every",
        title: "Python: a page of 100 users, every field of each read",
        base: HTTPX,
        contestants: &[
            python(OURS, "calls.py ours-every page 1 SECONDS"),
            python(HTTPX, "calls.py httpx-every page 1 SECONDS"),
        ],
    },
    Row {
        name: "python-page-8",
        title: "Python: a page of 100 users, 8 threads",
        base: HTTPX,
        contestants: &[
            python(OURS, "calls.py ours page 8 SECONDS"),
            python(OURS_READ, "calls.py ours-read page 8 SECONDS"),
            python(HTTPX, "calls.py httpx page 8 SECONDS"),
            python(REQUESTS, "calls.py requests page 8 SECONDS"),
            python(URLLIB3, "calls.py urllib3 page 8 SECONDS"),
        ],
    },
    Row {
        name: "python-async-one",
        title: "Python, asyncio: one user",
        base: AIOHTTP,
        contestants: &[
            python(OURS, "async_calls.py ours one 1 SECONDS"),
            python(AIOHTTP, "async_calls.py aiohttp one 1 SECONDS"),
            python(HTTPX, "async_calls.py httpx one 1 SECONDS"),
        ],
    },
    Row {
        name: "python-async-one-8",
        title: "Python, asyncio: one user, 8 tasks",
        base: AIOHTTP,
        contestants: &[
            python(OURS, "async_calls.py ours one 8 SECONDS"),
            python(AIOHTTP, "async_calls.py aiohttp one 8 SECONDS"),
            python(HTTPX, "async_calls.py httpx one 8 SECONDS"),
        ],
    },
    Row {
        name: "python-async-one-50",
        title: "Python, asyncio: one user, 50 tasks",
        base: AIOHTTP,
        contestants: &[
            python(OURS, "async_calls.py ours one 50 SECONDS"),
            python(AIOHTTP, "async_calls.py aiohttp one 50 SECONDS"),
            python(HTTPX, "async_calls.py httpx one 50 SECONDS"),
        ],
    },
    Row {
        name: "python-async-page",
        title: "Python, asyncio: a page of 100 users",
        base: AIOHTTP,
        contestants: &[
            python(OURS, "async_calls.py ours page 1 SECONDS"),
            python(AIOHTTP, "async_calls.py aiohttp page 1 SECONDS"),
            python(HTTPX, "async_calls.py httpx page 1 SECONDS"),
        ],
    },
    Row {
        name: "python-import",
        title: "Python: import, in a new process, with a warm file cache",
        base: OFFICIAL,
        contestants: &[
            // The package loads what its client needs when the client is first used.
            python(OURS, "footprint.py scalekit_rs:ScalekitClient scalekit-rs"),
            python(FROM_SOURCE, "footprint.py scalekit_rs:ScalekitClient - source"),
            Contestant {
                name: OFFICIAL,
                program: Program::Official,
                arguments: "footprint.py scalekit scalekit-sdk-python",
            },
            python("httpx", "footprint.py httpx httpx"),
            python("Python alone", "footprint.py - -"),
        ],
    },
    Row {
        name: "python-token",
        title: "Python: validation of an access token, with a cached key",
        base: "PyJWT",
        contestants: &[
            python(OURS, "checks.py ours token SECONDS"),
            python("PyJWT", "checks.py pyjwt token SECONDS"),
        ],
    },
    Row {
        name: "python-webhook",
        title: "Python: verification of a webhook, and its event",
        base: STANDARD_WEBHOOKS,
        contestants: &[
            python(TYPED_EVENT, "checks.py ours event SECONDS"),
            python("scalekit-rs, signature alone", "checks.py ours webhook SECONDS"),
            python(STANDARD_WEBHOOKS, "checks.py standardwebhooks event SECONDS"),
        ],
    },
    Row {
        name: "jvm-one",
        title: "JVM: one user",
        base: JACKSON,
        contestants: &[
            jvm(OURS_JNA, "ours one SECONDS"),
            newest_jvm(OURS_FOREIGN, "ours one SECONDS"),
            jvm(JACKSON, "jackson one SECONDS"),
            newest_jvm(JACKSON_NEWEST, "jackson one SECONDS"),
        ],
    },
    Row {
        name: "jvm-page",
        title: "JVM: a page of 100 users, every field of each read",
        base: JACKSON,
        contestants: &[
            jvm(OURS_JNA, "ours page SECONDS"),
            newest_jvm(OURS_FOREIGN, "ours page SECONDS"),
            jvm(JACKSON, "jackson page SECONDS"),
            newest_jvm(JACKSON_NEWEST, "jackson page SECONDS"),
        ],
    },
    Row {
        name: "jvm-async",
        title: "JVM, async: one user, 50 calls at once",
        base: JACKSON,
        contestants: &[
            jvm(OURS_JNA, "ours async SECONDS"),
            newest_jvm(OURS_FOREIGN, "ours async SECONDS"),
            jvm(JACKSON, "jackson async SECONDS"),
            newest_jvm(JACKSON_NEWEST, "jackson async SECONDS"),
        ],
    },
    Row {
        name: "jvm-pauses",
        title: "JVM: pauses of the garbage collector, with 50 calls at once",
        base: JACKSON,
        contestants: &[
            jvm(OURS_JNA, "ours pauses SECONDS"),
            newest_jvm(OURS_FOREIGN, "ours pauses SECONDS"),
            jvm(JACKSON, "jackson pauses SECONDS"),
            newest_jvm(JACKSON_NEWEST, "jackson pauses SECONDS"),
        ],
    },
    Row {
        name: "jvm-start",
        title: "JVM: class loading and the first call, with a warm file cache",
        base: OKHTTP,
        contestants: &[
            jvm(OURS_JNA, "ours start SECONDS"),
            newest_jvm(OURS_FOREIGN, "ours start SECONDS"),
            jvm(OKHTTP, "okhttp start SECONDS"),
            newest_jvm(OKHTTP_NEWEST, "okhttp start SECONDS"),
        ],
    },
    Row {
        name: "rust-one",
        title: "Rust, blocking: one user",
        base: REQWEST,
        contestants: &[
            rust(OURS, "ours one SECONDS"),
            rust(REQWEST, "bare one SECONDS"),
            rust(DRIVEN, "driven one SECONDS"),
        ],
    },
    Row {
        name: "c-organization",
        title: "C, blocking: one organization as JSON",
        base: FROM_RUST,
        contestants: &[
            c("SECONDS organizations.get {\"id\":\"org_1\"}"),
            rust(FROM_RUST, "ours organization SECONDS"),
        ],
    },
    Row {
        name: "c-user",
        title: "C, blocking: one user as JSON",
        base: FROM_RUST,
        contestants: &[c("SECONDS users.get {\"id\":\"usr_1\"}"), rust(FROM_RUST, "ours one SECONDS")],
    },
    Row {
        name: "rust-page",
        title: "Rust, blocking: a page of 100 users",
        base: REQWEST,
        contestants: &[
            rust(OURS, "ours page SECONDS"),
            rust(REQWEST, "bare page SECONDS"),
            rust(DRIVEN, "driven page SECONDS"),
        ],
    },
    Row {
        name: "rust-async-one",
        title: "Rust, async: one user",
        base: REQWEST,
        contestants: &[rust(OURS, "ours async-one SECONDS"), rust(REQWEST, "bare async-one SECONDS")],
    },
    Row {
        name: "rust-async-page",
        title: "Rust, async: a page of 100 users",
        base: REQWEST,
        contestants: &[rust(OURS, "ours async-page SECONDS"), rust(REQWEST, "bare async-page SECONDS")],
    },
    Row {
        name: "rust-token",
        title: "Rust: validation of an access token, with a cached key",
        base: RING,
        contestants: &[rust(OURS, "ours token SECONDS"), rust(RING, "bare token SECONDS")],
    },
    Row {
        name: "sizes",
        title: "Packages, with one native library each",
        base: "library",
        contestants: &[size("library"), size("wheel"), size("jar")],
    },
];

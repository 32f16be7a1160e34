//! bionic's lists of symbols: which symbols each library of Android exports, and since which API level.
//!
//! The lists are bionic's own, `bindings/android/bionic/*.map.txt`. The NDK's stub libraries are made from them as well.

use std::path::Path;

use crate::shell::Result;

/// The folder of the lists.
pub const FOLDER: &str = "bindings/android/bionic";

/// The libraries that a library may require, without `.so`.
pub const LIBRARIES: [&str; 4] = ["libc", "libm", "libdl", "liblog"];

const ARCHES: [&str; 5] = ["arm", "arm64", "x86", "x86_64", "riscv64"];

/// Marks of symbols that are not for apps, unless they are also marked `ndk`.
const NOT_FOR_APPS: [&str; 4] = ["platform-only", "apex", "llndk", "systemapi"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// The version of the symbol, such as `LIBC_N`.
    pub version: String,
    pub is_variable: bool,
}

/// The symbols that apps can use of a library, by processor and API level.
pub fn symbols(root: &Path, library: &str, arch: &str, api: u32) -> Result<Vec<Symbol>> {
    let path = root.join(FOLDER).join(format!("{library}.map.txt"));
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(parse(&text, arch, api))
}

fn parse(text: &str, arch: &str, api: u32) -> Vec<Symbol> {
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut version = String::new();
    let mut version_tags = Vec::new();
    let mut is_local = false;
    for line in text.lines() {
        let (code, comment) = line.split_once('#').unwrap_or((line, ""));
        let (code, tags) = (code.trim(), comment.split_whitespace().collect::<Vec<_>>());
        if let Some(name) = code.strip_suffix('{') {
            (version, version_tags, is_local) = (name.trim().to_owned(), tags, false);
        } else if code.starts_with('}') {
            version.clear();
        } else if code == "local:" || code == "global:" {
            is_local = code == "local:";
        } else if let Some(name) = code.strip_suffix(';').filter(|_| !is_local && !version.is_empty()) {
            let is_new = symbols.iter().all(|symbol| symbol.name != name);
            if is_new && is_available(&version, &tags, &version_tags, arch, api) {
                let is_variable = tags.contains(&"var");
                symbols.push(Symbol { name: name.to_owned(), version: version.clone(), is_variable });
            }
        }
    }
    symbols
}

/// Whether a symbol exists for apps, by its tags and by those of its version. Its own have precedence.
fn is_available(version: &str, tags: &[&str], version_tags: &[&str], arch: &str, api: u32) -> bool {
    let all = || tags.iter().chain(version_tags).copied();
    let is_internal = version.ends_with("_PRIVATE")
        || version.ends_with("_PLATFORM")
        || all().any(|tag| NOT_FOR_APPS.contains(&tag));
    if (is_internal && !all().any(|tag| tag == "ndk")) || all().any(|tag| tag == "future") {
        return false;
    }
    let arches = |tags: &[&str]| -> Vec<String> {
        tags.iter().filter(|tag| ARCHES.contains(tag)).map(|tag| (*tag).to_owned()).collect()
    };
    let own = arches(tags);
    let arches = if own.is_empty() { arches(version_tags) } else { own };
    if !arches.is_empty() && !arches.iter().any(|known| known == arch) {
        return false;
    }
    introduced(tags, arch)
        .or_else(|| introduced(version_tags, arch))
        .is_none_or(|introduced| introduced <= api)
}

/// The API level that introduced a symbol. That of the processor has precedence.
fn introduced(tags: &[&str], arch: &str) -> Option<u32> {
    let level = |prefix: &str| tags.iter().find_map(|tag| tag.strip_prefix(prefix)?.parse().ok());
    level(&format!("introduced-{arch}=")).or_else(|| level("introduced="))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
LIBC {
  global:
    open;
    old_arm; # arm
    environ; # var
    strerror_l; # introduced=23
    tagged; # introduced-arm64=28 introduced=21
    for_modules; # apex
    for_modules_and_apps; # apex ndk
  local:
    *;
    hidden;
};

LIBC_N { # introduced-arm64=24 introduced-x86=24
  global:
    getgrgid_r;
    younger; # introduced=26
} LIBC;

LIBC_PRIVATE {
  global:
    internal;
} LIBC;
";

    fn names(arch: &str, api: u32) -> Vec<String> {
        parse(LIST, arch, api).into_iter().map(|symbol| symbol.name).collect()
    }

    #[test]
    fn symbols_depend_on_the_processor_and_the_api_level() {
        let always = ["open", "environ", "strerror_l"];
        assert_eq!(names("arm64", 23), [&always[..], &["for_modules_and_apps"]].concat());
        assert_eq!(
            names("arm64", 28),
            [&always[..], &["tagged", "for_modules_and_apps", "getgrgid_r", "younger"]].concat()
        );
        assert_eq!(
            names("arm", 22),
            ["open", "old_arm", "environ", "tagged", "for_modules_and_apps", "getgrgid_r"]
        );
    }

    #[test]
    fn symbols_have_versions_and_kinds() {
        let symbol =
            |name: &str| parse(LIST, "arm64", 28).into_iter().find(|symbol| symbol.name == name).unwrap();
        assert_eq!((symbol("environ").is_variable, symbol("open").is_variable), (true, false));
        assert_eq!(
            (symbol("getgrgid_r").version.as_str(), symbol("open").version.as_str()),
            ("LIBC_N", "LIBC")
        );
    }

    #[test]
    fn committed_lists_contain_what_every_program_uses() {
        let root = crate::shell::Shell::new().unwrap().root;
        for (library, name) in [
            ("libc", "malloc"),
            ("libc", "__cxa_thread_atexit_impl"),
            ("libm", "exp"),
            ("libdl", "dlsym"),
            ("liblog", "__android_log_write"),
        ] {
            let symbols = symbols(&root, library, "arm64", 23).unwrap();
            assert!(symbols.iter().any(|symbol| symbol.name == name), "{library}: {name}");
        }
        let libc = symbols(&root, "libc", "arm64", 23).unwrap();
        assert!(!libc.iter().any(|symbol| symbol.name == "getrandom"), "it is from API 28");
    }
}

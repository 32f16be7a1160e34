//! Functions of macOS that a library must not require, because its oldest supported version does not have them.
//!
//! The lists that the linker reads have no versions: with them, a library links that older systems do not load.

use goblin::mach::MachO;
use goblin::mach::symbols::{N_EXT, N_STAB, N_UNDF};

use crate::shell::Result;

/// That a function may be missing, in a symbol's description: the library checks for it before it calls it.
const N_WEAK_REF: u16 = 0x40;

/// Functions that libraries written in Rust or C call, with the version that introduced them.
const SINCE: [(&str, [u32; 2]); 19] = [
    ("SecCertificateCopyKey", [10, 14]),
    ("SecCertificateCopySerialNumberData", [10, 13]),
    ("SecTrustCopyCertificateChain", [12, 0]),
    ("SecTrustCopyKey", [11, 0]),
    ("SecTrustEvaluateAsyncWithError", [10, 15]),
    ("SecTrustEvaluateWithError", [10, 14]),
    ("SecTrustSetSignedCertificateTimestamps", [10, 14]),
    ("__chkstk_darwin", [10, 15]),
    ("_availability_version_check", [10, 15]),
    ("aligned_alloc", [10, 15]),
    ("freadlink", [13, 0]),
    ("futimens", [10, 13]),
    ("mkfifoat", [13, 0]),
    ("os_sync_wait_on_address", [14, 4]),
    ("posix_spawn_file_actions_addchdir_np", [10, 15]),
    ("preadv", [11, 0]),
    ("pwritev", [11, 0]),
    ("timespec_get", [10, 15]),
    ("utimensat", [10, 13]),
];

/// The functions that the library requires, and that its oldest system does not have, in words.
pub fn problems(library: &MachO, oldest: &str) -> Result<Vec<String>> {
    let mut required = Vec::new();
    for symbol in library.symbols() {
        let (name, symbol) = symbol?;
        let is_required = symbol.n_type & (N_STAB | N_EXT) == N_EXT && symbol.get_type() == N_UNDF;
        if is_required && symbol.n_desc & N_WEAK_REF == 0 {
            required.push(name);
        }
    }
    Ok(newer(&required, oldest))
}

/// `required` are the names of symbols, which have a `_` before the name in C, and may have a variant after a `$`.
fn newer(required: &[&str], oldest: &str) -> Vec<String> {
    let oldest: Vec<u32> = oldest.split('.').filter_map(|number| number.parse().ok()).collect();
    let is_required = |function: &str| {
        let names = required.iter().filter_map(|name| name.strip_prefix('_')?.split('$').next());
        names.into_iter().any(|name| name == function)
    };
    let newer =
        SINCE.iter().filter(|(name, since)| since.as_slice() > oldest.as_slice() && is_required(name));
    newer.map(|(name, [major, minor])| format!("it requires {name}, new in macOS {major}.{minor}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_newer_systems_are_reported() {
        let required = ["_SecTrustEvaluateWithError", "_preadv$NOCANCEL", "_malloc", "preadv"];
        let trust = "it requires SecTrustEvaluateWithError, new in macOS 10.14";
        assert_eq!(newer(&required, "10.12"), [trust, "it requires preadv, new in macOS 11.0"]);
        assert_eq!(newer(&required, "10.14"), ["it requires preadv, new in macOS 11.0"]);
        assert_eq!(newer(&required, "11.0"), [""; 0]);
    }
}

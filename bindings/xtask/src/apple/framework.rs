//! Assembles `Scalekit.xcframework`, from an archive for each slice.

use std::path::Path;

use super::slice::{SLICES, Slice};
use crate::files;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

/// The module of the C functions, which is also the folder of its headers: Xcode copies the headers of all frameworks into
/// one folder, where two files named `module.modulemap` would collide.
pub const MODULE: &str = "scalekit_ffiFFI";

pub const LIBRARY: &str = "libscalekit_ffi.a";

/// Writes the framework. `archives` are in the order of the slices, and `bindings` is the folder with the header.
pub fn write(bindings: &Path, archives: &[Vec<u8>], to: &Path) -> Result {
    files::recreate(to)?;
    for (slice, archive) in SLICES.iter().zip(archives) {
        let folder = to.join(slice.name);
        let headers = folder.join("Headers").join(MODULE);
        std::fs::create_dir_all(&headers)?;
        std::fs::write(folder.join(LIBRARY), archive)?;
        for (from, name) in [
            (format!("{MODULE}.h"), format!("{MODULE}.h")),
            (format!("{MODULE}.modulemap"), "module.modulemap".into()),
        ] {
            std::fs::copy(bindings.join(from), headers.join(name))?;
        }
    }
    Ok(std::fs::write(to.join("Info.plist"), info())?)
}

/// Fails unless the framework is complete: the files that `Info.plist` names, and no others.
pub fn check(shell: &Shell, framework: &Path) -> Result {
    let mut expected = vec!["Info.plist".to_owned()];
    for Slice { name, .. } in &SLICES {
        expected.push(format!("{name}/Headers/{MODULE}/{MODULE}.h"));
        expected.push(format!("{name}/Headers/{MODULE}/module.modulemap"));
        expected.push(format!("{name}/{LIBRARY}"));
    }
    expected.sort();
    let found = files::all(framework)?;
    if found != expected {
        return Err(format!("the XCFramework contains {found:?}, not {expected:?}").into());
    }
    for Slice { name, .. } in &SLICES {
        let map = framework.join(name).join("Headers").join(MODULE).join("module.modulemap");
        let map = std::fs::read_to_string(map)?;
        if !map.contains(&format!("module {MODULE} ")) {
            return Err(format!("the module of {name} is not named {MODULE}:\n{map}").into());
        }
    }
    let mut parse = Venv::bare(shell)?.python(shell);
    parse.args(["-c", "import plistlib, sys; plistlib.load(open(sys.argv[1], 'rb'))"]);
    shell.run(parse.arg(framework.join("Info.plist")))
}

fn info() -> String {
    let slices: String = SLICES.iter().map(entry).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>AvailableLibraries</key>
	<array>
{slices}	</array>
	<key>CFBundlePackageType</key>
	<string>XFWK</string>
	<key>XCFrameworkFormatVersion</key>
	<string>1.0</string>
</dict>
</plist>
"#
    )
}

fn entry(slice: &Slice) -> String {
    let mut lines = Vec::new();
    let mut text = |key: &str, value: &str| {
        lines.push(format!("\t\t\t<key>{key}</key>"));
        lines.push(format!("\t\t\t<string>{value}</string>"));
    };
    text("BinaryPath", LIBRARY);
    text("HeadersPath", "Headers");
    text("LibraryIdentifier", slice.name);
    text("LibraryPath", LIBRARY);
    text("SupportedPlatform", slice.system.platform);
    if let Some(variant) = slice.system.variant {
        text("SupportedPlatformVariant", variant);
    }
    lines.push("\t\t\t<key>SupportedArchitectures</key>".to_owned());
    lines.push("\t\t\t<array>".to_owned());
    lines.extend(slice.targets.iter().map(|target| format!("\t\t\t\t<string>{}</string>", target.arch)));
    lines.push("\t\t\t</array>".to_owned());
    format!("\t\t<dict>\n{}\n\t\t</dict>\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_framework_with_all_files_and_the_module_is_complete() {
        let folder = std::env::temp_dir().join(format!("framework-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let map = folder.join(format!("{MODULE}.modulemap"));
        std::fs::write(folder.join(format!("{MODULE}.h")), "int f(void);\n").unwrap();
        std::fs::write(&map, format!("module {MODULE} {{\n}}\n")).unwrap();
        let (shell, framework) = (Shell::new().unwrap(), folder.join("Scalekit.xcframework"));
        let archives = vec![b"archive".to_vec(); SLICES.len()];
        write(&folder, &archives, &framework).unwrap();
        check(&shell, &framework).unwrap();
        std::fs::remove_file(framework.join("ios-arm64").join(LIBRARY)).unwrap();
        assert!(check(&shell, &framework).unwrap_err().to_string().contains("the XCFramework contains"));
        std::fs::write(&map, "module Other {\n}\n").unwrap();
        write(&folder, &archives, &framework).unwrap();
        assert!(check(&shell, &framework).unwrap_err().to_string().contains("is not named"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_simulator_is_a_variant_with_two_processors() {
        let entries: Vec<_> = SLICES.iter().map(entry).collect();
        assert_eq!(entries[2].matches("<string>").count() - entries[1].matches("<string>").count(), 2);
        assert!(entries[2].contains("<string>simulator</string>") && !entries[1].contains("simulator"));
        assert_eq!(info().matches("<key>LibraryIdentifier</key>").count(), 3);
    }
}

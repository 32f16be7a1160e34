//! `cargo xtask sbom`: the software bill of materials of a library, in the CycloneDX format.
//!
//! cargo-cyclonedx describes every crate of the workspace, with their unified features and with paths of this machine.
//! The result is reduced to the crates that ship, and to data that does not depend on the machine or the time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::dist;
use crate::shell::{Result, Shell};
use crate::shipped_crates::{self, Crate};

/// The folder of the SBOMs.
const OUT: &str = "target/package";

/// The version that is installed if there is none.
const CARGO_CYCLONEDX: &str = "0.5.9";

/// The name of the temporary file that the tool writes into every folder of the workspace.
const TEMPORARY: &str = "scalekit-sbom-temporary";

/// A library whose crates are listed.
pub struct Library {
    package: &'static str,
    folder: &'static str,
    /// The first part of the SBOM's file name.
    name: &'static str,
}

/// The library of the bindings that UniFFI generates.
pub const BINDINGS: Library =
    Library { package: "scalekit-ffi", folder: "bindings/ffi", name: "scalekit_ffi" };

/// The C library.
pub const C: Library = Library { package: "scalekit-c", folder: "bindings/c", name: "scalekit" };

/// `cargo xtask sbom [TARGET]…`: for these targets, or for that of this machine.
pub fn run(shell: &Shell, targets: &[&str]) -> Result {
    let host = dist::host(shell)?;
    let targets = if targets.is_empty() { &[host.as_str()] } else { targets };
    for target in targets {
        let written = write(shell, target)?;
        println!("{}", written.strip_prefix(&shell.root).unwrap_or(&written).display());
    }
    Ok(())
}

/// Writes the SBOM of the bindings' library for `target`, and returns its path.
pub fn write(shell: &Shell, target: &str) -> Result<PathBuf> {
    write_for(shell, &BINDINGS, target)
}

/// Writes the SBOM of a library for `target`, and returns its path.
pub fn write_for(shell: &Shell, library: &Library, target: &str) -> Result<PathBuf> {
    save(path(shell, library, target), &describe(shell, library, target)?)
}

/// Writes the SBOM of what contains the bindings' library for several targets, and returns its path. It lists the crates
/// of all of them.
pub fn write_combined<'a>(
    shell: &Shell,
    name: &str,
    targets: impl IntoIterator<Item = &'a str>,
) -> Result<PathBuf> {
    let boms = targets.into_iter().map(|target| describe(shell, &BINDINGS, target));
    let bom = boms.collect::<Result<Vec<_>>>()?.into_iter().reduce(combine);
    save(path(shell, &BINDINGS, name), &bom.ok_or("an SBOM has a target")?)
}

/// Where the SBOM of a library is written, for a target or for the name of several.
pub fn path(shell: &Shell, library: &Library, target: &str) -> PathBuf {
    shell.root.join(OUT).join(format!("{}-{target}.cdx.json", library.name))
}

fn save(path: PathBuf, bom: &Value) -> Result<PathBuf> {
    std::fs::create_dir_all(path.parent().ok_or("an SBOM has a folder")?)?;
    std::fs::write(&path, serde_json::to_string_pretty(bom)? + "\n")?;
    Ok(path)
}

/// The SBOM of a library for a target.
fn describe(shell: &Shell, library: &Library, target: &str) -> Result<Value> {
    shell.cargo_tool("cargo-cyclonedx", CARGO_CYCLONEDX)?;
    let mut bom = generate(shell, library, target)?;
    let shipped = shipped_crates::list(shell, library.package, target)?;
    reduce(&mut bom, &shipped);
    let problems = problems(&bom, &shipped);
    if !problems.is_empty() {
        return Err(format!("the SBOM for {target}: {}", problems.join("; ")).into());
    }
    Ok(bom)
}

/// The crates and dependencies of both, in the order of their names.
fn combine(first: Value, second: Value) -> Value {
    let mut combined = first;
    for (list, key) in [("components", "bom-ref"), ("dependencies", "ref")] {
        let entries = [&combined[list], &second[list]].map(Value::as_array).into_iter().flatten().flatten();
        let mut by_name = BTreeMap::<String, Value>::new();
        for entry in entries {
            let name = entry[key].as_str().unwrap_or_default().to_owned();
            match by_name.get_mut(&name) {
                Some(known) => add_dependencies(known, entry),
                None => drop(by_name.insert(name, entry.clone())),
            }
        }
        combined[list] = by_name.into_values().collect();
    }
    combined
}

/// Adds what another entry of the same crate depends on.
fn add_dependencies(to: &mut Value, from: &Value) {
    let names = |of: &Value| of["dependsOn"].as_array().cloned().unwrap_or_default();
    let all = [names(to), names(from)].concat();
    let all: BTreeSet<_> = all.iter().filter_map(Value::as_str).collect();
    if !all.is_empty() {
        to["dependsOn"] = all.into_iter().collect();
    }
}

/// The tool's SBOM of the library. The files that it writes into other folders of the workspace are removed.
fn generate(shell: &Shell, of: &Library, target: &str) -> Result<Value> {
    let mut tool = shell.command(env!("CARGO"));
    tool.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--no-build-deps"]);
    tool.args(["--override-filename", TEMPORARY, "--target", target]);
    let result = shell.run(tool.env("SOURCE_DATE_EPOCH", "0"));
    let mut library = None;
    for folder in members(shell)? {
        let file = folder.join(format!("{TEMPORARY}.json"));
        if let Ok(text) = std::fs::read_to_string(&file) {
            std::fs::remove_file(file)?;
            library = library.or((folder == shell.root.join(of.folder)).then_some(text));
        }
    }
    result?;
    Ok(serde_json::from_str(&library.ok_or("cargo-cyclonedx wrote nothing about the library")?)?)
}

fn members(shell: &Shell) -> Result<Vec<PathBuf>> {
    let mut metadata = shell.command(env!("CARGO"));
    metadata.args(["metadata", "--no-deps", "--locked", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&shell.output(&mut metadata)?)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifests = packages.filter_map(|package| package["manifest_path"].as_str());
    Ok(manifests.filter_map(|path| Path::new(path).parent()).map(Path::to_owned).collect())
}

/// Removes the crates that do not ship and the data that differs between builds, and refers to crates by name instead of
/// by path.
fn reduce(bom: &mut Value, shipped: &BTreeSet<Crate>) {
    let meta = &mut bom["metadata"];
    meta.as_object_mut().map(|meta| meta.remove("timestamp"));
    meta["component"].as_object_mut().map(|library| library.remove("components"));
    bom.as_object_mut().map(|bom| bom.remove("serialNumber"));
    let mut names = BTreeSet::from([rename(&mut bom["metadata"]["component"])]);
    if let Some(components) = bom["components"].as_array_mut() {
        components.retain(|component| shipped.contains(&identity(component)));
        names.extend(components.iter_mut().map(rename));
    }
    let Some(dependencies) = bom["dependencies"].as_array_mut() else { return };
    for dependency in dependencies.iter_mut() {
        dependency["ref"] = short_reference(&dependency["ref"]).into();
        if let Some(on) = dependency.get_mut("dependsOn").and_then(Value::as_array_mut) {
            *on = on.iter().map(|on| Value::from(short_reference(on))).collect();
            on.retain(|on| on.as_str().is_some_and(|on| names.contains(on)));
        }
    }
    dependencies.retain(|dependency| dependency["ref"].as_str().is_some_and(|of| names.contains(of)));
}

/// Replaces the reference and the package URL of a component by its name and version, and returns the new reference.
fn rename(component: &mut Value) -> String {
    let name = short_reference(&component["bom-ref"]);
    component["bom-ref"] = name.clone().into();
    let (package, version) = identity(component);
    component["purl"] = format!("pkg:cargo/{package}@{version}").into();
    name
}

/// `path+file:///somewhere#name@1.0` and `registry+https://…#name@1.0` become `name@1.0`.
fn short_reference(reference: &Value) -> String {
    let reference = reference.as_str().unwrap_or_default();
    reference.rsplit_once('#').map_or(reference, |(_, name)| name).to_owned()
}

fn identity(component: &Value) -> Crate {
    let text = |name: &str| component[name].as_str().unwrap_or_default().to_owned();
    (text("name"), text("version"))
}

/// The violations of CycloneDX 1.5, and the differences to the crates that ship.
fn problems(bom: &Value, shipped: &BTreeSet<Crate>) -> Vec<String> {
    let mut problems = Vec::new();
    if bom["bomFormat"] != "CycloneDX" || bom["specVersion"] != "1.5" || bom["version"] != 1 {
        problems.push("it has no valid format and version".to_owned());
    }
    if bom.to_string().contains("file:") {
        problems.push("it contains a path of this machine".to_owned());
    }
    let components = bom["components"].as_array().into_iter().flatten();
    let all: Vec<&Value> = components.chain([&bom["metadata"]["component"]]).collect();
    let listed: BTreeSet<Crate> = all.iter().map(|component| identity(component)).collect();
    for (name, version) in shipped.symmetric_difference(&listed) {
        problems.push(format!("{name} {version} is shipped or listed, but not both"));
    }
    for component in &all {
        let is_complete = component["type"] == "library" && component["licenses"].is_array();
        if !is_complete {
            problems.push(format!("{} has no type or no license", identity(component).0));
        }
    }
    let names: BTreeSet<&str> = all.iter().filter_map(|component| component["bom-ref"].as_str()).collect();
    if names.len() != all.len() {
        problems.push("two crates have the same name".to_owned());
    }
    let dependencies = bom["dependencies"].as_array().into_iter().flatten();
    let described: BTreeSet<&str> =
        dependencies.filter_map(|dependency| dependency["ref"].as_str()).collect();
    if bom.to_string().contains(":null") {
        problems.push("it contains null".to_owned());
    }
    if described != names {
        problems.push("it lacks the dependencies of a crate".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shipped() -> BTreeSet<Crate> {
        [("scalekit-ffi", "0.1.0"), ("ring", "0.17.14")].map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    }

    /// The tool's SBOM, with a crate that is only a build dependency.
    fn generated() -> Value {
        let crate_ = |name: &str, version: &str| {
            let reference = format!("registry+https://somewhere#{name}@{version}");
            json!({"type": "library", "bom-ref": reference, "name": name, "version": version, "licenses": []})
        };
        let mut library = crate_("scalekit-ffi", "0.1.0");
        library["bom-ref"] = "path+file:///home/someone/bindings/ffi#scalekit-ffi@0.1.0".into();
        library["purl"] = "pkg:cargo/scalekit-ffi@0.1.0?download_url=file://.".into();
        let (ring, syn) = (crate_("ring", "0.17.14"), crate_("syn", "2.0.0"));
        let on = |of: &Value, on: &[&Value]| json!({"ref": of["bom-ref"], "dependsOn": on.iter().map(|on| &on["bom-ref"]).collect::<Vec<_>>()});
        // The tool omits `dependsOn` if there are no dependencies.
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": "urn:uuid:1",
            "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": library},
            "dependencies": [on(&library, &[&ring, &syn]), {"ref": ring["bom-ref"]}, on(&syn, &[])],
            "components": [ring, syn],
        })
    }

    #[test]
    fn only_shipped_crates_remain_without_paths_or_times() {
        let mut bom = generated();
        reduce(&mut bom, &shipped());
        assert_eq!(problems(&bom, &shipped()), [""; 0]);
        assert_eq!(bom["metadata"]["component"]["purl"], "pkg:cargo/scalekit-ffi@0.1.0");
        assert_eq!(
            bom["dependencies"][0],
            json!({"ref": "scalekit-ffi@0.1.0", "dependsOn": ["ring@0.17.14"]})
        );
        assert_eq!((bom.get("serialNumber"), bom["metadata"].get("timestamp")), (None, None));
    }

    #[test]
    fn each_library_and_target_has_its_own_path() {
        let shell = Shell { root: "/root".into(), ci: false };
        let all = [(&BINDINGS, "a"), (&BINDINGS, "b"), (&C, "a")];
        let paths: BTreeSet<_> = all.iter().map(|(library, target)| path(&shell, library, target)).collect();
        assert_eq!(paths.len(), all.len(), "{paths:?}");
    }

    #[test]
    fn combined_sboms_list_the_crates_of_all_targets() {
        let bom = |crates: &[&str], on: &[(&str, &[&str])]| {
            let components = crates.iter().map(|name| json!({"bom-ref": name}));
            let dependencies = on.iter().map(|(of, on)| match on.is_empty() {
                true => json!({"ref": of}),
                false => json!({"ref": of, "dependsOn": on}),
            });
            json!({
                "bomFormat": "CycloneDX",
                "components": components.collect::<Vec<_>>(),
                "dependencies": dependencies.collect::<Vec<_>>(),
            })
        };
        let phone = bom(&["ring", "jni"], &[("ring", &[]), ("jni", &[]), ("us", &["ring", "jni"])]);
        let desktop =
            bom(&["ring", "libc"], &[("libc", &[]), ("ring", &["libc"]), ("us", &["libc", "ring"])]);
        let both = [("jni", &[][..]), ("libc", &[]), ("ring", &["libc"]), ("us", &["jni", "libc", "ring"])];
        assert_eq!(combine(phone.clone(), desktop), bom(&["jni", "libc", "ring"], &both));
        assert_eq!(
            combine(phone.clone(), phone)["components"],
            json!([{"bom-ref": "jni"}, {"bom-ref": "ring"}])
        );
    }

    #[test]
    fn each_problem_is_reported() {
        let mut good = generated();
        reduce(&mut good, &shipped());
        for (at, value, expected) in [
            ("/specVersion", json!("1.2"), "no valid format"),
            ("/components", json!([]), "ring 0.17.14 is shipped or listed"),
            ("/components/0/name", json!("file:///x"), "a path of this machine"),
            ("/components/0/licenses", json!(null), "ring has no type or no license"),
            ("/components/0/bom-ref", json!("scalekit-ffi@0.1.0"), "two crates have the same name"),
            ("/dependencies", json!([]), "lacks the dependencies"),
            ("/dependencies/0/dependsOn", json!(null), "contains null"),
        ] {
            let mut bom = good.clone();
            *bom.pointer_mut(at).unwrap() = value;
            let problems = problems(&bom, &shipped());
            assert!(problems.iter().any(|problem| problem.contains(expected)), "{at}: {problems:?}");
        }
    }
}

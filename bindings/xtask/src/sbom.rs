//! `cargo xtask sbom`: what a library is made of, as a CycloneDX bill of materials.
//!
//! cargo-cyclonedx describes every crate of the workspace, with the features of all of them together and the paths of
//! this machine. Here only what is shipped stays, and nothing that differs from machine to machine or from day to day.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::dist;
use crate::shell::{Done, Shell};
use crate::shipped_tree::{self, Crate};

/// The version that is installed where there is none.
const CARGO_CYCLONEDX: &str = "0.5.9";

/// What the tool's file is called, in every folder of the workspace, for as long as it is there.
const WORKING: &str = "scalekit-sbom-working";

/// `cargo xtask sbom [TARGET]…`: for this machine, or for these targets.
pub fn run(shell: &Shell, targets: &[&str]) -> Done {
    let here = dist::host(shell)?;
    let targets = if targets.is_empty() { &[here.as_str()] } else { targets };
    for target in targets {
        let written = write(shell, target)?;
        println!("{}", written.strip_prefix(&shell.root).unwrap_or(&written).display());
    }
    Ok(())
}

/// Writes the bill of the library for `target`, and gives its path.
pub fn write(shell: &Shell, target: &str) -> Result<PathBuf, Box<dyn Error>> {
    if shell.need("cargo-cyclonedx", "it writes bills of materials").is_err() {
        shell.cargo(&format!("install cargo-cyclonedx --locked --debug --version {CARGO_CYCLONEDX}"))?;
    }
    let mut bom = described(shell, target)?;
    let shipped = shipped_tree::of(shell, target)?;
    clean(&mut bom, &shipped);
    let faults = faults(&bom, &shipped);
    if !faults.is_empty() {
        return Err(format!("the bill of materials for {target}: {}", faults.join("; ")).into());
    }
    let out = shell.root.join("target/package");
    std::fs::create_dir_all(&out)?;
    let path = out.join(format!("scalekit_ffi-{target}.cdx.json"));
    std::fs::write(&path, serde_json::to_string_pretty(&bom)? + "\n")?;
    Ok(path)
}

/// What the tool says of the library. It writes a file into every folder of the workspace: none of them stays.
fn described(shell: &Shell, target: &str) -> Result<Value, Box<dyn Error>> {
    let mut tool = shell.command(env!("CARGO"));
    tool.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--no-build-deps"]);
    tool.args(["--override-filename", WORKING, "--target", target]);
    let done = shell.run(tool.env("SOURCE_DATE_EPOCH", "0"));
    let mut library = None;
    for folder in members(shell)? {
        let file = folder.join(format!("{WORKING}.json"));
        if let Ok(text) = std::fs::read_to_string(&file) {
            std::fs::remove_file(file)?;
            library = library.or((folder == shell.root.join("bindings/ffi")).then_some(text));
        }
    }
    done?;
    Ok(serde_json::from_str(&library.ok_or("cargo-cyclonedx wrote nothing about the library")?)?)
}

fn members(shell: &Shell) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut metadata = shell.command(env!("CARGO"));
    metadata.args(["metadata", "--no-deps", "--locked", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&shell.output(&mut metadata)?)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifests = packages.filter_map(|package| package["manifest_path"].as_str());
    Ok(manifests.filter_map(|path| Path::new(path).parent()).map(Path::to_owned).collect())
}

/// Leaves what is shipped, and calls our own crates by their names instead of their places.
fn clean(bom: &mut Value, shipped: &BTreeSet<Crate>) {
    let meta = &mut bom["metadata"];
    meta.as_object_mut().map(|meta| meta.remove("timestamp"));
    meta["component"].as_object_mut().map(|library| library.remove("components"));
    bom.as_object_mut().map(|bom| bom.remove("serialNumber"));
    let mut stays = BTreeSet::from([named(&mut bom["metadata"]["component"])]);
    if let Some(components) = bom["components"].as_array_mut() {
        components.retain(|component| shipped.contains(&identity(component)));
        stays.extend(components.iter_mut().map(named));
    }
    let Some(dependencies) = bom["dependencies"].as_array_mut() else { return };
    for dependency in dependencies.iter_mut() {
        dependency["ref"] = short(&dependency["ref"]).into();
        if let Some(on) = dependency.get_mut("dependsOn").and_then(Value::as_array_mut) {
            *on = on.iter().map(|on| Value::from(short(on))).collect();
            on.retain(|on| on.as_str().is_some_and(|on| stays.contains(on)));
        }
    }
    dependencies.retain(|dependency| dependency["ref"].as_str().is_some_and(|of| stays.contains(of)));
}

/// Gives a component the name that others know it by.
fn named(component: &mut Value) -> String {
    let name = short(&component["bom-ref"]);
    component["bom-ref"] = name.clone().into();
    let (package, version) = identity(component);
    component["purl"] = format!("pkg:cargo/{package}@{version}").into();
    name
}

/// `path+file:///somewhere#name@1.0` and `registry+https://…#name@1.0` become `name@1.0`.
fn short(reference: &Value) -> String {
    let reference = reference.as_str().unwrap_or_default();
    reference.rsplit_once('#').map_or(reference, |(_, name)| name).to_owned()
}

fn identity(component: &Value) -> Crate {
    let text = |name: &str| component[name].as_str().unwrap_or_default().to_owned();
    (text("name"), text("version"))
}

/// What is amiss with a bill: against CycloneDX 1.5, and against what is shipped.
fn faults(bom: &Value, shipped: &BTreeSet<Crate>) -> Vec<String> {
    let mut faults = Vec::new();
    if bom["bomFormat"] != "CycloneDX" || bom["specVersion"] != "1.5" || bom["version"] != 1 {
        faults.push("it does not say what it is".to_owned());
    }
    if bom.to_string().contains("file:") {
        faults.push("it holds a path of this machine".to_owned());
    }
    let components = bom["components"].as_array().into_iter().flatten();
    let all: Vec<&Value> = components.chain([&bom["metadata"]["component"]]).collect();
    let listed: BTreeSet<Crate> = all.iter().map(|component| identity(component)).collect();
    for (name, version) in shipped.symmetric_difference(&listed) {
        faults.push(format!("{name} {version} is either shipped or listed, and not both"));
    }
    for component in &all {
        let whole = component["type"] == "library" && component["licenses"].is_array();
        if !whole {
            faults.push(format!("{} has no type or no licence", identity(component).0));
        }
    }
    let names: BTreeSet<&str> = all.iter().filter_map(|component| component["bom-ref"].as_str()).collect();
    if names.len() != all.len() {
        faults.push("two crates go by one name".to_owned());
    }
    let dependencies = bom["dependencies"].as_array().into_iter().flatten();
    let described: BTreeSet<&str> =
        dependencies.filter_map(|dependency| dependency["ref"].as_str()).collect();
    if bom.to_string().contains(":null") {
        faults.push("it says that something is null".to_owned());
    }
    if described != names {
        faults.push("it does not say of each crate what it depends on".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shipped() -> BTreeSet<Crate> {
        [("scalekit-ffi", "0.1.0"), ("ring", "0.17.14")].map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    }

    /// As the tool writes it, with a crate that only builds.
    fn written() -> Value {
        let crate_ = |name: &str, version: &str| {
            let place = format!("registry+https://somewhere#{name}@{version}");
            json!({"type": "library", "bom-ref": place, "name": name, "version": version, "licenses": []})
        };
        let mut library = crate_("scalekit-ffi", "0.1.0");
        library["bom-ref"] = "path+file:///home/someone/bindings/ffi#scalekit-ffi@0.1.0".into();
        library["purl"] = "pkg:cargo/scalekit-ffi@0.1.0?download_url=file://.".into();
        let (ring, syn) = (crate_("ring", "0.17.14"), crate_("syn", "2.0.0"));
        let on = |of: &Value, on: &[&Value]| json!({"ref": of["bom-ref"], "dependsOn": on.iter().map(|on| &on["bom-ref"]).collect::<Vec<_>>()});
        // What depends on nothing does not say so.
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": "urn:uuid:1",
            "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": library},
            "dependencies": [on(&library, &[&ring, &syn]), {"ref": ring["bom-ref"]}, on(&syn, &[])],
            "components": [ring, syn],
        })
    }

    #[test]
    fn what_is_shipped_is_left_and_no_trace_of_the_machine() {
        let mut bom = written();
        clean(&mut bom, &shipped());
        assert_eq!(faults(&bom, &shipped()), [""; 0]);
        assert_eq!(bom["metadata"]["component"]["purl"], "pkg:cargo/scalekit-ffi@0.1.0");
        assert_eq!(
            bom["dependencies"][0],
            json!({"ref": "scalekit-ffi@0.1.0", "dependsOn": ["ring@0.17.14"]})
        );
        assert_eq!((bom.get("serialNumber"), bom["metadata"].get("timestamp")), (None, None));
    }

    #[test]
    fn each_fault_is_found() {
        let mut good = written();
        clean(&mut good, &shipped());
        for (at, value, fault) in [
            ("/specVersion", json!("1.2"), "what it is"),
            ("/components", json!([]), "ring 0.17.14 is either shipped or listed"),
            ("/components/0/name", json!("file:///x"), "a path of this machine"),
            ("/components/0/licenses", json!(null), "ring has no type or no licence"),
            ("/components/0/bom-ref", json!("scalekit-ffi@0.1.0"), "two crates go by one name"),
            ("/dependencies", json!([]), "what it depends on"),
            ("/dependencies/0/dependsOn", json!(null), "something is null"),
        ] {
            let mut bom = good.clone();
            *bom.pointer_mut(at).unwrap() = value;
            let faults = faults(&bom, &shipped());
            assert!(faults.iter().any(|found| found.contains(fault)), "{at}: {faults:?}");
        }
    }
}

//! The packages as a Maven repository in a folder, with everything that Maven Central requires but the signatures.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::maven;
use super::project::ALL;
use crate::files;
use crate::shell::{Result, Shell};

/// The repository.
const FOLDER: &str = "target/package/maven";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The elements of a POM that Maven Central requires.
const REQUIRED: [&str; 7] = ["name", "description", "url", "license", "developer", "scm", "connection"];

/// The comment in a POM for which Gradle reads its metadata.
const GRADLE: &str = "do_not_remove: published-with-gradle-metadata";

/// A package of the repository.
#[derive(Clone, Copy)]
pub struct Package {
    artifact: &'static str,
    /// The endings of its files.
    files: &'static [&'static str],
    /// A page of its Javadoc: Dokka succeeds without any sources.
    page: Option<&'static str>,
}

const JAR: &[&str] = &[".jar", "-sources.jar", "-javadoc.jar", ".pom", ".module"];

pub const LIBRARY: Package =
    Package { artifact: "scalekit", files: JAR, page: Some("rs/scalekit/ScalekitClient.html") };
pub const BOM: Package = Package { artifact: "scalekit-bom", files: &[".pom"], page: None };
pub const EMULATOR: Package =
    Package { artifact: "scalekit-emulator", files: JAR, page: Some("rs/scalekit/emulator/Emulator.html") };

/// All packages.
pub const ALL_PACKAGES: [Package; 3] = [LIBRARY, BOM, EMULATOR];

/// Like [`build`], for packages to publish: their POMs must have the address of the sources.
pub fn build_release(shell: &Shell, packages: &[Package]) -> Result<Vec<PathBuf>> {
    if repository(shell)?.is_none() {
        return Err("the POMs would have no address: set `repository` in Cargo.toml".into());
    }
    build(shell, packages)
}

/// Builds packages, whose projects are prepared, and returns their files in the repository.
pub fn build(shell: &Shell, packages: &[Package]) -> Result<Vec<PathBuf>> {
    let folder = folder(shell);
    files::recreate(&folder)?;
    let projects: Vec<_> = packages.iter().map(|package| format!(":{}", package.artifact)).collect();
    let mut deploy = maven::command(shell, ALL);
    deploy.args(["-q", "-Ppublish", "--projects", &projects.join(","), "deploy"]);
    deploy.args(["-Dmaven.test.skip=true", "-Dmaven.install.skip=true"]);
    deploy.arg(format!("-DaltDeploymentRepository=folder::file://{}", folder.display()));
    deploy.args(maven::foreign());
    deploy.args(repository(shell)?.map(|url| format!("-Dscalekit.repository={url}")));
    shell.run(&mut deploy)?;
    let mut published = Vec::new();
    for package in packages {
        let files = files_of(package, &folder);
        for file in &files {
            check(shell, package, file).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        published.extend(files);
    }
    Ok(published)
}

/// The folder of the repository.
pub fn folder(shell: &Shell) -> PathBuf {
    shell.root.join(FOLDER)
}

/// Copies published files to where a workflow collects them.
pub fn copy(shell: &Shell, published: &[PathBuf]) -> Result {
    let out = shell.root.join("target/package/jar");
    std::fs::create_dir_all(&out)?;
    for file in published {
        let name = file.file_name().ok_or("a published file has no name")?;
        std::fs::copy(file, out.join(name))?;
        println!("target/package/jar/{}", name.to_string_lossy());
    }
    Ok(())
}

/// The files of a package that are uploaded.
fn files_of(package: &Package, repository: &Path) -> Vec<PathBuf> {
    let folder = repository.join("rs/scalekit").join(package.artifact).join(VERSION);
    let path = |ending| folder.join(format!("{}-{VERSION}{ending}", package.artifact));
    package.files.iter().map(path).collect()
}

fn check(shell: &Shell, package: &Package, file: &Path) -> Result {
    if !file.exists() {
        return Err("the file is missing".into());
    }
    let name = file.to_string_lossy();
    if name.ends_with(".pom") {
        let pom = std::fs::read_to_string(file)?;
        check_pom(&pom)?;
        if package.files.contains(&".module") && !pom.contains(GRADLE) {
            return Err(format!("`{GRADLE}` is missing, without which Gradle ignores its metadata").into());
        }
    } else if let (true, Some(page)) = (name.ends_with("-javadoc.jar"), package.page) {
        let entries = shell.output(shell.command("jar").arg("tf").arg(file))?;
        if !entries.lines().any(|entry| entry == page) {
            return Err(format!("the Javadoc has no page {page}").into());
        }
    }
    Ok(())
}

/// The address of the sources: `repository` in Cargo.toml, or else that of the repository whose workflow builds a release.
fn repository(shell: &Shell) -> Result<Option<String>> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let of_workflow =
        || Some(format!("{}/{}", variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?));
    let mut metadata = shell.command(env!("CARGO"));
    metadata.args(["metadata", "--no-deps", "--locked", "--format-version", "1"]);
    Ok(repository_in(&serde_json::from_str(&shell.output(&mut metadata)?)?).or_else(of_workflow))
}

/// `repository` of the package of the crate, in cargo's metadata.
fn repository_in(metadata: &Value) -> Option<String> {
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages.find(|package| package["name"] == "scalekit")?;
    package["repository"].as_str().map(str::to_owned)
}

/// Fails if a POM lacks an element that Maven Central requires, or has a property that its users cannot resolve.
fn check_pom(pom: &str) -> Result {
    let missing = |name: &&&str| !pom.contains(&format!("<{name}>"));
    if let Some(name) = REQUIRED.iter().find(missing) {
        return Err(format!("<{name}> is missing").into());
    }
    for property in ["${", "<build>", "<scope>test</scope>"] {
        if pom.contains(property) {
            return Err(format!("{property} is left").into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> String {
        REQUIRED.iter().map(|name| format!("<{name}>x</{name}>")).collect()
    }

    #[test]
    fn pom_without_a_required_element_is_rejected() {
        assert!(check_pom(&complete()).is_ok());
        let error = check_pom(&complete().replace("<scm>", "")).unwrap_err();
        assert_eq!(error.to_string(), "<scm> is missing");
    }

    #[test]
    fn pom_with_properties_or_a_build_is_rejected() {
        for left in ["<version>${kotlin.version}</version>", "<build></build>", "<scope>test</scope>"] {
            assert!(check_pom(&(complete() + left)).is_err(), "{left}");
        }
    }

    #[test]
    fn address_is_that_of_the_crate() {
        let metadata = |repository: Value| {
            let other = serde_json::json!({"name": "xtask", "repository": "https://b.invalid"});
            serde_json::json!({"packages": [other, {"name": "scalekit", "repository": repository}]})
        };
        let address = "https://a.invalid/scalekit";
        assert_eq!(repository_in(&metadata(address.into())).as_deref(), Some(address));
        assert_eq!(repository_in(&metadata(Value::Null)), None);
    }

    #[test]
    fn published_files_are_in_the_folders_of_a_repository() {
        let files = files_of(&LIBRARY, Path::new("r"));
        assert_eq!(files.len(), 5);
        let sources = format!("r/rs/scalekit/scalekit/{VERSION}/scalekit-{VERSION}-sources.jar");
        assert_eq!(files[1], Path::new(&sources));
    }
}

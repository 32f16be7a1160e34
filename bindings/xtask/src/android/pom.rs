//! The AAR's POM: the dependencies of the jar, with JNA as an AAR, which contains its native libraries for Android.

use crate::shell::Result;

/// What is depended on as an AAR.
const AS_AAR: &str = "jna";

/// A dependency in the jar's POM.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    pub group: String,
    pub artifact: String,
    pub version: String,
}

impl Dependency {
    /// The kind of file that an Android app depends on.
    pub fn kind(&self) -> &'static str {
        if self.artifact == AS_AAR { "aar" } else { "jar" }
    }

    fn xml(&self) -> String {
        let Self { group, artifact, version } = self;
        let kind = if self.kind() == "aar" { "\n      <type>aar</type>" } else { "" };
        format!(
            "    <dependency>\n      <groupId>{group}</groupId>\n      <artifactId>{artifact}</artifactId>\n      \
             <version>{version}</version>{kind}\n      <scope>compile</scope>\n    </dependency>"
        )
    }
}

/// The dependencies in the jar's POM, without those of its tests.
pub fn dependencies(jar: &str) -> Result<Vec<Dependency>> {
    let list = text(jar, "dependencies").ok_or("the jar's pom.xml has no dependencies")?;
    let blocks = list.split("<dependency>").skip(1).filter(|block| text(block, "scope").is_none());
    blocks.map(|block| dependency(jar, block)).collect()
}

fn dependency(jar: &str, block: &str) -> Result<Dependency> {
    let value = |name: &str| -> Result<String> {
        let value = text(block, name).ok_or_else(|| format!("a dependency of pom.xml has no {name}"))?;
        match value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            Some(property) => {
                Ok(text(jar, property).ok_or_else(|| format!("pom.xml does not set {property}"))?.to_owned())
            }
            None => Ok(value.to_owned()),
        }
    };
    Ok(Dependency { group: value("groupId")?, artifact: value("artifactId")?, version: value("version")? })
}

/// The AAR's POM, from its template.
pub fn write(template: &str, dependencies: &[Dependency]) -> String {
    let list: Vec<_> = dependencies.iter().map(Dependency::xml).collect();
    template.replace("@VERSION@", env!("CARGO_PKG_VERSION")).replace("@DEPENDENCIES@", &list.join("\n"))
}

/// The text of the first element with this name.
fn text<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAR: &str = "<project><properties><kotlin.version>2.1</kotlin.version></properties><dependencies>
        <dependency><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-stdlib</artifactId>
            <version>${kotlin.version}</version></dependency>
        <dependency><groupId>net.java.dev.jna</groupId><artifactId>jna</artifactId><version>5.18.1</version></dependency>
        <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit</artifactId><version>5</version>
            <scope>test</scope></dependency>
        </dependencies></project>";

    #[test]
    fn dependencies_of_the_jar_are_taken_over_with_jna_as_aar() {
        let found = dependencies(JAR).unwrap();
        let names: Vec<_> =
            found.iter().map(|it| (it.artifact.as_str(), it.version.as_str(), it.kind())).collect();
        assert_eq!(names, [("kotlin-stdlib", "2.1", "jar"), ("jna", "5.18.1", "aar")]);
        let pom = write("<version>@VERSION@</version>\n@DEPENDENCIES@\n", &found);
        assert!(pom.contains(concat!("<version>", env!("CARGO_PKG_VERSION"), "</version>")), "{pom}");
        assert!(
            pom.contains(
                "<artifactId>jna</artifactId>\n      <version>5.18.1</version>\n      <type>aar</type>"
            ),
            "{pom}"
        );
        assert_eq!(pom.matches("<type>aar</type>").count(), 1);
    }

    #[test]
    fn a_property_that_is_not_set_is_named() {
        let error = dependencies(&JAR.replace("<kotlin.version>2.1</kotlin.version>", "")).unwrap_err();
        assert_eq!(error.to_string(), "pom.xml does not set kotlin.version");
    }
}

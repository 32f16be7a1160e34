#!/usr/bin/env bash
# dokka-maven-plugin 2.2.0: a relative folder in `sourceDirectories`, in a module of a reactor build.
#
# The module `lib` names its sources as `src/main/kotlin`. Maven resolves a parameter that is a file or a folder against
# the module, so that it makes no difference from where a build is started.
#
# Expected: the same pages from the module's folder and from the parent's.
# Seen: the folders of this parameter are plain text, and resolved against the working folder. From the parent, the task
# succeeds with an empty site: no page for the class, and no warning about the folder.
#
# Prints the number of pages about the class of both builds, and fails if that has changed. Needs a JDK and Maven.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lib/src/main/kotlin/example
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>all</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <modules>
    <module>lib</module>
  </modules>
</project>
XML
cat > lib/pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>lib</artifactId>
  <version>1</version>
  <build>
    <plugins>
      <plugin>
        <groupId>org.jetbrains.dokka</groupId>
        <artifactId>dokka-maven-plugin</artifactId>
        <version>2.2.0</version>
        <configuration>
          <sourceDirectories>
            <dir>src/main/kotlin</dir>
          </sourceDirectories>
          <noStdlibLink>true</noStdlibLink>
          <noJdkLink>true</noJdkLink>
        </configuration>
        <executions>
          <execution>
            <phase>package</phase>
            <goals>
              <goal>dokka</goal>
            </goals>
          </execution>
        </executions>
      </plugin>
    </plugins>
  </build>
</project>
XML
cat > lib/src/main/kotlin/example/Greeting.kt <<'KOTLIN'
package example

/** Says hello. */
public class Greeting
KOTLIN

# Builds the site in a folder, and counts its pages about the class.
pages() {
  rm -rf lib/target
  if ! (cd "$1" && mvn -B -ntp package) > log 2>&1; then
    cat log >&2
    return 1
  fi
  find lib/target -path '*greeting*' -name '*.html' | wc -l
}

module=$(pages lib)
parent=$(pages .)
echo "pages about the class, built in the module: $module"
echo "pages about the class, built in the parent: $parent"
[ "$module" -gt 0 ] && [ "$parent" -eq 0 ]

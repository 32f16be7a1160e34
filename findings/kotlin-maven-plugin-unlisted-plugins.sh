#!/usr/bin/env bash
# kotlin-maven-plugin 2.2.20: compiler plugins that an execution does not list.
#
# An execution lists the compiler plugins that it applies in `<compilerPlugins>`; their artifacts are dependencies of the
# Maven plugin, which are shared by all its executions.
#
# Expected: an execution without `<compilerPlugins>` applies none, so that one module can compile some sources with a plugin
# and others without.
# Seen: the artifact of the serialization plugin is applied because it is a dependency. A class with `@Serializable` gets its
# serializer.
#
# Prints the classes, and fails if that has changed. Needs a JDK and Maven.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>example</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.jetbrains.kotlinx</groupId>
      <artifactId>kotlinx-serialization-core-jvm</artifactId>
      <version>1.9.0</version>
    </dependency>
  </dependencies>
  <build>
    <sourceDirectory>src</sourceDirectory>
    <plugins>
      <plugin>
        <groupId>org.jetbrains.kotlin</groupId>
        <artifactId>kotlin-maven-plugin</artifactId>
        <version>2.2.20</version>
        <dependencies>
          <!-- shared by all executions -->
        </dependencies>
        <executions>
          <execution>
            <goals><goal>compile</goal></goals>
          </execution>
        </executions>
      </plugin>
    </plugins>
  </build>
</project>
XML
mkdir src
echo '@kotlinx.serialization.Serializable class Point(val x: Int)' > src/Point.kt
compile() {
  mvn -B -ntp -q clean compile > log 2>&1 || { cat log >&2; exit 1; }
  (cd target/classes && echo *.class)
}
echo "without the artifact: $(compile)" | tee without
sed -i 's|<!-- shared by all executions -->|<dependency><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-serialization</artifactId><version>2.2.20</version></dependency>|' pom.xml
echo "with the artifact, not listed: $(compile)" | tee with
! grep -q serializer without
grep -q 'Point\$\$serializer.class' with

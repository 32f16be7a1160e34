#!/usr/bin/env bash
# kotlinx-serialization-json 1.9.0: an integer beyond 64 bits in a `JsonElement`, written by `Json.encodeToString`.
#
# A `JsonElement` keeps the text of each number, and its `toString` returns it.
#
# Expected: `Json.encodeToString(Json.parseToJsonElement(text))` returns all digits, as `toString` does.
# Seen: it returns the nearest double, `1.0E30` for 1000000000000000000000000000001, and fails for 1e400. The serializer of
# elements converts numbers to `Long`, `ULong` or `Double`. `JsonUnquotedLiteral` has no such conversion.
#
# Prints what each number is written as, and fails if that has changed. Needs a JDK and Maven.
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
      <artifactId>kotlinx-serialization-json-jvm</artifactId>
      <version>1.9.0</version>
    </dependency>
  </dependencies>
</project>
XML
cat > Write.java <<'JAVA'
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonElement;

class Write {
    public static void main(String[] numbers) {
        for (String number : numbers) {
            JsonElement element = Json.Default.parseToJsonElement(number);
            System.out.println(number + " toString -> " + element);
            System.out.println(number + " encodeToString -> " + written(element));
        }
    }

    static String written(JsonElement element) {
        try {
            return Json.Default.encodeToString(JsonElement.Companion.serializer(), element);
        } catch (RuntimeException error) {
            return "fails";
        }
    }
}
JAVA
mvn -B -ntp -q dependency:copy-dependencies > log 2>&1 || { cat log >&2; exit 1; }
number=1000000000000000000000000000001
echo "kotlinx-serialization-json 1.9.0"
java -cp 'target/dependency/*' Write.java "$number" 1e400 | tee seen
grep -qx "$number toString -> $number" seen && grep -qx "$number encodeToString -> 1.0E30" seen
grep -qx '1e400 toString -> 1e400' seen && grep -qx '1e400 encodeToString -> fails' seen

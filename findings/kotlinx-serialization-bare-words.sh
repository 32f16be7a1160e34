#!/usr/bin/env bash
# kotlinx-serialization-json 1.9.0: text without quotes, read by the default `Json`, which is not lenient.
#
# Words without quotes are not JSON (RFC 8259, section 3), and `isLenient`, which is false by default, is documented as the
# setting that accepts them.
#
# Expected: `Json.parseToJsonElement("hello")` fails, as reading the same text as a `String` does.
# Seen: it returns an element whose text is the word, alone, in a list and in an object. Only a conversion to a number or
# a boolean would notice. Reading a type with a `String` in it fails.
#
# Prints what each text is read as, and fails if that has changed. Needs a JDK and Maven.
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
cat > Read.java <<'JAVA'
import kotlinx.serialization.builtins.BuiltinSerializersKt;
import kotlinx.serialization.json.Json;

class Read {
    public static void main(String[] texts) {
        for (String text : texts) {
            System.out.println("element " + text + " -> " + read(() -> Json.Default.parseToJsonElement(text)));
        }
        var string = BuiltinSerializersKt.serializer(kotlin.jvm.internal.StringCompanionObject.INSTANCE);
        System.out.println("string hello -> " + read(() -> Json.Default.decodeFromString(string, "hello")));
    }

    static String read(java.util.function.Supplier<Object> reader) {
        try {
            return "read: " + reader.get();
        } catch (RuntimeException error) {
            return "rejected";
        }
    }
}
JAVA
mvn -B -ntp -q dependency:copy-dependencies > log 2>&1 || { cat log >&2; exit 1; }
java -cp 'target/dependency/*' Read.java 'hello' '[hello]' '{"a": hello}' | tee seen
[ "$(grep -c '^element .*read: ' seen)" -eq 3 ] && grep -q '^string hello -> rejected' seen

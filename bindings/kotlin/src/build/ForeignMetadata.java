import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the metadata with which GraalVM builds native images that call the library with the foreign-function API.
 *
 * <p>Runs with Java 22 or newer, and reads the types of calls from the class that makes them.
 */
class ForeignMetadata {
    private static final Map<String, MemoryLayout> LAYOUTS = Linker.nativeLinker().canonicalLayouts();

    /** What the package finds by name, and what it makes the function of that completes polls. */
    private static final String[] REFLECTION = {
        method("rs.scalekit.internal.ForeignBackend", "<init>"),
        method("java.lang.Thread", "isVirtual"),
        method("java.lang.ref.Reference", "get"),
        method("java.util.Objects", "isNull", "java.lang.Object"),
        method("java.util.function.LongBinaryOperator", "applyAsLong", "long", "long"),
    };

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Class<?> calls = Class.forName("rs.scalekit.internal.ForeignCall");
        List<String> downcalls = new ArrayList<>();
        for (Object call : calls.getEnumConstants()) {
            boolean isCritical = (boolean) read(calls, "isCritical", call);
            String options = isCritical ? ", \"options\": {\"critical\": {\"allowHeapAccess\": false}}" : "";
            downcalls.add(entry((FunctionDescriptor) read(calls, "type", call), options));
        }
        List<String> upcalls = List.of(entry((FunctionDescriptor) read(calls, "COMPLETION", null), ""));
        String foreign = "{" + array("downcalls", downcalls) + ", " + array("upcalls", upcalls) + "}";
        Path folder = Path.of(arguments[0]).resolve("META-INF/native-image/rs.scalekit/scalekit");
        Files.createDirectories(folder);
        String metadata = "{" + array("reflection", List.of(REFLECTION)) + ", \"foreign\": " + foreign + "}\n";
        Files.writeString(folder.resolve("reachability-metadata.json"), metadata);
    }

    private static Object read(Class<?> type, String name, Object from) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }

    private static String entry(FunctionDescriptor type, String options) {
        String result = type.returnLayout().map(ForeignMetadata::name).orElse("void");
        String parameters = quoted(type.argumentLayouts().stream().map(ForeignMetadata::name).toList());
        return "{\"returnType\": \"" + result + "\", \"parameterTypes\": [" + parameters + "]" + options + "}";
    }

    /** The name of a type of JNI, which has the same size on every platform. */
    private static String name(MemoryLayout layout) {
        return LAYOUTS.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("j") && entry.getValue().equals(layout))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no type of JNI for " + layout))
                .getKey();
    }

    private static String method(String type, String name, String... parameters) {
        return "{\"type\": \"" + type + "\", \"methods\": [{\"name\": \"" + name + "\", \"parameterTypes\": ["
                + quoted(List.of(parameters)) + "]}]}";
    }

    private static String array(String name, List<String> entries) {
        return entries.stream().collect(Collectors.joining(",\n  ", "\"" + name + "\": [\n  ", "\n]"));
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }
}

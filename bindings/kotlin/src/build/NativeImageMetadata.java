import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes the metadata with which GraalVM builds native images: the classes that JNA finds by reflection, and the native
 * library.
 *
 * <p>JNA's own classes are in GraalVM's repository of metadata.
 */
class NativeImageMetadata {
    /** The interfaces and classes whose subtypes JNA reads or calls by reflection. */
    private static final String[] ROOTS = {
        "com/sun/jna/Callback", "com/sun/jna/Library", "com/sun/jna/Structure", "com/sun/jna/CallbackThreadInitializer"
    };

    private final Map<String, ClassReader> classes = new TreeMap<>();
    private final TreeSet<String> found = new TreeSet<>();

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path out = folder.resolve("META-INF/native-image/rs.scalekit/scalekit");
        Files.createDirectories(out);
        NativeImageMetadata metadata = new NativeImageMetadata(folder);
        Files.writeString(out.resolve("reflect-config.json"), metadata.reflection());
        Files.writeString(out.resolve("jni-config.json"), metadata.jni());
        Files.writeString(out.resolve("resource-config.json"), resources());
    }

    private NativeImageMetadata(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("rs"))) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().endsWith(".class"))::iterator) {
                ClassReader type = new ClassReader(Files.readAllBytes(file));
                classes.put(type.getClassName(), type);
            }
        }
        for (ClassReader type : classes.values()) {
            if (isOfJna(type) || hasNativeMethods(type)) {
                found.add(type.getClassName().replace('/', '.'));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no class in " + folder + " is used by JNA");
        }
    }

    /** Whether a class is a subtype of a root, directly or through classes of this library. */
    private boolean isOfJna(ClassReader type) {
        return Stream.concat(Stream.of(type.getSuperName()), Stream.of(type.getInterfaces()))
                .anyMatch(parent -> isRoot(parent) || classes.containsKey(parent) && isOfJna(classes.get(parent)));
    }

    private static boolean isRoot(String name) {
        return Stream.of(ROOTS).anyMatch(root -> name.equals(root) || name.startsWith(root + "$"));
    }

    private static boolean hasNativeMethods(ClassReader type) {
        boolean[] found = {false};
        ClassVisitor methods = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] errors) {
                found[0] |= (access & Opcodes.ACC_NATIVE) != 0;
                return null;
            }
        };
        type.accept(methods, ClassReader.SKIP_CODE);
        return found[0];
    }

    private String reflection() {
        return entries("\"allDeclaredConstructors\": true, \"allDeclaredFields\": true, \"allDeclaredMethods\": true, "
                + "\"allPublicMethods\": true");
    }

    private String jni() {
        return entries("\"allDeclaredConstructors\": true, \"allDeclaredFields\": true, \"allDeclaredMethods\": true");
    }

    private String entries(String members) {
        return found.stream()
                .map(name -> "  {\"name\": \"" + name + "\", " + members + "}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    /** The native library in JNA's folder of each platform. */
    private static String resources() {
        String pattern = "[a-z0-9]+-[a-z0-9-]+/(lib)?scalekit_ffi\\\\.(so|dylib|dll)";
        return "{\"resources\": {\"includes\": [{\"pattern\": \"" + pattern + "\"}]}}\n";
    }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Adds Kotlin's sealed classes to the multi-release jar as sealed classes of Java 17, so that a {@code switch} over them
 * needs no {@code default}.
 *
 * <p>The library is compiled for Java 11, whose class files do not have the permitted subclasses.
 */
class SealedClasses {
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Map<String, ClassReader> classes = read(folder);
        int written = 0;
        for (ClassReader type : classes.values()) {
            List<String> subclasses = classes.values().stream()
                    .filter(other -> other.getSuperName().equals(type.getClassName()))
                    .map(ClassReader::getClassName)
                    .collect(Collectors.toList());
            if (!subclasses.isEmpty() && isSealed(type)) {
                Path file = folder.resolve("META-INF/versions/17").resolve(type.getClassName() + ".class");
                Files.createDirectories(file.getParent());
                Files.write(file, sealed(type, subclasses));
                written++;
            }
        }
        if (written == 0) {
            throw new IllegalStateException("there is no sealed class in " + folder);
        }
    }

    private static Map<String, ClassReader> read(Path folder) throws IOException {
        Map<String, ClassReader> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("rs"))) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().endsWith(".class"))::iterator) {
                ClassReader type = new ClassReader(Files.readAllBytes(file));
                classes.put(type.getClassName(), type);
            }
        }
        return classes;
    }

    /** Kotlin makes the constructors of a sealed class private, and adds synthetic ones for the subclasses. */
    private static boolean isSealed(ClassReader type) {
        boolean[] isSealed = {(type.getAccess() & Opcodes.ACC_ABSTRACT) != 0};
        ClassVisitor constructors = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] errors) {
                if (name.equals("<init>") && (access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC)) == 0) {
                    isSealed[0] = false;
                }
                return null;
            }
        };
        type.accept(constructors, ClassReader.SKIP_CODE);
        return isSealed[0];
    }

    private static byte[] sealed(ClassReader type, List<String> subclasses) {
        ClassWriter writer = new ClassWriter(type, 0);
        ClassVisitor seal = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(
                    int version, int access, String name, String signature, String parent, String[] interfaces) {
                super.visit(Opcodes.V17, access, name, signature, parent, interfaces);
            }

            @Override
            public void visitEnd() {
                subclasses.forEach(this::visitPermittedSubclass);
                super.visitEnd();
            }
        };
        type.accept(seal, 0);
        return writer.toByteArray();
    }
}

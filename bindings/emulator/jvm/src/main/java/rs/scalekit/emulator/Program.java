package rs.scalekit.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The emulator's program, which the jar contains for each platform. */
final class Program {
    private Program() {}

    /**
     * Returns the path of the program: that of the system property {@code scalekit.emulator} or the environment variable
     * {@code SCALEKIT_EMULATOR}, or else that of the jar, extracted into a temporary folder.
     */
    static Path path() {
        String chosen = System.getProperty("scalekit.emulator", System.getenv("SCALEKIT_EMULATOR"));
        return chosen != null && !chosen.isEmpty() ? Path.of(chosen) : Extracted.PATH;
    }

    /** Extracts the program with the first use, once for each JVM. */
    private static final class Extracted {
        static final Path PATH = extract();
    }

    private static Path extract() {
        String name = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
        try (InputStream program = Program.class.getResourceAsStream(name)) {
            if (program == null) {
                throw new EmulatorException("this jar has no emulator for this platform (" + name
                        + "); set -Dscalekit.emulator=... to the path of one");
            }
            // Only this user can write to the folder, so that no other user can replace the program.
            Path folder = Files.createTempDirectory("scalekit-emulator");
            Path path = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
            folder.toFile().deleteOnExit();
            path.toFile().deleteOnExit();
            Files.copy(program, path);
            if (!path.toFile().setExecutable(true) && !name.endsWith(".exe")) {
                throw new EmulatorException("cannot make " + path + " executable");
            }
            return path;
        } catch (IOException error) {
            throw new EmulatorException("cannot extract the emulator: " + error.getMessage(), error);
        }
    }

    /** The name of the program's resource. On Linux it is static, so that it runs with every C library. */
    static String resource(String system, String architecture) {
        String lower = system.toLowerCase(Locale.ROOT);
        boolean windows = lower.startsWith("windows");
        String os = windows ? "windows" : lower.startsWith("mac") ? "macos" : lower;
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        String cpu = arm ? "aarch64" : architecture.equals("amd64") ? "x86_64" : architecture;
        return os + "-" + cpu + "/scalekit-emulator" + (windows ? ".exe" : "");
    }
}

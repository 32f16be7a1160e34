import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Adds the oldest supported Java to the metadata for Gradle, which the plugin that writes them does not know.
 *
 * <p>Arguments: the file of the metadata, and the version.
 */
class GradleMetadata {
    /** An attribute of the variants that are compiled or run with, and not of those with sources or documentation. */
    private static final String BEFORE = "\"org.gradle.libraryelements\"";

    private static final int VARIANTS = 2;

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        String text = Files.readString(file);
        if (text.split(BEFORE, -1).length - 1 != VARIANTS) {
            throw new IllegalStateException(file + " does not have the variants of a library");
        }
        String attribute = "\"org.gradle.jvm.version\": " + Integer.parseInt(arguments[1]) + ", ";
        Files.writeString(file, text.replace(BEFORE, attribute + BEFORE));
    }
}

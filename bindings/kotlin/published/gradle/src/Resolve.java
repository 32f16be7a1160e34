import java.io.File;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gradle.api.Project;
import org.gradle.api.artifacts.Configuration;
import org.gradle.api.artifacts.ResolveException;
import org.gradle.api.artifacts.dsl.DependencyHandler;
import org.gradle.api.artifacts.result.ResolvedComponentResult;
import org.gradle.api.attributes.java.TargetJvmVersion;
import org.gradle.testfixtures.ProjectBuilder;

/**
 * Resolves the packages in a Maven repository as a build with Gradle does, and prints the class path.
 *
 * <p>Arguments: the URL of the repository, the folder of the project.
 */
class Resolve {
    private static final String GROUP = "rs.scalekit";

    private final Project project;

    private Resolve(String repository, File folder) {
        File home = new File(folder, "home");
        project = ProjectBuilder.builder().withProjectDir(folder).withGradleUserHomeDir(home).build();
        project.getPlugins().apply("java-library");
        project.getRepositories().maven(maven -> maven.setUrl(repository));
        project.getRepositories().mavenCentral();
        DependencyHandler dependencies = project.getDependencies();
        dependencies.add("implementation", dependencies.platform(GROUP + ":scalekit-bom:0.1.0"));
        dependencies.add("implementation", GROUP + ":scalekit");
        dependencies.add("implementation", GROUP + ":scalekit-emulator");
    }

    public static void main(String[] arguments) {
        Resolve resolve = new Resolve(arguments[0], new File(arguments[1]));
        resolve.checkVariants("compileClasspath", "apiElements");
        resolve.checkVariants("runtimeClasspath", "runtimeElements");
        resolve.checkOldJava();
        System.out.println(resolve.configuration("runtimeClasspath").getAsPath());
        // Gradle's threads would keep the process alive.
        System.exit(0);
    }

    private Configuration configuration(String name) {
        return project.getConfigurations().getByName(name);
    }

    /** A POM has variants with other names: these are those of the metadata for Gradle. */
    private void checkVariants(String configuration, String variant) {
        Map<String, String> variants = new TreeMap<>();
        for (ResolvedComponentResult component :
                configuration(configuration).getIncoming().getResolutionResult().getAllComponents()) {
            if (component.getModuleVersion() != null && component.getModuleVersion().getGroup().equals(GROUP)) {
                variants.put(component.getModuleVersion().getName(), names(component));
            }
        }
        Map<String, String> expected = Map.of("scalekit", variant, "scalekit-emulator", variant);
        String bom = variants.remove("scalekit-bom");
        if (!variants.equals(expected) || bom == null || !bom.contains("platform")) {
            throw new AssertionError(configuration + ": expected " + expected + ", got " + variants + " and " + bom);
        }
    }

    private static String names(ResolvedComponentResult component) {
        Set<String> names = component.getVariants().stream()
                .map(found -> found.getDisplayName())
                .collect(Collectors.toSet());
        return String.join(", ", names);
    }

    /** A build for an older Java is told which one the package needs. */
    private void checkOldJava() {
        Configuration old = configuration("runtimeClasspath").copyRecursive();
        old.getAttributes().attribute(TargetJvmVersion.TARGET_JVM_VERSION_ATTRIBUTE, 8);
        try {
            old.resolve();
        } catch (ResolveException error) {
            StringBuilder messages = new StringBuilder();
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                messages.append(cause.getMessage()).append('\n');
            }
            if (messages.toString().contains("11")) {
                return;
            }
            throw new AssertionError("the error does not name Java 11:\n" + messages);
        }
        throw new AssertionError("a build for Java 8 has resolved the packages");
    }
}

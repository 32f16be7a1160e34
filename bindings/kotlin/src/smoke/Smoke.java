import rs.scalekit.CreateOrganization;
import rs.scalekit.Organization;
import rs.scalekit.Scalekit;
import rs.scalekit.ScalekitClient;

/** Runs on the packaged jar and its dependencies, without any setting for the path of the native library. */
class Smoke {
    public static void main(String[] arguments) {
        for (String setting : new String[] {"java.library.path", "jna.library.path"}) {
            System.clearProperty(setting);
        }
        try (ScalekitClient client = ScalekitClient.fromEnv()) {
            Organization created = client.getOrganizations().create(new CreateOrganization("Smoke"));
            Organization found = client.getOrganizations().get(created.getId());
            if (!found.equals(created)) {
                throw new AssertionError("expected " + created + ", got " + found);
            }
            client.getOrganizations().delete(created.getId());
        }
        String location = ScalekitClient.class.getProtectionDomain().getCodeSource().getLocation().toString();
        if (!location.endsWith(".jar")) {
            throw new AssertionError("the classes were not loaded from the jar, but from " + location);
        }
        if (ScalekitClient.class.getResource("/META-INF/proguard/scalekit.pro") == null) {
            throw new AssertionError("the jar contains no rules for R8");
        }
        System.out.println("The packaged jar works: " + Scalekit.operations().size() + " operations");
    }
}

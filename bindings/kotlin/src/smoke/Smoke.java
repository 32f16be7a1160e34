import rs.scalekit.CreateOrganization;
import rs.scalekit.Organization;
import rs.scalekit.Scalekit;
import rs.scalekit.ScalekitClient;

/** Somebody's program: the jar, what it depends on, and not a word about where the native library is. */
class Smoke {
    public static void main(String[] arguments) {
        for (String setting : new String[] {"java.library.path", "jna.library.path"}) {
            System.clearProperty(setting);
        }
        try (ScalekitClient client = ScalekitClient.fromEnv()) {
            Organization made = client.getOrganizations().create(new CreateOrganization("Smoke"));
            Organization found = client.getOrganizations().get(made.getId());
            if (!found.equals(made)) {
                throw new AssertionError(found + " is not " + made);
            }
            client.getOrganizations().delete(made.getId());
        }
        String where = ScalekitClient.class.getProtectionDomain().getCodeSource().getLocation().toString();
        if (!where.endsWith(".jar")) {
            throw new AssertionError("not from the jar, but from " + where);
        }
        if (ScalekitClient.class.getResource("/META-INF/proguard/scalekit.pro") == null) {
            throw new AssertionError("the jar has no rules for R8");
        }
        System.out.println("The packaged jar works: " + Scalekit.operations().size() + " operations");
    }
}

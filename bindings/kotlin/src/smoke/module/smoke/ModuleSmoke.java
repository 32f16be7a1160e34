package smoke;

import rs.scalekit.AsyncScalekitClient;
import rs.scalekit.CreateOrganization;
import rs.scalekit.ScalekitClient;

/** Makes a call of each client from a named module, which reads the library as a named module. */
final class ModuleSmoke {
    private ModuleSmoke() {}

    public static void main(String[] arguments) {
        if (!"rs.scalekit".equals(ScalekitClient.class.getModule().getName())) {
            throw new AssertionError("the library is in " + ScalekitClient.class.getModule());
        }
        try (ScalekitClient client = ScalekitClient.fromEnv(); AsyncScalekitClient async = AsyncScalekitClient.fromEnv()) {
            String id = client.getOrganizations().create(new CreateOrganization("Module")).getId();
            async.getOrganizations().deleteAsync(id).join();
        }
        System.out.println("The jar works on the module path");
    }
}

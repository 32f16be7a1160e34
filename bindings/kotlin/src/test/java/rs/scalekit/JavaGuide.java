package rs.scalekit;

import java.util.Map;

/** The Java code of README.md, word for word. */
final class JavaGuide {
    private JavaGuide() {}

    static void run() {
        try (ScalekitClient client = ScalekitClient.fromEnv()) {
            CreateOrganization acme = new CreateOrganization("Acme")
                    .withExternalId("customer-42")
                    .withMetadata(Map.of("plan", "enterprise"));
            System.out.println(client.getOrganizations().create(acme).getId());
            for (Organization organization : client.getOrganizations().listAll()) {
                System.out.println(organization.getDisplayName());
            }
        } catch (ScalekitException.Conflict error) {
            System.out.println(error.getMessage());
        }
    }

    static void async() {
        try (AsyncScalekitClient client = AsyncScalekitClient.fromEnv()) {
            String name = client.getOrganizations().getByExternalIdAsync("customer-42")
                    .thenApply(Organization::getDisplayName)
                    .join();
            System.out.println(name);
        }
    }
}

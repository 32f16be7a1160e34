import rs.scalekit.CreateOrganization;
import rs.scalekit.Organization;
import rs.scalekit.ScalekitClient;
import rs.scalekit.emulator.Emulator;

/** Uses both published packages: the library, and the emulator that it calls. */
class Published {
    public static void main(String[] arguments) {
        try (Emulator emulator = Emulator.start();
                ScalekitClient client =
                        new ScalekitClient(emulator.url(), emulator.clientId(), emulator.clientSecret())) {
            Organization created = client.getOrganizations().create(new CreateOrganization("Published"));
            if (!client.getOrganizations().get(created.getId()).equals(created)) {
                throw new AssertionError("the organization was not found");
            }
        }
        System.out.println("The published packages work");
    }
}

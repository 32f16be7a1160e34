import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import rs.scalekit.CreateOrganization;
import rs.scalekit.Organization;
import rs.scalekit.Scalekit;
import rs.scalekit.ScalekitClient;
import rs.scalekit.ScalekitException;
import rs.scalekit.WebhookSigner;
import rs.scalekit.WebhookVerifier;

/** Runs with the classes that a shrinker has removed from and renamed, by the rules of the AAR. */
class App {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static void main(String[] arguments) {
        try (ScalekitClient client = ScalekitClient.fromEnv()) {
            Organization created = client.getOrganizations().create(new CreateOrganization("Shrunk"));
            Organization found = client.getOrganizations().get(created.getId());
            check(found.equals(created), "expected " + created + ", got " + found);
            client.getOrganizations().delete(created.getId());
            checkError(client);
        }
        checkWebhook();
        System.out.println("The shrunk app works: " + Scalekit.operations().size() + " operations");
    }

    private static void checkError(ScalekitClient client) {
        try {
            client.getOrganizations().get("org_unknown");
            throw new AssertionError("an unknown organization was found");
        } catch (ScalekitException.NotFound error) {
            check(error.getMessage().contains("organizations.get"), error.getMessage());
        }
    }

    private static void checkWebhook() {
        byte[] body = "{\"id\": \"evt_1\", \"type\": \"organization.created\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new WebhookSigner(SECRET).sign("msg_1", body);
        check(new WebhookVerifier(List.of(SECRET)).verify(headers, body).getId().equals("msg_1"), "another message");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

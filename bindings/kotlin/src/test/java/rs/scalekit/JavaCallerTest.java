package rs.scalekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The blocking client from Java 11. */
class JavaCallerTest {
    @BeforeEach
    void seed() {
        Emulator.reset();
        Emulator.seedFive();
    }

    @Test
    void withMethodsSetOptionalFields() {
        CreateOrganization acme = new CreateOrganization("Acme")
                .withExternalId("customer-42")
                .withMetadata(Map.of("plan", "enterprise"));
        try (ScalekitClient client = Emulator.blocking()) {
            Organization created = client.getOrganizations().create(acme);
            assertEquals("customer-42", created.getExternalId());
            assertEquals(Map.of("plan", "enterprise"), created.getMetadata());
        }
    }

    @Test
    void recordsAreWrittenAndReadAsJson() {
        Organization acme = Organization.fromJson("{\"id\": \"org_1\", \"display_name\": \"Acme\"}");
        assertEquals("Acme", acme.getDisplayName());
        assertEquals(acme, Organization.fromJson(acme.toJson()));
        assertEquals(OrganizationFeature.Sso.INSTANCE, OrganizationFeature.of("sso"));
    }

    @Test
    void proxyOfTheJvmIsUsed() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty("https.proxyHost", "127.0.0.1");
            System.setProperty("https.proxyPort", String.valueOf(proxy.getLocalPort()));
            CompletableFuture<String> requested = CompletableFuture.supplyAsync(() -> firstLine(proxy));
            ClientOptions options = new ClientOptions().withRetry(new RetryOptions().withMaxRetries(0));
            try (ScalekitClient client = new ScalekitClient("https://acme.example", "skc_1", "secret", options)) {
                assertThrows(ScalekitException.Connection.class, client::jwks);
            }
            assertEquals("CONNECT acme.example:443 HTTP/1.1", requested.get(10, TimeUnit.SECONDS));
        } finally {
            System.clearProperty("https.proxyHost");
            System.clearProperty("https.proxyPort");
        }
    }

    private static String firstLine(ServerSocket server) {
        try (Socket socket = server.accept()) {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Test
    void pagerIsIterable() {
        List<String> names = new ArrayList<>();
        try (ScalekitClient client = Emulator.blocking()) {
            for (Organization organization : client.getOrganizations().listAll()) {
                names.add(organization.getDisplayName());
            }
            OrganizationPage empty = client.getOrganizations().list(new ListOrganizations().withExternalId("x"));
            assertEquals(List.of(), empty.getOrganizations());
        }
        assertEquals(5, names.size());
    }

    @Test
    void errorsAreCaughtByClass() {
        ScalekitClient client = new ScalekitClient(Emulator.INSTANCE.getUrl(), Emulator.INSTANCE.getClientId(),
                Emulator.INSTANCE.getClientSecret(), new ClientOptions().withTimeoutSeconds(5.0));
        try (client) {
            client.getOrganizations().get("org_unknown");
            throw new AssertionError("an unknown organization was found");
        } catch (ScalekitException.NotFound error) {
            assertEquals(error.getFailure().getSummary(), error.getMessage());
            assertEquals(404, error.getFailure().getStatus());
        }
        assertThrows(ScalekitException.Closed.class, client::jwks);
    }

    @Test
    void staticFunctionsAndEnumValuesAreAccessible() {
        ScalekitException.InvalidArgument missing =
                assertThrows(ScalekitException.InvalidArgument.class, ScalekitClient::fromEnv);
        assertTrue(missing.getMessage().contains("SCALEKIT_ENVIRONMENT_URL"), missing.getMessage());
        assertTrue(Scalekit.operations().size() > 10);
        assertEquals("sso", OrganizationFeature.Sso.INSTANCE.getWireValue());
    }

    @Test
    void packageIsNullMarkedForNullnessCheckers() {
        assertTrue(ScalekitClient.class.getPackage().isAnnotationPresent(NullMarked.class));
    }

    @Test
    void secretsAreAcceptedAsTextOrSecretText() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        SecretText secret = new SecretText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        WebhookSigner signer = Secrets.webhookSigner(secret);
        assertEquals("msg_1", Secrets.webhookVerifier(List.of(secret)).verify(signer.sign("msg_1", body), body).getId());
        assertEquals("req_1", Secrets.interceptorVerifier(List.of(secret), 60)
                .verify(signer.signInterceptor("req_1", body), body).getId());
        assertEquals(new MachineClient("m2m_1", new SecretText("secret")), Secrets.machineClient("m2m_1", "secret"));
        SecretText clientSecret = new SecretText(Emulator.INSTANCE.getClientSecret());
        try (ScalekitClient client = Secrets.scalekitClient(Emulator.INSTANCE.getUrl(),
                Emulator.INSTANCE.getClientId(), clientSecret)) {
            client.getOrganizations().list();
        }
    }

    @Test
    void tokensWebhooksAndLoginsWork() {
        byte[] body = "{\"id\": \"evt_1\", \"type\": \"organization.deleted\", \"data\": {\"id\": \"org_1\"}}"
                .getBytes(StandardCharsets.UTF_8);
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        Map<String, String> headers = new WebhookSigner(secret).sign("msg_1", body);
        WebhookEvent event = new WebhookVerifier(List.of(secret)).event(headers, body);
        WebhookData.OrganizationDeleted deleted = (WebhookData.OrganizationDeleted) event.getData();
        assertEquals("org_1", deleted.getOrganization().getId());
        assertEquals("{\"decision\":\"ALLOW\"}", InterceptorResponse.allow().getBody());

        TokenExpectations expected = new TokenExpectations(ExpectedAudience.oneOf(List.of("https://api.example.com")))
                .withRequiredScopes(List.of("read"));
        try (ScalekitClient client = Emulator.blocking()) {
            ScalekitException.InvalidToken invalid = assertThrows(ScalekitException.InvalidToken.class,
                    () -> client.getTokens().validate("not a token", expected));
            assertEquals("malformed", invalid.getFailure().getCode());
            StartedLogin started = client.getLogin().start(new LoginOptions("http://127.0.0.1:9/callback"));
            assertNull(started.getTransaction().getReturnTo());
        }
    }
}

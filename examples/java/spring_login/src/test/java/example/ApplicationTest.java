package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rs.scalekit.emulator.Emulator;
import rs.scalekit.emulator.EmulatorExtension;

/** Tests the application over HTTP, on the emulator. */
@ExtendWith(EmulatorExtension.class)
class ApplicationTest {
    private static final String WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static ConfigurableApplicationContext application;
    private static String app;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies)
            .version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start(Emulator emulator) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        app = "http://127.0.0.1:" + port;
        application = new SpringApplicationBuilder(Application.class, ThreadController.class).run(
                "--server.port=" + port,
                "--app.url=" + app,
                "--scalekit.environment-url=" + emulator.url(),
                "--scalekit.client-id=" + emulator.clientId(),
                "--scalekit.client-secret=" + emulator.clientSecret(),
                "--scalekit.webhook-secret=" + WEBHOOK_SECRET);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void userLogsInAndOut(Emulator emulator) {
        assertEquals("/login?next=/me", location(get("/me")));
        String authorizationUrl = location(get("/login?next=/me?tab=2"));
        String before = session();
        HttpResponse<String> callback = get(emulator.login("ada@example.com", authorizationUrl));
        assertEquals("/me?tab=2", location(callback), callback.body());
        assertNotEquals(before, session(), "a new session ID");
        HttpResponse<String> page = get("/me");
        assertEquals(200, page.statusCode(), page.body());
        assertTrue(page.body().contains("<h1>Hello, "), page.body());

        assertEquals(403, post("/logout", "origin", "https://evil.example").statusCode());
        HttpResponse<String> logout = post("/logout", "origin", app);
        assertTrue(location(logout).startsWith(emulator.url() + "/"), location(logout));
        assertEquals(302, get("/me").statusCode());
    }

    @Test
    void returnUrlOfAnotherSiteIsIgnored(Emulator emulator) {
        String authorizationUrl = location(get("/login?next=https://evil.example"));
        assertEquals("/me", location(get(emulator.login("ada@example.com", authorizationUrl))));
    }

    @Test
    void callbackIsAcceptedOnceAndOnlyInItsBrowser(Emulator emulator) {
        String authorizationUrl = location(get("/login"));
        String callback = emulator.login("ada@example.com", authorizationUrl);
        ApplicationTest otherBrowser = new ApplicationTest();
        assertEquals(400, otherBrowser.get(callback).statusCode());
        otherBrowser.get("/login");
        HttpResponse<String> forged = otherBrowser.get(callback);
        assertEquals("403 Login failed: state_mismatch.", forged.statusCode() + " " + forged.body());
        assertEquals(302, get(callback).statusCode());
        assertEquals(400, get(callback).statusCode());
    }

    @Test
    void outageDuringTheCallbackCanBeRetried(Emulator emulator) {
        String callback = emulator.login("ada@example.com", location(get("/login")));
        emulator.fault("{\"operation\": \"oauth.token\", \"kind\": \"drop_before\", \"count\": 20}");
        assertEquals(503, get(callback).statusCode());
        emulator.control("DELETE", "faults", "");
        assertEquals(302, get(callback).statusCode());
    }

    @Test
    void apiValidatesAccessTokens(Emulator emulator) {
        HttpResponse<String> report = report(token(emulator, "openid reports:read", ""));
        assertEquals(200, report.statusCode());
        assertTrue(report.body().startsWith("Reports for "), report.body());
        for (String wrong : List.of("expired", "audience", "issuer", "other_key", "algorithm_none", "malformed")) {
            String token = token(emulator, "reports:read", ", \"token\": {\"wrong\": \"" + wrong + "\"}");
            assertEquals("401 Bearer error=\"invalid_token\"", challenge(report(token)), wrong);
        }
        assertEquals("403 Bearer error=\"insufficient_scope\", scope=\"reports:read\"",
                challenge(report(token(emulator, "reports:write", ""))));
        assertEquals("401 Bearer", challenge(get("/api/reports")));
        assertEquals("401 Bearer", challenge(get("/api/reports", "authorization", "Basic x")));
    }

    @Test
    void webhooksAreVerified(Emulator emulator) {
        emulator.control("POST", "webhooks/endpoints",
                "{\"url\": \"" + app + "/webhooks\", \"secrets\": [\"" + WEBHOOK_SECRET + "\"]}");
        emulator.control("POST", "webhooks/send", "{\"type\": \"organization.created\", \"object\": \"Organization\","
                + " \"data\": {\"id\": \"org_1\", \"display_name\": \"Acme\"}}");
        emulator.control("POST", "webhooks/wait", "{\"delivered\": 1, \"timeout_ms\": 20000}");
        assertEquals(401, post("/webhooks", "webhook-id", "msg_1").statusCode());
        assertFalse(emulator.control("GET", "webhooks/deliveries", "").contains("\"failed\""));
    }

    @Test
    void requestsRunOnVirtualThreads() {
        boolean supported = Runtime.version().feature() >= 21;
        assertEquals(supported, get("/thread").body().startsWith("VirtualThread"), get("/thread").body());
    }

    /** Added to the application by this test. */
    @RestController
    static class ThreadController {
        @GetMapping("/thread")
        String thread() {
            return Thread.currentThread().toString();
        }
    }

    private static String token(Emulator emulator, String scope, String more) {
        String body = "{\"kind\": \"access\", \"scope\": \"" + scope + "\"" + more + "}";
        Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(emulator.control("POST", "token", body));
        assertTrue(token.find());
        return token.group(1);
    }

    private HttpResponse<String> report(String token) {
        return get("/api/reports", "authorization", "Bearer " + token);
    }

    private static String challenge(HttpResponse<String> response) {
        return response.statusCode() + " " + response.headers().firstValue("www-authenticate").orElse("none");
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("location").orElse("none: " + response.statusCode());
    }

    private String session() {
        return cookies.getCookieStore().getCookies().get(0).getValue();
    }

    private HttpResponse<String> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create(app).resolve(path)), headers);
    }

    private HttpResponse<String> post(String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create(app).resolve(path)).POST(BodyPublishers.ofString("{}")), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        try {
            HttpRequest built = headers.length == 0 ? request.build() : request.headers(headers).build();
            return browser.send(built, BodyHandlers.ofString());
        } catch (IOException | InterruptedException error) {
            throw new AssertionError(error);
        }
    }
}

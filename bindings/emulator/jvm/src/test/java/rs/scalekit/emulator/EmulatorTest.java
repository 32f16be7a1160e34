package rs.scalekit.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EmulatorTest {
    private static final String AUTHORIZE =
            "/oauth/authorize?response_type=code&redirect_uri=http://127.0.0.1:9/callback&state=s&client_id=";

    @Test
    void programOfTheJarServesUntilItIsClosed() {
        Emulator emulator = Emulator.start("--client-secret", "a\"b\\c");
        assertTrue(emulator.url().startsWith("http://127.0.0.1:"), emulator.url());
        assertEquals("skc_100000000000000001", emulator.clientId());
        assertEquals("skc_100000000000000002", emulator.publicClientId());
        assertEquals("a\"b\\c", emulator.environment().get("SCALEKIT_CLIENT_SECRET"));
        assertTrue(!emulator.toString().contains("a\"b"), emulator.toString());
        emulator.close();
        emulator.close();
        String error = assertThrows(EmulatorException.class, emulator::reset).getMessage();
        assertTrue(error.contains("does not respond"), error);
    }

    @Test
    void loginLeadsToTheCallbackOfTheApp() {
        try (Emulator emulator = Emulator.start()) {
            String callback = emulator.login("ada+\"x\"@example.com", emulator.url() + AUTHORIZE + emulator.clientId());
            assertTrue(callback.startsWith("http://127.0.0.1:9/callback?") && callback.contains("code="), callback);
            String unknown = emulator.url() + AUTHORIZE + "skc_unknown";
            String error = assertThrows(EmulatorException.class, () -> emulator.login("a@example.com", unknown))
                    .getMessage();
            assertTrue(error.contains("does not lead to the callback: status 400"), error);
            String elsewhere = "https://acme.scalekit.example/oauth/authorize?client_id=secret";
            error = assertThrows(EmulatorException.class, () -> emulator.login("a@example.com", elsewhere))
                    .getMessage();
            assertTrue(error.contains("not to the emulator at") && !error.contains("secret"), error);
        }
    }

    @Test
    void commandsReachTheControlPlane() {
        try (Emulator emulator = Emulator.start("--world", "demo")) {
            emulator.fault("{\"operation\": \"organizations.get\", \"kind\": \"status\", \"status\": 503}");
            assertTrue(emulator.control("GET", "faults", "").contains("organizations.get"));
            emulator.reset();
            assertEquals("{\"faults\":[]}", emulator.control("GET", "faults", ""));
            assertEquals("{\"messages\":[]}", emulator.outbox("a+b@example.com"));
            String error = assertThrows(EmulatorException.class, () -> emulator.seed("{\"x\": 1}")).getMessage();
            assertTrue(error.contains("seed: x: unknown field"), error);
        }
    }

    @Test
    void invalidArgumentIsAnError() {
        String error = assertThrows(EmulatorException.class, () -> Emulator.start("--unknown")).getMessage();
        assertTrue(error.contains("did not start"), error);
    }

    @Test
    void resourceHasTheNameOfThePlatform() {
        assertEquals("linux-x86_64/scalekit-emulator", Program.resource("Linux", "amd64"));
        assertEquals("linux-aarch64/scalekit-emulator", Program.resource("Linux", "aarch64"));
        assertEquals("macos-aarch64/scalekit-emulator", Program.resource("Mac OS X", "aarch64"));
        assertEquals("macos-x86_64/scalekit-emulator", Program.resource("Mac OS X", "x86_64"));
        assertEquals("windows-x86_64/scalekit-emulator.exe", Program.resource("Windows 11", "amd64"));
    }
}

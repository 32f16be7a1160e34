package rs.scalekit.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running emulator of the Scalekit service, on a free port of this machine. It ends with {@link #close}, and with this
 * process. Thread-safe.
 *
 * <p>Bodies and results of commands are JSON, for the JSON library of your choice.
 */
public final class Emulator implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Process process;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
    private final String url;
    private final String clientId;
    private final String clientSecret;
    private final String publicClientId;

    private Emulator(Process process, String ready) {
        this.process = process;
        url = text(ready, "environment_url");
        clientId = text(ready, "client_id");
        clientSecret = text(ready, "client_secret");
        publicClientId = text(ready, "public_client_id");
    }

    /**
     * Starts an emulator.
     *
     * @param arguments more arguments of the program, such as {@code "--world", "demo"}; not addresses and {@code --tls}
     * @return the running emulator
     * @throws EmulatorException the program did not start; its own message is on standard error
     */
    public static Emulator start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Program.path().toString()));
        // The program exits when its standard input closes, and so when this process exits, however it does.
        command.addAll(List.of("--json", "--port", "0", "--exit-with-stdin"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String ready = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (ready == null) {
                throw new EmulatorException("the emulator did not start; see its message on standard error");
            }
            return new Emulator(process, ready);
        } catch (IOException error) {
            throw new EmulatorException("cannot start the emulator: " + error.getMessage(), error);
        }
    }

    /** Returns the environment URL. */
    public String url() {
        return url;
    }

    /** Returns the client ID. */
    public String clientId() {
        return clientId;
    }

    /** Returns the client secret. */
    public String clientSecret() {
        return clientSecret;
    }

    /** Returns the ID of the client without a secret, for native and single-page applications. */
    public String publicClientId() {
        return publicClientId;
    }

    /** Returns the environment variables from which Scalekit's SDKs read their settings. */
    public Map<String, String> environment() {
        return Map.of(
                "SCALEKIT_ENVIRONMENT_URL", url,
                "SCALEKIT_CLIENT_ID", clientId,
                "SCALEKIT_CLIENT_SECRET", clientSecret);
    }

    /**
     * Deletes all objects, faults, emails and sessions, and resets the clock. With {@code --seed} or {@code --world},
     * creates its objects again.
     */
    public void reset() {
        control("POST", "reset", "");
    }

    /** Creates objects, in the format of a seed file, and returns them. */
    public String seed(String json) {
        return control("POST", "seed", json);
    }

    /** Injects a fault, such as <code>{"operation": "organizations.get", "kind": "status", "status": 503}</code>. */
    public void fault(String json) {
        control("POST", "fault", json);
    }

    /** Returns the emails to an address, as <code>{"messages": [...]}</code>, the oldest first. */
    public String outbox(String to) {
        return control("GET", "outbox?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8), "");
    }

    /**
     * Signs a user in without a browser, and returns the URL of the app's callback, with a code.
     *
     * @param email the address of the user, who need not exist
     * @param authorizationUrl where the app has sent the browser
     * @throws EmulatorException the login does not lead to the callback
     */
    public String login(String email, String authorizationUrl) {
        if (!authorizationUrl.startsWith(url + "/")) {
            throw new EmulatorException("the app has sent the browser to " + authorizationUrl.split("\\?")[0]
                    + ", not to the emulator at " + url);
        }
        control("POST", "idp/script", "{\"approve\": {\"email\": " + quoted(email) + "}}");
        HttpResponse<String> response = send("GET", authorizationUrl, "");
        return response.headers().firstValue("location").orElseThrow(() -> new EmulatorException(
                "the login does not lead to the callback: status " + response.statusCode() + "\n" + response.body()));
    }

    /**
     * Sends a command to the control plane, such as {@code control("POST", "clock", "{\"advance_seconds\": 60}")}.
     *
     * @param body JSON, or empty
     * @return the response, in JSON
     * @throws EmulatorException the emulator rejected it
     */
    public String control(String method, String command, String body) {
        HttpResponse<String> response = send(method, url + "/_emulator/" + command, body);
        if (response.statusCode() != 200) {
            throw new EmulatorException(command + ": " + response.body());
        }
        return response.body();
    }

    /** Stops the emulator. Has no effect if it is stopped. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException error) {
            process.destroyForcibly();
        } catch (InterruptedException error) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Emulator(" + url + ")";
    }

    private HttpResponse<String> send(String method, String target, String body) {
        HttpRequest.BodyPublisher content = body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(target)).timeout(TIMEOUT).method(method, content).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException error) {
            throw new EmulatorException("the emulator at " + url + " does not respond: " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new EmulatorException("interrupted", error);
        }
    }

    /** A text field of the ready line, which is a flat JSON object. The arguments of the program allow no other escapes. */
    private static String text(String ready, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"").matcher(ready);
        if (!field.find()) {
            throw new EmulatorException("the emulator's output has no " + name);
        }
        return field.group(1).replaceAll("\\\\(.)", "$1");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

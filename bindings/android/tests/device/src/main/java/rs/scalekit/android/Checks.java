package rs.scalekit.android;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import com.alibaba.fastjson.parser.Feature;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads a library, and runs what needs no network: `Checks FIXTURES 32|64 LIBRARY`. */
final class Checks {
    private static final String PREFIX = "uniffi_scalekit_fn_";

    private final Device device;
    private final Path fixtures;
    private int passed;

    private Checks(Device device, Path fixtures) {
        this.device = device;
        this.fixtures = fixtures;
    }

    public static void main(String[] arguments) throws Exception {
        try (Device device = new Device(new File(arguments[2]), arguments[1].equals("64"))) {
            Checks checks = new Checks(device, Path.of(arguments[0]));
            checks.construction();
            checks.login();
            checks.tokens();
            checks.webhooks();
            System.out.println(arguments[2] + ": " + checks.passed + " checks passed");
        }
    }

    private long client(String url, String id) throws Device.CallFailed {
        byte[] options = new Serialized().absent(4).map(Map.of()).texts(List.of()).absent(7).bytes();
        return device.number(
                PREFIX + "constructor_scalekitclient_new",
                Serialized.argument(url),
                Serialized.argument(id),
                Serialized.argument("secret"),
                options);
    }

    private void construction() throws Device.CallFailed {
        check("contract", device.plain("ffi_scalekit_uniffi_contract_version") > 0);
        check("client", client("https://acme.scalekit.example", "skc_1") != 0);
        expectError("insecure URL", "environment_url", () -> client("http://acme.scalekit.example", "skc_1"));
        expectError("empty client ID", "client_id", () -> client("https://acme.scalekit.example", ""));
    }

    private void login() throws Device.CallFailed {
        long login = device.number(
                PREFIX + "method_scalekitclient_login", client("https://acme.scalekit.example", "skc_1"));
        String first = start(login, "app.acme:/callback");
        check("login URL", first.contains("https://acme.scalekit.example/oauth/authorize?"));
        check("PKCE", first.contains("code_challenge="));
        // Handles are consumed by each call.
        long again = device.number(
                PREFIX + "method_scalekitclient_login", client("https://acme.scalekit.example", "skc_1"));
        check("random state", !start(again, "app.acme:/callback").equals(first));
        long third = device.number(
                PREFIX + "method_scalekitclient_login", client("https://acme.scalekit.example", "skc_1"));
        expectError("empty redirect URI", "redirect_uri", () -> start(third, ""));
    }

    private String start(long login, String redirectUri) throws Device.CallFailed {
        byte[] options = new Serialized()
                .text(redirectUri)
                .texts(List.of("openid"))
                .absent(7)
                .map(Map.of())
                .bytes();
        return Serialized.text(device.value(PREFIX + "method_login_start", login, options));
    }

    /** The test cases of access tokens that expect nothing but an audience. */
    private void tokens() throws Device.CallFailed, IOException {
        JSONObject file = read("tokens.json");
        int rejected = 0;
        for (Object entry : file.getJSONArray("cases")) {
            JSONObject test = (JSONObject) entry;
            JSONObject expectations = test.getJSONObject("expectations");
            boolean applies = test.getString("kind").equals("access")
                    && expectations.keySet().equals(Set.of("audience"))
                    && expectations.getJSONArray("audience") != null;
            // An unknown key starts the runtime that would fetch keys. The emulator lacks what it waits with.
            JSONObject error = test.getJSONObject("error");
            if (applies && (error == null || !error.getString("code").equals("unknown_key"))) {
                rejected += token(file, test, expectations.getJSONArray("audience")) ? 0 : 1;
            }
        }
        check("accepted and rejected tokens", rejected > 10 && passed > 40);
    }

    /** Checks a token, and returns whether it is valid. */
    private boolean token(JSONObject file, JSONObject test, JSONArray audience) throws Device.CallFailed {
        long client = client(file.getString("environment_url"), file.getString("client_id"));
        byte[] keys = Serialized.argument(file.getJSONObject("keys").toJSONString());
        device.number(PREFIX + "method_tokens_preload_keys", tokensOf(client), keys, (byte) 1);
        String name = "token: " + test.getString("name");
        JSONObject claims = test.getJSONObject("claims");
        long tokens = tokensOf(client);
        if (claims != null) {
            String found = Serialized.text(validate(tokens, test, audience));
            check(name, claims.getString("subject") == null || found.contains(claims.getString("subject")));
        } else {
            String code = test.getJSONObject("error").getString("code");
            expectError(name, code, () -> validate(tokens, test, audience));
        }
        return claims != null;
    }

    private long tokensOf(long client) throws Device.CallFailed {
        long copy = device.number(PREFIX + "clone_scalekitclient", client);
        return device.number(PREFIX + "method_scalekitclient_tokens", copy);
    }

    private byte[] validate(long tokens, JSONObject test, JSONArray audience) throws Device.CallFailed {
        byte[] audiences = new Serialized().texts(audience.toJavaList(String.class)).bytes();
        long expected = device.number(PREFIX + "constructor_expectedaudience_one_of", audiences);
        byte[] expectations = new Serialized()
                .handle(expected)
                .texts(List.of())
                .texts(List.of())
                .texts(List.of())
                .absent(1)
                .bytes();
        return device.value(
                PREFIX + "method_tokens_validate",
                tokens,
                Serialized.argument(test.getString("token")),
                expectations,
                new Serialized().absent(1).bytes());
    }

    private void webhooks() throws Device.CallFailed, IOException {
        for (Object entry : read("webhooks.json").getJSONArray("verify")) {
            JSONObject test = (JSONObject) entry;
            if (test.getString("kind").equals("webhook")) {
                webhook(test);
            }
        }
    }

    private void webhook(JSONObject test) throws Device.CallFailed {
        String name = "webhook: " + test.getString("name");
        String refused = test.getString("refused");
        if (refused == null) {
            String id = test.getJSONObject("accepted").getString("id");
            check(name, Serialized.text(verify(test)).contains(id));
        } else {
            expectError(name, refused, () -> verify(test));
        }
    }

    private byte[] verify(JSONObject test) throws Device.CallFailed {
        byte[] secrets = new Serialized().texts(test.getJSONArray("secrets").toJavaList(String.class)).bytes();
        long verifier = device.number(
                PREFIX + "constructor_webhookverifier_new", secrets, test.getLong("tolerance_seconds"));
        Map<String, String> headers = new LinkedHashMap<>();
        test.getJSONObject("headers").forEach((key, value) -> headers.put(key, value.toString()));
        return device.value(
                PREFIX + "method_webhookverifier_verify",
                verifier,
                new Serialized().map(headers).bytes(),
                new Device.Lent(body(test)),
                Times.present(test.getString("at")));
    }

    private static byte[] body(JSONObject test) {
        String text = test.getString("body");
        return text != null
                ? text.getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(test.getString("body_base64"));
    }

    private JSONObject read(String name) throws IOException {
        return JSON.parseObject(Files.readString(fixtures.resolve(name)), Feature.OrderedField);
    }

    private interface Call {
        Object run() throws Device.CallFailed;
    }

    private void expectError(String name, String part, Call call) {
        try {
            call.run();
        } catch (Device.CallFailed error) {
            check(name + ": " + error.getMessage(), error.code == 1 && Serialized.text(error.error).contains(part));
            return;
        }
        throw new AssertionError(name + ": no error; expected " + part);
    }

    private void check(String name, boolean holds) {
        if (!holds) {
            throw new AssertionError(name);
        }
        passed++;
    }
}

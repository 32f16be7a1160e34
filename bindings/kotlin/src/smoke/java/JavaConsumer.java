import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import rs.scalekit.AsyncOrganizationPager;
import rs.scalekit.AsyncScalekitClient;
import rs.scalekit.CallOptions;
import rs.scalekit.ClientOptions;
import rs.scalekit.CreateOrganization;
import rs.scalekit.ExpectedAudience;
import rs.scalekit.HttpMethod;
import rs.scalekit.InterceptorResponse;
import rs.scalekit.ListOrganizations;
import rs.scalekit.LoginOptions;
import rs.scalekit.LoginTransaction;
import rs.scalekit.Organization;
import rs.scalekit.OrganizationFeature;
import rs.scalekit.OrganizationFeatureSetting;
import rs.scalekit.OrganizationPager;
import rs.scalekit.OrganizationSettings;
import rs.scalekit.RetryOptions;
import rs.scalekit.Scalekit;
import rs.scalekit.ScalekitClient;
import rs.scalekit.ScalekitException;
import rs.scalekit.Secrets;
import rs.scalekit.SecretText;
import rs.scalekit.StartedLogin;
import rs.scalekit.TokenExpectations;
import rs.scalekit.UpdateOrganization;
import rs.scalekit.WebhookEvent;
import rs.scalekit.WebhookSigner;
import rs.scalekit.WebhookVerifier;

/** A program in Java only, with each kind of call. It is compiled with all warnings of the compiler as errors. */
public final class JavaConsumer {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private JavaConsumer() {}

    public static void main(String[] arguments) {
        ClientOptions options = new ClientOptions()
                .withTimeoutSeconds(10.0)
                .withRetry(new RetryOptions().withMaxRetries(1))
                .withUserAgentSuffix("consumer/1");
        try (ScalekitClient client = ScalekitClient.fromEnv(options);
                AsyncScalekitClient async = AsyncScalekitClient.fromEnv(options)) {
            records(client);
            pages(client);
            errors(client);
            futures(async);
            logins(client);
        }
        webhooks();
        noLibraryOfKotlinIsMissing();
        System.out.println("The jar works with Java " + Runtime.version().feature());
    }

    private static void records(ScalekitClient client) {
        Organization created = client.getOrganizations().create(new CreateOrganization("Java")
                .withExternalId("java-1")
                .withMetadata(Map.of("plan", "enterprise", "region", "eu")));
        check(created.getMetadata().get("plan").equals("enterprise"), created);
        Instant time = Objects.requireNonNull(created.getCreateTime());
        check(time.isAfter(Instant.EPOCH), time);
        Organization updated =
                client.getOrganizations().update(created.getId(), new UpdateOrganization().withDisplayName("Java 2"));
        check(updated.getDisplayName().equals("Java 2") && !updated.equals(created), updated);

        OrganizationSettings settings = new OrganizationSettings(
                List.of(new OrganizationFeatureSetting(OrganizationFeature.Sso.INSTANCE, true)));
        client.getOrganizations().updateSettings(created.getId(), settings);
        check(label(new OrganizationFeature.Unrecognized("telepathy")).equals("unknown feature: telepathy"), settings);
        check(label(OrganizationFeature.Sso.INSTANCE).equals("single sign-on"), settings);
    }

    /** Enumerations are sealed, too. */
    private static String label(OrganizationFeature feature) {
        return switch (feature) {
            case OrganizationFeature.Sso sso -> "single sign-on";
            case OrganizationFeature.DirectorySync sync -> sync.getWireValue();
            case OrganizationFeature.DomainVerification verification -> verification.getWireValue();
            case OrganizationFeature.SessionPolicy policy -> policy.getWireValue();
            case OrganizationFeature.Unrecognized unknown -> "unknown feature: " + unknown.getValue();
        };
    }

    private static void pages(ScalekitClient client) {
        for (int number = 0; number < 11; number++) {
            client.getOrganizations().create(new CreateOrganization("Page " + number));
        }
        ListOrganizations ten = new ListOrganizations().withPageSize(10L);
        List<String> names = new ArrayList<>();
        for (Organization organization : client.getOrganizations().listAll(ten)) {
            names.add(organization.getDisplayName());
        }
        check(names.containsAll(List.of("Page 0", "Page 9", "Page 10")), names);

        OrganizationPager pager = client.getOrganizations().listAll(ten);
        List<String> streamed = pager.stream().map(Organization::getDisplayName).collect(Collectors.toList());
        check(streamed.equals(names), streamed);
        try {
            pager.iterator();
            throw new AssertionError("a second loop over a pager was accepted");
        } catch (IllegalStateException error) {
            check(error.getMessage().contains("call `listAll` again"), error);
        }
        check(client.getOrganizations().listAll(ten).nextPage().size() == 10, "the first page");
        check(client.getOrganizations().list().getOrganizations().size() == 10, "a page of the default size");
    }

    private static void errors(ScalekitClient client) {
        try {
            client.getOrganizations().get("org_unknown");
            throw new AssertionError("an unknown organization was found");
        } catch (ScalekitException.NotFound error) {
            check(Errors.remedy(error).equals("create it"), error);
            check(error.getFailure().getStatus() == 404, error);
        }
        try {
            client.getOrganizations().create(new CreateOrganization(""));
            throw new AssertionError("an empty name was accepted");
        } catch (ScalekitException error) {
            check(Errors.remedy(error).contains("displayName"), error);
        }
    }

    private static void futures(AsyncScalekitClient client) {
        CompletableFuture<List<Organization>> all = pages(client.getOrganizations().listAll(), new ArrayList<>());
        CompletableFuture<Integer> deleted = all.thenCompose(found -> CompletableFuture.allOf(found.stream()
                        .map(organization -> client.getOrganizations().deleteAsync(organization.getId()))
                        .toArray(CompletableFuture[]::new))
                .thenApply(done -> found.size()));
        check(deleted.join() >= 12, deleted);
        try {
            client.getOrganizations().getAsync("org_unknown").join();
            throw new AssertionError("an unknown organization was found");
        } catch (CompletionException error) {
            check(error.getCause() instanceof ScalekitException.NotFound, error);
        }
        AsyncScalekitClient patient = client.withOptions(new CallOptions().withTimeoutSeconds(30.0));
        check(patient.requestAsync(HttpMethod.GET, "/api/v1/organizations").join().getStatus() == 200, "request");
    }

    /** All pages, one after the other. */
    private static CompletableFuture<List<Organization>> pages(AsyncOrganizationPager pager, List<Organization> found) {
        return pager.nextPageAsync().thenCompose(page -> {
            if (page == null) {
                return CompletableFuture.completedFuture(found);
            }
            found.addAll(page);
            return pages(pager, found);
        });
    }

    private static void logins(ScalekitClient client) {
        StartedLogin started = client.getLogin().start(new LoginOptions("http://127.0.0.1:9/callback")
                .withScopes(List.of("openid"))
                .withReturnTo(Scalekit.localPath("/reports")));
        SecretText saved = started.getTransaction().toText();
        check("/reports".equals(LoginTransaction.fromText(saved).getReturnTo()), started);
        try {
            TokenExpectations expected = new TokenExpectations(ExpectedAudience.oneOf(List.of("https://api.example")));
            client.getTokens().validate("not a token", expected);
            throw new AssertionError("a token was accepted");
        } catch (ScalekitException.InvalidToken error) {
            check(Errors.remedy(error).equals("reject the caller: malformed"), error);
        }
    }

    private static void webhooks() {
        byte[] body = "{\"id\": \"evt_1\", \"type\": \"organization.created\", \"data\": {\"id\": \"org_1\"}}"
                .getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new WebhookSigner(SECRET).sign("msg_1", body);
        WebhookEvent event = new WebhookVerifier(List.of(SECRET)).event(headers, body);
        check(Events.describe(event.getData()).contains("org_1"), event);
        try {
            Secrets.webhookVerifier(List.of(new SecretText(SECRET)), 60).event(Map.of(), body);
            throw new AssertionError("an unsigned delivery was accepted");
        } catch (ScalekitException.InvalidWebhook error) {
            check(Errors.remedy(error).startsWith("reject the delivery: "), error);
        }
        check(InterceptorResponse.deny("no").getBody().contains("DENY"), "interceptor");
    }

    /** Nothing here needs Kotlin's reflection, which is not among the dependencies. */
    private static void noLibraryOfKotlinIsMissing() {
        try {
            Class.forName("kotlin.reflect.full.KClasses");
            throw new AssertionError("kotlin-reflect is on the class path");
        } catch (ClassNotFoundException expected) {
            check(expected.getMessage() != null, expected);
        }
    }

    private static void check(boolean condition, Object context) {
        if (!condition) {
            throw new AssertionError(String.valueOf(context));
        }
    }
}

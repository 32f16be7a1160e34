package example;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import rs.scalekit.ExpectedAudience;
import rs.scalekit.ScalekitClient;
import rs.scalekit.TokenExpectations;
import rs.scalekit.WebhookVerifier;

/** A web application with login and logout, an API that validates access tokens, and a webhook endpoint. */
@SpringBootApplication
@EnableConfigurationProperties(Application.Settings.class)
public class Application {
    static final String API_SCOPE = "reports:read";

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    /** One client for the whole application. Spring closes it at the end. */
    @Bean
    ScalekitClient scalekit(Settings settings) {
        return new ScalekitClient(settings.environmentUrl(), settings.clientId(), settings.clientSecret());
    }

    @Bean
    WebhookVerifier webhookVerifier(Settings settings) {
        return new WebhookVerifier(List.of(settings.webhookSecret()));
    }

    @Bean
    FilterRegistrationBean<TokenFilter> tokenFilter(ScalekitClient client, Settings settings) {
        TokenExpectations expected = new TokenExpectations(ExpectedAudience.oneOf(List.of(settings.clientId())))
                .withRequiredScopes(List.of(API_SCOPE));
        FilterRegistrationBean<TokenFilter> filter = new FilterRegistrationBean<>(new TokenFilter(client, expected));
        filter.addUrlPatterns("/api/*");
        return filter;
    }

    /** The settings: Spring reads {@code environmentUrl} from {@code SCALEKIT_ENVIRONMENT_URL}, and so on. */
    @ConfigurationProperties("scalekit")
    record Settings(String environmentUrl, String clientId, String clientSecret, String webhookSecret) {}
}

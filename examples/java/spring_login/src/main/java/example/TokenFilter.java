package example;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import rs.scalekit.AccessTokenClaims;
import rs.scalekit.ScalekitClient;
import rs.scalekit.ScalekitException;
import rs.scalekit.TokenExpectations;

/** Validates the bearer token of each request. Only the first validation sends a request, for the signing keys. */
class TokenFilter extends HttpFilter {
    /** The request attribute with the claims of the token. */
    static final String CLAIMS = "claims";

    private static final long serialVersionUID = 1;
    private static final String SCHEME = "bearer ";

    private final transient ScalekitClient client;
    private final transient TokenExpectations expected;

    TokenFilter(ScalekitClient client, TokenExpectations expected) {
        this.client = client;
        this.expected = expected;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            reject(response, 401, "Bearer");
            return;
        }
        AccessTokenClaims claims;
        try {
            claims = client.getTokens().validate(header.substring(SCHEME.length()).trim(), expected);
        } catch (ScalekitException.MissingScope error) {
            reject(response, 403, "Bearer error=\"insufficient_scope\", scope=\"" + Application.API_SCOPE + "\"");
            return;
        } catch (ScalekitException.InvalidToken | ScalekitException.TokenExpired error) {
            reject(response, 401, "Bearer error=\"invalid_token\"");
            return;
        } catch (ScalekitException error) {
            response.sendError(503); // the signing keys cannot be fetched
            return;
        }
        request.setAttribute(CLAIMS, claims);
        chain.doFilter(request, response);
    }

    private static void reject(HttpServletResponse response, int status, String challenge) {
        response.setStatus(status);
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    }
}

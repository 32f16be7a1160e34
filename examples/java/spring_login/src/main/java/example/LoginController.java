package example;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.HtmlUtils;
import rs.scalekit.LoginOptions;
import rs.scalekit.LoginOutcome;
import rs.scalekit.LoginSession;
import rs.scalekit.LoginTransaction;
import rs.scalekit.LogoutOptions;
import rs.scalekit.Scalekit;
import rs.scalekit.ScalekitClient;
import rs.scalekit.ScalekitException;
import rs.scalekit.SecretText;
import rs.scalekit.StartedLogin;

/** Signs users in and out. */
@RestController
class LoginController {
    private static final List<String> SCOPES = List.of("openid", "profile", "email", "offline_access");

    /** The session attributes. Their values are text, so that a session store on disk or in a database can hold them. */
    private static final String LOGIN = "login";
    private static final String USER = "user";
    private static final String NAME = "name";

    private final ScalekitClient client;
    private final String appUrl;

    LoginController(ScalekitClient client, @Value("${app.url}") String appUrl) {
        this.client = client;
        this.appUrl = appUrl;
    }

    @GetMapping("/login")
    ResponseEntity<Void> login(@RequestParam(required = false) String next, HttpSession session) {
        LoginOptions options = new LoginOptions(appUrl + "/callback")
                .withScopes(SCOPES)
                .withReturnTo(next == null ? null : Scalekit.localPath(next)); // null for a URL outside this application
        StartedLogin started = client.getLogin().start(options);
        session.setAttribute(LOGIN, started.getTransaction().toText().reveal());
        return redirect(started.getAuthorizationUrl());
    }

    @GetMapping("/callback")
    ResponseEntity<Void> callback(HttpServletRequest request, HttpSession session) {
        String saved = (String) session.getAttribute(LOGIN);
        if (saved == null) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "No login was started in this browser.");
        }
        session.removeAttribute(LOGIN); // can be used only once
        LoginTransaction transaction = LoginTransaction.fromText(new SecretText(saved));
        LoginOutcome outcome;
        try {
            outcome = client.getLogin().finish(request.getQueryString(), transaction);
        } catch (ScalekitException.Connection | ScalekitException.Timeout error) {
            session.setAttribute(LOGIN, saved); // so that the user can reload the page
            throw error;
        } catch (ScalekitException.LoginFailed | ScalekitException.LoginRequired | ScalekitException.InvalidToken
                | ScalekitException.TokenExpired error) {
            // Callback URLs can be forged: show the error code, but not the description.
            String code = error.getFailure().getCode();
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Login failed: " + code + ".", error);
        }
        request.changeSessionId(); // prevents session fixation
        String name = outcome.getClaims().getName();
        session.setAttribute(NAME, name == null ? outcome.getClaims().getSubject() : name);
        session.setAttribute(USER, outcome.getSession().toText().reveal());
        return redirect(outcome.getReturnTo() == null ? "/me" : outcome.getReturnTo());
    }

    @GetMapping("/me")
    ResponseEntity<String> me(HttpSession session) {
        if (currentUser(session) == null) {
            return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("/login?next=/me")).build();
        }
        String name = HtmlUtils.htmlEscape((String) session.getAttribute(NAME));
        String page = "<h1>Hello, " + name + "</h1><form action=/logout method=post><button>Log out</button></form>";
        return ResponseEntity.ok().contentType(MediaType.TEXT_HTML).cacheControl(CacheControl.noStore()).body(page);
    }

    @PostMapping("/logout")
    ResponseEntity<Void> logout(@RequestHeader(required = false) String origin, HttpSession session) {
        // Protects against cross-site request forgery: the browser sets the origin of the page with the form.
        if (!appUrl.equals(origin)) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "The request came from another site.");
        }
        LoginSession user = restored(session);
        session.invalidate();
        LogoutOptions options = new LogoutOptions();
        if (user != null) {
            options = options.withIdTokenHint(user.getIdToken()).withPostLogoutRedirectUri(appUrl + "/");
        }
        URI url = URI.create(client.getLogin().logoutUrl(options));
        return ResponseEntity.status(HttpStatus.SEE_OTHER).location(url).build();
    }

    /** Returns the session of the signed-in user, valid for at least another minute, or null. */
    private LoginSession currentUser(HttpSession session) {
        LoginSession user = restored(session);
        if (user == null) {
            return null;
        }
        try {
            LoginSession fresh = client.getLogin().refreshIfNeeded(user);
            session.setAttribute(USER, fresh.toText().reveal());
            return fresh;
        } catch (ScalekitException.LoginRequired error) {
            session.invalidate();
            return null;
        }
    }

    private static LoginSession restored(HttpSession session) {
        String saved = (String) session.getAttribute(USER);
        return saved == null ? null : LoginSession.fromText(new SecretText(saved));
    }

    private static ResponseEntity<Void> redirect(String url) {
        return ResponseEntity.status(HttpStatus.FOUND).location(URI.create(url)).build();
    }
}

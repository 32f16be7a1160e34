package example;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import rs.scalekit.AccessTokenClaims;

/** An API for programs. The requests have passed the {@link TokenFilter}. */
@RestController
class ReportsController {
    @GetMapping("/api/reports")
    String reports(@RequestAttribute(TokenFilter.CLAIMS) AccessTokenClaims claims) {
        return "Reports for " + claims.getSubject();
    }
}

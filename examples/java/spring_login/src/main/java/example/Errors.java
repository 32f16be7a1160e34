package example;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import rs.scalekit.ScalekitException;

/** Responds to errors that no controller handles. */
@RestControllerAdvice
class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    @ExceptionHandler
    ResponseEntity<String> unavailable(ScalekitException error) {
        LOG.error(error.getMessage()); // it contains no secrets
        return ResponseEntity.status(503).body("The service is unavailable. Try again later.");
    }

    @ExceptionHandler
    ResponseEntity<String> rejected(ResponseStatusException error) {
        return ResponseEntity.status(error.getStatusCode()).body(error.getReason());
    }
}

package example;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import rs.scalekit.ScalekitException;
import rs.scalekit.WebhookData;
import rs.scalekit.WebhookEvent;
import rs.scalekit.WebhookVerifier;

/** Receives webhooks. */
@RestController
class WebhookController {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookController.class);

    private final WebhookVerifier verifier;

    // Events may arrive more than once. A real application keeps their IDs in its database.
    private final Set<String> received = ConcurrentHashMap.newKeySet();

    WebhookController(WebhookVerifier verifier) {
        this.verifier = verifier;
    }

    /** The signature covers the raw bytes of the body. */
    @PostMapping("/webhooks")
    ResponseEntity<Void> receive(@RequestHeader Map<String, String> headers, @RequestBody byte[] body) {
        WebhookEvent event;
        try {
            event = verifier.event(headers, body);
        } catch (ScalekitException.InvalidWebhook error) {
            LOG.warn("webhook rejected: {}", error.getFailure().getCode());
            return ResponseEntity.status(401).build();
        }
        if (received.add(event.getId())) {
            process(event);
        }
        return ResponseEntity.noContent().build();
    }

    private static void process(WebhookEvent event) {
        WebhookData data = event.getData();
        if (data instanceof WebhookData.OrganizationCreated created) {
            LOG.info("created {}", created.getOrganization().getDisplayName());
        } else {
            LOG.info("ignored {}", event.getEventType());
        }
    }
}

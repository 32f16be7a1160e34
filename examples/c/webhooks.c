/* Receives webhooks in a small HTTP server on port 3000: WEBHOOK_SECRET=whsec_… ./webhooks
 * With --test, it sends itself a signed webhook and ends. */
#define _GNU_SOURCE /* strcasestr, dprintf */
#include <arpa/inet.h>
#include <scalekit/scalekit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Copies the value of a header. Returns NULL if it is missing or too long. */
static char *header(const char *request, const char *name, char *value, size_t size) {
  const char *start = strcasestr(request, name);
  size_t length = start == NULL ? size : strcspn(start + strlen(name), "\r\n");
  return length < size ? (memcpy(value, start + strlen(name), length), value[length] = '\0', value) : NULL;
}

static void handle(int connection, const char *secret) {
  static char request[65536];
  char id[256], timestamp[32], signature[1024], length[16];
  size_t filled = 0, expected = sizeof request - 1;
  ssize_t count = 0;
  while (filled < expected && (count = read(connection, request + filled, sizeof request - 1 - filled)) > 0) {
    request[filled += (size_t)count] = '\0';
    const char *end = strstr(request, "\r\n\r\n");
    if (end != NULL && header(request, "\ncontent-length: ", length, sizeof length) != NULL) {
      expected = (size_t)(end + 4 - request) + strtoul(length, NULL, 10);
    }
  }
  const char *end = strstr(request, "\r\n\r\n"), *body = end == NULL ? request + filled : end + 4;
  scalekit_result *event = scalekit_webhook_verify(
      secret, header(request, "\nwebhook-id: ", id, sizeof id), header(request, "\nwebhook-timestamp: ", timestamp, sizeof timestamp),
      header(request, "\nwebhook-signature: ", signature, sizeof signature), (const uint8_t *)body,
      filled - (size_t)(body - request), 0);
  bool is_authentic = scalekit_result_kind(event) == SCALEKIT_OK;
  puts(is_authentic ? scalekit_result_json(event, NULL) : scalekit_result_summary(event, NULL));
  scalekit_result_free(event);
  dprintf(connection, "HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
          is_authentic ? "204 No Content" : "401 Unauthorized");
}

/* Sends the server a signed webhook. Returns whether it accepts it. */
static bool deliver(const char *secret, struct sockaddr_in *address, int listener) {
  static const char body[] = "{\"type\": \"organization.created\", \"id\": \"evt_1\", \"data\": {\"id\": \"org_1\"}}";
  scalekit_result *headers = scalekit_webhook_sign(secret, "msg_1", (const uint8_t *)body, strlen(body));
  const char *json = scalekit_result_json(headers, NULL);
  const char *time = strstr(json, "timestamp\":\"") + 12, *signature = strstr(json, "signature\":\"") + 12;
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  bool is_sent = connect(connection, (struct sockaddr *)address, sizeof *address) == 0 &&
                 dprintf(connection,
                         "POST / HTTP/1.1\r\nwebhook-id: msg_1\r\nwebhook-timestamp: %.*s\r\nwebhook-signature: %.*s\r\n"
                         "content-length: %zu\r\n\r\n%s",
                         (int)strcspn(time, "\""), time, (int)strcspn(signature, "\""), signature, strlen(body), body) > 0;
  scalekit_result_free(headers);
  int accepted = accept(listener, NULL, NULL);
  handle(accepted, secret);
  close(accepted);
  char answer[64] = {0};
  return is_sent && read(connection, answer, sizeof answer - 1) > 0 && strstr(answer, " 204 ") != NULL;
}

int main(int count, char **arguments) {
  bool is_test = count > 1 && strcmp(arguments[1], "--test") == 0;
  const char *secret = is_test ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : getenv("WEBHOOK_SECRET");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(is_test ? 0 : 3000)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (secret == NULL || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0) {
    return fputs("set WEBHOOK_SECRET, and leave port 3000 free\n", stderr), 1;
  }
  getsockname(listener, (struct sockaddr *)&address, &size);
  for (int connection = 0; !is_test && (connection = accept(listener, NULL, NULL)) >= 0; close(connection)) {
    handle(connection, secret);
  }
  return is_test && deliver(secret, &address, listener) ? 0 : 1;
}

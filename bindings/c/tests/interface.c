/* The C interface against the emulator: `cargo xtask test c`. */
#include "http.h"

#include <pthread.h>
#include <sys/wait.h>

static const char SECRET[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/* A result that a callback hands over. */
struct box {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  scalekit_result *result;
  int calls;
};

#define BOX {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0}

static void fill(void *user_data, scalekit_result *result) {
  struct box *box = user_data;
  pthread_mutex_lock(&box->lock);
  box->result = result;
  box->calls++;
  pthread_cond_signal(&box->filled);
  pthread_mutex_unlock(&box->lock);
}

static scalekit_result *take(struct box *box) {
  pthread_mutex_lock(&box->lock);
  while (box->calls == 0) {
    pthread_cond_wait(&box->filled, &box->lock);
  }
  CHECK(box->calls == 1);
  scalekit_result *result = box->result;
  box->calls = 0;
  pthread_mutex_unlock(&box->lock);
  return result;
}

static scalekit_client *client_from_env(void) {
  scalekit_result *error = NULL;
  scalekit_client *client = scalekit_client_from_env(NULL, &error);
  if (client == NULL) {
    expect(error, SCALEKIT_OK);
  }
  CHECK(error == NULL);
  return client;
}

static void version_is_that_of_the_header(void) {
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", SCALEKIT_VERSION_MAJOR, SCALEKIT_VERSION_MINOR,
           SCALEKIT_VERSION_PATCH);
  CHECK(strcmp(version, scalekit_version()) == 0);
}

static void null_is_refused_by_name(scalekit_client *client) {
  scalekit_result *error = NULL;
  CHECK(scalekit_client_new(NULL, "a", "b", NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`environment_url` must not be NULL");
  CHECK(scalekit_client_new("https://a.example", NULL, "b", NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`client_id` must not be NULL");
  CHECK(scalekit_client_new("https://a.example", "a", NULL, NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`client_secret` must not be NULL");
  CHECK(scalekit_client_new(NULL, NULL, NULL, NULL, NULL) == NULL);
  CHECK(scalekit_client_with_options(NULL, NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`client` must not be NULL");
  refuse(scalekit_call(NULL, "organizations.list", NULL), SCALEKIT_INVALID_ARGUMENT, "`client` must not be NULL");
  refuse(scalekit_call(client, NULL, NULL), SCALEKIT_INVALID_ARGUMENT, "`operation` must not be NULL");
  refuse(scalekit_call(client, "organizations.get", NULL), SCALEKIT_INVALID_ARGUMENT, "`id` is required");
  refuse(scalekit_request(client, NULL, "/", NULL, NULL), SCALEKIT_INVALID_ARGUMENT, "`method` must not be NULL");
  refuse(scalekit_request(client, "GET", NULL, NULL, NULL), SCALEKIT_INVALID_ARGUMENT, "`path` must not be NULL");
  refuse(scalekit_pager_next(NULL), SCALEKIT_INVALID_ARGUMENT, "`pager` must not be NULL");
  CHECK(scalekit_call_async(client, "organizations.list", NULL, NULL, NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`callback` must not be NULL");
  refuse(scalekit_webhook_verify(NULL, "a", "1", "b", NULL, 0, 0), SCALEKIT_INVALID_ARGUMENT, "`secrets` must not");
  refuse(scalekit_webhook_sign(SECRET, "a", NULL, 7), SCALEKIT_INVALID_ARGUMENT, "`body` must not be NULL");
  size_t length = 7;
  CHECK(*scalekit_result_json(NULL, &length) == '\0' && length == 0);
  CHECK(*scalekit_result_summary(NULL, NULL) == '\0' && scalekit_result_status(NULL) == 0);
  CHECK(!scalekit_result_is_retryable(NULL) && scalekit_result_violation_count(NULL) == 0);
  scalekit_client_close(NULL);
  scalekit_client_free(NULL);
  scalekit_result_free(NULL);
  scalekit_pager_free(NULL);
  scalekit_pending_cancel(NULL);
  scalekit_pending_free(NULL);
}

static void invalid_input_is_refused_by_name(scalekit_client *client) {
  refuse(scalekit_call(client, "organizations.gett", "{}"), SCALEKIT_INVALID_ARGUMENT, "`operation` is unknown");
  refuse(scalekit_call(client, "organizations.get", "{\"id\": "), SCALEKIT_INVALID_ARGUMENT, "must be JSON");
  refuse(scalekit_call(client, "organizations.get", "{\"ID\": 1}"), SCALEKIT_INVALID_ARGUMENT, "`ID` is unknown");
  refuse(scalekit_call(client, "organizations.\xff", NULL), SCALEKIT_INVALID_ARGUMENT, "`operation` must be UTF-8");
  refuse(scalekit_call(client, "organizations.get", "\xff"), SCALEKIT_INVALID_ARGUMENT, "`arguments` must be UTF-8");
  refuse(scalekit_request(client, "GET", "/", NULL, "{"), SCALEKIT_INVALID_ARGUMENT, "`body` must be JSON");
  scalekit_result *error = NULL;
  CHECK(scalekit_client_new("https://a.example", "a", "b", "{\"timeout\": 1}", &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`timeout` is unknown");
  CHECK(scalekit_pager_new(client, "organizations.list", NULL, &error) == NULL);
  refuse(error, SCALEKIT_INVALID_ARGUMENT, "`operation` is a call, not a pager");
  refuse(scalekit_request(client, "", "/", NULL, NULL), SCALEKIT_INVALID_ARGUMENT, "`method` must be one of");
  refuse(scalekit_request(client, "POST", "/", NULL, "{\"a\": 1, \"a\": 2}"), SCALEKIT_INVALID_ARGUMENT,
         "`body.a` occurs twice");
}

static void errors_have_all_details(scalekit_client *client) {
  scalekit_result *result = call(client, SCALEKIT_NOT_FOUND, "organizations.get", "{\"id\": \"org_none\"}");
  CHECK(scalekit_result_status(result) == 404 && !scalekit_result_is_retryable(result));
  CHECK(strcmp(scalekit_result_code(result, NULL), "NOT_FOUND") == 0);
  size_t length = 0;
  CHECK(*scalekit_result_request_id(result, &length) != '\0' && length > 0);
  CHECK(scalekit_result_retry_after_seconds(result) < 0);
  CHECK(strstr(scalekit_result_json(result, NULL), "\"kind\":\"NotFound\"") != NULL);
  scalekit_result_free(result);
  const char *body = "{\"display_name\": \"\"}";
  result = expect(scalekit_request(client, "POST", "/api/v1/organizations", NULL, body), SCALEKIT_INVALID_REQUEST);
  CHECK(scalekit_result_violation_count(result) == 1);
  CHECK(strstr(scalekit_result_violation_field(result, 0, &length), "display_name") != NULL && length > 0);
  CHECK(*scalekit_result_violation_description(result, 0, NULL) != '\0');
  CHECK(*scalekit_result_violation_field(result, 1, &length) == '\0' && length == 0);
  scalekit_result_free(result);
}

static void operations_are_listed(void) {
  scalekit_result *result = expect(scalekit_operations(), SCALEKIT_OK);
  CHECK(strstr(scalekit_result_json(result, NULL), "\"id\":\"organizations.create\"") != NULL);
  scalekit_result_free(result);
}

static void pagers_read_the_whole_list(scalekit_client *client) {
  for (int i = 0; i < 25; i++) {
    scalekit_result_free(call(client, SCALEKIT_OK, "organizations.create", "{\"organization\": {\"display_name\": \"A\"}}"));
  }
  scalekit_pager *pager = scalekit_pager_new(client, "organizations.list_all", "{\"params\": {\"page_size\": 10}}", NULL);
  scalekit_result *page = NULL;
  int pages = 0;
  for (; (page = scalekit_pager_next(pager)) != NULL; pages++) {
    expect(page, SCALEKIT_OK);
    scalekit_result_free(page);
  }
  CHECK(pages == 3 && scalekit_pager_next(pager) == NULL);
  scalekit_pager_free(pager);

  struct box box = BOX;
  pager = scalekit_pager_new(client, "organizations.list_all", "{\"params\": {\"page_size\": 10}}", NULL);
  do {
    scalekit_pending_free(scalekit_pager_next_async(pager, fill, &box, NULL));
    page = take(&box);
    scalekit_result_free(page);
    pages--;
  } while (page != NULL);
  CHECK(pages == -1);
  scalekit_pager_free(pager);
}

static void call_and_fill(void *user_data, scalekit_result *result) {
  scalekit_result_free(result);
  struct box *box = ((void **)user_data)[0];
  fill(box, scalekit_call(((void **)user_data)[1], "organizations.list", NULL));
}

static void asynchronous_calls_complete(scalekit_client *client) {
  struct box box = BOX;
  scalekit_pending *pending = scalekit_call_async(client, "organizations.list", NULL, fill, &box, NULL);
  scalekit_result_free(expect(take(&box), SCALEKIT_OK));
  scalekit_pending_cancel(pending); /* has finished: no effect */
  scalekit_pending_free(pending);
  void *both[] = {&box, client};
  scalekit_pending_free(scalekit_call_async(client, "organizations.list", NULL, call_and_fill, both, NULL));
  refuse(take(&box), SCALEKIT_BLOCKING_IN_CALLBACK, "inside a callback");
}

static void cancellation_closes_the_request(void) {
  int port = 0, listener = listen_on_free_port(&port);
  char url[64];
  snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
  scalekit_client *client = scalekit_client_new(url, "id", "secret", NULL, NULL);
  struct box box = BOX;
  scalekit_pending *pending = scalekit_call_async(client, "organizations.list", NULL, fill, &box, NULL);
  int connection = accept(listener, NULL, NULL); /* the request has been sent, and is never answered */
  CHECK(connection >= 0);
  scalekit_pending_cancel(pending);
  scalekit_pending_cancel(pending);
  refuse(take(&box), SCALEKIT_CANCELLED, "organizations.list: the call was cancelled");
  scalekit_pending_free(pending);
  scalekit_client_close(client);
  refuse(scalekit_call(client, "organizations.list", NULL), SCALEKIT_CLOSED, "closed");
  scalekit_client_free(client);
  close(connection);
  close(listener);
}

static void *call_often(void *client) {
  for (int i = 0; i < 20; i++) {
    scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
  }
  return NULL;
}

static void client_is_thread_safe(scalekit_client *client) {
  pthread_t threads[8];
  for (size_t i = 0; i < 8; i++) {
    CHECK(pthread_create(&threads[i], NULL, call_often, client) == 0);
  }
  for (size_t i = 0; i < 8; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
}

static void client_is_fork_safe(scalekit_client *client) {
  scalekit_pager *pager = scalekit_pager_new(client, "organizations.list_all", NULL, NULL);
  struct box box = BOX;
  pid_t child = fork();
  if (child == 0) {
    scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
    scalekit_pending_free(scalekit_call_async(client, "organizations.list", NULL, fill, &box, NULL));
    scalekit_result_free(expect(take(&box), SCALEKIT_OK));
    refuse(scalekit_pager_next(pager), SCALEKIT_INVALID_ARGUMENT, "before the process was forked");
    scalekit_client_free(client);
    _exit(0);
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
  scalekit_pager_free(pager);
}

static void deliveries_are_signed_and_verified(void) {
  const uint8_t body[] = "{\"type\": \"organization.created\", \"id\": \"evt_1\", \"data\": {\"id\": \"org_1\"}}";
  size_t length = sizeof body - 1;
  scalekit_result *result = expect(scalekit_webhook_sign(SECRET, "msg_1", body, length), SCALEKIT_OK);
  char *time = field(scalekit_result_json(result, NULL), "webhook-timestamp");
  char *signature = field(scalekit_result_json(result, NULL), "webhook-signature");
  scalekit_result_free(result);
  result = expect(scalekit_webhook_verify(SECRET, "msg_1", time, signature, body, length, 0), SCALEKIT_OK);
  CHECK(strstr(scalekit_result_json(result, NULL), "\"id\":\"msg_1\"") != NULL);
  CHECK(strstr(scalekit_result_json(result, NULL), "organization.created") != NULL);
  scalekit_result_free(result);
  char both[128];
  snprintf(both, sizeof both, "whsec_bmV3bmV3bmV3bmV3bmV3bmV3 %s", SECRET);
  scalekit_result_free(expect(scalekit_webhook_verify(both, "msg_1", time, signature, body, length, 60), SCALEKIT_OK));
  result = expect(scalekit_webhook_verify(SECRET, "msg_2", time, signature, body, length, 0), SCALEKIT_INVALID_WEBHOOK);
  CHECK(strcmp(scalekit_result_code(result, NULL), "wrong_signature") == 0);
  scalekit_result_free(result);
  refuse(scalekit_webhook_verify(SECRET, NULL, time, signature, body, length, 0), SCALEKIT_INVALID_WEBHOOK, "webhook-id");
  refuse(scalekit_webhook_verify(SECRET, "msg_1", time, signature, body, length, -1), SCALEKIT_INVALID_ARGUMENT, "tolerance");
  free(time);
  free(signature);
  const uint8_t list[] = "[1]"; /* authentic, and no event */
  result = expect(scalekit_webhook_sign(SECRET, "msg_3", list, sizeof list - 1), SCALEKIT_OK);
  time = field(scalekit_result_json(result, NULL), "webhook-timestamp");
  signature = field(scalekit_result_json(result, NULL), "webhook-signature");
  scalekit_result_free(result);
  refuse(scalekit_webhook_verify(SECRET, "msg_3", time, signature, list, sizeof list - 1, 0), SCALEKIT_DECODE, "`type`");
  free(time);
  free(signature);

  const uint8_t request[] = "{\"trigger_point\": \"PRE_SIGNUP\", \"interceptor_context\": {\"user_email\": \"a@b.example\"}}";
  length = sizeof request - 1;
  result = expect(scalekit_interceptor_sign(SECRET, "req_1", request, length), SCALEKIT_OK);
  time = field(scalekit_result_json(result, NULL), "interceptor-timestamp");
  signature = field(scalekit_result_json(result, NULL), "interceptor-signature");
  scalekit_result_free(result);
  result = expect(scalekit_interceptor_verify(SECRET, "req_1", time, signature, request, length, 0), SCALEKIT_OK);
  CHECK(strstr(scalekit_result_json(result, NULL), "PRE_SIGNUP") != NULL);
  scalekit_result_free(result);
  free(time);
  free(signature);
}

static void login_completes(scalekit_client *client) {
  scalekit_result *started =
      call(client, SCALEKIT_OK, "login.start",
           "{\"options\": {\"redirect_uri\": \"http://localhost:3000/callback\", \"scopes\": [\"openid\", \"profile\", \"email\", \"offline_access\"]}}");
  char *url = field(scalekit_result_json(started, NULL), "authorization_url");
  char *transaction = field(scalekit_result_json(started, NULL), "transaction");
  scalekit_result_free(started);
  char *callback = redirect_of(url);
  char arguments[8192];
  snprintf(arguments, sizeof arguments, "{\"callback\": \"%s\", \"transaction\": \"%s\"}", callback, transaction);
  scalekit_result *finished = call(client, SCALEKIT_OK, "login.finish", arguments);
  char *session = field(scalekit_result_json(finished, NULL), "session");
  char *token = field(scalekit_result_json(finished, NULL), "access_token");
  char *refresh = field(scalekit_result_json(finished, NULL), "refresh_token");
  CHECK(strstr(scalekit_result_json(finished, NULL), "\"email\":\"ada@example.com\"") != NULL);
  scalekit_result_free(finished);
  refuse(scalekit_call(client, "login.finish", arguments), SCALEKIT_LOGIN_FAILED, "");

  snprintf(arguments, sizeof arguments, "{\"token\": \"%s\", \"expectations\": {\"audience\": [\"%s\"]}}", token,
           variable("SCALEKIT_CLIENT_ID"));
  scalekit_result_free(call(client, SCALEKIT_OK, "tokens.validate", arguments));
  snprintf(arguments, sizeof arguments, "{\"token\": \"%s\", \"expectations\": {\"audience\": [\"other\"]}}", token);
  scalekit_result *refused = call(client, SCALEKIT_INVALID_TOKEN, "tokens.validate", arguments);
  CHECK(strcmp(scalekit_result_code(refused, NULL), "wrong_audience") == 0);
  scalekit_result_free(refused);

  snprintf(arguments, sizeof arguments, "{\"session\": \"%s\"}", session);
  scalekit_result_free(call(client, SCALEKIT_OK, "login.refresh_if_needed", arguments));
  snprintf(arguments, sizeof arguments, "{\"refresh_token\": \"%s\"}", refresh);
  scalekit_result_free(call(client, SCALEKIT_OK, "login.refresh", arguments));
  scalekit_result_free(call(client, SCALEKIT_OK, "login.logout_url", NULL));
  free(url);
  free(transaction);
  free(callback);
  free(session);
  free(token);
  free(refresh);
}

static void machine_tokens_are_issued_and_validated(scalekit_client *client) {
  scalekit_result *made = call(client, SCALEKIT_OK, "organizations.create", "{\"organization\": {\"display_name\": \"M\"}}");
  char *organization = field(scalekit_result_json(made, NULL), "id");
  scalekit_result_free(made);
  char arguments[4096];
  snprintf(arguments, sizeof arguments,
           "{\"organization_id\": \"%s\", \"client\": {\"name\": \"batch\", \"audience\": [\"https://api.example\"]}}", organization);
  made = call(client, SCALEKIT_OK, "clients.create", arguments);
  char *id = field(scalekit_result_json(made, NULL), "client_id");
  char *secret = field(scalekit_result_json(made, NULL), "plain_secret");
  scalekit_result_free(made);
  scalekit_client *caller = scalekit_client_new_public(variable("SCALEKIT_ENVIRONMENT_URL"), id, NULL, NULL);
  snprintf(arguments, sizeof arguments, "{\"client\": {\"client_id\": \"%s\", \"client_secret\": \"%s\"}}", id, secret);
  scalekit_result *issued = call(caller, SCALEKIT_OK, "machine_tokens.get", arguments);
  char *token = field(scalekit_result_json(issued, NULL), "access_token");
  scalekit_result_free(issued);
  snprintf(arguments, sizeof arguments, "{\"token\": \"%s\", \"expectations\": {\"audience\": [\"https://api.example\"]}}", token);
  scalekit_result_free(call(caller, SCALEKIT_OK, "tokens.validate_machine", arguments));
  refuse(scalekit_call(caller, "organizations.list", NULL), SCALEKIT_INVALID_ARGUMENT, "has no secret");
  scalekit_client_free(caller);
  free(organization);
  free(id);
  free(secret);
  free(token);
}

static int lines = 0;

static void count_lines(void *user_data, scalekit_log_level level, const char *line, size_t length) {
  CHECK(user_data == &lines && level != SCALEKIT_LOG_OFF && strlen(line) == length);
  CHECK(strstr(line, variable("SCALEKIT_CLIENT_SECRET")) == NULL);
  __atomic_fetch_add(&lines, 1, __ATOMIC_RELAXED);
}

static void events_are_logged(scalekit_client *client) {
  CHECK(!scalekit_set_log(77, count_lines, &lines));
  CHECK(scalekit_set_log(SCALEKIT_LOG_DEBUG, count_lines, &lines));
  scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
  CHECK(__atomic_load_n(&lines, __ATOMIC_RELAXED) > 0);
  CHECK(scalekit_set_log(SCALEKIT_LOG_OFF, NULL, NULL));
  int before = __atomic_load_n(&lines, __ATOMIC_RELAXED);
  scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
  CHECK(__atomic_load_n(&lines, __ATOMIC_RELAXED) == before);
}

/* Makes many calls, for a leak check: results, errors, pagers, callbacks and copies of clients. */
static void call_many_times(scalekit_client *client, long count) {
  struct box box = BOX;
  for (long i = 0; i < count; i += 5) {
    scalekit_result_free(call(client, SCALEKIT_OK, "organizations.list", NULL));
    scalekit_result_free(call(client, SCALEKIT_NOT_FOUND, "organizations.get", "{\"id\": \"org_none\"}"));
    scalekit_result_free(call(client, SCALEKIT_INVALID_ARGUMENT, "organizations.get", "{}"));
    scalekit_client *copy = scalekit_client_with_options(client, "{\"timeout_seconds\": 60}", NULL);
    scalekit_pager *pager = scalekit_pager_new(copy, "organizations.list_all", NULL, NULL);
    scalekit_client_free(copy);
    scalekit_result_free(expect(scalekit_pager_next(pager), SCALEKIT_OK));
    scalekit_pager_free(pager);
    scalekit_pending *pending = scalekit_call_async(client, "organizations.list", NULL, fill, &box, NULL);
    if (i % 2 == 0) {
      scalekit_pending_cancel(pending);
    }
    scalekit_result_free(take(&box));
    scalekit_pending_free(pending);
  }
}

int main(int count, char **arguments) {
  scalekit_client *client = client_from_env();
  if (count > 1) {
    call_many_times(client, strtol(arguments[1], NULL, 10));
    scalekit_client_free(client);
    return 0;
  }
  version_is_that_of_the_header();
  null_is_refused_by_name(client);
  invalid_input_is_refused_by_name(client);
  errors_have_all_details(client);
  operations_are_listed();
  pagers_read_the_whole_list(client);
  asynchronous_calls_complete(client);
  cancellation_closes_the_request();
  client_is_thread_safe(client);
  client_is_fork_safe(client);
  deliveries_are_signed_and_verified();
  login_completes(client);
  machine_tokens_are_issued_and_validated(client);
  events_are_logged(client);
  scalekit_client_free(client);
  puts("all tests of the C interface passed");
  return 0;
}

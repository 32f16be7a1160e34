// The C++ interface against the emulator: `cargo xtask test c`.
#include "http.h"

#include <atomic>
#include <scalekit/scalekit.hpp>
#include <type_traits>

using scalekit::Client;
using scalekit::Error;
using scalekit::Json;
using scalekit::Result;
using scalekit::Signature;

static const char SECRET[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// Checks that a result is a success, and returns its value.
template <class T>
static T succeed(Result<T> result) {
  if (!result) {
    fprintf(stderr, "kind %d: %s\n", static_cast<int>(result.error().kind), result.error().summary.c_str());
    exit(1);
  }
  return *std::move(result);
}

// Checks that a result is this error, and returns it.
template <class T>
static Error fail(const Result<T>& result, scalekit_kind kind) {
  CHECK(!result && !result.has_value());
  if (result.error().kind != kind) {
    fprintf(stderr, "kind %d, not %d: %s\n", static_cast<int>(result.error().kind), static_cast<int>(kind),
            result.error().summary.c_str());
    exit(1);
  }
  CHECK(!result.error().summary.empty());
  return result.error();
}

// Returns the string of a name in JSON.
static std::string value(const Json& json, const char* name) {
  char* found = field(json.c_str(), name);
  std::string copy = found;
  free(found);
  return copy;
}

static void version_and_operations_are_those_of_the_library() {
  CHECK(scalekit::version() == scalekit_version());
  CHECK(contains(succeed(scalekit::operations()), "\"id\":\"organizations.create\""));
}

static void handles_move_and_do_not_copy() {
  static_assert(std::is_nothrow_move_constructible_v<Client> && std::is_nothrow_move_assignable_v<Client>);
  static_assert(!std::is_copy_constructible_v<Client> && !std::is_copy_constructible_v<scalekit::Pager>);
  static_assert(std::is_nothrow_move_constructible_v<scalekit::Pending>);
  static_assert(std::is_nothrow_move_constructible_v<scalekit::PendingPage>);
  Client first = succeed(Client::from_env());
  Client second = std::move(first);
  (void)succeed(second.call("organizations.list"));
  fail(first.call("organizations.list"), SCALEKIT_INVALID_ARGUMENT);
  first = std::move(second);
  scalekit::Pager pager = succeed(first.pager("organizations.list_all"));
  scalekit::Pager moved = std::move(pager);
  CHECK(moved.next().has_value());
  std::vector<scalekit::Pending> pending;
  pending.push_back(succeed(first.start("organizations.list")));
  pending.push_back(succeed(first.start("organizations.list")));
  for (auto& call : pending) {
    (void)succeed(call.get());
  }
}

static void texts_do_not_end_at_a_nul(const Client& client) {
  const std::string nul(1, '\0');
  Error operation = fail(client.call("organizations.list" + nul + "x"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(operation.summary, "`operation` must be UTF-8"));
  Error arguments = fail(client.call("organizations.list", "{}" + nul + "x"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(arguments.summary, "`arguments` must be UTF-8"));
  Error id = fail(scalekit::sign_webhook("whsec_c2VjcmV0", "msg_1" + nul + "x", "{}"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(id.summary, "must be UTF-8"));
}

static void clients_are_created_in_every_way() {
  const std::string url = variable("SCALEKIT_ENVIRONMENT_URL"), id = variable("SCALEKIT_CLIENT_ID");
  Client client = succeed(Client::create(url, id, variable("SCALEKIT_CLIENT_SECRET"), R"({"timeout_seconds": 10})"));
  (void)succeed(client.call("organizations.list"));
  (void)succeed(succeed(client.with_options({})).call("organizations.list"));
  (void)succeed(succeed(client.with_options(R"({"retry": {"max_retries": 0}})")).call("organizations.list"));
  Error unknown = fail(client.with_options(R"({"timeout": 1})"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(unknown.summary, "`timeout` is unknown"));

  Client public_client = succeed(Client::create_public(url, id));
  const Json login = R"({"options": {"redirect_uri": "http://localhost:3000/callback"}})";
  CHECK(contains(succeed(public_client.call("login.start", login)), "authorization_url"));
  Error refused = fail(public_client.call("organizations.list"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(refused.summary, "has no secret"));

  fail(Client::create("nowhere", id, "secret"), SCALEKIT_INVALID_ARGUMENT);
  fail(Client::create_public(url, ""), SCALEKIT_INVALID_ARGUMENT);
  fail(Client::from_env(R"({"timeout": 1})"), SCALEKIT_INVALID_ARGUMENT);

  Client copy = succeed(client.with_options({}));
  client.close();
  fail(copy.call("organizations.list"), SCALEKIT_CLOSED);
}

static void errors_have_all_details(const Client& client) {
  const Result<Json> missing = client.call("organizations.get", R"({"id": "org_none"})");
  Error error = fail(missing, SCALEKIT_NOT_FOUND);
  CHECK(error.status == 404 && error.code == "NOT_FOUND" && !error.request_id.empty() && !error.retryable);
  CHECK(!error.summary.empty() && !error.retry_after_seconds && error.violations.empty());
  CHECK(missing.value_or("other") == "other");

  Error invalid = fail(client.request("POST", "/api/v1/organizations", {}, R"({"display_name": ""})"),
                       SCALEKIT_INVALID_REQUEST);
  CHECK(invalid.violations.size() == 1 && contains(invalid.violations[0].field, "display_name"));
  CHECK(!invalid.violations[0].description.empty());
}

static void results_hold_their_value(const Client& client) {
  Result<Json> result = client.call("organizations.create", R"({"organization": {"display_name": "Acme"}})");
  CHECK(result && !result->empty());
  CHECK(result.value_or("other") == *result);
  const Result<Json>& constant = result;
  CHECK(*constant == *result && constant->size() == result->size());
  Json moved = *std::move(result);
  CHECK(contains(moved, "\"display_name\":\"Acme\""));
}

static void requests_reach_any_path(const Client& client) {
  Json response = succeed(client.request("GET", "/api/v1/organizations", R"({"page_size": ["1"]})"));
  CHECK(contains(response, "\"status\":200") && contains(response, "\"organizations\":["));
  Error error = fail(client.request("GET", "/", {}, "{"), SCALEKIT_INVALID_ARGUMENT);
  CHECK(contains(error.summary, "`body` must be JSON"));
}

static void pagers_read_the_whole_list(const Client& client) {
  for (int i = 0; i < 25; i++) {
    (void)succeed(client.call("organizations.create", R"({"organization": {"display_name": "A"}})"));
  }
  const Json arguments = R"({"params": {"page_size": 10}})";
  int pages = 0;
  scalekit::Pager pager = succeed(client.pager("organizations.list_all", arguments));
  while (auto page = pager.next()) {
    CHECK(succeed(*page).front() == '[');
    pages++;
  }
  CHECK(pages == 3 && !pager.next());

  scalekit::Pager other = succeed(client.pager("organizations.list_all", arguments));
  while (auto page = succeed(other.start_next()).get()) {
    CHECK(succeed(*page).front() == '[');
    pages--;
  }
  CHECK(pages == 0 && !succeed(other.start_next()).get());
  fail(client.pager("organizations.list"), SCALEKIT_INVALID_ARGUMENT);
  scalekit::Pager moved = std::move(other);
  fail(other.start_next(), SCALEKIT_INVALID_ARGUMENT);
}

static void asynchronous_calls_complete(const Client& client) {
  scalekit::Pending pending = succeed(client.start("organizations.list"));
  pending.future().wait();
  pending.cancel();  // has completed: no effect
  (void)succeed(pending.get());
  fail(succeed(client.start("organizations.get", R"({"id": "org_none"})")).get(), SCALEKIT_NOT_FOUND);
  fail(client.start("organizations.gett"), SCALEKIT_INVALID_ARGUMENT);
  // The call continues without its handle.
  std::future<Result<Json>> result = std::move(succeed(client.start("organizations.list")).future());
  (void)succeed(result.get());
}

static void cancellation_completes_a_call_and_a_page() {
  int port = 0, listener = listen_on_free_port(&port);
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  Client client = succeed(Client::create(url, "id", "secret"));
  scalekit::Pending call = succeed(client.start("organizations.list"));
  int connection = accept(listener, nullptr, nullptr);  // the request has been sent, and is never answered
  CHECK(connection >= 0);
  call.cancel();
  fail(call.get(), SCALEKIT_CANCELLED);
  close(connection);

  scalekit::Pager pager = succeed(client.pager("organizations.list_all"));
  scalekit::PendingPage page = succeed(pager.start_next());
  connection = accept(listener, nullptr, nullptr);
  CHECK(connection >= 0);
  page.cancel();
  std::optional<Result<Json>> cancelled = page.get();
  CHECK(cancelled.has_value());
  fail(*cancelled, SCALEKIT_CANCELLED);
  close(connection);
  close(listener);
}

static void webhooks_are_signed_and_verified() {
  const std::string body = R"({"type": "organization.created", "id": "evt_1", "data": {"id": "org_1"}})";
  Json headers = succeed(scalekit::sign_webhook(SECRET, "msg_1", body));
  Signature signature{value(headers, "webhook-id"), value(headers, "webhook-timestamp"),
                      value(headers, "webhook-signature")};
  CHECK(signature.id == "msg_1");
  CHECK(contains(succeed(scalekit::verify_webhook(SECRET, signature, body)), "organization.created"));
  CHECK(contains(succeed(scalekit::verify_webhook(SECRET, signature, body, 60)), "\"id\":\"msg_1\""));
  fail(scalekit::verify_webhook(SECRET, signature, body + " "), SCALEKIT_INVALID_WEBHOOK);
  Error missing = fail(scalekit::verify_webhook(SECRET, {}, body), SCALEKIT_INVALID_WEBHOOK);
  CHECK(contains(missing.summary, "webhook-id"));
  fail(scalekit::verify_webhook(SECRET, signature, body, -1), SCALEKIT_INVALID_ARGUMENT);
  fail(scalekit::sign_webhook("whsec_?", "msg_1", body), SCALEKIT_INVALID_ARGUMENT);
}

static void interceptor_requests_are_signed_and_verified() {
  const std::string body =
      R"({"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "a@b.example"}})";
  Json headers = succeed(scalekit::sign_interceptor(SECRET, "req_1", body));
  Signature signature{value(headers, "interceptor-id"), value(headers, "interceptor-timestamp"),
                      value(headers, "interceptor-signature")};
  CHECK(contains(succeed(scalekit::verify_interceptor(SECRET, signature, body)), "PRE_SIGNUP"));
  signature.id = "req_2";
  fail(scalekit::verify_interceptor(SECRET, signature, body), SCALEKIT_INVALID_WEBHOOK);
}

static void events_are_logged(const Client& client) {
  static std::atomic<int> lines{0};
  const std::string secret = variable("SCALEKIT_CLIENT_SECRET");
  auto count = [secret](scalekit_log_level level, std::string_view line) {
    CHECK(level != SCALEKIT_LOG_OFF && !line.empty() && line.find(secret) == std::string_view::npos);
    lines++;
  };
  CHECK(!scalekit::set_log(static_cast<scalekit_log_level>(7), count));
  CHECK(scalekit::set_log(SCALEKIT_LOG_DEBUG, count));
  (void)succeed(client.call("organizations.list"));
  CHECK(lines > 0);
  CHECK(scalekit::set_log(SCALEKIT_LOG_OFF));
  int before = lines;
  (void)succeed(client.call("organizations.list"));
  CHECK(lines == before);
}

int main() {
  const Client client = succeed(Client::from_env());
  version_and_operations_are_those_of_the_library();
  handles_move_and_do_not_copy();
  clients_are_created_in_every_way();
  texts_do_not_end_at_a_nul(client);
  errors_have_all_details(client);
  results_hold_their_value(client);
  requests_reach_any_path(client);
  pagers_read_the_whole_list(client);
  asynchronous_calls_complete(client);
  cancellation_completes_a_call_and_a_page();
  webhooks_are_signed_and_verified();
  interceptor_requests_are_signed_and_verified();
  events_are_logged(client);
  puts("all tests of the C++ interface passed");
  return 0;
}

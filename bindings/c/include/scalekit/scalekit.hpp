// Scalekit for C++17 and later: RAII over `scalekit.h`, without exceptions and without other libraries.
#ifndef SCALEKIT_HPP
#define SCALEKIT_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scalekit.h"

namespace scalekit {

// A request field that the service rejected.
struct Violation {
  std::string field;
  std::string description;
};

// An error, by what the caller can do about it.
struct Error {
  scalekit_kind kind = SCALEKIT_INTERNAL;
  std::string summary;     // one line, without bodies and credentials
  std::string code;        // empty if there is none
  std::string request_id;  // empty if there is none
  int status = 0;          // 0 if there was no response
  bool retryable = false;
  std::optional<double> retry_after_seconds;
  std::vector<Violation> violations;
};

// A value or an error, like `std::expected` of C++23.
template <class T>
class [[nodiscard]] Result {
 public:
  // Creates a success.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // Creates a failure.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  // Returns whether this is a success.
  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  // Returns the value. Requires a success: the behavior is undefined otherwise.
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  // Returns the error. Requires a failure: the behavior is undefined otherwise.
  const Error& error() const { return *std::get_if<1>(&state_); }
  // Returns a copy of the value, or `other` for a failure.
  T value_or(T other) const& { return has_value() ? **this : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

// JSON text, with the names of the service.
using Json = std::string;

namespace detail {

struct Free {
  void operator()(scalekit_client* client) const noexcept { scalekit_client_free(client); }
  void operator()(scalekit_pager* pager) const noexcept { scalekit_pager_free(pager); }
  void operator()(scalekit_pending* pending) const noexcept { scalekit_pending_free(pending); }
  void operator()(scalekit_result* result) const noexcept { scalekit_result_free(result); }
};

template <class T>
using Handle = std::unique_ptr<T, Free>;

template <class Read>
std::string text(Read read) {
  std::size_t length = 0;
  const char* data = read(&length);
  return std::string(data, length);
}

inline Error error(const scalekit_result* result) {
  Error error;
  error.kind = scalekit_result_kind(result);
  error.summary = text([&](std::size_t* length) { return scalekit_result_summary(result, length); });
  error.code = text([&](std::size_t* length) { return scalekit_result_code(result, length); });
  error.request_id = text([&](std::size_t* length) { return scalekit_result_request_id(result, length); });
  error.status = scalekit_result_status(result);
  error.retryable = scalekit_result_is_retryable(result);
  if (double seconds = scalekit_result_retry_after_seconds(result); seconds >= 0) {
    error.retry_after_seconds = seconds;
  }
  for (std::size_t i = 0; i < scalekit_result_violation_count(result); i++) {
    auto field = text([&](std::size_t* length) { return scalekit_result_violation_field(result, i, length); });
    auto why = text([&](std::size_t* length) { return scalekit_result_violation_description(result, i, length); });
    error.violations.push_back({std::move(field), std::move(why)});
  }
  return error;
}

// Takes ownership of a result.
inline Result<Json> take(scalekit_result* raw) {
  Handle<scalekit_result> result(raw);
  if (scalekit_result_kind(raw) != SCALEKIT_OK) {
    return error(raw);
  }
  return text([&](std::size_t* length) { return scalekit_result_json(raw, length); });
}

// Takes ownership of the error of a handle that could not be created.
inline Error take_error(scalekit_result* raw) {
  Handle<scalekit_result> result(raw);
  return error(raw);
}

// Takes ownership of the result of a call or of a page; the latter is NULL at the end of the list.
inline void settle(std::promise<Result<Json>>& promise, scalekit_result* result) { promise.set_value(take(result)); }
inline void settle(std::promise<std::optional<Result<Json>>>& promise, scalekit_result* page) {
  promise.set_value(page == nullptr ? std::nullopt : std::make_optional(take(page)));
}

// The callback of asynchronous calls. An exception must not reach the library, which is not written in C++.
template <class T>
void fulfill(void* user_data, scalekit_result* result) noexcept {
  std::unique_ptr<std::promise<T>> promise(static_cast<std::promise<T>*>(user_data));
  settle(*promise, result);
}

// A text for the C interface, which would end at the first NUL. A text that contains one is replaced by bytes that are
// not UTF-8, so that the library refuses the argument by its name.
inline const char* terminated(const std::string& text) {
  return text.find('\0') == std::string::npos ? text.c_str() : "\xff";
}

inline const char* optional(const std::string& json) { return json.empty() ? nullptr : terminated(json); }

}  // namespace detail

// A call in progress, which completes on a thread of the library. Destroying it does not cancel the call.
template <class T>
class PendingOf {
 public:
  // Returns the future of the result. It is set once, also after a cancellation.
  std::future<T>& future() { return future_; }
  // Blocks until the call completes, and returns its result. Can be called once. Must not be called in a callback of
  // the library.
  T get() { return future_.get(); }
  // Cancels the call: its request is closed, and its result is `SCALEKIT_CANCELLED`, unless it has completed.
  void cancel() { scalekit_pending_cancel(handle_.get()); }

 private:
  friend class Client;
  friend class Pager;

  PendingOf() = default;

  // Starts a call by `begin(callback, user_data, error)`.
  template <class Begin>
  static Result<PendingOf> start(Begin begin) {
    auto promise = std::make_unique<std::promise<T>>();
    PendingOf pending;
    pending.future_ = promise->get_future();
    scalekit_result* error = nullptr;
    pending.handle_.reset(begin(detail::fulfill<T>, promise.get(), &error));
    if (!pending.handle_) {
      return detail::take_error(error);
    }
    (void)promise.release();  // belongs to the callback
    return pending;
  }

  std::future<T> future_;
  detail::Handle<scalekit_pending> handle_;
};

// An asynchronous call.
using Pending = PendingOf<Result<Json>>;
// An asynchronous request for a page: `std::nullopt` at the end of the list.
using PendingPage = PendingOf<std::optional<Result<Json>>>;

// A pager over a list. Thread-safe: one request at a time is made. A forked child cannot use it.
class Pager {
 public:
  // Requests the next page, a JSON array of its items; `std::nullopt` at the end of the list. After an error, the same
  // page is requested again.
  std::optional<Result<Json>> next() {
    scalekit_result* page = scalekit_pager_next(handle_.get());
    return page == nullptr ? std::nullopt : std::make_optional(detail::take(page));
  }

  // Starts to request the next page.
  Result<PendingPage> start_next() {
    return PendingPage::start([&](scalekit_callback callback, void* user_data, scalekit_result** error) {
      return scalekit_pager_next_async(handle_.get(), callback, user_data, error);
    });
  }

 private:
  friend class Client;
  explicit Pager(scalekit_pager* pager) : handle_(pager) {}
  detail::Handle<scalekit_pager> handle_;
};

// A client for one environment. Thread-safe and fork-safe: create one for the lifetime of the program.
class Client {
 public:
  // Creates a client with a secret, for servers. `options` is a JSON object such as {"timeout_seconds": 5}.
  static Result<Client> create(const std::string& environment_url, const std::string& client_id,
                               const std::string& client_secret, const Json& options = {}) {
    return create([&](scalekit_result** error) {
      return scalekit_client_new(detail::terminated(environment_url), detail::terminated(client_id),
                                 detail::terminated(client_secret), detail::optional(options), error);
    });
  }

  // Creates a client without a secret, which can only make the calls of `login`, `tokens` and `machine_tokens`.
  static Result<Client> create_public(const std::string& environment_url, const std::string& client_id,
                                      const Json& options = {}) {
    return create([&](scalekit_result** error) {
      return scalekit_client_new_public(detail::terminated(environment_url), detail::terminated(client_id),
                                        detail::optional(options), error);
    });
  }

  // Creates a client from the environment variables, see `scalekit_client_from_env`.
  static Result<Client> from_env(const Json& options = {}) {
    return create([&](scalekit_result** error) { return scalekit_client_from_env(detail::optional(options), error); });
  }

  // Returns a copy with other timeouts, retries or headers. It shares everything else with this client.
  Result<Client> with_options(const Json& options) const {
    return create([&](scalekit_result** error) {
      return scalekit_client_with_options(handle_.get(), detail::optional(options), error);
    });
  }

  // Closes the client and its copies. Later calls fail with `SCALEKIT_CLOSED`. Optional.
  void close() const { scalekit_client_close(handle_.get()); }

  // Makes a call by its name, such as "organizations.create", and blocks. `arguments` is a JSON object.
  Result<Json> call(const std::string& operation, const Json& arguments = {}) const {
    return detail::take(scalekit_call(handle_.get(), detail::terminated(operation), detail::optional(arguments)));
  }

  // Starts a call. Fails if an argument is invalid.
  Result<Pending> start(const std::string& operation, const Json& arguments = {}) const {
    return Pending::start([&](scalekit_callback callback, void* user_data, scalekit_result** error) {
      return scalekit_call_async(handle_.get(), detail::terminated(operation), detail::optional(arguments), callback,
                                 user_data, error);
    });
  }

  // Calls any path of the service and blocks, see `scalekit_request`.
  Result<Json> request(const std::string& method, const std::string& path, const Json& query = {},
                       const Json& body = {}) const {
    return detail::take(scalekit_request(handle_.get(), detail::terminated(method), detail::terminated(path),
                                         detail::optional(query), detail::optional(body)));
  }

  // Creates a pager, such as "organizations.list_all".
  Result<Pager> pager(const std::string& operation, const Json& arguments = {}) const {
    scalekit_result* error = nullptr;
    scalekit_pager* pager =
        scalekit_pager_new(handle_.get(), detail::terminated(operation), detail::optional(arguments), &error);
    if (pager == nullptr) {
      return detail::take_error(error);
    }
    return Pager(pager);
  }

 private:
  explicit Client(scalekit_client* client) : handle_(client) {}

  // Creates a client by `make(error)`.
  template <class Make>
  static Result<Client> create(Make make) {
    scalekit_result* error = nullptr;
    scalekit_client* client = make(&error);
    if (client == nullptr) {
      return detail::take_error(error);
    }
    return Client(client);
  }

  detail::Handle<scalekit_client> handle_;
};

// Returns the version of the library, such as "0.1.0".
inline std::string_view version() { return scalekit_version(); }

// Returns the operations that this version supports: a JSON array of objects with `id`, `method` and `path`.
inline Result<Json> operations() { return detail::take(scalekit_operations()); }

// Receives log events, see `scalekit_log_callback`. The line is valid during the call.
using LogCallback = std::function<void(scalekit_log_level level, std::string_view line)>;

namespace detail {

inline void log(void* user_data, scalekit_log_level level, const char* line, std::size_t length) noexcept {
  (*static_cast<LogCallback*>(user_data))(level, std::string_view(line, length));
}

}  // namespace detail

// Sets the function that receives log events of this level and more severe ones, for the whole process, in place of any
// before; with `SCALEKIT_LOG_OFF` or an empty function there is none. The function is kept until the process ends,
// since another thread may be calling it. It must not throw. Returns false if the program has a Rust subscriber for
// `tracing` already.
inline bool set_log(scalekit_log_level level, LogCallback callback = {}) {
  if (!callback) {
    return scalekit_set_log(level, nullptr, nullptr);
  }
  auto kept = std::make_unique<LogCallback>(std::move(callback));
  bool is_set = scalekit_set_log(level, detail::log, kept.get());
  if (is_set) {
    (void)kept.release();
  }
  return is_set;
}

// The values of the headers that authenticate a webhook or an interceptor request. A missing one is empty.
struct Signature {
  std::string id;
  std::string timestamp;
  std::string signature;
};

namespace detail {

inline const std::uint8_t* bytes(const std::string& body) { return reinterpret_cast<const std::uint8_t*>(body.data()); }

template <class Verify>
Result<Json> verify(Verify verify, const std::string& secrets, const Signature& signed_by, const std::string& body,
                    std::int64_t tolerance_seconds) {
  return take(verify(terminated(secrets), optional(signed_by.id), optional(signed_by.timestamp),
                     optional(signed_by.signature), bytes(body), body.size(), tolerance_seconds));
}

}  // namespace detail

// Verifies a webhook, see `scalekit_webhook_verify`.
inline Result<Json> verify_webhook(const std::string& secrets, const Signature& signature, const std::string& body,
                                   std::int64_t tolerance_seconds = 0) {
  return detail::verify(scalekit_webhook_verify, secrets, signature, body, tolerance_seconds);
}

// Verifies an interceptor request, see `scalekit_interceptor_verify`.
inline Result<Json> verify_interceptor(const std::string& secrets, const Signature& signature,
                                       const std::string& body, std::int64_t tolerance_seconds = 0) {
  return detail::verify(scalekit_interceptor_verify, secrets, signature, body, tolerance_seconds);
}

// Signs a webhook as Scalekit does, to test an endpoint. Returns a JSON object of the three headers.
inline Result<Json> sign_webhook(const std::string& secret, const std::string& id, const std::string& body) {
  return detail::take(scalekit_webhook_sign(detail::terminated(secret), detail::terminated(id), detail::bytes(body),
                                            body.size()));
}

// Signs an interceptor request as Scalekit does, to test an interceptor. Returns a JSON object of the three headers.
inline Result<Json> sign_interceptor(const std::string& secret, const std::string& id, const std::string& body) {
  return detail::take(scalekit_interceptor_sign(detail::terminated(secret), detail::terminated(id), detail::bytes(body),
                                                body.size()));
}

}  // namespace scalekit

#endif  // SCALEKIT_HPP

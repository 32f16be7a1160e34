// Scalekit for C++17 and later: RAII over `scalekit.h`, without exceptions and without other libraries.
#ifndef SCALEKIT_HPP
#define SCALEKIT_HPP

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
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

// A value or an error, as `std::expected` of C++23.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  // Requires a value.
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  // Requires an error.
  const Error& error() const { return *std::get_if<1>(&state_); }
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

// Takes over a result.
inline Result<Json> take(scalekit_result* raw) {
  Handle<scalekit_result> result(raw);
  if (scalekit_result_kind(raw) != SCALEKIT_OK) {
    return error(raw);
  }
  return text([&](std::size_t* length) { return scalekit_result_json(raw, length); });
}

// Takes over the error of a handle that could not be made.
inline Error take_error(scalekit_result* raw) {
  Handle<scalekit_result> result(raw);
  return error(raw);
}

inline void fulfill(void* user_data, scalekit_result* result) {
  std::unique_ptr<std::promise<Result<Json>>> promise(static_cast<std::promise<Result<Json>>*>(user_data));
  promise->set_value(take(result));
}

inline const char* optional(const std::string& json) { return json.empty() ? nullptr : json.c_str(); }

}  // namespace detail

// A call in progress. Destroying it cancels nothing.
class Pending {
 public:
  std::future<Result<Json>>& future() { return future_; }
  Result<Json> get() { return future_.get(); }
  void cancel() { scalekit_pending_cancel(handle_.get()); }

 private:
  friend class Client;
  std::future<Result<Json>> future_;
  detail::Handle<scalekit_pending> handle_;
};

// A pager over a list.
class Pager {
 public:
  // Requests the next page, a JSON array of its items; nothing at the end of the list.
  std::optional<Result<Json>> next() {
    scalekit_result* page = scalekit_pager_next(handle_.get());
    return page == nullptr ? std::nullopt : std::make_optional(detail::take(page));
  }

 private:
  friend class Client;
  explicit Pager(scalekit_pager* pager) : handle_(pager) {}
  detail::Handle<scalekit_pager> handle_;
};

// A client for one environment. Thread-safe and fork-safe: create one for the lifetime of the program.
class Client {
 public:
  static Result<Client> create(const std::string& environment_url, const std::string& client_id,
                               const std::string& client_secret, const Json& options = {}) {
    scalekit_result* error = nullptr;
    return of(scalekit_client_new(environment_url.c_str(), client_id.c_str(), client_secret.c_str(),
                                  detail::optional(options), &error),
              error);
  }

  static Result<Client> create_public(const std::string& environment_url, const std::string& client_id,
                                      const Json& options = {}) {
    scalekit_result* error = nullptr;
    return of(scalekit_client_new_public(environment_url.c_str(), client_id.c_str(), detail::optional(options), &error),
              error);
  }

  static Result<Client> from_env(const Json& options = {}) {
    scalekit_result* error = nullptr;
    return of(scalekit_client_from_env(detail::optional(options), &error), error);
  }

  // A copy with other timeouts, retries or headers.
  Result<Client> with_options(const Json& options) const {
    scalekit_result* error = nullptr;
    return of(scalekit_client_with_options(handle_.get(), options.c_str(), &error), error);
  }

  void close() const { scalekit_client_close(handle_.get()); }

  // Makes a call by its name and blocks.
  Result<Json> call(const std::string& operation, const Json& arguments = {}) const {
    return detail::take(scalekit_call(handle_.get(), operation.c_str(), detail::optional(arguments)));
  }

  // Starts a call.
  Result<Pending> start(const std::string& operation, const Json& arguments = {}) const {
    auto promise = std::make_unique<std::promise<Result<Json>>>();
    Pending pending;
    pending.future_ = promise->get_future();
    scalekit_result* error = nullptr;
    pending.handle_.reset(scalekit_call_async(handle_.get(), operation.c_str(), detail::optional(arguments),
                                              detail::fulfill, promise.get(), &error));
    if (!pending.handle_) {
      return detail::take_error(error);
    }
    (void)promise.release();  // belongs to the callback
    return pending;
  }

  // Calls any path of the service.
  Result<Json> request(const std::string& method, const std::string& path, const Json& query = {},
                       const Json& body = {}) const {
    return detail::take(scalekit_request(handle_.get(), method.c_str(), path.c_str(), detail::optional(query),
                                         detail::optional(body)));
  }

  // Creates a pager, such as "organizations.list_all".
  Result<Pager> pager(const std::string& operation, const Json& arguments = {}) const {
    scalekit_result* error = nullptr;
    scalekit_pager* pager = scalekit_pager_new(handle_.get(), operation.c_str(), detail::optional(arguments), &error);
    if (pager == nullptr) {
      return detail::take_error(error);
    }
    return Pager(pager);
  }

 private:
  explicit Client(scalekit_client* client) : handle_(client) {}

  static Result<Client> of(scalekit_client* client, scalekit_result* error) {
    if (client == nullptr) {
      return detail::take_error(error);
    }
    return Client(client);
  }

  detail::Handle<scalekit_client> handle_;
};

// The headers of a delivery. A missing one is empty.
struct Signature {
  std::string id;
  std::string timestamp;
  std::string signature;
};

namespace detail {

template <class Verify>
Result<Json> verify(Verify verify, const std::string& secrets, const Signature& signed_by, const std::string& body,
                    std::int64_t tolerance_seconds) {
  return take(verify(secrets.c_str(), optional(signed_by.id), optional(signed_by.timestamp),
                     optional(signed_by.signature), reinterpret_cast<const std::uint8_t*>(body.data()), body.size(),
                     tolerance_seconds));
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

}  // namespace scalekit

#endif  // SCALEKIT_HPP

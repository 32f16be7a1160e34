#ifndef SCALEKIT_H
#define SCALEKIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Scalekit's REST API for C and C++.
 *
 * Calls take and return JSON, with the names of the service. Input strings are NUL-terminated UTF-8 and are copied.
 * Output strings are UTF-8, have a length, are NUL-terminated too, and belong to the result that returned them. A NULL
 * argument, invalid JSON and an unknown name are errors. Nothing has to be initialized. The installed file
 * share/doc/scalekit/calls.md lists the names and types of all arguments and results.
 *
 * All functions are thread-safe, with one exception: no other thread may use a handle or a result that is being freed.
 * All functions are fork-safe, with two exceptions: a forked child cannot use the pagers of its parent, and the
 * callbacks of calls that the parent started are called in the parent only.
 */

#define SCALEKIT_VERSION_MAJOR 0
#define SCALEKIT_VERSION_MINOR 1
#define SCALEKIT_VERSION_PATCH 0

/**
 * The kind of a result: success, or what the caller can do about the error.
 */
typedef enum scalekit_kind {
  /**
   * Success.
   */
  SCALEKIT_OK = 0,
  /**
   * The service rejected the credentials. Check client ID, secret and environment URL.
   */
  SCALEKIT_UNAUTHENTICATED = 1,
  /**
   * The credentials lack permission for this call.
   */
  SCALEKIT_PERMISSION_DENIED = 2,
  /**
   * The resource does not exist.
   */
  SCALEKIT_NOT_FOUND = 3,
  /**
   * The service rejected the request as invalid; see the violations.
   */
  SCALEKIT_INVALID_REQUEST = 4,
  /**
   * The resource already exists, or was changed concurrently.
   */
  SCALEKIT_CONFLICT = 5,
  /**
   * The rate limit is exceeded, even after retries.
   */
  SCALEKIT_RATE_LIMITED = 6,
  /**
   * The service failed.
   */
  SCALEKIT_SERVICE = 7,
  /**
   * The provider behind a tool failed.
   */
  SCALEKIT_TOOL = 8,
  /**
   * A token is invalid: respond with 401. The code is the reason.
   */
  SCALEKIT_INVALID_TOKEN = 9,
  /**
   * A token has expired and is valid otherwise: respond with 401, or refresh the session.
   */
  SCALEKIT_TOKEN_EXPIRED = 10,
  /**
   * A valid token lacks a required scope: respond with 403.
   */
  SCALEKIT_MISSING_SCOPE = 11,
  /**
   * A login failed. The code is the reason.
   */
  SCALEKIT_LOGIN_FAILED = 12,
  /**
   * The user is not signed in: start a login.
   */
  SCALEKIT_LOGIN_REQUIRED = 13,
  /**
   * A webhook or interceptor request is not authentic: respond with 401.
   */
  SCALEKIT_INVALID_WEBHOOK = 14,
  /**
   * The service is unreachable, or the connection failed.
   */
  SCALEKIT_CONNECTION = 15,
  /**
   * The call timed out. A write may have taken effect.
   */
  SCALEKIT_TIMEOUT = 16,
  /**
   * The response does not match the API description.
   */
  SCALEKIT_DECODE = 17,
  /**
   * An argument is invalid; the summary names it. Nothing was sent.
   */
  SCALEKIT_INVALID_ARGUMENT = 18,
  /**
   * A blocking call was made inside a callback, where it would hang.
   */
  SCALEKIT_BLOCKING_IN_CALLBACK = 19,
  /**
   * The client is closed.
   */
  SCALEKIT_CLOSED = 20,
  /**
   * A defect of the library. Please report the summary.
   */
  SCALEKIT_INTERNAL = 21,
  /**
   * The call was cancelled. A write may have taken effect.
   */
  SCALEKIT_CANCELLED = 22,
} scalekit_kind;

/**
 * The level of a log event. Each level includes the ones before it.
 */
typedef enum scalekit_log_level {
  /**
   * No events.
   */
  SCALEKIT_LOG_OFF = 0,
  /**
   * Final failures.
   */
  SCALEKIT_LOG_ERROR = 1,
  /**
   * Retries.
   */
  SCALEKIT_LOG_WARN = 2,
  /**
   * Notable events.
   */
  SCALEKIT_LOG_INFO = 3,
  /**
   * Every request with its status code, duration and request ID.
   */
  SCALEKIT_LOG_DEBUG = 4,
  /**
   * Everything else.
   */
  SCALEKIT_LOG_TRACE = 5,
} scalekit_log_level;

/**
 * A client for one environment. Thread-safe and fork-safe: create one for the lifetime of the program. Owned by the
 * caller, who frees it with `scalekit_client_free`.
 */
typedef struct scalekit_client scalekit_client;

/**
 * A pager over a list. Thread-safe: one request at a time is made. Owned by the caller, who frees it with
 * `scalekit_pager_free`. A forked child cannot use the pagers of its parent.
 */
typedef struct scalekit_pager scalekit_pager;

/**
 * An asynchronous call in progress. Thread-safe. Owned by the caller, who frees it with `scalekit_pending_free`, at any
 * time: freeing it does not cancel the call.
 */
typedef struct scalekit_pending scalekit_pending;

/**
 * The result of a call: JSON, or an error. Immutable and thread-safe. Owned by the caller, who frees it with
 * `scalekit_result_free`; the strings that it returns live as long as it does.
 */
typedef struct scalekit_result scalekit_result;

/**
 * Receives the result of an asynchronous call, exactly once, on a thread of the library, possibly before the function
 * that started the call returns. Owns `result` and frees it. It must return soon, must not throw or longjmp, and may
 * start calls but not make blocking ones.
 */
typedef void (*scalekit_callback)(void *user_data, struct scalekit_result *result);

/**
 * Receives a log event: one line of UTF-8, NUL-terminated, without credentials, headers or bodies; it is valid during
 * the callback. Called on any thread, and on several at the same time. Must not throw or longjmp; events of calls that
 * it makes are dropped.
 */
typedef void (*scalekit_log_callback)(void *user_data,
                                      enum scalekit_log_level level,
                                      const char *line,
                                      size_t length);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the library, such as "0.1.0". Static: never freed.
 */
const char *scalekit_version(void);

/**
 * Returns the kind of a result: `SCALEKIT_OK` for a success. `SCALEKIT_INVALID_ARGUMENT` for NULL.
 *
 * Requires: `result` is NULL, or has not been freed.
 */
enum scalekit_kind scalekit_result_kind(const struct scalekit_result *result);

/**
 * Returns the JSON of a result. Of a success, what the call returned, with the names of the service; `null` if that
 * is nothing. Of an error, an object of its kind and all details. An empty string for NULL.
 *
 * `length`, unless NULL, is set to its length in bytes. The string is NUL-terminated and lives as long as the result.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_json(const struct scalekit_result *result,
                                 size_t *length);

/**
 * Returns the summary of an error: one line that contains no bodies and no credentials. Empty for a success. `length`
 * and lifetime as for `scalekit_result_json`.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_summary(const struct scalekit_result *result,
                                    size_t *length);

/**
 * Returns the code of an error, such as `RESOURCE_NOT_FOUND` or `wrong_audience`. Empty if there is none. `length` and
 * lifetime as for `scalekit_result_json`.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_code(const struct scalekit_result *result,
                                 size_t *length);

/**
 * Returns the request ID of an error, by which Scalekit's support finds the request. Empty if there is none. `length`
 * and lifetime as for `scalekit_result_json`.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_request_id(const struct scalekit_result *result,
                                       size_t *length);

/**
 * Returns the HTTP status code of an error; 0 if there was no response.
 *
 * Requires: `result` is NULL, or has not been freed.
 */
int32_t scalekit_result_status(const struct scalekit_result *result);

/**
 * Returns whether repeating the call is safe and may succeed.
 *
 * Requires: `result` is NULL, or has not been freed.
 */
bool scalekit_result_is_retryable(const struct scalekit_result *result);

/**
 * Returns the delay that the service requested before the next attempt, in seconds; -1 if there is none.
 *
 * Requires: `result` is NULL, or has not been freed.
 */
double scalekit_result_retry_after_seconds(const struct scalekit_result *result);

/**
 * Returns the number of request fields that the service rejected.
 *
 * Requires: `result` is NULL, or has not been freed.
 */
size_t scalekit_result_violation_count(const struct scalekit_result *result);

/**
 * Returns the path of a rejected field, such as `organization.display_name`. Empty if `index` is not less than the
 * number of violations. `length` and lifetime as for `scalekit_result_json`.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_violation_field(const struct scalekit_result *result,
                                            size_t index,
                                            size_t *length);

/**
 * Returns the service's description of a violation. Empty if `index` is not less than the number of violations.
 * `length` and lifetime as for `scalekit_result_json`.
 *
 * Requires: `result` is NULL, or has not been freed; `length` is NULL, or can be written.
 */
const char *scalekit_result_violation_description(const struct scalekit_result *result,
                                                  size_t index,
                                                  size_t *length);

/**
 * Frees a result, and with it the strings that it returned. NULL is ignored.
 *
 * Requires: `result` is NULL, or has not been freed, and no other thread uses this pointer.
 */
void scalekit_result_free(struct scalekit_result *result);

/**
 * Creates a client with a secret, for servers. Starts no thread and sends nothing.
 *
 * `environment_url` is the environment's origin, such as "https://example.scalekit.com". `options` is a JSON object of
 * client options, such as {"timeout_seconds": 5}, or NULL. The strings are copied.
 *
 * Returns NULL if an argument is invalid; `*error`, unless `error` is NULL, is then a result to free, and NULL
 * otherwise.
 *
 * Requires: Strings are NULL or NUL-terminated; `error` is NULL, or can be written.
 */
struct scalekit_client *scalekit_client_new(const char *environment_url,
                                            const char *client_id,
                                            const char *client_secret,
                                            const char *options,
                                            struct scalekit_result **error);

/**
 * Creates a client without a secret, for programs that cannot keep one and servers that only validate tokens. It can
 * only make the calls of `login`, `tokens` and `machine_tokens`. Otherwise as `scalekit_client_new`.
 *
 * Requires: As `scalekit_client_new`.
 */
struct scalekit_client *scalekit_client_new_public(const char *environment_url,
                                                   const char *client_id,
                                                   const char *options,
                                                   struct scalekit_result **error);

/**
 * Creates a client from the environment variables `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and
 * `SCALEKIT_CLIENT_SECRET`. Reads them with getenv: no other thread may change the environment meanwhile. Otherwise as
 * `scalekit_client_new`.
 *
 * Requires: As `scalekit_client_new`.
 */
struct scalekit_client *scalekit_client_from_env(const char *options,
                                                 struct scalekit_result **error);

/**
 * Returns a copy of a client with other timeouts, retries or headers: a JSON object such as {"timeout_seconds": 60}.
 * It shares everything else with `client` and is freed like it, in any order. Errors as for `scalekit_client_new`.
 *
 * Requires: `client` is NULL, or has not been freed; otherwise as `scalekit_client_new`.
 */
struct scalekit_client *scalekit_client_with_options(const struct scalekit_client *client,
                                                     const char *options,
                                                     struct scalekit_result **error);

/**
 * Closes a client and its copies: idle connections are closed and the access token is dropped. Calls in progress
 * complete; later calls fail with `SCALEKIT_CLOSED`, and so do asynchronous calls that a thread of the library has not
 * begun yet. Optional. NULL is ignored.
 *
 * Requires: `client` is NULL, or has not been freed.
 */
void scalekit_client_close(const struct scalekit_client *client);

/**
 * Frees a client. Calls and pagers that it started keep what they need. NULL is ignored.
 *
 * Requires: `client` is NULL, or has not been freed, and no other thread uses this pointer.
 */
void scalekit_client_free(struct scalekit_client *client);

/**
 * Makes a call and blocks until it succeeds, fails or times out.
 *
 * `operation` is its name, such as "organizations.create". `arguments` is a JSON object of its arguments by name, such
 * as {"organization": {"display_name": "Acme"}}, or NULL if it has none. Unknown names are errors. Never returns NULL;
 * the caller frees the result.
 *
 * Must not be called inside a callback of this library: fails with `SCALEKIT_BLOCKING_IN_CALLBACK` there.
 *
 * Requires: `client` is NULL, or has not been freed; strings are NULL or NUL-terminated.
 */
struct scalekit_result *scalekit_call(const struct scalekit_client *client,
                                      const char *operation,
                                      const char *arguments);

/**
 * Calls any path of the service, for operations that this version does not support, and blocks.
 *
 * `method` is "GET", "POST", "PUT", "PATCH" or "DELETE". `path` starts with a slash and is percent-encoded. `query` is
 * a JSON object of lists of strings, such as {"page_size": ["10"]}, and `body` is JSON; both may be NULL. The JSON of
 * the result is an object of `status`, `request_id`, `headers` and `body`. Never returns NULL; the caller frees the
 * result.
 *
 * Requires: As `scalekit_call`.
 */
struct scalekit_result *scalekit_request(const struct scalekit_client *client,
                                         const char *method,
                                         const char *path,
                                         const char *query,
                                         const char *body);

/**
 * Returns the operations that this version supports, as a JSON array of objects with `id`, `method` and `path`. Never
 * returns NULL; the caller frees the result.
 */
struct scalekit_result *scalekit_operations(void);

/**
 * Starts a call, whose result is passed to `callback`. `user_data` is passed on unchanged. Otherwise as
 * `scalekit_call`.
 *
 * Returns NULL if an argument is invalid: `callback` is not called then, and `*error`, unless `error` is NULL, is a
 * result to free, and NULL otherwise.
 *
 * Requires: `client` is NULL, or has not been freed; strings are NULL or NUL-terminated; `user_data` is valid until the
 * callback; `error` is NULL, or can be written.
 */
struct scalekit_pending *scalekit_call_async(const struct scalekit_client *client,
                                             const char *operation,
                                             const char *arguments,
                                             scalekit_callback callback,
                                             void *user_data,
                                             struct scalekit_result **error);

/**
 * Cancels a call: its request is closed, and its callback receives `SCALEKIT_CANCELLED`. A call that has finished is
 * unchanged. Returns at once. NULL is ignored.
 *
 * Requires: `pending` is NULL, or has not been freed.
 */
void scalekit_pending_cancel(const struct scalekit_pending *pending);

/**
 * Frees the handle of a call. The call continues. NULL is ignored.
 *
 * Requires: `pending` is NULL, or has not been freed, and no other thread uses this pointer.
 */
void scalekit_pending_free(struct scalekit_pending *pending);

/**
 * Creates a pager over a whole list. Sends nothing.
 *
 * `operation` is the name of a list with `_all`, such as "organizations.list_all" or "users.search_all". `arguments`
 * are those of the list, such as {"params": {"page_size": 50}}, or NULL. Errors as for `scalekit_client_new`.
 *
 * Requires: `client` is NULL, or has not been freed; strings are NULL or NUL-terminated; `error` is NULL, or can be
 * written.
 */
struct scalekit_pager *scalekit_pager_new(const struct scalekit_client *client,
                                          const char *operation,
                                          const char *arguments,
                                          struct scalekit_result **error);

/**
 * Requests the next page and blocks. Returns a result, whose JSON is the array of the page's items, or NULL at the end
 * of the list. An empty page is not the end. After an error, the same page is requested again. The caller frees the
 * result.
 *
 * Requires: `pager` is NULL, or has not been freed.
 */
struct scalekit_result *scalekit_pager_next(const struct scalekit_pager *pager);

/**
 * Starts to request the next page, which is passed to `callback`; NULL at the end of the list. Returns and errors as
 * `scalekit_call_async`.
 *
 * Requires: `pager` is NULL, or has not been freed; `user_data` is valid until the callback; `error` is NULL, or can be
 * written.
 */
struct scalekit_pending *scalekit_pager_next_async(const struct scalekit_pager *pager,
                                                   scalekit_callback callback,
                                                   void *user_data,
                                                   struct scalekit_result **error);

/**
 * Frees a pager. A request in progress continues. NULL is ignored.
 *
 * Requires: `pager` is NULL, or has not been freed, and no other thread uses this pointer.
 */
void scalekit_pager_free(struct scalekit_pager *pager);

/**
 * Verifies a webhook. Requires no client and sends nothing.
 *
 * `secrets` is the signing secret of the endpoint, or several separated by spaces. `id`, `timestamp` and `signature`
 * are the values of the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`; NULL if the header is
 * missing. `body` are the bytes as received. `tolerance_seconds` is the maximum difference between the signing time
 * and the current time, 1 to 86400; 0 stands for 300.
 *
 * The JSON of the result is an object of `id`, to recognize repeated deliveries, `sent_at`, and the event as `body`.
 * `SCALEKIT_INVALID_WEBHOOK` if it is not authentic. Never returns NULL; the caller frees the result.
 *
 * Requires: Strings are NULL or NUL-terminated; `body` is valid for `body_length` bytes.
 */
struct scalekit_result *scalekit_webhook_verify(const char *secrets,
                                                const char *id,
                                                const char *timestamp,
                                                const char *signature,
                                                const uint8_t *body,
                                                size_t body_length,
                                                int64_t tolerance_seconds);

/**
 * Verifies an interceptor request, whose headers are `interceptor-id`, `interceptor-timestamp` and
 * `interceptor-signature`. Otherwise as `scalekit_webhook_verify`; `body` of the result is the request.
 *
 * Respond with {"decision": "ALLOW"}, or {"decision": "DENY", "error": {"message": "…"}}.
 *
 * Requires: As `scalekit_webhook_verify`.
 */
struct scalekit_result *scalekit_interceptor_verify(const char *secrets,
                                                    const char *id,
                                                    const char *timestamp,
                                                    const char *signature,
                                                    const uint8_t *body,
                                                    size_t body_length,
                                                    int64_t tolerance_seconds);

/**
 * Signs a webhook as Scalekit does, to test an endpoint. The JSON of the result is an object of the three headers.
 * Never returns NULL; the caller frees the result.
 *
 * Requires: As `scalekit_webhook_verify`.
 */
struct scalekit_result *scalekit_webhook_sign(const char *secret,
                                              const char *id,
                                              const uint8_t *body,
                                              size_t body_length);

/**
 * Signs an interceptor request as Scalekit does, to test an interceptor. Otherwise as `scalekit_webhook_sign`.
 *
 * Requires: As `scalekit_webhook_verify`.
 */
struct scalekit_result *scalekit_interceptor_sign(const char *secret,
                                                  const char *id,
                                                  const uint8_t *body,
                                                  size_t body_length);

/**
 * Sets the function that receives log events of this level and more severe ones, for the whole process, in place of
 * any before. `level` is a `scalekit_log_level`; with `SCALEKIT_LOG_OFF` or a NULL `callback` there is none.
 *
 * `user_data` must be valid until the process ends, since another thread may be logging at the moment. Returns false
 * if `level` is not a `scalekit_log_level`, or if the program has a Rust subscriber for `tracing` already.
 *
 * Requires: `callback` and `user_data` are valid until the process ends.
 */
bool scalekit_set_log(int32_t level,
                      scalekit_log_callback callback,
                      void *user_data);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SCALEKIT_H */

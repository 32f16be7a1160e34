/* What the test programs share. Included first, because the C ones use POSIX, which strict C11 hides. */
#ifndef SUPPORT_H
#define SUPPORT_H

#ifndef __cplusplus
#define _POSIX_C_SOURCE 200809L
#endif

#include <scalekit/scalekit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

static inline void check(bool holds, const char *condition, const char *file, int line) {
  if (!holds) {
    fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
    exit(1);
  }
}

static inline const char *variable(const char *name) {
  const char *value = getenv(name);
  if (value == NULL) {
    fprintf(stderr, "%s is not set\n", name);
    exit(2);
  }
  return value;
}

/* Checks the kind of a result, and prints its summary if it is another one. */
static inline scalekit_result *expect(scalekit_result *result, scalekit_kind kind) {
  if (scalekit_result_kind(result) != kind) {
    fprintf(stderr, "kind %d, not %d: %s\n", (int)scalekit_result_kind(result), (int)kind,
            scalekit_result_summary(result, NULL));
    exit(1);
  }
  return result;
}

/* Checks that a result is this error, whose summary has this text, and frees it. */
static inline void refuse(scalekit_result *result, scalekit_kind kind, const char *text) {
  expect(result, kind);
  if (strstr(scalekit_result_summary(result, NULL), text) == NULL) {
    fprintf(stderr, "no \"%s\" in: %s\n", text, scalekit_result_summary(result, NULL));
    exit(1);
  }
  scalekit_result_free(result);
}

/* Returns the string of a name in JSON, with its escapes, to be freed. */
static inline char *field(const char *json, const char *name) {
  char key[64];
  snprintf(key, sizeof key, "\"%s\":\"", name);
  const char *start = strstr(json, key);
  CHECK(start != NULL);
  start += strlen(key);
  const char *end = start;
  while (*end != '"' && *end != '\0') {
    end += *end == '\\' ? 2 : 1;
  }
  char *value = (char *)calloc((size_t)(end - start) + 1, 1);
  CHECK(value != NULL);
  memcpy(value, start, (size_t)(end - start));
  return value;
}

/* Makes a call, checks its kind, and returns the result, to be freed. */
static inline scalekit_result *call(scalekit_client *client, scalekit_kind kind, const char *operation,
                                    const char *arguments) {
  return expect(scalekit_call(client, operation, arguments), kind);
}

#endif

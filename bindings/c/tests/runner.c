/*
 * Makes the calls of the scenarios. Each line of input is a command with its arguments, separated by tabs; each line of
 * output is the kind of the result and its JSON:
 *
 *   client OPTIONS     creates the client of the next scenario
 *   call NAME JSON     calls and blocks
 *   start NAME JSON    calls asynchronously
 *   pages NAME JSON    collects the items of all pages as a list of lists
 */
#include "support.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

static void report(void *user_data, scalekit_result *result) {
  pthread_mutex_lock(&lock);
  *(scalekit_result **)user_data = result;
  pthread_cond_signal(&done);
  pthread_mutex_unlock(&lock);
}

static scalekit_result *start(scalekit_client *client, const char *name, const char *arguments) {
  scalekit_result *result = NULL, *error = NULL;
  scalekit_pending *pending = scalekit_call_async(client, name, arguments, report, &result, &error);
  if (pending == NULL) {
    return error;
  }
  scalekit_pending_free(pending);
  pthread_mutex_lock(&lock);
  while (result == NULL) {
    pthread_cond_wait(&done, &lock);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static void print(scalekit_result *result) {
  size_t length = 0;
  const char *json = scalekit_result_json(result, &length);
  CHECK(length == strlen(json));
  printf("%d\t%s\n", (int)scalekit_result_kind(result), json);
  scalekit_result_free(result);
}

static void pages(scalekit_client *client, const char *name, const char *arguments) {
  scalekit_result *page = NULL;
  scalekit_pager *pager = scalekit_pager_new(client, name, arguments, &page);
  if (pager == NULL) {
    print(page);
    return;
  }
  char *all = NULL;
  size_t size = 0, count = 0;
  FILE *out = open_memstream(&all, &size);
  CHECK(out != NULL);
  while ((page = scalekit_pager_next(pager)) != NULL && scalekit_result_kind(page) == SCALEKIT_OK) {
    fprintf(out, "%s%s", count++ == 0 ? "" : ",", scalekit_result_json(page, NULL));
    scalekit_result_free(page);
  }
  fclose(out);
  if (page != NULL) {
    print(page);
  } else {
    printf("%d\t[%s]\n", (int)SCALEKIT_OK, all);
  }
  free(all);
  scalekit_pager_free(pager);
}

int main(void) {
  scalekit_client *client = NULL;
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    char *rest = NULL, *command = strtok_r(line, "\t\n", &rest), *first = strtok_r(NULL, "\t\n", &rest),
         *second = strtok_r(NULL, "\t\n", &rest);
    if (strcmp(command, "client") == 0) {
      scalekit_client_free(client);
      client = scalekit_client_from_env(first, NULL);
      CHECK(client != NULL);
    } else if (strcmp(command, "call") == 0) {
      print(scalekit_call(client, first, second));
    } else if (strcmp(command, "start") == 0) {
      print(start(client, first, second));
    } else {
      pages(client, first, second);
    }
    fflush(stdout);
  }
  free(line);
  scalekit_client_free(client);
  return 0;
}

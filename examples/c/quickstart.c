/* Creates an organization, lists all organizations, and handles an error.
 *
 *   cc quickstart.c -o quickstart $(pkg-config --cflags --libs scalekit) -Wl,-rpath,"$(pkg-config --variable=libdir scalekit)"
 */
#include <scalekit/scalekit.h>
#include <stdio.h>

/* Prints a result and frees it. Returns whether it is a success. */
static bool show(const char *title, scalekit_result *result) {
  bool is_ok = scalekit_result_kind(result) == SCALEKIT_OK;
  if (is_ok) {
    printf("%s: %s\n", title, scalekit_result_json(result, NULL));
  } else {
    fprintf(stderr, "%s: %s (status %d, request ID %s)\n", title, scalekit_result_summary(result, NULL),
            (int)scalekit_result_status(result), scalekit_result_request_id(result, NULL));
  }
  scalekit_result_free(result);
  return is_ok;
}

int main(void) {
  scalekit_result *error = NULL;
  scalekit_client *client = scalekit_client_from_env("{\"timeout_seconds\": 10}", &error);
  if (client == NULL) {
    show("client", error);
    return 1;
  }
  const char *acme = "{\"organization\": {\"display_name\": \"Acme\", \"metadata\": {\"plan\": \"gold\"}}}";
  bool is_ok = show("created", scalekit_call(client, "organizations.create", acme));

  scalekit_pager *pager = scalekit_pager_new(client, "organizations.list_all", NULL, &error);
  if (pager == NULL) {
    is_ok = show("pager", error);
  }
  scalekit_result *page = NULL;
  while (is_ok && (page = scalekit_pager_next(pager)) != NULL) {
    is_ok = show("page", page);
  }
  scalekit_pager_free(pager);

  scalekit_result *missing = scalekit_call(client, "organizations.get", "{\"id\": \"org_none\"}");
  is_ok = is_ok && scalekit_result_kind(missing) == SCALEKIT_NOT_FOUND;
  show("missing", missing);
  scalekit_client_free(client);
  return is_ok ? 0 : 1;
}

/* A contestant of `cargo xtask bench`: reads one user again and again, and prints the cost of a call in microseconds. */
#include "support.h"

#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec time;
  CHECK(clock_gettime(clock, &time) == 0);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long read_for(scalekit_client *client, double duration) {
  long calls = 0;
  double end = seconds(CLOCK_MONOTONIC) + duration;
  do {
    scalekit_result_free(call(client, SCALEKIT_OK, "users.get", "{\"id\": \"usr_1\"}"));
    calls++;
  } while (seconds(CLOCK_MONOTONIC) < end);
  return calls;
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  scalekit_client *client = scalekit_client_from_env(NULL, NULL);
  read_for(client, 0.3); /* connections, caches and the processor's clock settle */
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  long calls = read_for(client, strtod(arguments[1], NULL));
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("{\"wall\": %f, \"cpu\": %f}\n", wall * 1e6 / (double)calls, cpu * 1e6 / (double)calls);
  scalekit_client_free(client);
  return 0;
}

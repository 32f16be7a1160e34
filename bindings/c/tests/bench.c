/* A contestant of `cargo xtask bench`: makes a call again and again, and prints its cost in microseconds. */
#include "support.h"

#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec time;
  CHECK(clock_gettime(clock, &time) == 0);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long call_for(scalekit_client *client, char **call_of, double duration) {
  long calls = 0;
  double end = seconds(CLOCK_MONOTONIC) + duration;
  do {
    scalekit_result_free(call(client, SCALEKIT_OK, call_of[0], call_of[1]));
    calls++;
  } while (seconds(CLOCK_MONOTONIC) < end);
  return calls;
}

/* Arguments: seconds, the operation, its arguments. */
int main(int count, char **arguments) {
  CHECK(count == 4);
  scalekit_client *client = scalekit_client_from_env(NULL, NULL);
  call_for(client, arguments + 2, 0.3); /* connections, caches and the processor's clock settle */
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  long calls = call_for(client, arguments + 2, strtod(arguments[1], NULL));
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("{\"wall\": %f, \"cpu\": %f}\n", wall * 1e6 / (double)calls, cpu * 1e6 / (double)calls);
  scalekit_client_free(client);
  return 0;
}

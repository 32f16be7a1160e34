/* `liblog.so`, which writes to stderr. */
#include <stdio.h>

int __android_log_write(int priority, const char *tag, const char *text) {
  return fprintf(stderr, "log %d %s: %s\n", priority, tag, text);
}

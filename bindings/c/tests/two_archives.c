/* Links two archives of Rust, which both contain Rust's runtime. */
#include "support.h"

int second_library(void);

int main(void) {
  refuse(scalekit_call(NULL, NULL, NULL), SCALEKIT_INVALID_ARGUMENT, "`client` must not be NULL");
  CHECK(second_library() == 7);
  return 0;
}

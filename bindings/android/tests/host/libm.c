/* `libm.so`, in which nothing differs: it requires glibc's. zig links a library only if something in it is used. */
#include <math.h>

double (*const scalekit_libm)(double, double) = pow;

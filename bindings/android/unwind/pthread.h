/* The locks that LLVM's unwinder uses, with the layout of bionic: on 32-bit systems, musl's are smaller. */
#ifndef SCALEKIT_PTHREAD_H
#define SCALEKIT_PTHREAD_H

#ifdef __LP64__
typedef struct { int reserved[14]; } pthread_rwlock_t;
#else
typedef struct { int reserved[10]; } pthread_rwlock_t;
#endif

#define PTHREAD_RWLOCK_INITIALIZER { { 0 } }

#ifdef __cplusplus
extern "C" {
#endif

int pthread_rwlock_rdlock(pthread_rwlock_t *);
int pthread_rwlock_wrlock(pthread_rwlock_t *);
int pthread_rwlock_unlock(pthread_rwlock_t *);

#ifdef __cplusplus
}
#endif

#endif

/* `libc.so` for a 64-bit library for Android in a process of Linux with glibc: the functions whose name, constants or
   structures differ between the two. All others are glibc's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A function of glibc, with its own type. */
#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  static void *library;
  if (library == NULL) library = dlopen("libc.so.6", RTLD_LAZY);
  void *function = library == NULL ? NULL : dlsym(library, name);
  if (function == NULL) {
    fprintf(stderr, "glibc has no %s\n", name);
    abort();
  }
  return function;
}

int *__errno(void) { return &errno; }

void android_set_abort_message(const char *message) { fprintf(stderr, "abort: %s\n", message); }

int __system_property_get(const char *name, char *value) {
  (void)name;
  *value = 0;
  return 0;
}

/* Where the C library has its streams: stderr is the third. */
char __sF[3 * 152];

/* The numbers of what is asked for. */
long android_sysconf(int name) __asm__("sysconf");
long android_sysconf(int name) {
  switch (name) {
  case 0x27:
  case 0x28: return REAL(sysconf)(_SC_PAGESIZE);
  case 0x48: return REAL(sysconf)(_SC_GETPW_R_SIZE_MAX);
  case 0x60: return REAL(sysconf)(_SC_NPROCESSORS_CONF);
  case 0x61: return REAL(sysconf)(_SC_NPROCESSORS_ONLN);
  default: fprintf(stderr, "sysconf(%#x) is unknown\n", name); abort();
  }
}

/* The order of the last members, as in BSD. */
struct android_addrinfo {
  int flags, family, socktype, protocol;
  unsigned length;
  char *name;
  struct sockaddr *address;
  struct android_addrinfo *next;
};

static struct android_addrinfo *android_address(const struct addrinfo *from) {
  struct android_addrinfo *to = calloc(1, sizeof *to + sizeof(struct sockaddr_storage));
  if (to == NULL) abort();
  to->flags = from->ai_flags;
  to->family = from->ai_family;
  to->socktype = from->ai_socktype;
  to->protocol = from->ai_protocol;
  to->length = from->ai_addrlen;
  to->address = (struct sockaddr *)(to + 1);
  memcpy(to->address, from->ai_addr, from->ai_addrlen);
  return to;
}

int android_getaddrinfo(const char *, const char *, const struct android_addrinfo *, struct android_addrinfo **)
    __asm__("getaddrinfo");
int android_getaddrinfo(const char *node, const char *service, const struct android_addrinfo *hints,
                        struct android_addrinfo **result) {
  struct addrinfo wanted = {0}, *found = NULL;
  if (hints != NULL) {
    wanted.ai_flags = hints->flags;
    wanted.ai_family = hints->family;
    wanted.ai_socktype = hints->socktype;
    wanted.ai_protocol = hints->protocol;
  }
  int error = REAL(getaddrinfo)(node, service, hints == NULL ? NULL : &wanted, &found);
  /* EAI_SYSTEM and EAI_NONAME, as numbered there. */
  if (error != 0) return error == EAI_SYSTEM ? 11 : 8;
  struct android_addrinfo **next = result;
  *next = NULL;
  for (struct addrinfo *at = found; at != NULL; at = at->ai_next) {
    *next = android_address(at);
    next = &(*next)->next;
  }
  REAL(freeaddrinfo)(found);
  return 0;
}

void android_freeaddrinfo(struct android_addrinfo *) __asm__("freeaddrinfo");
void android_freeaddrinfo(struct android_addrinfo *list) {
  while (list != NULL) {
    struct android_addrinfo *next = list->next;
    free(list);
    list = next;
  }
}

/* The order of the members, and a mask of eight bytes. */
struct android_sigaction {
  int flags;
  void (*handler)(int);
  unsigned long mask;
  void (*restorer)(void);
};

int android_sigaction(int, const struct android_sigaction *, struct android_sigaction *) __asm__("sigaction");
int android_sigaction(int number, const struct android_sigaction *action, struct android_sigaction *old) {
  struct sigaction wanted = {0}, before = {0};
  if (action != NULL) {
    wanted.sa_flags = action->flags;
    wanted.sa_handler = action->handler;
    memcpy(&wanted.sa_mask, &action->mask, sizeof action->mask);
  }
  int error = REAL(sigaction)(number, action == NULL ? NULL : &wanted, &before);
  if (old != NULL) {
    *old = (struct android_sigaction){.flags = before.sa_flags, .handler = before.sa_handler};
    memcpy(&old->mask, &before.sa_mask, sizeof old->mask);
  }
  return error;
}

/* 56 bytes. glibc's has 64 on ARM64, so that it is allocated. */
struct android_attr {
  pthread_attr_t *attr;
  char unused[48];
};

int android_attr_init(struct android_attr *) __asm__("pthread_attr_init");
int android_attr_init(struct android_attr *attr) {
  attr->attr = malloc(sizeof *attr->attr);
  if (attr->attr == NULL) abort();
  return REAL(pthread_attr_init)(attr->attr);
}

int android_attr_destroy(struct android_attr *) __asm__("pthread_attr_destroy");
int android_attr_destroy(struct android_attr *attr) {
  int error = REAL(pthread_attr_destroy)(attr->attr);
  free(attr->attr);
  return error;
}

int android_attr_setstacksize(struct android_attr *, size_t) __asm__("pthread_attr_setstacksize");
int android_attr_setstacksize(struct android_attr *attr, size_t size) {
  return REAL(pthread_attr_setstacksize)(attr->attr, size);
}

int android_create(pthread_t *, const struct android_attr *, void *(*)(void *), void *) __asm__("pthread_create");
int android_create(pthread_t *thread, const struct android_attr *attr, void *(*start)(void *), void *argument) {
  return REAL(pthread_create)(thread, attr == NULL ? NULL : attr->attr, start, argument);
}

/* POSIX's function, which glibc has under another name. */
extern int __xpg_strerror_r(int, char *, size_t);
int android_strerror_r(int, char *, size_t) __asm__("strerror_r");
int android_strerror_r(int error, char *buffer, size_t size) { return __xpg_strerror_r(error, buffer, size); }

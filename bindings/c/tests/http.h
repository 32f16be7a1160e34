/* As much HTTP as the tests need: a browser that follows redirects, and a server that never answers. */
#ifndef HTTP_H
#define HTTP_H

#include "support.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static inline struct sockaddr_in loopback(int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/* Requests a URL of the emulator, and returns where it redirects to, to be freed. */
static inline char *redirect_of(const char *url) {
  int port = 0;
  CHECK(sscanf(url, "http://%*[^:]:%d/", &port) == 1);
  const char *path = strchr(url + strlen("http://"), '/');
  struct sockaddr_in address = loopback(port);
  int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(socket_fd >= 0 && connect(socket_fd, (struct sockaddr *)&address, sizeof address) == 0);
  char text[16384];
  int length = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nconnection: close\r\n\r\n", path, port);
  CHECK(length > 0 && length < (int)sizeof text && write(socket_fd, text, (size_t)length) == length);
  size_t filled = 0;
  ssize_t count = 0;
  while ((count = read(socket_fd, text + filled, sizeof text - 1 - filled)) > 0) {
    filled += (size_t)count;
  }
  text[filled] = '\0';
  close(socket_fd);
  char *location = strstr(text, "\nlocation: ");
  CHECK(location != NULL);
  location += strlen("\nlocation: ");
  location[strcspn(location, "\r\n")] = '\0';
  char *copy = strdup(location);
  CHECK(copy != NULL);
  return copy;
}

/* Listens on a free port of the loopback address. */
static inline int listen_on_free_port(int *port) {
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(listen(listener, 8) == 0 && getsockname(listener, (struct sockaddr *)&address, &size) == 0);
  *port = ntohs(address.sin_port);
  return listener;
}

#endif

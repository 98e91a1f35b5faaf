/* A process whose calendar begins in 1970, as that of a node without a battery. Its monotonic clocks stay true. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

static time_t began;

static time_t shifted(time_t now) {
  if (began == 0) began = now;
  return now - began + 60;
}

int clock_gettime(clockid_t clock, struct timespec *answer) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, answer);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) answer->tv_sec = shifted(answer->tv_sec);
  return result;
}

int gettimeofday(struct timeval *restrict answer, void *restrict zone) {
  struct timespec now;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  answer->tv_sec = now.tv_sec;
  answer->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *answer) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (answer) *answer = now.tv_sec;
  return now.tv_sec;
}

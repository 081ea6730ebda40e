// Preloaded into a program, kills it with SIGKILL at its KILL_AT_COUNT-th (1, 2, ...) change of the files KILL_AT_FILES: a write,
// sync, truncation or removal. KILL_AT_FILES is one file's path, or the beginning of several with a '*' after it. KILL_AT_STAGE:
// before it, after it, or within: a write with half of its bytes written, anything else as before it.
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char* files;
static size_t files_length;
static int is_beginning;
static const char* stage;
static long count_at_death;
static atomic_long count;

__attribute__((constructor)) static void read_environment(void) {
  files = getenv("KILL_AT_FILES");
  stage = getenv("KILL_AT_STAGE");
  const char* at = getenv("KILL_AT_COUNT");
  if (files == NULL || stage == NULL || at == NULL) abort();
  count_at_death = atol(at);
  files_length = strlen(files);
  is_beginning = files_length > 0 && files[files_length - 1] == '*';
  if (is_beginning) --files_length;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  while (1) pause();
}

static int matters(const char* path) {
  return strncmp(path, files, files_length) == 0 && (is_beginning || path[files_length] == '\0');
}

static int matters_open(int file) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return matters(path);
}

// Whether this change is the last one.
static int is_due(int is_of_the_files) {
  return is_of_the_files && atomic_fetch_add(&count, 1) + 1 == count_at_death;
}

static void die_if(int due, const char* now) {
  if (due && strcmp(stage, now) == 0) die();
}

static ssize_t change(int due, size_t bytes, ssize_t (*write_some)(int, const void*, size_t, off_t), int file,
                      const void* data, off_t offset) {
  die_if(due, "before");
  if (due && strcmp(stage, "within") == 0) {
    write_some(file, data, bytes / 2, offset);
    die();
  }
  const ssize_t written = write_some(file, data, bytes, offset);
  die_if(due, "after");
  return written;
}

static ssize_t write_at(int file, const void* data, size_t bytes, off_t offset) {
  return syscall(SYS_pwrite64, file, data, bytes, offset);
}

static ssize_t write_on(int file, const void* data, size_t bytes, off_t offset) {
  (void)offset;
  return syscall(SYS_write, file, data, bytes);
}

ssize_t pwrite(int file, const void* data, size_t bytes, off_t offset) {
  return change(is_due(matters_open(file)), bytes, write_at, file, data, offset);
}

ssize_t pwrite64(int file, const void* data, size_t bytes, off64_t offset) {
  return change(is_due(matters_open(file)), bytes, write_at, file, data, offset);
}

ssize_t write(int file, const void* data, size_t bytes) {
  return change(is_due(matters_open(file)), bytes, write_on, file, data, 0);
}

// What is done at once or not at all.
static long call(int due, long number, long first, long second) {
  die_if(due, "before");
  die_if(due, "within");
  const long result = syscall(number, first, second);
  die_if(due, "after");
  return result;
}

int fsync(int file) { return (int)call(is_due(matters_open(file)), SYS_fsync, file, 0); }
int fdatasync(int file) { return (int)call(is_due(matters_open(file)), SYS_fdatasync, file, 0); }
int ftruncate(int file, off_t size) { return (int)call(is_due(matters_open(file)), SYS_ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { return (int)call(is_due(matters_open(file)), SYS_ftruncate, file, size); }
int unlink(const char* path) { return (int)call(is_due(matters(path)), SYS_unlink, (long)path, 0); }

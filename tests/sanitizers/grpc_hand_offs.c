// Preloaded into programs built with ThreadSanitizer, tells it of the locks and queues by which gRPC hands memory from thread to
// thread. gRPC and abseil come from the distribution without instrumentation, and abseil's Mutex is made of futexes, which
// ThreadSanitizer does not know: it would report every message that one gRPC thread received and another one handles. What is
// ours is checked as before, in the threads of gRPC too; a blanket suppression of their stacks would end that.
//
// For the abseil (20220623) and gRPC (1.51) of Debian 12, whose functions are looked up by name: "after" ones acquire what the
// "before" ones of the same object have released.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

// Of the sanitizer's runtime; absent in programs without it, such as the shells and scripts between ours.
__attribute__((weak)) void __tsan_acquire(void* address);
__attribute__((weak)) void __tsan_release(void* address);

static void acquire(void* address) {
  if (__tsan_acquire != NULL) __tsan_acquire(address);
}

static void release(void* address) {
  if (__tsan_release != NULL) __tsan_release(address);
}

// The function that this file stands in front of.
#define NEXT(type, name)                            \
  static __typeof__(type) next;                     \
  if (next == NULL) next = (type)dlsym(RTLD_NEXT, name)

#define LOCKS(function, name)                       \
  void function(void* mutex) __asm__(name);         \
  void function(void* mutex) {                      \
    NEXT(void (*)(void*), name);                    \
    next(mutex);                                    \
    acquire(mutex);                                 \
  }

#define TRIES(function, name)                       \
  _Bool function(void* mutex) __asm__(name);        \
  _Bool function(void* mutex) {                     \
    NEXT(_Bool (*)(void*), name);                   \
    const _Bool is_locked = next(mutex);            \
    if (is_locked) acquire(mutex);                  \
    return is_locked;                               \
  }

#define UNLOCKS(function, name)                     \
  void function(void* mutex) __asm__(name);         \
  void function(void* mutex) {                      \
    NEXT(void (*)(void*), name);                    \
    release(mutex);                                 \
    next(mutex);                                    \
  }

LOCKS(mutex_lock, "_ZN4absl7debian35Mutex4LockEv")
LOCKS(mutex_reader_lock, "_ZN4absl7debian35Mutex10ReaderLockEv")
TRIES(mutex_try_lock, "_ZN4absl7debian35Mutex7TryLockEv")
TRIES(mutex_reader_try_lock, "_ZN4absl7debian35Mutex13ReaderTryLockEv")
UNLOCKS(mutex_unlock, "_ZN4absl7debian35Mutex6UnlockEv")
UNLOCKS(mutex_reader_unlock, "_ZN4absl7debian35Mutex12ReaderUnlockEv")

// CondVar: unlocks, waits, locks again.
void wait(void* condition, void* mutex) __asm__("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
void wait(void* condition, void* mutex) {
  NEXT(void (*)(void*, void*), "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  release(mutex);
  next(condition, mutex);
  acquire(mutex);
}

typedef struct {
  int64_t high;
  uint32_t low;
} Time;  // absl::Time and absl::Duration

#define WAITS(function, name)                                     \
  _Bool function(void* condition, void* mutex, Time) __asm__(name); \
  _Bool function(void* condition, void* mutex, Time until) {      \
    NEXT(_Bool (*)(void*, void*, Time), name);                    \
    release(mutex);                                               \
    const _Bool is_over = next(condition, mutex, until);          \
    acquire(mutex);                                               \
    return is_over;                                               \
  }

WAITS(wait_with_timeout, "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE")
WAITS(wait_with_deadline, "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE")

// gRPC's queue of many producers, without a lock. Under every "combiner", work serializer and completion queue.
_Bool push(void* queue, void* node) __asm__("_ZN9grpc_core32MultiProducerSingleConsumerQueue4PushEPNS0_4NodeE");
_Bool push(void* queue, void* node) {
  NEXT(_Bool (*)(void*, void*), "_ZN9grpc_core32MultiProducerSingleConsumerQueue4PushEPNS0_4NodeE");
  release(queue);
  return next(queue, node);
}

void* pop(void* queue, _Bool* is_empty) __asm__("_ZN9grpc_core32MultiProducerSingleConsumerQueue14PopAndCheckEndEPb");
void* pop(void* queue, _Bool* is_empty) {
  NEXT(void* (*)(void*, _Bool*), "_ZN9grpc_core32MultiProducerSingleConsumerQueue14PopAndCheckEndEPb");
  void* const node = next(queue, is_empty);
  acquire(queue);
  return node;
}

// gRPC's lock of one call: who finds it taken leaves its closure to the holder, who runs it at the end.
void start(void* combiner, void* closure, void* status, const char* file, int line, const char* reason)
    __asm__("_ZN9grpc_core12CallCombiner5StartEP12grpc_closureN4absl7debian36StatusEPKciS7_");
void start(void* combiner, void* closure, void* status, const char* file, int line, const char* reason) {
  NEXT(void (*)(void*, void*, void*, const char*, int, const char*),
       "_ZN9grpc_core12CallCombiner5StartEP12grpc_closureN4absl7debian36StatusEPKciS7_");
  release(combiner);
  acquire(combiner);
  next(combiner, closure, status, file, line, reason);
}

void stop(void* combiner, const char* file, int line, const char* reason)
    __asm__("_ZN9grpc_core12CallCombiner4StopEPKciS2_");
void stop(void* combiner, const char* file, int line, const char* reason) {
  NEXT(void (*)(void*, const char*, int, const char*), "_ZN9grpc_core12CallCombiner4StopEPKciS2_");
  release(combiner);
  acquire(combiner);
  next(combiner, file, line, reason);
}

// Counts down the owners of a status' text; the last one removes it. The mutex, one of many, makes the count and what is told of
// it one step.
void unref(uintptr_t text) __asm__("_ZN4absl7debian36Status15UnrefNonInlinedEm");
void unref(uintptr_t text) {
  static pthread_mutex_t mutexes[] = {[0 ... 255] = PTHREAD_MUTEX_INITIALIZER};
  pthread_mutex_t* const mutex = &mutexes[text / 16 % 256];
  NEXT(void (*)(uintptr_t), "_ZN4absl7debian36Status15UnrefNonInlinedEm");
  pthread_mutex_lock(mutex);
  next(text);
  pthread_mutex_unlock(mutex);
}

// The end of a call on the server, once the last of its reactions has counted an atomic integer down to zero: in our code, where
// that is seen, or in gRPC's.
void schedule_on_done(void* call, _Bool is_inline) __asm__("_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb");
void schedule_on_done(void* call, _Bool is_inline) {
  NEXT(void (*)(void*, _Bool), "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb");
  acquire((char*)call + 12);  // the integer, behind the table of virtual functions and another one
  next(call, is_inline);
}

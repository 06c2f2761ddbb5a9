#include "aya_kafka.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The part of librdkafka's interface that is used. It has been the same since version 1.0 (rdkafka.h). */
enum { CONF_OK = 0, PRODUCER = 0, MESSAGE_COPY = 2, PURGE_QUEUE = 1, PURGE_IN_FLIGHT = 2, QUEUE_FULL = -184 };

/* rd_kafka_message_t, as far as it is read. */
struct message {
  int error;
  void *topic;
  int32_t partition;
  void *payload;
  size_t size;
  void *key;
  size_t key_size;
  int64_t offset;
  void *number;
};

static struct {
  void *(*conf_new)(void);
  void (*conf_destroy)(void *);
  int (*conf_set)(void *, const char *, const char *, char *, size_t);
  void (*conf_set_opaque)(void *, void *);
  void (*conf_set_report)(void *, void (*)(void *, const struct message *, void *));
  void (*conf_set_error)(void *, void (*)(void *, int, const char *, void *));
  void (*conf_set_log)(void *, void (*)(const void *, int, const char *, const char *));
  void *(*create)(int, void *, char *, size_t);
  void (*destroy)(void *);
  void *(*topic_new)(void *, const char *, void *);
  void (*topic_destroy)(void *);
  int (*produce)(void *, int32_t, int, void *, size_t, const void *, size_t, void *);
  int (*poll)(void *, int);
  int (*purge)(void *, int);
  int (*last_error)(void);
  const char *(*error_text)(int);
} library;

static const struct {
  const char *name;
  void *place;
} symbols[] = {
    {"rd_kafka_conf_new", &library.conf_new},
    {"rd_kafka_conf_destroy", &library.conf_destroy},
    {"rd_kafka_conf_set", &library.conf_set},
    {"rd_kafka_conf_set_opaque", &library.conf_set_opaque},
    {"rd_kafka_conf_set_dr_msg_cb", &library.conf_set_report},
    {"rd_kafka_conf_set_error_cb", &library.conf_set_error},
    {"rd_kafka_conf_set_log_cb", &library.conf_set_log},
    {"rd_kafka_new", &library.create},
    {"rd_kafka_destroy", &library.destroy},
    {"rd_kafka_topic_new", &library.topic_new},
    {"rd_kafka_topic_destroy", &library.topic_destroy},
    {"rd_kafka_produce", &library.produce},
    {"rd_kafka_poll", &library.poll},
    {"rd_kafka_purge", &library.purge},
    {"rd_kafka_last_error", &library.last_error},
    {"rd_kafka_err2str", &library.error_text},
};

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

struct aya_kafka {
  void *client, *topic;
  aya_kafka_report report;
  void *context;
  char problem[256];
};

static bool load(char *problem, size_t size) {
  static bool is_loaded;
  pthread_mutex_lock(&loading);
  if (!is_loaded) {
    void *handle = dlopen("librdkafka.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
      snprintf(problem, size, "librdkafka is not there (%s)", dlerror());
    } else {
      is_loaded = true;
      for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(handle, symbols[i].name);
        if (!symbol) {
          snprintf(problem, size, "librdkafka is too old (it has no %s)", symbols[i].name);
          is_loaded = false;
        }
        memcpy(symbols[i].place, &symbol, sizeof symbol);
      }
      /* Once used it stays: its threads may outlive a producer for a moment. */
      if (!is_loaded) dlclose(handle);
    }
  }
  bool done = is_loaded;
  pthread_mutex_unlock(&loading);
  return done;
}

static void reported(void *client, const struct message *message, void *opaque) {
  (void)client;
  aya_kafka *producer = opaque;
  const char *error = message->error ? library.error_text(message->error) : NULL;
  producer->report(producer->context, (uint64_t)(uintptr_t)message->number, error);
}

static void failed(void *client, int error, const char *reason, void *opaque) {
  (void)client;
  (void)error;
  aya_kafka *producer = opaque;
  snprintf(producer->problem, sizeof producer->problem, "%s", reason);
}

/* The library would write to standard error; what matters comes by `failed`. */
static void silent(const void *client, int level, const char *facility, const char *text) {
  (void)client, (void)level, (void)facility, (void)text;
}

aya_kafka *aya_kafka_open(const char *const *settings, size_t count, const char *topic, aya_kafka_report report,
                          void *context, char *problem, size_t problem_size) {
  if (!load(problem, problem_size)) return NULL;
  aya_kafka *producer = calloc(1, sizeof *producer);
  void *conf = library.conf_new();
  if (!producer || !conf) {
    snprintf(problem, problem_size, "out of memory");
    free(producer);
    return NULL;
  }
  producer->report = report;
  producer->context = context;
  for (size_t i = 0; i + 1 < count; i += 2) {
    if (library.conf_set(conf, settings[i], settings[i + 1], problem, problem_size) == CONF_OK) continue;
    library.conf_destroy(conf);
    free(producer);
    return NULL;
  }
  library.conf_set_opaque(conf, producer);
  library.conf_set_report(conf, reported);
  library.conf_set_error(conf, failed);
  library.conf_set_log(conf, silent);
  producer->client = library.create(PRODUCER, conf, problem, problem_size);
  if (!producer->client) {
    library.conf_destroy(conf);
    free(producer);
    return NULL;
  }
  producer->topic = library.topic_new(producer->client, topic, NULL);
  if (!producer->topic) {
    snprintf(problem, problem_size, "%s", library.error_text(library.last_error()));
    library.destroy(producer->client);
    free(producer);
    return NULL;
  }
  return producer;
}

int aya_kafka_send(aya_kafka *producer, const void *bytes, size_t size, uint64_t number) {
  void *opaque = (void *)(uintptr_t)number;
  /* -1: the library chooses the partition. It copies what is sent. */
  if (library.produce(producer->topic, -1, MESSAGE_COPY, (void *)bytes, size, NULL, 0, opaque) == 0) return 0;
  int error = library.last_error();
  if (error == QUEUE_FULL) return -1;
  snprintf(producer->problem, sizeof producer->problem, "%s", library.error_text(error));
  return -2;
}

int aya_kafka_poll(aya_kafka *producer, int milliseconds) { return library.poll(producer->client, milliseconds); }

const char *aya_kafka_problem(const aya_kafka *producer) { return producer->problem; }

void aya_kafka_close(aya_kafka *producer) {
  library.purge(producer->client, PURGE_QUEUE | PURGE_IN_FLIGHT);
  while (library.poll(producer->client, 0) > 0) {
  }
  library.topic_destroy(producer->topic);
  library.destroy(producer->client);
  free(producer);
}

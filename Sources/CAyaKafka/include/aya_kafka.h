#ifndef AYA_KAFKA_H
#define AYA_KAFKA_H

#include <stddef.h>
#include <stdint.h>

/* A producer of librdkafka. The library is looked for when the first one is made: whoever sends nothing to Kafka need
   not have it. All functions of a producer belong to one thread. */
typedef struct aya_kafka aya_kafka;

/* What became of the record with this number: error is NULL when it has been taken. */
typedef void (*aya_kafka_report)(void *context, uint64_t number, const char *error);

/* `settings`: names and values in turns, `count` of both together. NULL: there is no producer, and `problem` says why. */
aya_kafka *aya_kafka_open(const char *const *settings, size_t count, const char *topic, aya_kafka_report report,
                          void *context, char *problem, size_t problem_size);

/* Copies a record into the producer's queue: 0, or -1 when the queue is full at present, or -2 when this record can
   never be sent, for the reason in `aya_kafka_problem`. */
int aya_kafka_send(aya_kafka *producer, const void *bytes, size_t size, uint64_t number);

/* Waits for reports, so many milliseconds at most; how many events there were. */
int aya_kafka_poll(aya_kafka *producer, int milliseconds);

/* What went wrong last; empty: nothing. */
const char *aya_kafka_problem(const aya_kafka *producer);

/* Gives up what has not been taken, with a report for each record, and ends the producer. */
void aya_kafka_close(aya_kafka *producer);

#endif

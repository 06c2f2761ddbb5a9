// Thin shims over Linux calls that Swift cannot import well: macros, unions, variadic functions, GNU extensions.
// Every call returns its result or the negated errno, so that no caller reads the thread's errno.
#ifndef AYA_SYSTEM_H
#define AYA_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

// An IP address and port as plain numbers. family: 4, 6, or 0 for none (a unix socket's peer).
// IPv4 stands in the low 32 bits of low; port is in host order.
struct aya_address {
    uint64_t high;
    uint64_t low;
    uint16_t port;
    uint8_t family;
};

// --- sockets ---
int aya_listen_tcp(const struct aya_address *address, int backlog);
// 0 when nobody listens there: sharing a port would let a second process take it without a word.
int aya_probe_tcp(const struct aya_address *address);
int aya_listen_unix(const char *path, size_t length, int backlog);
// pending: 1 when the connection is still being made and the socket turns writable once it is.
int aya_connect_tcp(const struct aya_address *address, int *pending);
int aya_connect_unix(const char *path, size_t length, int *pending);
int aya_connect_unix_datagrams(const char *path, size_t length);
// Blocks until the descriptor is ready or the time is over: 1, 0, or the error below zero.
int aya_await(int descriptor, int for_writing, int milliseconds);
int aya_accept(int listener, struct aya_address *peer);
int aya_local_address(int descriptor, struct aya_address *address);
int aya_pending_error(int descriptor);
// Closes with a reset instead of an orderly end.
int aya_close_with_reset(int descriptor);

long aya_receive(int descriptor, void *buffer, size_t length);
long aya_send(int descriptor, const void *buffer, size_t length);
long aya_send_more(int descriptor, const void *buffer, size_t length);
int aya_shutdown_sending(int descriptor);

// The kernel takes no more while so many bytes wait to be sent for the first time.
void aya_limit_unsent(int descriptor, int bytes);
int aya_close(int descriptor);

// --- splice ---
int aya_pipe(int *reading, int *writing, int capacity);
// Moves bytes between a socket and a pipe without copying them through the process; never blocks.
long aya_splice(int from, int to, size_t length, int more);

// --- epoll and eventfd ---
struct aya_event {
    uint64_t token;
    uint32_t bits;
};
#define AYA_READABLE 1u
#define AYA_WRITABLE 2u
// The peer has ended its direction; BROKEN: both directions are gone.
#define AYA_HANGUP 4u
#define AYA_BROKEN 8u
int aya_epoll_create(void);
// Edge-triggered, for reading, writing and the peer's end of stream.
int aya_epoll_add(int epoll, int descriptor, uint64_t token);
int aya_epoll_add_reader(int epoll, int descriptor, uint64_t token);
// Level-triggered: told again in every turn while there is something to read.
int aya_epoll_add_level_reader(int epoll, int descriptor, uint64_t token);
int aya_epoll_remove(int epoll, int descriptor);
// Up to capacity events; milliseconds < 0 waits without end.
int aya_epoll_wait(int epoll, struct aya_event *events, int capacity, int milliseconds);
int aya_eventfd(void);
int aya_eventfd_signal(int descriptor);
int aya_eventfd_drain(int descriptor);

// --- clock, threads, process ---
int64_t aya_monotonic_nanoseconds(void);
int64_t aya_wall_nanoseconds(void);
/* 1 when something keeps the wall clock in step, 0 when nothing does, -1 when that is not told. */
int aya_clock_is_kept(void);
uint64_t aya_random_seed(void);
uintptr_t aya_thread_identity(void);
int aya_pin_thread(int processor);
// The processors this process may run on, in order; returns how many.
int aya_allowed_processors(int *processors, int capacity);
// splice() into a broken connection raises SIGPIPE and knows no flag against it: the thread that calls it blocks it.
void aya_block_broken_pipe_signal(void);
void aya_name_thread(const char *name);
int aya_open_file_limit(void);
// Gives free heap pages back to the system.
void aya_trim_heap(void);

// --- signals ---
// From now on each of these signals becomes a byte that aya_next_signal reads; SIGPIPE is ignored. Once a process.
int aya_watch_signals(const int *numbers, int count);
// Waits for the next signal and returns its number.
int aya_next_signal(int descriptor);

// --- UDP ---
// One slot of a batch: where the bytes are, who sent them or shall get them, and the segment size of a train of
// equal datagrams (0: a single one). local: the address of ours that it came to or shall come from; family 0 leaves
// the choice to the kernel.
struct aya_datagram {
    void *bytes;
    uint32_t length;
    uint32_t segment;
    struct aya_address peer;
    struct aya_address local;
};
#define AYA_DATAGRAM_BATCH 64
int aya_bind_udp(const struct aya_address *address, int reuse_port);
int aya_connect_udp(const struct aya_address *address);
// Asks the kernel to hand trains of datagrams over in one buffer; 0 where it can.
int aya_udp_receive_offload(int descriptor);
// Asks for the address of ours that each datagram came to: with several, an answer must come from the same one.
int aya_udp_receive_local(int descriptor);
// Fills up to count slots (each with its buffer and capacity in length); returns how many.
int aya_receive_datagrams(int descriptor, struct aya_datagram *slots, int count);
// Fills one slot on a connected socket, cheaper than the above; the peer is not told. Not with the offload.
int aya_receive_datagram(int descriptor, struct aya_datagram *slot);
// Sends up to count slots; connected: the peer fields are ignored. Returns how many went out.
int aya_send_datagrams(int descriptor, const struct aya_datagram *slots, int count, int connected);

// --- ICMP echo ---
// A socket for ICMP echo with one address: a ping socket, or where the system gives none a raw one (raw: 1), whose
// IPv4 answers begin with the IP header.
int aya_connect_echo(const struct aya_address *address, int *raw);

// --- commands ---
// Starts a program in a process group of its own and returns its process id. environment is added to ours. output: the
// reading end of a pipe with its output and errors, non-blocking; handle: a descriptor that turns readable when the
// program has ended.
int aya_spawn(char *const *arguments, char *const *environment, int *output, int *handle);
long aya_read(int descriptor, void *buffer, size_t length);
// Kills the process group.
void aya_kill_group(int process);
// The exit status, or 256 and the number of the signal that ended it; -EAGAIN while it runs.
int aya_reap(int process);

// --- succession ---
// Starts a program that gets these descriptors under the numbers they have here, and variable in its environment;
// returns its process id.
int aya_spawn_successor(
    const char *path, char *const *arguments, char *variable, const int *descriptors, int count);
// A file that is in memory alone, with these bytes; its descriptor.
int aya_memory_file(const void *bytes, long count);
// What a file begins with, wherever it stands; how many bytes.
long aya_read_start(int descriptor, void *bytes, long capacity);
int aya_byte_pipe(int *reading, int *writing);
// Waits for a byte: 1, or 0 when the other end is closed, or -ETIMEDOUT.
int aya_await_byte(int descriptor, int milliseconds);
int aya_send_byte(int descriptor);
void aya_kill_process(int process);
// Waits for its end: the exit status, or 256 and the number of the signal that ended it.
int aya_await_end(int process);

// --- supervision ---
// Sends a datagram to a unix socket, '@' in front of an abstract name.
int aya_notify(const char *path, const char *text);
// 1 for a socket of datagrams, 0 for one of streams that listens, else -errno or -ENOTSOCK.
int aya_socket_transport(int descriptor);
int aya_set_nonblocking(int descriptor);

// --- confinement ---
// What a process gives up for good, and whatever it starts with it. Negative: -errno.
int aya_no_new_privileges(void);
// For every thread of the process.
int aya_refuse_system_calls(void);
// Of the kernel; -ENOSYS or -EOPNOTSUPP without Landlock.
int aya_landlock_version(void);
// Of the calling thread, and of a program that it becomes: files are written below these paths only.
int aya_restrict_writing(const char *const *paths, int count);
int aya_find_user(const char *name, unsigned *user, unsigned *group);
int aya_find_group(const char *name, unsigned *group);
// Capabilities as bits that stay, also in a program that the calling thread becomes.
int aya_become_user(const char *name, unsigned user, unsigned group, unsigned long long capabilities);
// Returns only when it fails.
int aya_execute_self(char *const *arguments);

// --- locks ---
int aya_lock_shared(int descriptor);
// 1 when somebody else holds a lock on it, 0 when nobody does.
int aya_others_lock(int descriptor);

#endif

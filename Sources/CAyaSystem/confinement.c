#define _GNU_SOURCE
#include "aya_system.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int aya_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0; }

// MARK: system calls

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// What a load balancer never does and an intruder would: look into other processes, change mounts, modules, clocks and
// the kernel itself, or make namespaces. Programs that are started from here inherit it.
static const int refused_calls[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_mount, SYS_umount2, SYS_pivot_root,
    SYS_chroot, SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_sethostname,
    SYS_setdomainname, SYS_quotactl, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
    SYS_unshare, SYS_setns, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_personality, SYS_mbind, SYS_move_pages,
    SYS_migrate_pages, SYS_syslog, SYS_vhangup, SYS_lookup_dcookie, SYS_fanotify_init,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_open_tree
    SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick,
#endif
#ifdef SYS_mount_setattr
    SYS_mount_setattr,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

int aya_refuse_system_calls(void) {
#ifndef OWN_ARCHITECTURE
    return -ENOSYS;
#else
    enum { calls = sizeof refused_calls / sizeof *refused_calls };
    struct sock_filter program[calls + 16];
    int length = 0;
    struct sock_filter architecture =
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    program[length++] = architecture;
    // Another architecture's calls have other numbers.
    program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA));
    program[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // The numbers of x32 begin here.
    program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, calls + 1, 0);
#endif
    for (int i = 0; i < calls; i++) {
        unsigned char far = (unsigned char)(calls - i);
        program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused_calls[i], far, 0);
    }
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA));
    struct sock_fprog filter = {.len = (unsigned short)length, .filter = program};
    // The bytes that are parsed here run no code of strangers: no need for speculation to cost anything.
    unsigned flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    long code = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
    return code < 0 ? -errno : code > 0 ? -EBUSY : 0;
#endif
}

// MARK: files

int aya_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? -errno : (int)version;
}

static __u64 writing_rights(int version) {
    __u64 rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                   LANDLOCK_ACCESS_FS_MAKE_SYM;
    if (version >= 2) rights |= 1ULL << 13;  // REFER
    if (version >= 3) rights |= 1ULL << 14;  // TRUNCATE
    return rights;
}

int aya_restrict_writing(const char *const *paths, int count) {
    int version = aya_landlock_version();
    if (version < 0) return version;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = writing_rights(version)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0);
    if (rules < 0) return -errno;
    int code = 0;
    for (int i = 0; i < count && !code; i++) {
        struct landlock_path_beneath_attr rule = {.parent_fd = open(paths[i], O_PATH | O_CLOEXEC)};
        // What is not there can not be written.
        if (rule.parent_fd < 0) continue;
        struct stat facts;
        rule.allowed_access = attributes.handled_access_fs;
        if (fstat(rule.parent_fd, &facts) == 0 && !S_ISDIR(facts.st_mode))
            rule.allowed_access &= LANDLOCK_ACCESS_FS_WRITE_FILE | 1ULL << 14;
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)) code = -errno;
        close(rule.parent_fd);
    }
    if (!code && syscall(SYS_landlock_restrict_self, rules, 0)) code = -errno;
    close(rules);
    return code;
}

// MARK: the user

int aya_find_user(const char *name, unsigned *user, unsigned *group) {
    errno = 0;
    struct passwd *entry = getpwnam(name);
    if (!entry) return errno ? -errno : -ENOENT;
    *user = entry->pw_uid;
    *group = entry->pw_gid;
    return 0;
}

int aya_find_group(const char *name, unsigned *group) {
    errno = 0;
    struct group *entry = getgrnam(name);
    if (!entry) return errno ? -errno : -ENOENT;
    *group = entry->gr_gid;
    return 0;
}

// Of this thread alone, which is about to become another program.
int aya_become_user(const char *name, unsigned user, unsigned group, unsigned long long capabilities) {
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)) return -errno;
    if (initgroups(name, group)) return -errno;
    if (setresgid(group, group, group)) return -errno;
    if (setresuid(user, user, user)) return -errno;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    for (int i = 0; i < 2; i++) {
        unsigned kept = (unsigned)(capabilities >> (32 * i));
        data[i] = (struct __user_cap_data_struct){.effective = kept, .permitted = kept, .inheritable = kept};
    }
    if (syscall(SYS_capset, &header, data)) return -errno;
    for (unsigned capability = 0; capability < 64; capability++)
        if (capabilities >> capability & 1)
            if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)) return -errno;
    return 0;
}

int aya_execute_self(char *const *arguments) {
    // By its own path, where it has one still: the process is named after it.
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        execv(path, arguments);
    }
    execv("/proc/self/exe", arguments);
    return -errno;
}

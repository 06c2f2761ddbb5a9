internal import AyaConfig
internal import AyaReactor
internal import Glibc

/// Limits, settings and features of the system: what a busy listener runs into first.
struct MachineCheck {
    private let blueprint: Blueprint

    init(_ blueprint: Blueprint) { self.blueprint = blueprint }

    var findings: [Finding] {
        [descriptors, backlog, ephemeralPorts, memory, clock, kernel, echo].compactMap(\.self)
    }

    /// A connection of a client takes one, its connection to a server another.
    private var descriptors: Finding {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let hard = Int(clamping: limit.rlim_max)
        let wanted = 65_536
        let message =
            "up to \(Figures.count(hard)) descriptors, for about \(Figures.count(hard / 2)) connections at once"
        return hard >= wanted
            ? .good("descriptors", message)
            : .doubtful(
                "descriptors", message, fix: "raise it: 'LimitNOFILE=1048576' in the unit, or 'ulimit -Hn 1048576'")
    }

    private var backlog: Finding? {
        guard let longest = SystemFile.numbers("/proc/sys/net/core/somaxconn").first else { return nil }
        return longest >= 4_096
            ? .good("backlog", "\(Figures.count(longest)) connections may wait to be accepted")
            : .doubtful(
                "backlog",
                "only \(Figures.count(longest)) connections may wait to be accepted; a burst of more is refused",
                fix: "sysctl -w net.core.somaxconn=4096")
    }

    private var ephemeralPorts: Finding? {
        let range = SystemFile.numbers("/proc/sys/net/ipv4/ip_local_port_range")
        guard range.count == 2 else { return nil }
        let count = range[1] - range[0] + 1
        return count >= 20_000
            ? .good("local ports", "\(Figures.count(count)) for connections to each server")
            : .doubtful(
                "local ports", "only \(Figures.count(count)) for connections to each server",
                fix: "sysctl -w net.ipv4.ip_local_port_range='10240 65535'")
    }

    private var memory: Finding? {
        let lines = (SystemFile.text("/proc/meminfo") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }),
            let free = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return free >= 256 << 10
            ? .good("memory", "\(Figures.bytes(free << 10)) available")
            : .doubtful("memory", "only \(Figures.bytes(free << 10)) available", fix: "free some, or add some")
    }

    /// Certificates, tokens, cookies and the times in logs depend on it.
    private var clock: Finding {
        var seconds = time_t()
        unsafe time(&seconds)
        // The first day of 2026: no earlier Aya exists.
        guard seconds > 1_767_225_600 else {
            return .bad(
                "clock", "it stands in the past: certificates will not be valid",
                fix: "set it, and run chrony or systemd-timesyncd")
        }
        switch Machine.isClockKept {
        case true?: return .good("clock", "kept in step")
        case false?: return .doubtful("clock", "nobody keeps it in step", fix: "run chrony or systemd-timesyncd")
        case nil: return .good("clock", "set; whether it is kept is not known here")
        }
    }

    private var kernel: Finding {
        var names = utsname()
        unsafe uname(&names)
        let release = unsafe withUnsafePointer(to: &names.release) {
            // Safe: the kernel terminates it.
            unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
        }
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        let version = numbers.count == 2 ? numbers[0] * 1_000 + numbers[1] : 0
        guard version >= 4_018 else {
            return .doubtful(
                "kernel", "Linux \(release) is older than what Aya is tested with", fix: "use Linux 5.4 or later")
        }
        var missing: [String] = []
        if version < 5_000 { missing.append("UDP_GRO (5.0)") }
        if version < 5_013 { missing.append("Landlock (5.13)") }
        let note = missing.isEmpty ? "" : ", without \(missing.joined(separator: ", "))"
        return .good("kernel", "Linux \(release)\(note)")
    }

    /// Probes by ICMP need a permission that few processes have.
    private var echo: Finding? {
        let isWanted = blueprint.pools.contains { pool in
            if case .icmp = pool.health?.check { true } else { false }
        }
        guard isWanted else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), Int32(IPPROTO_ICMP))
        guard descriptor < 0 else {
            close(descriptor)
            return .good("icmp", "probes may be sent")
        }
        return .bad(
            "icmp", "probes may not be sent: \(SystemReason.last)",
            fix: "sysctl -w net.ipv4.ping_group_range='0 2147483647'")
    }
}

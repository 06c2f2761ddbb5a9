internal import AyaConfig
internal import AyaCore
internal import AyaReactor
package import AyaTelemetry
internal import CAyaSystem
internal import Glibc

/// Has this process give up what it does not need, before it opens anything: other users' rights, system calls that no
/// load balancer makes, and files that are not its own.
///
/// Some of that binds single threads, and a program has threads before its first line runs. So the process confines the
/// thread that it is in and then becomes its own program again, all of whose threads are bound. What inherits from it, a
/// successor or a program for a probe, is bound too.
package enum Confinement {
    /// Says in the environment that it is done, and with what.
    private static let variable = "AYA_CONFINED"

    /// Returns when there is nothing to give up, or it is done; else the process begins anew.
    ///
    /// - Parameter others: which may run in this process too, and whose files it must be able to write.
    package static func enter(
        _ configuration: Configuration, and others: [Configuration] = [], arguments: [String], log: Log = .standard
    ) throws(StartError) {
        // Safe: getenv gives nil or a terminated string.
        if let done = unsafe getenv(variable).map({ unsafe String(cString: $0) }) {
            log.debug("confined", ["by": done])
            return
        }
        let rules = configuration.blueprint.process
        var done: [String] = []
        if let user = rules.user { done.append(try become(user, rules.group, configuration.blueprint)) }
        if rules.landlock != .off || rules.systemCalls != .off {
            guard aya_no_new_privileges() == 0 else { return }
        }
        if try restrictWriting(configuration.blueprint, and: others.map(\.blueprint)) { done.append("landlock") }
        if try refuseSystemCalls(rules.systemCalls) { done.append("seccomp") }
        guard !done.isEmpty else { return }
        unsafe setenv(variable, done.joined(separator: " "), 1)
        let words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let code = unsafe aya_execute_self(words)
        throw StartError("can not begin anew as a confined process: \(SystemError(code: -code))")
    }

    // MARK: the user

    private static let bindService = 10
    private static let rawSockets = 13

    private static func become(
        _ user: String, _ group: String?, _ blueprint: Blueprint
    ) throws(StartError) -> String {
        var (number, groupNumber): (UInt32, UInt32) = (0, 0)
        guard unsafe aya_find_user(user, &number, &groupNumber) == 0 else {
            throw StartError("'process: user': there is no user '\(user)'")
        }
        if let group {
            guard unsafe aya_find_group(group, &groupNumber) == 0 else {
                throw StartError("'process: group': there is no group '\(group)'")
            }
        }
        // Whoever starts it as that user has done so already.
        if geteuid() == number { return "user" }
        guard geteuid() == 0 else {
            throw StartError("'process: user': only root can become '\(user)'")
        }
        // Ports below 1024 stay possible for later configurations, and echoes where something is probed by them.
        var kept: UInt64 = 1 << bindService
        if blueprint.pools.contains(where: { $0.health?.isEcho == true }) { kept |= 1 << rawSockets }
        let code = unsafe aya_become_user(user, number, groupNumber, kept)
        guard code == 0 else {
            throw StartError("'process: user': can not become '\(user)': \(SystemError(code: -code))")
        }
        return "user=\(user)"
    }

    // MARK: system calls

    private static func refuseSystemCalls(_ wanted: Blueprint.Process.Demand) throws(StartError) -> Bool {
        guard wanted != .off else { return false }
        let code = aya_refuse_system_calls()
        if code == 0 { return true }
        guard wanted == .on else { return false }
        throw StartError("'process: seccomp': the kernel refuses it: \(SystemError(code: -code))")
    }

    // MARK: files

    private static func restrictWriting(_ blueprint: Blueprint, and others: [Blueprint]) throws(StartError) -> Bool {
        let wanted = blueprint.process.landlock
        // Programs of others would be bound too, and nobody knows what they write.
        guard wanted == .on || wanted == .auto && !(others + [blueprint]).contains(where: \.runsPrograms)
        else { return false }
        let paths = (others + [blueprint]).flatMap(\.writablePaths)
        let pointers = unsafe paths.map { unsafe UnsafePointer(strdup($0)) }
        defer { unsafe pointers.forEach { unsafe free(UnsafeMutableRawPointer(mutating: $0)) } }
        let code = unsafe aya_restrict_writing(pointers, Int32(pointers.count))
        if code == 0 { return true }
        guard wanted == .on else { return false }
        throw StartError("'process: landlock': the kernel has none: \(SystemError(code: -code))")
    }
}

extension Blueprint {
    /// Probes by command, hooks of certificates and of the brain, and commands that take alerts.
    fileprivate var runsPrograms: Bool {
        let probes = pools.contains { pool in
            if case .command = pool.health?.check { true } else { false }
        }
        let hooks = listeners.contains { listener in
            if case .automatic(let automatic) = listener.tls?.issuer { !automatic.hook.isEmpty } else { false }
        }
        let messengers = alerts?.channels.contains { if case .command = $0.kind { true } else { false } } ?? false
        let advised = pools.contains { pool in
            if case .command? = pool.brain?.capacity?.actuator { return true }
            return pool.brain?.recovery.isEmpty == false
        }
        return probes || hooks || messengers || advised
    }

    /// Below which Aya has something to write.
    fileprivate var writablePaths: [String] {
        var paths = [state, "/dev/null", "/dev/tty"]
        if let directory = history?.directory { paths.append(directory) }
        for case .file(let path, _) in accessLogs.map(\.target) { paths.append(Self.directory(of: path)) }
        for bind in listeners.map(\.bind) + [admin?.bind].compactMap(\.self) {
            if case .unix(path: let path) = bind, !path.hasPrefix("@") { paths.append(Self.directory(of: path)) }
        }
        return paths
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension Blueprint.Health {
    fileprivate var isEcho: Bool {
        if case .icmp = check { true } else { false }
    }
}

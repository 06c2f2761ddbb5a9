internal import CAyaSystem
internal import Glibc
internal import Synchronization

/// What a process got from the one that it succeeds: descriptors by name. Each is taken once; what nobody wants is
/// closed when this one serves.
package final class Inheritance: Sendable {
    static let variable = "AYA_INHERITANCE"
    static let readinessName = "readiness"

    private let state: Mutex<[Successor.Bequest]>

    /// What the environment tells of, which forgets it; nil for a process that succeeds nobody. To be called once,
    /// before there are threads.
    package static func take() -> Inheritance? {
        // Safe: getenv gives nil or a terminated string.
        guard let text = unsafe getenv(variable).map({ unsafe String(cString: $0) }) else { return nil }
        unsafe unsetenv(variable)
        let bequests = text.split(separator: "\n").compactMap { line -> Successor.Bequest? in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let descriptor = Int32(parts[0]), fcntl(descriptor, F_GETFD) >= 0 else {
                return nil
            }
            // Programs that are started from here are no heirs.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return Successor.Bequest(name: String(parts[1]), descriptor: descriptor)
        }
        return bequests.isEmpty ? nil : Inheritance(bequests)
    }

    /// Whether a service manager opened it, who knows nothing of workers.
    package let isActivation: Bool

    package init(_ bequests: [Successor.Bequest], isActivation: Bool = false) {
        state = Mutex(bequests)
        self.isActivation = isActivation
    }

    /// The descriptors of that name, in order, at most so many.
    package func take(_ name: String, atMost count: Int = .max) -> [Int32] {
        state.withLock { left in
            let found = left.filter { $0.name == name }.prefix(count).map(\.descriptor)
            left.removeAll { found.contains($0.descriptor) }
            return Array(found)
        }
    }

    /// Those whose names begin so, in order.
    package func take(beginningWith prefix: String) -> [Successor.Bequest] {
        state.withLock { left in
            let found = left.filter { $0.name.hasPrefix(prefix) }
            left.removeAll { $0.name.hasPrefix(prefix) }
            return found
        }
    }

    package var names: [String] { state.withLock { $0.map(\.name) } }

    /// Tells the predecessor that this process serves.
    package func announceReadiness() {
        for descriptor in take(Self.readinessName) {
            _ = aya_send_byte(descriptor)
            Descriptors.close(descriptor)
        }
        let left = state.withLock { left in
            defer { left = [] }
            return left
        }
        for bequest in left { Descriptors.close(bequest.descriptor) }
    }
}

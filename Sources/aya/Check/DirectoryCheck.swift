internal import AyaConfig
internal import Glibc

/// Whether what should be kept can be kept: directories that exist, may be written to and have room.
struct DirectoryCheck {
    private let blueprint: Blueprint

    init(_ blueprint: Blueprint) { self.blueprint = blueprint }

    var findings: [Finding] {
        var found = [state]
        for log in blueprint.accessLogs {
            if case .file(let path, _) = log.target { found.append(look(at: path, "access log")) }
        }
        return found
    }

    private var state: Finding {
        let path = blueprint.state
        guard unsafe access(path, F_OK) == 0 else {
            return .doubtful(
                "state", "\(path) does not exist: generations, the audit log and keys end with the process",
                fix: "'StateDirectory=aya' in the unit, or make it for the user that runs Aya")
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            return .bad(
                "state", "\(path) can't be written to: \(SystemReason.last)", fix: "chown it to the user that runs Aya")
        }
        return room(path, "state")
    }

    private func look(at path: String, _ topic: String) -> Finding {
        let isThere = unsafe access(path, F_OK) == 0
        let place = isThere ? path : Self.parent(of: path)
        guard unsafe access(place, W_OK) == 0 else {
            return .bad(
                topic, "\(place) can't be written to: \(SystemReason.last)", fix: "chown it to the user that runs Aya")
        }
        return room(place, topic)
    }

    private func room(_ path: String, _ topic: String) -> Finding {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0, status.f_blocks > 0 else {
            return .good(topic, "\(path) can be written to")
        }
        let free = Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
        let share = Double(status.f_bavail) / Double(status.f_blocks)
        let message = "\(path) can be written to, \(Figures.bytes(free)) free"
        return share >= 0.05 || free >= 4 << 30
            ? .good(topic, message)
            : .doubtful(topic, message, fix: "make room: records are lost when the disk is full")
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Which process has a port, by what the kernel tells under /proc.
enum PortOwner {
    struct Holder {
        var process: Int
        var name: String
    }

    /// Nil when nobody has it, or this process may not see who.
    static func find(_ port: UInt16, isDatagram: Bool) -> Holder? {
        let wanted = Set(tables(isDatagram).flatMap { sockets(in: $0, port: port, isDatagram: isDatagram) })
        guard !wanted.isEmpty else { return nil }
        for process in SystemFile.names("/proc").compactMap({ Int($0) }).sorted() {
            for descriptor in SystemFile.names("/proc/\(process)/fd") {
                guard let target = SystemFile.target("/proc/\(process)/fd/\(descriptor)"), target.hasPrefix("socket:["),
                    wanted.contains(String(target.dropFirst(8).dropLast()))
                else { continue }
                let name = SystemFile.text("/proc/\(process)/comm") ?? "?"
                return Holder(process: process, name: String(name.prefix { $0 != "\n" }))
            }
        }
        return nil
    }

    private static func tables(_ isDatagram: Bool) -> [String] {
        isDatagram ? ["/proc/net/udp", "/proc/net/udp6"] : ["/proc/net/tcp", "/proc/net/tcp6"]
    }

    /// The inodes of sockets that are bound to a port: `sl local_address rem_address st … inode` (proc(5)).
    private static func sockets(in table: String, port: UInt16, isDatagram: Bool) -> [String] {
        let suffix = ":" + String(port, radix: 16, uppercase: true).padded(4)
        return (SystemFile.text(table) ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            // 0A: it listens.
            guard fields.count > 9, fields[1].hasSuffix(suffix), isDatagram || fields[3] == "0A" else { return nil }
            return String(fields[9])
        }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}

internal import AyaTLS
internal import Glibc

/// Proofs that are being looked for, where every process that shares the directory can see them: the authority may ask
/// any of them, whichever placed the order.
extension ACMEShelf {
    private var proofs: String { "\(directory)/proofs" }
    private func path(of token: String) -> String { "\(proofs)/\(token)" }

    /// When the first or the last of them came or went, in nanoseconds since 1970.
    func proofsModified() -> Int64 { PrivateFile.modified(proofs) }

    func share(_ proof: Proofs.Proof) {
        guard PrivateFile.makeDirectory(proofs) else { return }
        let lines = [proof.host, proof.token, proof.answer].joined(separator: "\n")
        _ = PrivateFile.replace(Array(lines.utf8), at: path(of: proof.token))
    }

    func withdraw(_ proof: Proofs.Proof) { PrivateFile.remove(path(of: proof.token)) }

    /// All that are there. What a process left that ended in the middle of an order goes after an hour.
    func sharedProofs(now: Int64) -> [Proofs.Proof] {
        var found: [Proofs.Proof] = []
        for name in Self.names(in: proofs) where !name.contains(".") {
            guard now - PrivateFile.modified(path(of: name)) / 1_000_000_000 < 3600 else {
                PrivateFile.remove(path(of: name))
                continue
            }
            guard let bytes = PrivateFile.read(path(of: name)) else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            if lines.count == 3, lines[1] == name { found.append(.init(host: lines[0], token: name, answer: lines[2])) }
        }
        return found
    }

    private static func names(in path: String) -> [String] {
        guard let list = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(list) }
        var names: [String] = []
        while let entry = unsafe readdir(list) {
            // Safe: the name is terminated, and lives until the next entry is read.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }
}

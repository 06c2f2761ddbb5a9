internal import AyaAdmin
internal import AyaConfig
internal import AyaProxy

extension AdminAccess {
    /// As the running configuration says; without an admin section only listeners that serve the API ask.
    init(_ admin: Blueprint.Admin?) {
        self.init(hash: SHA256.hash)
        guard let admin else { return }
        tokens = admin.tokens.map { token in
            Token(name: token.name, digest: Self.bytes(token.hash), scope: Scope(token.scope))
        }
        hosts = admin.hosts
        isOpen = admin.isOpen
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension AdminAccess.Scope {
    fileprivate init(_ scope: Blueprint.Admin.Scope) {
        switch scope {
        case .read: self = .read
        case .operate: self = .operate
        case .admin: self = .admin
        }
    }
}

extension Buffer {
    /// Appends the canonical text of an address without building a `String`.
    package func append(_ address: IPAddress) {
        unsafe IPAddressText(address).withBytes { unsafe append($0) }
    }

    /// Appends `127.0.0.1:80` or `[::1]:80`.
    package func append(_ address: SocketAddress) {
        if address.ip.family == .v6 {
            append(UInt8(ascii: "["))
            append(address.ip)
            append(UInt8(ascii: "]"))
        } else {
            append(address.ip)
        }
        append(UInt8(ascii: ":"))
        append(decimal: UInt64(address.port))
    }
}

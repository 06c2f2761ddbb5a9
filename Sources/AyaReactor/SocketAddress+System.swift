internal import AyaCore
internal import CAyaSystem

extension SocketAddress {
    /// Nil for a peer without an IP address, such as a unix socket's.
    init?(_ raw: aya_address) {
        switch raw.family {
        case 4: self.init(ip: IPAddress(v4: UInt32(truncatingIfNeeded: raw.low)), port: raw.port)
        case 6: self.init(ip: IPAddress(v6High: raw.high, low: raw.low), port: raw.port)
        default: return nil
        }
    }

    var raw: aya_address { aya_address(high: ip.high, low: ip.low, port: port, family: ip.family.rawValue) }
}

package import AyaCore
internal import CAyaSystem

extension SocketAddress {
    /// A descriptor for ICMP echo with this address's host, and whether it is a raw one: those give IPv4 answers with
    /// the IP header in front, and want a checksum.
    ///
    /// A ping socket needs no privilege where `net.ipv4.ping_group_range` allows it; a raw one needs CAP_NET_RAW.
    package func connectEcho() throws(SystemError) -> (descriptor: Int32, isRaw: Bool) {
        var raw = raw
        var isRaw: Int32 = 0
        let descriptor = unsafe aya_connect_echo(&raw, &isRaw)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        return (descriptor, isRaw != 0)
    }

    /// A descriptor for datagrams with this address alone.
    package func connectDatagrams() throws(SystemError) -> Int32 {
        var raw = raw
        let descriptor = unsafe aya_connect_udp(&raw)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        return descriptor
    }
}

internal import Glibc

/// 127.0.0.1 and a port, as the socket calls take it.
struct LoopbackName {
    private var name = sockaddr_in()

    init(_ port: UInt16) {
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    }

    var port: UInt16 { UInt16(bigEndian: name.sin_port) }

    func with(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        // Safe: a sockaddr_in is a sockaddr of its family.
        unsafe withUnsafePointer(to: name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// For calls that write the name.
    mutating func fill(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> Int32 {
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // Safe: a sockaddr_in is a sockaddr of its family.
        return unsafe withUnsafeMutablePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call($0, &length) }
        }
    }
}

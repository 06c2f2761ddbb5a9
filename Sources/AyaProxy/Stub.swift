internal import AyaCore
internal import AyaReactor
internal import AyaTelemetry
enum TCPSession { static func start(_ d: Int32, peer: SocketAddress?, listener: ListenerRuntime, runtime: Runtime, lease: consuming ClientLease) {} }
package final class UDPListener { package func drain() {} }

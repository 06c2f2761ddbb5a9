package import AyaCore
internal import CAyaSystem

/// A connection of a thread that has nothing else to do and may block, such as a log's: never a worker's.
///
/// Every call has a timeout, so that a peer that stalls is a failure and no hang.
package final class BlockingSocket {
    private var descriptor: Int32
    private let milliseconds: Int32

    /// Connects a stream.
    package init(to endpoint: BoundEndpoint, timeout: Duration) throws(SystemError) {
        milliseconds = Self.milliseconds(timeout)
        let (descriptor, pending) = try endpoint.connect()
        self.descriptor = descriptor
        guard pending else { return }
        let ready = aya_await(descriptor, 1, milliseconds)
        let code = ready == 1 ? aya_pending_error(descriptor) : ready == 0 ? Self.late : -ready
        guard code == 0 else {
            close()
            throw SystemError(code: code)
        }
    }

    /// What is sent are datagrams; nobody need be there.
    package init(datagramsTo endpoint: BoundEndpoint, timeout: Duration) throws(SystemError) {
        milliseconds = Self.milliseconds(timeout)
        switch endpoint {
        case .address(let address):
            var raw = address.raw
            descriptor = unsafe aya_connect_udp(&raw)
        case .unix(let path):
            descriptor = unsafe path.withCString { unsafe aya_connect_unix_datagrams($0, path.utf8.count) }
        }
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
    }

    deinit { close() }

    /// ETIMEDOUT.
    private static let late: Int32 = 110

    private static func milliseconds(_ time: Duration) -> Int32 {
        Int32(clamping: Interval(time).nanoseconds / 1_000_000)
    }

    /// Sends a part of the bytes, or a datagram as a whole, and tells how many that were.
    package func send(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Int, SystemError> {
        while true {
            let count = unsafe aya_send(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return .success(Int(count)) }
            let error = SystemError(Int(-count))
            guard error.wouldBlock else { return .failure(error) }
            if let failure = ready(forWriting: true) { return .failure(failure) }
        }
    }

    /// Adds what has come to the buffer; 0 bytes at the stream's end.
    package func receive(into buffer: Buffer) -> Result<Int, SystemError> {
        while true {
            let free = unsafe buffer.free
            let count = unsafe aya_read(descriptor, free.baseAddress, free.count)
            if count >= 0 {
                buffer.commit(Int(count))
                return .success(Int(count))
            }
            let error = SystemError(Int(-count))
            guard error.wouldBlock else { return .failure(error) }
            if let failure = ready(forWriting: false) { return .failure(failure) }
        }
    }

    private func ready(forWriting isWriting: Bool) -> SystemError? {
        let ready = aya_await(descriptor, isWriting ? 1 : 0, milliseconds)
        return ready == 1 ? nil : SystemError(code: ready == 0 ? Self.late : -ready)
    }

    package func close() {
        if descriptor >= 0 { _ = aya_close(descriptor) }
        descriptor = -1
    }
}

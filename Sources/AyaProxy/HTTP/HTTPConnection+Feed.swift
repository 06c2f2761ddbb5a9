internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// Answers without an end: what a service tells as it happens, until the client leaves.
extension HTTPConnection {
    /// A sign of life for proxies on the way, and how soon a client is missed that left without a word.
    private static let heartbeat = Interval.seconds(15)

    /// Sends what a feed tells, as server-sent events. Its length is not known, so the connection ends with it.
    func stream(_ feed: ServiceFeed, _ exchange: Exchange, _ response: ServiceResponse) async -> Ending {
        exchange.keepAlive = false
        exchange.status = response.status
        isStreaming = true
        defer {
            isStreaming = false
            feed.close()
        }
        // Safe: woken on the worker's own thread alone.
        nonisolated(unsafe) weak let confined = self
        let executor = worker.executor
        feed.listen { executor.post { _ in unsafe confined?.wake() } }
        var bytes = Array("HTTP/1.1 200 OK\r\nConnection: close\r\n".utf8)
        for header in response.headers { bytes += Array("\(header.name): \(header.value)\r\n".utf8) }
        bytes += Array("\r\n".utf8)
        while true {
            let (told, isEnded) = feed.take()
            bytes += told
            if !bytes.isEmpty {
                let buffer = Buffer(capacity: bytes.count)
                buffer.append(bytes)
                exchange.responseBodyBytes &+= UInt64(bytes.count)
                bytes = []
                if await send(buffer, to: socket, deadline: worker.now + Self.heartbeat) != nil { return .gone }
            }
            if isEnded || listener.isDraining || socket.isHungUp || socket.isBroken { return .close }
            if told.isEmpty, !(await wait(until: worker.now + Self.heartbeat)) { bytes = Array(":\n\n".utf8) }
        }
    }
}

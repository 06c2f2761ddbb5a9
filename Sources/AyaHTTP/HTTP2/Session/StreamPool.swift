/// Streams that are over, for a worker's connections to use again: their making and end would be the one allocation of
/// each exchange of HTTP/2.
package final class StreamPool {
    private var spare: [HTTP2Stream] = []
    private static let most = 128

    package init() {}

    func take(_ id: UInt32, sendWindow: Int, receiveWindow: Int) -> HTTP2Stream {
        // Whoever still knows the stream that it was must not meet another one.
        guard var stream = spare.popLast(), isKnownUniquelyReferenced(&stream) else {
            return HTTP2Stream(id: id, sendWindow: sendWindow, receiveWindow: receiveWindow)
        }
        stream.begin(id, sendWindow: sendWindow, receiveWindow: receiveWindow)
        return stream
    }

    func give(_ stream: HTTP2Stream) {
        if spare.count < Self.most { spare.append(stream) }
    }
}

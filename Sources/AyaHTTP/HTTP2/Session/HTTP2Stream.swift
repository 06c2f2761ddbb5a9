/// One stream: which directions are open, what may be sent, and what the message says about itself.
package final class HTTP2Stream {
    package private(set) var id: UInt32
    /// Bytes that we may still send, and that the peer may; RFC 9113 section 6.9 lets ours go below zero.
    package internal(set) var sendWindow: Int
    package internal(set) var receiveWindow: Int
    /// Bytes that were consumed here and not yet given back to the peer's window.
    var consumed = 0
    /// The peer has sent its final head; its trailers or last bytes.
    package internal(set) var hasHead = false
    package internal(set) var hasEnded = false
    /// We have.
    package internal(set) var isEnded = false
    /// Over for both sides, whatever they had to say.
    package internal(set) var isClosed = false
    /// What a content-length promised; -1 when there was none.
    var expected: Int64 = -1
    var received: Int64 = 0
    package var priority = StreamPriority()
    /// Whoever serves the stream.
    package var owner: AnyObject?

    init(id: UInt32, sendWindow: Int, receiveWindow: Int) {
        self.id = id
        self.sendWindow = sendWindow
        self.receiveWindow = receiveWindow
    }

    /// Becomes another stream.
    func begin(_ id: UInt32, sendWindow: Int, receiveWindow: Int) {
        self.id = id
        self.sendWindow = sendWindow
        self.receiveWindow = receiveWindow
        consumed = 0
        hasHead = false
        hasEnded = false
        isEnded = false
        isClosed = false
        expected = -1
        received = 0
        priority = StreamPriority()
        owner = nil
    }
}

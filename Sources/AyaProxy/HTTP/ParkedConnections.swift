internal import AyaReactor

/// The HTTP connections of one worker that wait between two exchanges, as a list through the connections themselves:
/// joining and leaving is a few stores, done once an exchange.
final class ParkedConnections {
    private var first: HTTPConnection?
    private(set) var count = 0

    func add(_ connection: HTTPConnection) {
        connection.nextParked = first
        connection.previousParked = nil
        first?.previousParked = connection
        first = connection
        count += 1
    }

    func remove(_ connection: HTTPConnection) {
        if let previous = connection.previousParked {
            previous.nextParked = connection.nextParked
        } else {
            first = connection.nextParked
        }
        connection.nextParked?.previousParked = connection.previousParked
        connection.nextParked = nil
        connection.previousParked = nil
        count -= 1
    }

    func closeAll() {
        while let connection = first { connection.closeParked() }
    }
}

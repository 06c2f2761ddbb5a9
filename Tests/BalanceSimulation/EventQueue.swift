/// What happens next in a simulation: events in the order of their time, and of their scheduling among equals.
struct EventQueue {
    enum Kind: UInt8 {
        case arrival
        /// A server has finished something, unless it was told anew meanwhile.
        case completion
        case antagonist
        case hedge
        case deadline
        case exchangeOfLoads
        case probeArrives
        case probeReturns
        case change
    }

    struct Event {
        var time: Double
        var order: UInt64
        var kind: Kind
        /// A server, a request or a probe.
        var subject: Int
        /// Of the server's plans, to tell present from past.
        var version: Int
    }

    private var heap: ContiguousArray<Event> = []
    private var order: UInt64 = 0

    mutating func schedule(_ kind: Kind, at time: Double, subject: Int = 0, version: Int = 0) {
        order += 1
        let event = Event(time: time, order: order, kind: kind, subject: subject, version: version)
        heap.append(event)
        var hole = heap.count - 1
        while hole > 0, Self.isBefore(event, heap[(hole - 1) / 2]) {
            heap[hole] = heap[(hole - 1) / 2]
            hole = (hole - 1) / 2
        }
        heap[hole] = event
    }

    mutating func next() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, Self.isBefore(heap[child + 1], heap[child]) { child += 1 }
            guard Self.isBefore(heap[child], last) else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = last
        return first
    }

    @inline(__always) private static func isBefore(_ one: Event, _ other: Event) -> Bool {
        one.time != other.time ? one.time < other.time : one.order < other.order
    }
}

/// How a flow's answers are received: one by one, as most servers send them, in batches, or in batches of trains.
///
/// A batch costs more than a single reception where it brings a single datagram. So now and then a batch is tried, and
/// the flow stays with batches while they bring more than one. When that lasts, trains are asked for, and there is no
/// way back: a train that waits in the socket must be received as one.
struct AnswerPace {
    enum Step { case single, batches, trains }

    /// Single receptions between two trials.
    static let trialInterval = 32
    /// Batches of a single datagram in a row after which the flow goes back.
    static let patience = 2
    /// Full batches in a row after which trains are asked for.
    static let proof = 8

    private(set) var step = Step.single
    private var count = 0

    /// A reception brought this many slots.
    mutating func note(_ received: Int) {
        switch step {
        case .single:
            count += 1
            if count >= Self.trialInterval { go(.batches) }
        case .batches:
            // Counts upwards while batches pay, downwards while they do not.
            count = received > 1 ? max(0, count) + 1 : min(0, count) - 1
            if count >= Self.proof { go(.trains) } else if count <= -Self.patience { go(.single) }
        case .trains: break
        }
    }

    private mutating func go(_ next: Step) {
        step = next
        count = 0
    }
}

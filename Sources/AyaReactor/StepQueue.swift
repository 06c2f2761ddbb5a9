/// Waiters whose step is due, first come first served, linked through themselves: joining allocates nothing.
@safe struct StepQueue {
    private var first: Waiter?
    // Safe: the queue holds every waiter in it, the last one too.
    private var last: Unmanaged<Waiter>?

    var isEmpty: Bool { first == nil }

    mutating func append(_ waiter: Waiter) {
        if let last = unsafe last {
            unsafe last._withUnsafeGuaranteedRef { $0.nextToStep = waiter }
        } else {
            first = waiter
        }
        unsafe last = .passUnretained(waiter)
    }

    mutating func popFirst() -> Waiter? {
        guard let waiter = first.take() else { return nil }
        first = waiter.nextToStep.take()
        if first == nil { unsafe last = nil }
        return waiter
    }
}

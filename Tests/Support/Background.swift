internal import Glibc
internal import Synchronization

/// Blocking code on a thread of its own, started at once. On the concurrency pool, which has one thread a core, two
/// tests that block each other's other half would stand still.
package final class Background<Answer: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Answer, Never>)
        case done(Answer)
    }

    private let state = Mutex(State.running)

    package init(_ body: @escaping @Sendable () -> Answer) {
        let start = Start { [self] in finish(body()) }
        var thread = pthread_t()
        // Safe: the box is retained here and released by the new thread.
        _ = unsafe pthread_create(
            &thread, nil,
            { box in
                if let box = unsafe box { unsafe Unmanaged<Start>.fromOpaque(box).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        pthread_detach(thread)
    }

    private func finish(_ answer: Answer) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            defer { state = .done(answer) }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: answer)
    }

    /// To be asked once.
    package var value: Answer {
        get async {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> Answer? in
                    if case .done(let answer) = state { return answer }
                    state = .awaited(continuation)
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        }
    }
}

private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Bytes without a period that a lost or swapped block could hide in; quick to make in an unoptimised build too.
package func testPattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        let raw = UnsafeMutableRawBufferPointer(space)
        var index = 0
        while index + 8 <= count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            unsafe raw.storeBytes(of: state, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < count {
            unsafe raw[index] = UInt8(truncatingIfNeeded: index)
            index += 1
        }
        filled = count
    }
}

/// Whether two long arrays are equal; `==` takes seconds a megabyte unoptimised.
package func areSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.count == right.count && memcmp(left, right, left.count) == 0
}

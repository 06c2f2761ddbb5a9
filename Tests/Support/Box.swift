internal import Synchronization

/// A value that a worker's thread fills and a test reads.
package final class Box<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    package init(_ value: Value) { storage = Mutex(value) }

    package var value: Value { storage.withLock { $0 } }
    package func set(_ value: Value) { storage.withLock { $0 = value } }
    package func change(_ body: @Sendable (inout Value) -> Void) { storage.withLock { body(&$0) } }
}

/// Waits until `condition` holds; false after half a minute.
package func eventually(_ condition: () async -> Bool) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while clock.now < end {
        if await condition() { return true }
        try? await clock.sleep(for: .milliseconds(2))
    }
    return await condition()
}

/// Lets pieces of asynchronous work run one after the other, in the order in which they came.
actor Turns {
    private var last: Task<Void, Never>?

    func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        let before = last
        let turn = Task {
            await before?.value
            return await work()
        }
        last = Task { _ = await turn.value }
        return await turn.value
    }
}

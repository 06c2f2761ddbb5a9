internal import AyaCore
internal import AyaReactor

/// One question to the operator's service, about a name that has no certificate yet.
final class NameQuestion: Waiter {
    private let name: String
    private let permission: NamePermission
    private let answer: (String?) -> Void
    private var isStopped = false

    /// `answer` gets why not, or nil.
    init(_ name: String, _ permission: NamePermission, worker: Worker, answer: @escaping (String?) -> Void) {
        self.name = name
        self.permission = permission
        self.answer = answer
        super.init(worker: worker)
        setDeadline(worker.now + .milliseconds(1))
    }

    func stop() { isStopped = true }

    override func parkedTimeout() { startServing() }
    override func parkedEvent() {}

    override func serve() async {
        let refusal = await permission.whyNot(name, self)
        retire()
        if !isStopped { answer(refusal?.reason) }
    }
}

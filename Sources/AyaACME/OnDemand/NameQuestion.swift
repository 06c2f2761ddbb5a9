internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// One question to the operator's service: may this name have a certificate?
final class NameQuestion: Waiter {
    private let ask: String
    private let name: String
    private let caller: HTTPSCaller
    private let answer: (String?) -> Void
    private var isStopped = false

    /// `answer` gets why not, or nil.
    init(
        _ ask: String, name: String, caller: HTTPSCaller, worker: Worker, answer: @escaping (String?) -> Void
    ) {
        self.ask = ask
        self.name = name
        self.caller = caller
        self.answer = answer
        super.init(worker: worker)
        setDeadline(worker.now + .milliseconds(1))
    }

    func stop() { isStopped = true }

    override func parkedTimeout() { startServing() }
    override func parkedEvent() {}

    override func serve() async {
        let refusal = await whyNot()
        retire()
        if !isStopped { answer(refusal) }
    }

    private func whyNot() async -> String? {
        // Names are of letters, digits, hyphens and dots: nothing to be escaped.
        let text = ask + (ask.contains("?") ? "&" : "?") + "domain=" + name
        guard let url = HTTPSAddress(text) ?? HTTPSAddress.plain(text) else { return "'ask' is no URL" }
        do throws(ACMEFault) {
            let answer = try await caller.call("GET", url, self)
            return answer.isGood ? nil : "\(url.host) answers with \(answer.status)"
        } catch {
            return error.reason
        }
    }
}

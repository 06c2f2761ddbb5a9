package import AyaCore
internal import AyaHTTP
internal import AyaTelemetry

/// An API over HTTP that an actuator talks to. A call takes ten seconds at most.
package struct CalledService: Sendable {
    private let caller: HTTPCaller
    let address: HTTPAddress

    /// - Parameter verify: a file of certificates; nil: the system's.
    package init(
        _ url: String, verify: String?, on thread: CallThread,
        resolve: @escaping @Sendable (String) async -> IPAddress?
    ) throws(CallFault) {
        guard let address = HTTPAddress(url) else { throw CallFault("'\(url)' is no URL") }
        let trust = address.isSecure ? try CallTrust(file: verify, protocols: ["http/1.1"]) : nil
        self.init(HTTPCaller(on: thread, trust: trust, resolve: resolve), address)
    }

    init(_ caller: HTTPCaller, _ address: HTTPAddress) {
        self.caller = caller
        self.address = address
    }

    func ask(
        _ method: String, _ path: String = "", headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) async throws(CallFault) -> HTTPAnswer {
        var call = HTTPCall(address.adding(path: path), headers: headers, body: body)
        call.method = method
        let answer = try await caller.callAsync(call).get()
        guard answer.isGood else {
            throw CallFault("\(address.host) answered \(answer.status): \(Self.reason(of: answer))")
        }
        return answer
    }

    /// What it says is wrong, in the forms that Kubernetes, Azure and AWS have for it.
    private static func reason(of answer: HTTPAnswer) -> String {
        let json = JSONValue(answer.body)
        let message =
            json?["message"]?.string ?? json?["error"]?["message"]?.string ?? XMLText.first("Message", in: answer.body)
        return message.map { String($0.prefix(300)) } ?? answer.excerpt
    }
}

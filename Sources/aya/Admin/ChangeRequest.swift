internal import FoundationEssentials

/// Asks a running Aya for a change and tells what came of it.
struct ChangeRequest {
    var method: String
    var path: String
    var body: String?

    /// Servers of a large configuration may have to be looked up.
    private static let patience = 120

    init(_ method: String, _ path: String, body: String? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }

    private struct Report: Decodable {
        var description: String
        var changes: [String]
        var warnings: [String]
    }

    func send(to address: RunningAya, json: Bool) throws {
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(address, patience: Self.patience).ask(method, path, body: body)
        } catch {
            throw AdminAnswer.silence(error, from: address)
        }
        if json { print(String(decoding: answer.body, as: UTF8.self), terminator: "") }
        guard answer.status == 200 else { throw AdminAnswer.refusal(answer, from: address, isSilent: json) }
        guard !json else { return }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(answer.body)) else {
            throw Exit.failure("what answers at \(address) is not Aya, or one of another version")
        }
        for warning in report.warnings { StandardError.write(warning) }
        print(([report.description] + report.changes.map { "  \($0)" }).joined(separator: "\n"))
    }
}

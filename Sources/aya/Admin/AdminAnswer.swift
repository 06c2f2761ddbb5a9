internal import FoundationEssentials

/// What a running Aya answers to a question.
enum AdminAnswer {
    private struct Problem: Decodable {
        var title: String
        var code: String
        var problems: [String]?
    }

    /// Ends the command with the reason when there is no answer, or one that is a problem.
    static func get<Answer: Decodable>(_ path: String, from address: AdminAddress) throws -> Answer {
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(address).ask("GET", path)
        } catch {
            throw Exit.failure("no answer from Aya at \(address): \(error)")
        }
        let data = Data(answer.body)
        if answer.status == 200, let decoded = try? JSONDecoder().decode(Answer.self, from: data) { return decoded }
        throw refusal(answer, from: address)
    }

    /// Tells why something was refused, and with which exit code to end.
    static func refusal(_ answer: AdminClient.Answer, from address: AdminAddress, isSilent: Bool = false) -> any Error {
        guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.body)) else {
            return Exit.failure("what answers at \(address) (status \(answer.status)) is not Aya, or another version")
        }
        if !isSilent {
            for line in problem.problems ?? [] { StandardError.write(line) }
            StandardError.write("error: \(problem.title.lowercased())")
        }
        return problem.code == "configuration_invalid" ? Exit.invalidConfiguration : Exit.failed
    }
}

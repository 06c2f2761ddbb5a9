internal import ArgumentParser
internal import FoundationEssentials

/// What a running Aya answers to a question.
enum AdminAnswer {
    private struct Problem: Decodable {
        var title: String
        var code: String
        var problems: [String]?

        /// What to do about it.
        var hint: String {
            guard code == "credentials_required" else { return "" }
            return " (--token, --token-file or AYA_TOKEN; over https also --cert and --key)"
        }
    }

    /// Ends the command with the reason when there is no answer, or one that is a problem.
    static func get<Answer: Decodable>(_ path: String, from aya: RunningAya) throws -> Answer {
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(aya).ask("GET", path)
        } catch {
            throw silence(error, from: aya)
        }
        let data = Data(answer.body)
        if answer.status == 200, let decoded = try? JSONDecoder().decode(Answer.self, from: data) { return decoded }
        throw refusal(answer, from: aya)
    }

    /// Tells why there is no answer, or none that can be used.
    static func silence(_ failure: AdminClient.Failure, from aya: RunningAya) -> ExitCode {
        let refuses = failure.status != nil
        return Exit.failure("\(refuses ? "refused by" : "no answer from") Aya at \(aya): \(failure)")
    }

    /// Why it refuses, as one sentence; nil for an answer that is no problem of Aya's.
    static func words(of answer: AdminClient.Answer) -> String? {
        guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.body)) else { return nil }
        let title = problem.title.prefix(1).lowercased() + problem.title.dropFirst()
        return ([title] + (problem.problems ?? [])).joined(separator: ": ") + problem.hint
    }

    /// Tells why something was refused, and with which exit code to end.
    static func refusal(_ answer: AdminClient.Answer, from aya: RunningAya, isSilent: Bool = false) -> any Error {
        guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.body)) else {
            return Exit.failure("what answers at \(aya) (status \(answer.status)) is not Aya, or another version")
        }
        if !isSilent {
            for line in problem.problems ?? [] { StandardError.write(line) }
            StandardError.write("error: \(problem.title.lowercased())\(problem.hint)")
        }
        return problem.code == "configuration_invalid" ? Exit.invalidConfiguration : Exit.failed
    }
}

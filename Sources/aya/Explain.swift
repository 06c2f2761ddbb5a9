internal import ArgumentParser
internal import AyaConfig
internal import AyaProxy
internal import AyaServer
internal import AyaTelemetry
internal import FoundationEssentials

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what would become of a request, and why.",
        discussion: """
            \(AdminOptions.explanation) A worker of the running Aya is asked: its routes, how its servers stand, and \
            what its balancer would pick. Nothing is sent to a server. With --offline the configuration is asked \
            instead, as if every server were well and idle.

              aya explain 'POST https://shop.example/cart -H "x-beta: 1"'
            """)

    @OptionGroup var options: AdminOptions

    @Argument(help: "The request: METHOD URL, and -H 'NAME: VALUE', --client ADDRESS, --listener NAME, in one word.")
    var request: String

    @Option(name: [.customShort("H"), .long], help: "A header of the request: 'name: value'.")
    var header: [String] = []

    @Option(help: "The client's address.")
    var client: String?

    @Option(help: "The listener that it comes to (default: by scheme and port).")
    var listener: String?

    @Flag(help: "Ask the configuration's file instead of a running Aya.")
    var offline = false

    @Flag(help: "Print the explanation as JSON.")
    var json = false

    func run() throws {
        let question: Question
        do throws(Question.Fault) {
            var words = try Question.words(of: request)
            for one in header { words += ["-H", one] }
            if let client { words += ["--client", client] }
            if let listener { words += ["--listener", listener] }
            question = try Question(words: words)
        } catch {
            throw ValidationError("\(error).")
        }
        let body = offline ? try askFile(question) : try askServer(question)
        if json { return print(String(decoding: body, as: UTF8.self), terminator: "") }
        guard let told = try? ExplanationPage.Told(json: body) else {
            throw Exit.failure("what answers is not Aya, or one of another version")
        }
        print(ExplanationPage(told, Paint.forOutput).text, terminator: "")
    }

    private func askFile(_ question: Question) throws -> [UInt8] {
        let blueprint = try ConfigurationFile.load(options.config).blueprint
        return try Blocking.run { await Explanation.json(question, over: blueprint) }
    }

    private func askServer(_ question: Question) throws -> [UInt8] {
        let address = try options.find()
        let answer: AdminClient.Answer
        do {
            answer = try AdminClient(address).ask("POST", "/v1/explain", body: question.json)
        } catch {
            StandardError.write("note: --offline asks the file")
            throw AdminAnswer.silence(error, from: address)
        }
        guard answer.status == 200 else { throw AdminAnswer.refusal(answer, from: address) }
        return answer.body
    }
}

extension Question {
    /// As `/v1/explain` takes it.
    fileprivate var json: String {
        var writer = JSONWriter(Text())
        let name = host.contains(":") ? "[\(host)]" : host
        writer.object { document in
            document.member("method", method)
            document.member("url", "\(scheme)://\(name)\(port.map { ":\($0)" } ?? "")\(target)")
            document.object("headers") { list in for header in headers { list.member(header.name, header.value) } }
            if let client { document.member("client", "\(client)") }
            if let listener { document.member("listener", listener) }
        }
        return writer.sink.string
    }
}

internal import ArgumentParser

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a running Aya does.",
        discussion: AdminOptions.explanation)

    @OptionGroup var options: AdminOptions

    @Flag(help: "Print the answer as it came, as JSON.")
    var json = false

    func run() throws {
        let address = try options.find()
        let body: [UInt8]
        do {
            body = try AdminClient(address).get("/v1/status")
        } catch {
            throw AdminAnswer.silence(error, from: address)
        }
        if json {
            print(String(decoding: body, as: UTF8.self), terminator: "")
            return
        }
        guard let report = ServerReport(json: body) else {
            throw Exit.failure("what answers at \(address) is not Aya, or one of another version")
        }
        print(StatusPage(report).text, terminator: "")
    }
}

internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc

struct Tap: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch exchanges, sessions and flows of a running Aya as they end.",
        discussion: """
            \(AdminOptions.explanation)

            Every condition must hold; of one that is given several times, or with commas, one value must. Nothing \
            slows traffic down: what comes faster than --rate, or than it is read, is dropped and counted.
            """)

    @OptionGroup var options: AdminOptions

    @Option(help: "Only of this route.") var route: [String] = []
    @Option(help: "Only of this listener.") var listener: [String] = []
    @Option(help: "Only of this pool.") var pool: [String] = []
    @Option(help: "Only of this server, by its address.") var server: [String] = []
    @Option(help: "Only with this status, such as 503, 5xx or 400-499.") var status: [String] = []
    @Option(help: "Only with this method.") var method: [String] = []
    @Option(help: "Only with this path, or below it: /api/*.") var path: String?
    @Option(help: "Only with this field of the request: name, or name:value.") var header: [String] = []
    @Option(help: "Only from these clients: an address or 10.0.0.0/8.") var client: [String] = []
    @Option(help: "Only with this reason of the access log, such as upstream_timeout.") var reason: [String] = []
    @Option(help: "Only what took longer, such as 250ms.") var slowerThan: String?
    @Option(help: "Only this share of it, such as 10%.") var sample: String?
    @Option(help: "At most so many a second (default: 1000).") var rate: Int?
    @Option(help: "End behind so many.") var limit: Int?

    @Flag(help: "Print each as a line of JSON with the keys of the access log.")
    var json = false

    /// A stream that says nothing for so long is dead: signs of life come every 15 s.
    private static let patience = 40
    /// How often a stream that ended is begun again, once a second: longer than a process takes over from another.
    private static let tries = 10

    func run() throws {
        let address = try options.find()
        let paint = Paint.forOutput
        var left = limit
        var failures = 0
        while true {
            do throws(AdminClient.Failure) {
                let isDone = try AdminClient(address, patience: Self.patience).follow("/v1/tap" + query(left)) {
                    event in
                    failures = 0
                    return !show(event, paint, &left) || left == 0
                }
                if isDone { return }
                failures += 1
            } catch {
                if let status = error.status {
                    throw AdminAnswer.refusal(.init(status: status, body: Array(error.description.utf8)), from: address)
                }
                guard failures > 0, failures < Self.tries else {
                    throw AdminAnswer.silence(error, from: address)
                }
                failures += 1
            }
            StandardError.write("the stream has ended; trying again")
            sleep(1)
        }
    }

    /// False when nobody reads any more.
    private func show(_ event: AdminClient.Event, _ paint: Paint, _ left: inout Int?) -> Bool {
        switch event.name {
        case "exchange":
            left = left.map { $0 - 1 }
            if json { return StandardOutput.write(event.data) }
            guard let exchange = try? JSONDecoder().decode(TapLine.Exchange.self, from: Data(event.data.utf8)) else {
                return true
            }
            return StandardOutput.write(TapLine(exchange).text(paint))
        case "dropped":
            let dropped = try? JSONDecoder().decode(Dropped.self, from: Data(event.data.utf8))
            if let dropped { StandardError.write("\(dropped.count) more were not told; a filter or --sample helps") }
        default: break
        }
        return true
    }

    private struct Dropped: Decodable {
        var count: Int
    }

    private func query(_ left: Int?) -> String {
        var pairs: [(String, String)] = []
        for (key, values) in [
            ("route", route), ("listener", listener), ("pool", pool), ("server", server), ("status", status),
            ("method", method), ("header", header), ("client", client), ("reason", reason),
        ] {
            pairs += values.map { (key, $0) }
        }
        if let path { pairs.append(("path", path)) }
        if let slowerThan { pairs.append(("slower_than", slowerThan)) }
        if let sample { pairs.append(("sample", sample)) }
        if let rate { pairs.append(("rate", "\(rate)")) }
        if let left { pairs.append(("limit", "\(left)")) }
        return pairs.isEmpty ? "" : "?" + pairs.map { "\($0)=\(URLText.escaped($1))" }.joined(separator: "&")
    }
}

internal import ArgumentParser
internal import Glibc

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch a running Aya in the terminal.",
        discussion: """
            \(AdminOptions.explanation)

            Keys: 1 to 5 or Tab choose the page, s and S the column to sort by, r turns the order round, / filters by \
            a part of the name, arrows and Page Up and Down scroll, p pauses, q ends. When the connection is lost it \
            says so and tries again.
            """)

    @OptionGroup var options: AdminOptions

    @Option(help: "The page to begin with: overview, routes, pools, servers or events.")
    var page = TopPage.overview

    @Option(help: "The column to sort by, as its title says.")
    var sort: String?

    @Option(help: "Only show what has this in its name.")
    var filter = ""

    @Flag(help: "Print one frame, as plain text, and end: for scripts.")
    var once = false

    func run() throws {
        let address = try options.find()
        var state = TopState(page: page, filter: filter)
        if let sort {
            guard let column = page.columns.firstIndex(where: { $0.title.lowercased() == sort.lowercased() }) else {
                throw ValidationError("page '\(page.rawValue)' has no column '\(sort)'")
            }
            state.sorting[page] = .init(column: column, isReversed: page.columns[column].beginsWithLargest)
        }
        if once { return try printFrame(state, from: address) }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw ValidationError("this is no terminal; '--once' prints one frame")
        }
        try TopShow(address, state).run()
    }

    private func printFrame(_ state: TopState, from address: RunningAya) throws {
        var source = TopSource(address)
        let deadline = TopClock.now + 4
        while source.report == nil || source.samples < 2, TopClock.now < deadline {
            source.wait(until: min(deadline, TopClock.now + 0.2))
            if let problem = source.problem { throw Exit.failure("no answer from Aya at \(address): \(problem)") }
        }
        let frame = TopFrame(state, source, width: 120, height: nil)
        for line in frame.lines { print(line.plain) }
    }
}

extension TopPage: ExpressibleByArgument {}

/// Seconds on a clock that does not jump.
enum TopClock {
    static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

internal import AyaTelemetry
internal import Testing

@Suite struct AlertBoardTests {
    static func finding(
        _ name: String = "errors", of subject: String = "routes/api", urgency: Alert.Urgency = .ticket,
        patience: Double = 60
    ) -> AlertFinding {
        AlertFinding(
            name: name, subject: subject, urgency: urgency, value: 0.2, threshold: 0.1, reason: "it fails",
            patience: patience, notify: ["ops"])
    }

    @Test func firesWhenItHoldsForLongEnoughAndIsOverOnce() {
        var board = AlertBoard()
        #expect(board.look([Self.finding()], now: 1_000).isEmpty)
        #expect(board.alerts.map(\.state) == [.pending])
        #expect(board.look([Self.finding()], now: 1_059).isEmpty)
        let fired = board.look([Self.finding()], now: 1_060)
        #expect(fired.map(\.alert.state) == [.firing] && fired.first?.notify == ["ops"])
        #expect(board.look([Self.finding()], now: 1_100).isEmpty)
        #expect(board.firing.count == 1)
        let over = board.look([], now: 1_200)
        #expect(over.map(\.alert.state) == [.resolved] && over.first?.alert.since == 1_200)
        #expect(board.look([], now: 1_300).isEmpty && board.firing.isEmpty)
        _ = board.look([], now: 5_000)
        #expect(board.alerts.isEmpty)
    }

    @Test func whatComesBackBeginsAnew() {
        var board = AlertBoard()
        _ = board.look([Self.finding()], now: 0)
        _ = board.look([], now: 30)
        #expect(board.alerts.isEmpty)
        _ = board.look([Self.finding()], now: 50)
        #expect(board.look([Self.finding()], now: 90).isEmpty)
    }

    @Test func moreUrgentIsToldAgain() {
        var board = AlertBoard()
        #expect(board.look([Self.finding(patience: 0)], now: 1).count == 1)
        let grown = board.look([Self.finding(urgency: .page, patience: 0)], now: 2)
        #expect(grown.map(\.alert.urgency) == [.page])
        #expect(board.look([Self.finding(urgency: .page, patience: 0)], now: 3).isEmpty)
    }

    @Test func silencedOnesAreShownButNotTold() {
        var board = AlertBoard()
        board.silence(.init(name: "errors", subject: nil, until: 100))
        #expect(board.look([Self.finding(patience: 0), Self.finding("slow", patience: 0)], now: 1).count == 1)
        #expect(board.alerts.map(\.silencedUntil) == [100, nil])
        #expect(board.firing.map(\.alert.name) == ["slow"])
        // When the silence is over it is said with the next reminder.
        _ = board.look([Self.finding(patience: 0), Self.finding("slow", patience: 0)], now: 101)
        #expect(board.firing.count == 2)
    }

    @Test func thereIsABound() {
        var board = AlertBoard()
        _ = board.look((0..<5_000).map { Self.finding(of: "routes/\($0)") }, now: 1)
        #expect(board.alerts.count == 1_000)
    }

    @Test func asJSON() {
        var writer = JSONWriter(Text())
        Alert(
            name: "errors", subject: "routes/api", urgency: .page, state: .firing, since: 1_769_903_999, value: 0.5,
            threshold: 0.05, reason: "\"all\" fail"
        ).write(to: &writer)
        #expect(
            writer.sink.string
                == #"{"name":"errors","subject":"routes/api","urgency":"page","state":"firing","#
                + #""since":"2026-01-31T23:59:59.000Z","value":0.5,"threshold":0.05,"reason":"\"all\" fail","#
                + #""silenced_until":null}"#)
    }
}

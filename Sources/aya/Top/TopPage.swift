/// A page of `aya top`.
enum TopPage: String, CaseIterable, Sendable {
    case overview, routes, pools, servers, events

    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    struct Column {
        var title: String
        /// Numbers stand to the right, and sorting by them begins with the largest.
        var isNumber: Bool
        var beginsWithLargest: Bool { isNumber }

        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    /// Of its table; the first is the name. None for events, which have an order of their own.
    var columns: [Column] {
        let traffic: [Column] = [.number("REQ/S"), .number("ERR/S"), .number("P50"), .number("P99"), .number("RUNS")]
        return switch self {
        case .overview:
            [.text("LISTENER"), .text("PROTO"), .number("REQ/S"), .number("OPEN"), .number("IN/S"), .number("OUT/S")]
        case .routes: [.text("ROUTE")] + traffic
        case .pools: [.text("POOL"), .text("BALANCE")] + traffic + [.number("UP"), .number("FULL")]
        case .servers: [.text("SERVER"), .text("POOL"), .text("STATE")] + traffic + [.number("WEIGHT")]
        case .events: []
        }
    }
}

/// What stands in a table, and what it is sorted by.
struct TopCell {
    var text: String
    var order: Double
    var style = TextLine.Style.plain

    init(_ text: String, style: TextLine.Style = .plain) {
        (self.text, self.order, self.style) = (text, 0, style)
    }

    private init(_ text: String, _ order: Double, _ style: TextLine.Style = .plain) {
        (self.text, self.order, self.style) = (text, order, style)
    }

    static func rate(_ value: Double?) -> TopCell { TopCell(value.map(TopFigures.rate) ?? "-", value ?? -1) }

    static func errors(_ value: Double?) -> TopCell {
        TopCell(value.map(TopFigures.rate) ?? "-", value ?? -1, (value ?? 0) > 0 ? .bad : .plain)
    }

    static func time(_ value: Double?) -> TopCell { TopCell(Figures.time(value), value ?? -1) }
    static func count(_ value: Int) -> TopCell { TopCell(Figures.count(value), Double(value)) }
    static func bytes(_ value: Double?) -> TopCell { TopCell(TopFigures.bytes(value), value ?? -1) }
    static func share(_ value: Double?) -> TopCell {
        TopCell(
            value.map { "\(Figures.decimal($0 * 100, 0))%" } ?? "-", value ?? -1, (value ?? 0) > 0.9 ? .warning : .plain
        )
    }

    /// How many there are of how many.
    static func some(_ part: Int, of whole: Int) -> TopCell {
        TopCell("\(part)/\(whole)", Double(part), part == whole ? .good : part == 0 ? .bad : .warning)
    }
}

enum TopFigures {
    /// `0`, `0.4`, `12`, `1,234`.
    static func rate(_ value: Double) -> String {
        if value == 0 { return "0" }
        if value < 9.95 { return Figures.decimal(value, 1) }
        return value < 1e15 ? Figures.count(Int(value.rounded())) : "-"
    }

    static func bytes(_ value: Double?) -> String {
        guard let value, value.isFinite, value >= 0, value < 1e18 else { return "-" }
        return Figures.bytes(Int(value))
    }

    private static let bars = Array(" ▁▂▃▄▅▆▇█")

    /// The last so many values as bars of one line, the largest as high as it goes.
    static func spark(_ values: [Double], width: Int) -> String {
        let last = values.suffix(max(0, width))
        let most = last.max() ?? 0
        return String(
            last.map { value in
                guard value > 0, most > 0, value.isFinite else { return bars[0] }
                return bars[max(1, min(8, Int((value / most * 8).rounded(.up))))]
            })
    }
}

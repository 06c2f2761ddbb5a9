/// Columns of text for a terminal: the first to the left, numbers to the right.
struct Table {
    private let columns: [Column]
    private var rows: [[String]] = []

    struct Column {
        enum Alignment { case left, right }

        var title: String
        var alignment: Alignment

        static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
        static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
    }

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [String]) { rows.append(row) }

    var lines: [String] {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([titles] + rows).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                let room = String(repeating: " ", count: widths[column] - cell.count)
                line += columns[column].alignment == .left ? cell + room : room + cell
            }
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

/// A picture of what a user has chosen to see, as lines of a terminal.
struct TopFrame {
    private(set) var lines: [TextLine] = []
    /// The first row of the table that is shown: as was chosen, or as far down as there are rows.
    private(set) var scroll: Int

    /// - Parameter height: nil for as many lines as there are, without the words on keys.
    init(_ state: TopState, _ source: TopSource, width: Int, height: Int?) {
        scroll = state.scroll
        var head = [Self.title(source), Self.tabs(state)]
        if let problem = source.problem { head.append(TextLine("no answer: \(problem); trying again", .bad)) }
        if state.isTyping || !state.filter.isEmpty {
            var line = TextLine("filter: ", .faint)
            line.add(state.filter + (state.isTyping ? "_" : ""), .accent)
            head.append(line)
        }
        head.append(TextLine())
        var body: [TextLine] = []
        if let report = source.report {
            if state.page == .overview { body += TopOverview.lines(report, source, width: width) }
            let room = height.map { max(1, $0 - head.count - body.count - 1) }
            let rows = Self.rows(state, report, source, width: width)
            if state.page == .events {
                // The newest last, as in a log; scrolling goes back.
                scroll = max(0, min(scroll, rows.lines.count - (room ?? 0)))
                let end = rows.lines.count - scroll
                body += rows.lines[max(0, end - (room ?? end))..<end]
            } else {
                let space = room.map { $0 - 1 } ?? rows.lines.count
                scroll = max(0, min(scroll, rows.lines.count - space))
                body += [rows.title] + rows.lines.dropFirst(scroll).prefix(max(0, space))
            }
        } else if source.problem == nil {
            body.append(TextLine("waiting for an answer", .faint))
        }
        lines = (head + body).map { $0.cut(to: width) }
        guard let height else { return }
        lines = Array(lines.prefix(height - 1))
        while lines.count < height - 1 { lines.append(TextLine()) }
        lines.append(Self.keys(state).cut(to: width))
    }

    private static func title(_ source: TopSource) -> TextLine {
        var line = TextLine("aya", .strong)
        guard let report = source.report else { return line }
        line.add(" \(report.version)  ")
        line.add(report.state, report.state == "ready" ? .good : .warning)
        line.add("  up \(Figures.uptime(report.uptimeSeconds))  generation \(report.generation)  ")
        line.add("\(Count(report.workers, "worker"))")
        return line
    }

    private static func tabs(_ state: TopState) -> TextLine {
        var line = TextLine()
        for (index, page) in TopPage.allCases.enumerated() {
            line.add(" \(index + 1) \(page.title) ", page == state.page ? .inverse : .faint)
        }
        if state.isPaused { line.add("  paused", .warning) }
        return line
    }

    private static func keys(_ state: TopState) -> TextLine {
        TextLine(
            state.isTyping
                ? "type a part of a name   Enter keep   Esc clear"
                : "q quit  1-5 Tab page  s S sort  r reverse  / filter  Up Down scroll  p pause", .faint)
    }

    // MARK: tables

    private static func rows(
        _ state: TopState, _ report: ServerReport, _ source: TopSource, width: Int
    ) -> (title: TextLine, lines: [TextLine]) {
        if state.page == .events { return (TextLine(), events(state, source)) }
        var rows = TopRows(report, source.values).rows(of: state.page)
        let wanted = state.filter.lowercased()
        if !wanted.isEmpty {
            rows.removeAll { row in !row.contains { $0.text.lowercased().contains(wanted) } }
        }
        let columns = state.page.columns
        let column = min(state.order.column, columns.count - 1)
        rows.sort { left, right in
            let (left, right) = (left[column], right[column])
            return columns[column].isNumber ? left.order < right.order : left.text < right.text
        }
        if state.order.isReversed { rows.reverse() }
        return TopTable(columns, rows, sorted: state.order, width: width).layout
    }

    private static func events(_ state: TopState, _ source: TopSource) -> [TextLine] {
        let wanted = state.filter.lowercased()
        let chosen = source.events.filter { event in
            wanted.isEmpty || "\(event.message) \(event.fields)".lowercased().contains(wanted)
        }
        if chosen.isEmpty { return [TextLine("nothing has happened since this began", .faint)] }
        return chosen.map { event in
            var line = TextLine(event.time + "  ", .faint)
            line.add(event.message, event.level == "error" ? .bad : event.level == "warning" ? .warning : .strong)
            line.add("  " + event.fields)
            return line
        }
    }
}

/// Columns as wide as what is in them; the first gives way when the terminal is too narrow.
private struct TopTable {
    let layout: (title: TextLine, lines: [TextLine])

    init(_ columns: [TopPage.Column], _ rows: [[TopCell]], sorted: TopState.Sorting, width: Int) {
        var widths = columns.indices.map { column in
            max(columns[column].title.count, rows.map { $0[column].text.count }.max() ?? 0)
        }
        let others = widths.dropFirst().reduce(0) { $0 + $1 + 2 }
        if let first = widths.first { widths[0] = max(8, min(first, width - others)) }

        func line(_ cells: [TopCell]) -> TextLine {
            var line = TextLine()
            for (column, cell) in cells.enumerated() {
                if column > 0 { line.add("  ") }
                var text = cell.text
                // The end of an address tells more than its beginning.
                if text.count > widths[column] { text = "~" + text.suffix(widths[column] - 1) }
                let room = String(repeating: " ", count: widths[column] - text.count)
                line.add(columns[column].isNumber ? room + text : text + room, cell.style)
            }
            return line
        }

        let titles = columns.enumerated().map { index, column in
            TopCell(column.title, style: index == sorted.column ? .inverse : .strong)
        }
        layout = (line(titles), rows.map(line))
    }
}

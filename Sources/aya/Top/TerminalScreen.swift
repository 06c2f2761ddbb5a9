internal import Glibc

/// The whole terminal, for as long as it is ours: no echo, no cursor, and what was on it before comes back at the end.
///
/// Only what differs from the frame before is written, so that it is quick over a slow line.
final class TerminalScreen {
    private let former: termios
    private var shown: [String] = []
    private var isRestored = false
    private let isColoured = unsafe getenv("NO_COLOR") == nil

    /// Nil when the terminal refuses.
    init?() {
        var attributes = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else { return nil }
        former = attributes
        // Keys come one by one; those for signals stay what they are.
        attributes.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard unsafe tcsetattr(STDIN_FILENO, TCSANOW, &attributes) == 0 else { return nil }
        _ = Self.write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J")
    }

    deinit { restore() }

    func restore() {
        guard !isRestored else { return }
        isRestored = true
        _ = Self.write("\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l")
        var attributes = former
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
    }

    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// What is on it is unknown: the next frame is drawn in full.
    func forget() { shown = [] }

    /// False when the terminal is gone.
    func draw(_ lines: [TextLine]) -> Bool {
        let next = lines.map { isColoured ? $0.coloured : $0.plain }
        var text = shown.isEmpty ? "\u{1b}[2J" : ""
        for (row, line) in next.enumerated() where row >= shown.count || shown[row] != line {
            text += "\u{1b}[\(row + 1);1H\(line)\u{1b}[0m\u{1b}[K"
        }
        if next.count < shown.count { text += "\u{1b}[\(next.count + 1);1H\u{1b}[J" }
        shown = next
        return text.isEmpty || Self.write(text)
    }

    private static func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }
}

/// A line of a terminal in pieces, each in its own colour. It is cut before it is coloured, so that its width is known.
struct TextLine {
    enum Style {
        case plain, strong, faint, good, bad, warning, accent, inverse

        fileprivate var code: String {
            switch self {
            case .plain: "0"
            case .strong: "0;1"
            case .faint: "0;2"
            case .good: "0;32"
            case .bad: "0;1;31"
            case .warning: "0;33"
            case .accent: "0;36"
            case .inverse: "0;7"
            }
        }
    }

    private(set) var pieces: [(text: String, style: Style)] = []
    private(set) var width = 0

    init() {}

    init(_ text: String, _ style: Style = .plain) { add(text, style) }

    /// What could move the cursor becomes a question mark: some of what is shown comes from servers.
    mutating func add(_ text: String, _ style: Style = .plain) {
        let clean = String(text.map { $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } ? $0 : "?" })
        guard !clean.isEmpty else { return }
        pieces.append((clean, style))
        width += clean.count
    }

    /// So many columns wide at most.
    func cut(to columns: Int) -> TextLine {
        var line = TextLine()
        for (text, style) in pieces where line.width < columns {
            line.add(String(text.prefix(columns - line.width)), style)
        }
        return line
    }

    var plain: String {
        let whole = pieces.map(\.text).joined()
        return String(whole.reversed().drop { $0 == " " }.reversed())
    }

    var coloured: String { pieces.map { "\u{1b}[\($0.style.code)m\($0.text)" }.joined() }
}

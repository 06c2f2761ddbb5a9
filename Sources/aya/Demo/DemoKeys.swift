internal import Glibc

/// The keys that somebody presses while the demonstration runs: one by one from a terminal, as they come from a pipe.
final class DemoKeys {
    /// When the last one came, or the show began.
    private(set) var latest = ContinuousClock.now
    private let former: termios?
    private var isOpen: Bool

    /// - Parameter isWanted: else none is read, and the terminal stays as it is.
    init(isWanted: Bool) {
        isOpen = isWanted
        var attributes = termios()
        guard isWanted, isatty(STDIN_FILENO) == 1, unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else {
            former = nil
            return
        }
        former = attributes
        // Those for signals stay what they are.
        attributes.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
    }

    func restore() {
        guard var former else { return }
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &former)
    }

    /// Waits for keys for as long at most; returns with the first.
    func wait(milliseconds: Int32) -> [Character] {
        guard isOpen else {
            usleep(UInt32(milliseconds) * 1_000)
            return []
        }
        var polled = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&polled, 1, milliseconds) > 0 else { return [] }
        guard let keys = TerminalKey.read() else {
            isOpen = false
            return []
        }
        latest = .now
        return keys.compactMap { if case .character(let key) = $0 { key } else { nil } }
    }
}

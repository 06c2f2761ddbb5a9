internal import Glibc

/// Colours for a terminal that wants them (https://no-color.org).
struct Paint {
    private let isEnabled: Bool

    init(isEnabled: Bool) {
        let isUnwanted = unsafe getenv("NO_COLOR") != nil
        self.isEnabled = isEnabled && !isUnwanted
    }

    /// As standard output wants them.
    static var forOutput: Paint { Paint(isEnabled: isatty(STDOUT_FILENO) == 1) }

    func strong(_ text: String) -> String { wrap(text, "1") }
    func accent(_ text: String) -> String { wrap(text, "36") }
    func good(_ text: String) -> String { wrap(text, "32") }
    func bad(_ text: String) -> String { wrap(text, "1;31") }

    private func wrap(_ text: String, _ code: String) -> String {
        isEnabled ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}

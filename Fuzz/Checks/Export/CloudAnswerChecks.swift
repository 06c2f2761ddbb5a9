internal import AyaExport

/// What must hold for anything that an API of a cloud answers, or that stands in a file of credentials.
enum CloudAnswerChecks {
    static func bytes(_ bytes: [UInt8]) {
        for name in ["DesiredCapacity", "Message", "a"] {
            if let text = XMLText.first(name, in: bytes) { precondition(text.utf8.count <= 3_000, "too long a text") }
            if let number = XMLText.number(name, in: bytes) {
                precondition((0...1_000_000).contains(number), "a number of servers that nobody has")
            }
        }
        if let key = CredentialsFile(String(decoding: bytes, as: UTF8.self)).credentials(of: "default") {
            precondition(!key.accessKey.isEmpty && !key.secret.isEmpty, "half a key")
        }
    }
}

extension Translation {
    mutating func translateConfinement(_ top: SectionReader) {
        typealias Keys = Language.Process
        guard let map = top.section(Language.Top.process, Keys.section, title: "'process'") else { return }
        draft.process.user = map.text(Keys.user, .userName, Self.userName)
        draft.process.group = map.text(Keys.group, .userName, Self.userName)
        if let word = map.word(Keys.seccomp), let demand = Blueprint.Process.Demand(rawValue: word) {
            draft.process.systemCalls = demand
        }
        if let word = map.word(Keys.landlock), let demand = Blueprint.Process.Demand(rawValue: word) {
            draft.process.landlock = demand
        }
    }

    private static func userName(_ text: String) throws(InvalidText) -> String {
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
                default: false
                }
            } && text.first != "-" && text.first != "."
        guard isName else { throw InvalidText("'\(shortened(text))' is no name of a user or group") }
        return text
    }
}

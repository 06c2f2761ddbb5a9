/// Where something stands in what is imported.
package struct Origin: Hashable, Comparable, Sendable {
    /// Index among the files that were read.
    package var file: Int
    /// From 1.
    package var line: Int

    package init(file: Int = 0, line: Int) {
        self.file = file
        self.line = line
    }

    package static func < (left: Origin, right: Origin) -> Bool { (left.file, left.line) < (right.file, right.line) }
}

/// Something that the written configuration does not do as the imported one did.
///
/// An importer that drops what it can not say would be worse than none: every directive is carried over, known to be
/// needless, or here.
package struct Finding: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// Nothing stands for it.
        case lost = "not carried over"
        /// Something stands for it that behaves otherwise in some case.
        case differs
    }

    package var kind: Kind
    package var file: String
    package var line: Int
    package var message: String

    /// `nginx.conf:12: not carried over: …`
    package var rendered: String { "\(file):\(line): \(kind.rawValue): \(message)" }
}

/// Where something stands: which file, which line, which column (both from 1, columns in Unicode scalars).
package struct Place: Hashable, Comparable, Sendable {
    /// Index among the files of one load.
    package var file: Int
    package var line: Int
    package var column: Int

    package init(file: Int = 0, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

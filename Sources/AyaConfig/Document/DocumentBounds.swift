package import AyaCore

/// How much a configuration may ask of its reader: a hostile or broken file ends in an error, not in swapping.
package struct DocumentBounds: Sendable {
    /// Of one file.
    package var fileSize = ByteCount.mebibytes(16)
    /// Of one load, a directory of files together.
    package var totalSize = ByteCount.mebibytes(64)
    /// Scalars and collections of a file after its aliases are replaced by what they name.
    package var nodes = 1_000_000
    /// Collections inside collections, aliases included.
    package var depth = 32
    package init() {}
}

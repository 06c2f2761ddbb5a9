/// Why a text is not what its key takes. The message says what is wrong; whoever knows the place adds it.
package struct InvalidText: Error {
    package let message: String
    init(_ message: String) { self.message = message }
}

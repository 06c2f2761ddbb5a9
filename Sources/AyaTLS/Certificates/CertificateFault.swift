/// What is wrong with a file of certificates or keys, in words that name it.
package struct CertificateFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

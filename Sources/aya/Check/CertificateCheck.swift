internal import AyaServer
internal import Glibc

/// The files of certificates and keys: whether they belong together, and when they end.
struct CertificateCheck {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// Days before the end at which somebody should have replaced a certificate.
    private static let warning = 21

    var findings: [Finding] {
        let (errors, warnings) = configuration.checkFiles()
        var found = errors.map { Finding.bad("certificates", $0, fix: "see 'aya validate'") }
        found += warnings.map { Finding.doubtful("certificates", $0, fix: "see docs/tls.md") }
        var now = time_t()
        unsafe time(&now)
        for certificate in configuration.certificateFiles() {
            let days = (certificate.notAfter - Int64(now)) / 86_400
            let names = certificate.names.prefix(3).joined(separator: ", ")
            let message = "\(certificate.listener): \(certificate.file) (\(names)) ends in \(Count(Int(days), "day"))"
            found.append(
                days >= Self.warning
                    ? .good("certificates", message)
                    : .doubtful("certificates", message, fix: "replace it, or use 'tls: auto'"))
        }
        return found
    }
}

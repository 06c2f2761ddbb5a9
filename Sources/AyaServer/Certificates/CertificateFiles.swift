internal import AyaConfig
internal import AyaTLS

extension Configuration {
    /// A file of a certificate that a listener shows to its clients.
    package struct CertificateFile: Sendable {
        package var listener: String
        package var file: String
        package var names: [String]
        /// Seconds since 1970.
        package var notAfter: Int64
    }

    /// Those that can be used; `checkFiles` tells of the others.
    package func certificateFiles() -> [CertificateFile] {
        blueprint.listeners.flatMap { listener in
            (listener.tls?.certificates ?? []).compactMap { files in
                guard let read = try? Certificate(certificate: files.certificate, key: files.key, ocsp: files.ocsp)
                else { return nil }
                return CertificateFile(
                    listener: listener.name, file: files.certificate, names: read.names, notAfter: read.notAfter)
            }
        }
    }
}

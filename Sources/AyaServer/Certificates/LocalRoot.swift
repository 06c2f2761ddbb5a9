internal import AyaTLS

/// The root of the local authority, for whoever is to trust it.
package struct LocalRoot: Sendable {
    /// In PEM.
    package let certificate: String
    /// What an operator should know; nil when all is well.
    package let notice: String?
    /// It is the one that servers with this state directory use.
    package let isKept: Bool

    /// Of the authority that is kept there; made when there is none yet.
    package init(directory: String) throws(StartError) {
        do throws(CertificateFault) {
            let authority = try LocalAuthority(directory: directory)
            certificate = String(decoding: authority.root, as: UTF8.self)
            notice = authority.notice
            isKept = PrivateFile.read("\(directory)/\(LocalAuthority.fileName)") != nil
        } catch {
            throw StartError("the local authority: \(error)")
        }
    }
}

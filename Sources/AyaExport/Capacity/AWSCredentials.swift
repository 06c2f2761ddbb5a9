/// A key of AWS.
package struct AWSCredentials: Sendable, Equatable {
    package var accessKey: String
    package var secret: String
    /// Of temporary ones.
    package var token: String?

    package init(accessKey: String, secret: String, token: String? = nil) {
        self.accessKey = accessKey
        self.secret = secret
        self.token = token
    }
}

internal import AyaHTTP
internal import AyaTLS
internal import AyaTelemetry

/// Where a key of AWS comes from: the configuration, or the first of what AWS's own tools look at that has one: the
/// environment, the credentials file, the container's role, the machine's (by IMDSv2). It is looked for anew for each
/// change, so a role's key, which is renewed minutes before it ends, is never an old one.
package struct AWSCredentialSource: Sendable {
    package typealias Variables = @Sendable (String) -> String?

    private enum Origin: Sendable {
        case stated(accessKey: String, secret: StatedSecret, token: StatedSecret?)
        case found(profile: String?, Variables, container: CalledService?, machine: CalledService)
    }

    private let origin: Origin

    package init(accessKey: String, secret: StatedSecret, token: StatedSecret?) {
        origin = .stated(accessKey: accessKey, secret: secret, token: token)
    }

    /// - Parameters:
    ///   - profile: of the credentials file; nil: as the environment says, or `default`.
    ///   - variables: the environment.
    ///   - container: where the container's credentials are, if the environment says so (see `containerURL`).
    ///   - machine: the machine's metadata service.
    package init(
        profile: String?, variables: @escaping Variables, container: CalledService?, machine: CalledService
    ) {
        origin = .found(profile: profile, variables, container: container, machine: machine)
    }

    /// Nil outside of containers that are given credentials.
    package static func containerURL(_ variables: Variables) -> String? {
        if let full = variables("AWS_CONTAINER_CREDENTIALS_FULL_URI") { return full }
        return variables("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map { "http://169.254.170.2\($0)" }
    }

    func credentials() async throws(CallFault) -> AWSCredentials {
        switch origin {
        case .stated(let accessKey, let secret, let token):
            return AWSCredentials(accessKey: accessKey, secret: try secret.read(), token: try token?.read())
        case .found(let profile, let variables, let container, let machine):
            if profile == nil, let found = Self.ofEnvironment(variables) { return found }
            if let found = try Self.ofFile(profile, variables) { return found }
            if let container { return try await Self.ofContainer(container, variables) }
            return try await Self.ofMachine(machine)
        }
    }

    private static func ofEnvironment(_ variables: Variables) -> AWSCredentials? {
        guard let key = variables("AWS_ACCESS_KEY_ID"), let secret = variables("AWS_SECRET_ACCESS_KEY"), !key.isEmpty
        else { return nil }
        return AWSCredentials(accessKey: key, secret: secret, token: variables("AWS_SESSION_TOKEN"))
    }

    /// Nil when there is no file; a profile that was named and is not there is an error.
    private static func ofFile(_ profile: String?, _ variables: Variables) throws(CallFault) -> AWSCredentials? {
        guard
            let path = variables("AWS_SHARED_CREDENTIALS_FILE")
                ?? variables("HOME").map({ "\($0)/.aws/credentials" })
        else { return nil }
        let name = profile ?? variables("AWS_PROFILE") ?? "default"
        if let bytes = PrivateFile.read(path),
            let found = CredentialsFile(String(decoding: bytes, as: UTF8.self)).credentials(of: name)
        {
            return found
        }
        guard profile != nil else { return nil }
        throw CallFault("'\(path)' has no credentials named '\(name)'")
    }

    private static func ofContainer(
        _ service: CalledService, _ variables: Variables
    ) async throws(CallFault) -> AWSCredentials {
        var token = variables("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let path = variables("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") { token = try StatedSecret.read(file: path) }
        let answer = try await service.ask("GET", headers: token.map { [("Authorization", $0)] } ?? [])
        return try credentials(in: answer, of: "container")
    }

    private static func ofMachine(_ service: CalledService) async throws(CallFault) -> AWSCredentials {
        let session = try await service.ask(
            "PUT", "/latest/api/token", headers: [("X-aws-ec2-metadata-token-ttl-seconds", "300")])
        let header = [(name: "X-aws-ec2-metadata-token", value: try word(session))]
        let roles = "/latest/meta-data/iam/security-credentials/"
        let role = try word(try await service.ask("GET", roles, headers: header))
        return try credentials(in: try await service.ask("GET", roles + role, headers: header), of: "machine")
    }

    /// What is put into the next call: printable, and short.
    private static func word(_ answer: HTTPAnswer) throws(CallFault) -> String {
        let line = answer.body.prefix { $0 != 10 && $0 != 13 }
        guard (1...4_096).contains(line.count), line.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw CallFault("the machine's metadata service names no role")
        }
        return String(decoding: line, as: UTF8.self)
    }

    private static func credentials(in answer: HTTPAnswer, of owner: String) throws(CallFault) -> AWSCredentials {
        let json = JSONValue(answer.body)
        guard let key = json?["AccessKeyId"]?.string, let secret = json?["SecretAccessKey"]?.string,
            let token = json?["Token"]?.string,
            [key, secret, token].allSatisfy({ $0.utf8.allSatisfy { $0 > 32 && $0 < 127 } })
        else { throw CallFault("the \(owner)'s role has no credentials") }
        return AWSCredentials(accessKey: key, secret: secret, token: token)
    }
}

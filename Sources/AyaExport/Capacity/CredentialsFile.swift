/// The credentials file of AWS's tools: sections of `name = value`.
package struct CredentialsFile: Sendable {
    private var sections: [String: [String: String]] = [:]

    package init(_ text: String) {
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            if line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast().trimmed)
            } else if let sign = line.firstIndex(of: "=") {
                let value = line[line.index(after: sign)...].trimmed
                sections[section, default: [:]][line[..<sign].trimmed.lowercased()] = String(value)
            }
        }
    }

    package func credentials(of profile: String) -> AWSCredentials? {
        guard let values = sections[profile], let key = values["aws_access_key_id"],
            let secret = values["aws_secret_access_key"], !key.isEmpty, !secret.isEmpty
        else { return nil }
        return AWSCredentials(accessKey: key, secret: secret, token: values["aws_session_token"])
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let last = lastIndex(where: { !isBlank($0) }) else { return "" }
        return self[...last].drop(while: isBlank)
    }
}

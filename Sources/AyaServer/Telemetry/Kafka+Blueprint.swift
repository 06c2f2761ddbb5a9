internal import AyaConfig
internal import AyaExport

/// A log's topic in the words of the library that writes it.
extension Blueprint.AccessLog.Kafka {
    func settings(for owner: String) throws(CallFault) -> KafkaSink.Settings {
        var settings = KafkaSink.Settings(brokers: brokers.map { "\($0)" }, topic: topic)
        let acks =
            switch acknowledgement {
            case .all: "all"
            case .leader: "1"
            case .none: "0"
            }
        settings.properties = [("acks", acks), ("compression.codec", compression.rawValue)]
        let isKnown = user != nil
        settings.properties.append(
            ("security.protocol", isKnown ? (tls ? "sasl_ssl" : "sasl_plaintext") : tls ? "ssl" : "plaintext"))
        if let verify { settings.properties.append(("ssl.ca.location", verify)) }
        guard let user, let secret else { return settings }
        let password: String
        do throws(StartError) {
            password = try StatedSecret.read(secret, for: owner)
        } catch {
            throw CallFault(error.description)
        }
        let sasl =
            switch mechanism {
            case .plain: "PLAIN"
            case .scram256: "SCRAM-SHA-256"
            case .scram512: "SCRAM-SHA-512"
            }
        settings.properties += [("sasl.mechanisms", sasl), ("sasl.username", user), ("sasl.password", password)]
        return settings
    }
}

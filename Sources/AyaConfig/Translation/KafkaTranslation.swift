internal import AyaCore

extension Translation {
    func kafka(_ map: SectionReader, _ title: String) -> Blueprint.AccessLog.Kafka? {
        typealias Keys = Language.AccessLog.Kafka
        typealias Target = Blueprint.AccessLog.Kafka
        let title = "'kafka' of \(title)"
        guard let map = map.section(Language.AccessLog.kafka, Keys.section, title: title) else { return nil }
        let brokers = (map.items(Keys.brokers) ?? []).compactMap { broker($0) }
        let topic = map.text(Keys.topic, .label, LabelText.label)
        var kafka = Target(brokers: brokers, topic: topic ?? "")
        if let word = map.word(Keys.acknowledgement).flatMap(Target.Acknowledgement.init) {
            kafka.acknowledgement = word
        }
        if let word = map.word(Keys.compression).flatMap(Target.Compression.init) { kafka.compression = word }
        if let word = map.word(Keys.mechanism).flatMap(Target.Mechanism.init) { kafka.mechanism = word }
        kafka.tls = map.boolean(Keys.tls) ?? false
        let verify = map.text(Language.Collector.verify, .filePath, Self.path)
        kafka.verify = verify == "system" ? nil : verify
        kafka.user = map.text(Keys.user, .argument, LogTemplateText.credential)
        kafka.secret = map.text(Language.Collector.password, .credential, LogTemplateText.credential)
        if !kafka.tls, let place = map.keyPlace(Language.Collector.verify) {
            problems.error("\(title): 'verify' belongs to 'tls: true'", at: place)
        }
        if (map.node(Keys.user) == nil) != (map.node(Language.Collector.password) == nil) {
            problems.error("\(title): 'user' and 'password' go together", at: map.place)
        } else if map.node(Keys.user) == nil, let place = map.keyPlace(Keys.mechanism) {
            problems.error("\(title): 'mechanism' belongs to 'user'", at: place)
        }
        return brokers.isEmpty || topic == nil ? nil : kafka
    }

    private func broker(_ node: Node) -> Endpoint? {
        guard let endpoint = reader.text(node, .serverAddress, EndpointText.server) else { return nil }
        if case .unix = endpoint {
            problems.error("a broker is reached by a name or an address and a port", at: node.place)
            return nil
        }
        return endpoint
    }
}

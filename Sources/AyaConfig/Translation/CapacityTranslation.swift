internal import AyaCore

extension Translation {
    func capacity(_ map: SectionReader, _ title: String) -> Blueprint.Brain.Capacity? {
        typealias Keys = Language.Capacity
        guard let map = map.part(Language.Brain.capacity, Keys.section, title: "the capacity of \(title)"),
            let least = map.integer(Keys.least), let most = map.integer(Keys.most)
        else { return nil }
        if least > most { problems.error("'min' is more than 'max'", at: map.keyPlace(Keys.least)) }
        var capacity = Blueprint.Brain.Capacity(least: least, most: most)
        if let value = map.duration(Keys.leadTime) { capacity.leadTime = value }
        if let value = map.share(Keys.costWeight) { capacity.costWeight = value }
        if let value = map.duration(Keys.coolDown) { capacity.coolDown = value }
        if let value = map.boolean(Keys.dryRun) { capacity.isDryRun = value }
        if let value = map.integer(Keys.connectionsAhead) { capacity.connectionsAhead = value }
        capacity.actuator = actuator(map, title)
        let hook = program(map, Keys.hook)
        if !hook.isEmpty {
            if map.node(Keys.actuator) != nil {
                problems.error("'hook' is short for an actuator (write one of them)", at: map.keyPlace(Keys.hook))
            }
            capacity.actuator = .command(hook)
        }
        return capacity
    }

    private func actuator(_ map: SectionReader, _ title: String) -> Blueprint.Brain.Actuator? {
        typealias Keys = Language.Actuator
        let title = "the actuator of \(title)"
        guard let map = map.part(Language.Capacity.actuator, Keys.section, title: title),
            let key = map.only(of: Keys.kinds, title, noun: "kind")
        else { return nil }
        let inner = "'\(key.name)' of \(title)"
        switch key.name {
        case Keys.webhook.name: return scalingWebhook(map, inner).map(Blueprint.Brain.Actuator.webhook)
        case Keys.aws.name: return autoScalingGroup(map, inner).map(Blueprint.Brain.Actuator.awsAutoScaling)
        case Keys.kubernetes.name: return workload(map, inner).map(Blueprint.Brain.Actuator.kubernetes)
        case Keys.azure.name: return scaleSet(map, inner).map(Blueprint.Brain.Actuator.azureScaleSet)
        default:
            let words = program(map, key)
            return words.isEmpty ? nil : .command(words)
        }
    }

    private func scalingWebhook(_ map: SectionReader, _ title: String) -> Blueprint.Brain.Webhook? {
        typealias Keys = Language.Actuator.Webhook
        guard let map = map.section(Language.Actuator.webhook, Keys.section, title: title),
            let service = collector(map, title)
        else { return nil }
        var webhook = Blueprint.Brain.Webhook(service: service)
        webhook.key = map.text(Keys.key, .secret, LogTemplateText.key)
        return webhook
    }

    private func autoScalingGroup(_ map: SectionReader, _ title: String) -> Blueprint.Brain.AutoScalingGroup? {
        typealias Keys = Language.Actuator.AWS
        guard let map = map.section(Language.Actuator.aws, Keys.section, title: title) else { return nil }
        let accessKey = map.text(Keys.accessKey, .credential, LogTemplateText.credential)
        let secret = map.text(Keys.secret, .credential, LogTemplateText.credential)
        if (map.node(Keys.accessKey) == nil) != (map.node(Keys.secret) == nil) {
            problems.error("\(title): 'access_key' and 'secret' go together", at: map.place)
        } else if map.node(Keys.accessKey) == nil, let place = map.keyPlace(Keys.token) {
            problems.error("'token' belongs to 'access_key' and 'secret'", at: place)
        } else if map.node(Keys.accessKey) != nil, let place = map.keyPlace(Keys.profile) {
            problems.error("\(title) has an access key and a profile (write one of them)", at: place)
        }
        guard let name = map.text(Keys.group, .argument, ProbeText.argument),
            let region = map.text(Keys.region, .label, LabelText.label)
        else { return nil }
        var group = Blueprint.Brain.AutoScalingGroup(group: name, region: region)
        if let accessKey, let secret {
            group.credentials = .init(accessKey: accessKey, secret: secret)
            group.credentials?.token = map.text(Keys.token, .credential, LogTemplateText.credential)
        }
        group.endpoint = map.text(Keys.endpoint, .httpURL, HTTPURLText.check)
        group.profile = map.text(Keys.profile, .label, LabelText.label)
        if let url = map.text(Language.Actuator.metadata, .httpURL, HTTPURLText.check) { group.metadata = url }
        group.verify = verification(map)
        return group
    }

    private func workload(_ map: SectionReader, _ title: String) -> Blueprint.Brain.Workload? {
        typealias Keys = Language.Actuator.Kubernetes
        guard let map = map.section(Language.Actuator.kubernetes, Keys.section, title: title) else { return nil }
        let name = map.text(Keys.name, .cloudName, CloudText.name)
        var workload = Blueprint.Brain.Workload(name: name ?? "")
        if let kind = map.word(Keys.kind).flatMap(Blueprint.Brain.Workload.Kind.init) { workload.kind = kind }
        workload.namespace = map.text(Keys.namespace, .cloudName, CloudText.name)
        if let url = map.text(Keys.server, .httpURL, HTTPURLText.check) { workload.server = url }
        if let token = map.text(Keys.token, .credential, LogTemplateText.credential) { workload.token = token }
        if map.node(Keys.verify) != nil { workload.verify = verification(map) }
        return name == nil ? nil : workload
    }

    private func scaleSet(_ map: SectionReader, _ title: String) -> Blueprint.Brain.ScaleSet? {
        typealias Keys = Language.Actuator.Azure
        guard let map = map.section(Language.Actuator.azure, Keys.section, title: title) else { return nil }
        if map.node(Keys.token) != nil, let place = map.keyPlace(Keys.identity) {
            problems.error("\(title) has a token and an identity (write one of them)", at: place)
        }
        guard let subscription = map.text(Keys.subscription, .cloudName, CloudText.name),
            let resourceGroup = map.text(Keys.resourceGroup, .cloudName, CloudText.name),
            let name = map.text(Keys.name, .cloudName, CloudText.name)
        else { return nil }
        var set = Blueprint.Brain.ScaleSet(subscription: subscription, resourceGroup: resourceGroup, name: name)
        if let url = map.text(Keys.endpoint, .httpURL, HTTPURLText.check) { set.endpoint = url }
        set.token = map.text(Keys.token, .credential, LogTemplateText.credential)
        set.identity = map.text(Keys.identity, .cloudName, CloudText.name)
        if let url = map.text(Language.Actuator.metadata, .httpURL, HTTPURLText.check) { set.metadata = url }
        set.verify = verification(map)
        return set
    }

    /// Nil: by the system's certificates.
    private func verification(_ map: SectionReader) -> String? {
        let path = map.text(Language.Collector.verify, .filePath, Self.path)
        return path == "system" ? nil : path
    }
}

/// Reads what clouds call their things by; it becomes part of a path.
private enum CloudText {
    static func name(_ text: String) throws(InvalidText) -> String {
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_.()".utf8.contains(byte)
            }
        }
        // Those would be steps of a path.
        guard isName, (1...256).contains(text.utf8.count), text != ".", text != ".." else {
            throw InvalidText("'\(shortened(text))' is not \(TextForm.cloudName.what)")
        }
        return text
    }
}

internal import AyaCore

extension YAMLWriter {
    mutating func write(_ capacity: Blueprint.Brain.Capacity) {
        typealias Keys = Language.Capacity
        count(Keys.least, capacity.least)
        count(Keys.most, capacity.most)
        duration(Keys.leadTime, capacity.leadTime)
        share(Keys.costWeight, capacity.costWeight)
        duration(Keys.coolDown, capacity.coolDown)
        boolean(Keys.dryRun, capacity.isDryRun)
        part(Keys.actuator, capacity.actuator) { $0.write($1) }
        count(Keys.connectionsAhead, capacity.connectionsAhead)
    }

    private mutating func write(_ actuator: Blueprint.Brain.Actuator) {
        typealias Keys = Language.Actuator
        switch actuator {
        case .command(let words): program(Keys.command, words)
        case .webhook(let hook):
            map(Keys.webhook) { writer in
                writer.write(hook.service)
                writer.optional(Keys.Webhook.key, hook.key)
            }
        case .awsAutoScaling(let group): map(Keys.aws) { $0.write(group) }
        case .kubernetes(let workload): map(Keys.kubernetes) { $0.write(workload) }
        case .azureScaleSet(let set): map(Keys.azure) { $0.write(set) }
        }
    }

    private mutating func write(_ group: Blueprint.Brain.AutoScalingGroup) {
        typealias Keys = Language.Actuator.AWS
        text(Keys.group, group.group)
        text(Keys.region, group.region)
        optional(Keys.endpoint, group.endpoint)
        if let credentials = group.credentials {
            text(Keys.accessKey, credentials.accessKey)
            text(Keys.secret, credentials.secret)
            optional(Keys.token, credentials.token)
        }
        optional(Keys.profile, group.profile)
        text(Language.Actuator.metadata, group.metadata)
        text(Language.Collector.verify, group.verify ?? "system")
    }

    private mutating func write(_ workload: Blueprint.Brain.Workload) {
        typealias Keys = Language.Actuator.Kubernetes
        word(Keys.kind, workload.kind.rawValue)
        text(Keys.name, workload.name)
        optional(Keys.namespace, workload.namespace)
        text(Keys.server, workload.server)
        text(Keys.token, workload.token)
        text(Keys.verify, workload.verify ?? "system")
    }

    private mutating func write(_ set: Blueprint.Brain.ScaleSet) {
        typealias Keys = Language.Actuator.Azure
        text(Keys.subscription, set.subscription)
        text(Keys.resourceGroup, set.resourceGroup)
        text(Keys.name, set.name)
        text(Keys.endpoint, set.endpoint)
        optional(Keys.token, set.token)
        optional(Keys.identity, set.identity)
        text(Language.Actuator.metadata, set.metadata)
        text(Language.Collector.verify, set.verify ?? "system")
    }

    private mutating func optional(_ key: Key, _ value: String?) {
        if let value { text(key, value) }
    }
}

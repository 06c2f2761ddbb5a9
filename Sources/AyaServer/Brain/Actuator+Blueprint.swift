internal import AyaConfig
internal import AyaExport
internal import Glibc

extension Blueprint.Brain.Actuator {
    /// What does it, from what the configuration says.
    func open(_ calls: CallThread, _ programs: BrainThread) throws(CallFault) -> any CapacityActuator {
        switch self {
        case .command(let words):
            return CommandActuator(words) { await programs.run($0, environment: $1) }
        case .webhook(let hook):
            return WebhookActuator(
                try Self.service(hook.service.url, hook.service.verify, calls), user: hook.service.user,
                secret: hook.service.secret.map(StatedSecret.init), key: hook.key.map(StatedSecret.init))
        case .awsAutoScaling(let group):
            let endpoint = group.endpoint ?? "https://autoscaling.\(group.region).amazonaws.com"
            return AutoScalingActuator(
                try Self.service(endpoint, group.verify, calls), try group.source(calls), group: group.group,
                region: group.region)
        case .kubernetes(let workload):
            return KubernetesActuator(
                try Self.service(workload.server, workload.verify, calls), token: StatedSecret(workload.token),
                resource: workload.kind.resource, name: workload.name,
                namespace: workload.namespace.map { .named($0) }
                    ?? .file("\(Blueprint.Brain.Workload.account)/namespace"))
        case .azureScaleSet(let set):
            let token: AzureActuator.Token
            if let stated = set.token {
                token = .stated(StatedSecret(stated))
            } else {
                token = .machine(try Self.service(set.metadata, nil, calls), identity: set.identity)
            }
            return AzureActuator(
                try Self.service(set.endpoint, set.verify, calls), token: token, subscription: set.subscription,
                resourceGroup: set.resourceGroup, name: set.name)
        }
    }

    fileprivate static func service(
        _ url: String, _ verify: String?, _ calls: CallThread
    ) throws(CallFault) -> CalledService {
        try CalledService(url, verify: verify, on: calls, resolve: Resolver.resolveElsewhere)
    }
}

extension Blueprint.Brain.AutoScalingGroup {
    fileprivate func source(_ calls: CallThread) throws(CallFault) -> AWSCredentialSource {
        if let credentials {
            return AWSCredentialSource(
                accessKey: credentials.accessKey, secret: StatedSecret(credentials.secret),
                token: credentials.token.map(StatedSecret.init))
        }
        // Safe: getenv gives nil or a terminated string, and Aya never changes its environment.
        let variables: AWSCredentialSource.Variables = { name in
            unsafe getenv(name).map { unsafe String(cString: $0) }
        }
        var container: CalledService?
        if let url = AWSCredentialSource.containerURL(variables) {
            container = try Blueprint.Brain.Actuator.service(url, nil, calls)
        }
        return AWSCredentialSource(
            profile: profile, variables: variables, container: container,
            machine: try Blueprint.Brain.Actuator.service(metadata, nil, calls))
    }
}

extension Blueprint.Brain.Workload.Kind {
    /// As paths of the API have it.
    fileprivate var resource: String {
        switch self {
        case .deployment: "deployments"
        case .statefulSet: "statefulsets"
        case .replicaSet: "replicasets"
        }
    }
}

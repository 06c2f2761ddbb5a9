extension Blueprint.Brain {
    /// The bounds of the number of a pool's servers, and who changes it.
    package struct Capacity: Hashable, Sendable {
        package var least: Int
        package var most: Int
        /// From the wish for a server to its first request.
        package var leadTime = Duration.seconds(300)
        /// From 0, servers cost nothing, to 1: how little of the uncertainty is provided for.
        package var costWeight = 0.25
        /// Makes the number of servers what is wanted; nil: advice only.
        package var actuator: Actuator?
        /// Between two changes, at least.
        package var coolDown = Duration.seconds(60)
        /// Nothing is changed, only told what would be.
        package var isDryRun = false
        /// Connections to each server that each worker has ready before a rise; 0: none.
        package var connectionsAhead = 0

        package init(least: Int, most: Int) {
            self.least = least
            self.most = most
        }
    }

    /// Where machines of clouds find who they are.
    package static let metadata = "http://169.254.169.254"

    package enum Actuator: Hashable, Sendable {
        /// A program with its arguments.
        case command([String])
        case webhook(Webhook)
        case awsAutoScaling(AutoScalingGroup)
        case kubernetes(Workload)
        case azureScaleSet(ScaleSet)
    }

    package struct Webhook: Hashable, Sendable {
        package var service: Blueprint.Collector
        /// What its notices are signed with; nil: not at all.
        package var key: String?

        package init(service: Blueprint.Collector) { self.service = service }
    }

    /// Of AWS.
    package struct AutoScalingGroup: Hashable, Sendable {
        package var group: String
        package var region: String
        /// Nil: the region's own.
        package var endpoint: String?
        /// Nil: of the environment, a file or the machine's role.
        package var credentials: Credentials?
        /// Of the credentials file; nil: as the environment says.
        package var profile: String?
        package var metadata = Blueprint.Brain.metadata
        package var verify: String?

        package struct Credentials: Hashable, Sendable {
            package var accessKey: String
            package var secret: String
            package var token: String?

            package init(accessKey: String, secret: String) {
                self.accessKey = accessKey
                self.secret = secret
            }
        }

        package init(group: String, region: String) {
            self.group = group
            self.region = region
        }
    }

    /// Of Kubernetes: something with a scale subresource.
    package struct Workload: Hashable, Sendable {
        package enum Kind: String, CaseIterable, Hashable, Sendable {
            case deployment
            case statefulSet = "stateful_set"
            case replicaSet = "replica_set"
        }

        package var name: String
        package var kind = Kind.deployment
        /// Nil: that of Aya's own pod.
        package var namespace: String?
        package var server = "https://kubernetes.default.svc"
        package var token = "file:\(Self.account)/token"
        package var verify: String? = "\(Self.account)/ca.crt"

        /// Where a pod finds who it is.
        package static let account = "/var/run/secrets/kubernetes.io/serviceaccount"

        package init(name: String) { self.name = name }
    }

    /// Of Azure.
    package struct ScaleSet: Hashable, Sendable {
        package var subscription: String
        package var resourceGroup: String
        package var name: String
        package var endpoint = "https://management.azure.com"
        /// Nil: of the machine's managed identity.
        package var token: String?
        /// The client id of that identity, where the machine has several.
        package var identity: String?
        package var metadata = Blueprint.Brain.metadata
        package var verify: String?

        package init(subscription: String, resourceGroup: String, name: String) {
            self.subscription = subscription
            self.resourceGroup = resourceGroup
            self.name = name
        }
    }
}

extension Blueprint.Brain.Actuator {
    package var name: String {
        switch self {
        case .command: "command"
        case .webhook: "webhook"
        case .awsAutoScaling: "aws_auto_scaling"
        case .kubernetes: "kubernetes"
        case .azureScaleSet: "azure_vmss"
        }
    }

    mutating func hideSecrets() {
        let hidden = "(secret)"
        switch self {
        case .command: break
        case .webhook(var hook):
            hook.service = hook.service.withoutSecret
            if hook.key != nil { hook.key = hidden }
            self = .webhook(hook)
        case .awsAutoScaling(var group):
            group.credentials?.secret = hidden
            if group.credentials?.token != nil { group.credentials?.token = hidden }
            self = .awsAutoScaling(group)
        case .kubernetes(var workload):
            if !workload.token.hasPrefix("file:") { workload.token = hidden }
            self = .kubernetes(workload)
        case .azureScaleSet(var set):
            if set.token != nil { set.token = hidden }
            self = .azureScaleSet(set)
        }
    }
}

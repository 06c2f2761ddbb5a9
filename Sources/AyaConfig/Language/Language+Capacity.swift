internal import AyaCore

extension Language {
    package enum Capacity {
        static let servers = 1...100_000
        private static let defaults = Blueprint.Brain.Capacity(least: 1, most: 1)

        static let least = Key("min", .integer(servers), required: true, "The fewest servers.")
        static let most = Key("max", .integer(servers), required: true, "The most servers.")
        static let leadTime = Key(
            "lead_time", .duration(.seconds(1)...longTime), default: DurationText.describe(defaults.leadTime),
            "From the wish for a server to its first request.")
        static let costWeight = Key(
            "cost_weight", .share(0...1), default: ShareText.describe(defaults.costWeight),
            "How little of the forecast's uncertainty is provided for: 0% is 39 of 40 outcomes, 100% is half of them.")
        static let coolDown = Key(
            "cool_down", .duration(.seconds(1)...longTime), default: DurationText.describe(defaults.coolDown),
            "Between two changes, at least.")
        static let dryRun = Key(
            "dry_run", .boolean, default: "false", "Nothing is changed: log and advice tell what would be.")
        static let actuator = Key(
            "actuator", .part(.section(Actuator.section)), default: "off",
            "Who makes the number of servers what is wanted. Without one, there is advice only.")
        static let hook = Key(
            "hook", .list(of: .text(.argument)), "Short for an actuator that is a command.")
        static let connectionsAhead = Key(
            "connections_ahead", .integer(0...1_000), default: "0",
            "Connections to each server that each worker has ready before a rise of load that is forecast.")
        package static let section = Section(
            "capacity", "The bounds of the number of servers, and who changes it.",
            [least, most, leadTime, costWeight, coolDown, dryRun, actuator, hook, connectionsAhead])
    }

    package enum Actuator {
        static let command = Key(
            "command", .list(of: .text(.argument)),
            """
            A program, with its arguments, that makes the number of servers what is wanted: `AYA_POOL`, `AYA_SERVERS` \
            and `AYA_PRESENT` tell, and `AYA_WISH` as JSON with the forecast.
            """)
        static let webhook = Key(
            "webhook", .section(Webhook.section), "A POST of JSON: what is wanted, the forecast, and why.")
        static let aws = Key(
            "aws_auto_scaling", .section(AWS.section), "The desired capacity of an Auto Scaling group of AWS.")
        static let kubernetes = Key(
            "kubernetes", .section(Kubernetes.section), "The scale of a workload of Kubernetes.")
        static let azure = Key(
            "azure_vmss", .section(Azure.section), "The capacity of a virtual machine scale set of Azure.")
        static let kinds = [command, webhook, aws, kubernetes, azure]
        package static let section = Section(
            "actuator", "Who makes the number of servers what is wanted.", kinds, exactlyOneOf: kinds)

        package enum Webhook {
            static let key = Key(
                "secret", .text(.secret),
                "What the notices are signed with (Standard Webhooks, `webhook-signature`); without it they are not.")
            package static let section = Section(
                "scaling webhook", "A URL that takes wishes for servers.", Collector.keys + [key])
        }

        package enum AWS {
            static let group = Key("group", .text(.argument), required: true, "The name of the group.")
            static let region = Key("region", .text(.label), required: true, "The region that it is in.")
            static let endpoint = Key(
                "endpoint", .text(.httpURL), "Where the API is; the region's own without it.")
            static let accessKey = Key(
                "access_key", .text(.credential),
                """
                The id of an access key, with `secret`. Without it: the variables `AWS_ACCESS_KEY_ID` and so on, the \
                credentials file, the role of the container or machine, whichever is there first.
                """)
            static let secret = Key(
                "secret", .text(.credential), "The access key's secret, or `file:` and the path of a file with it.")
            static let token = Key(
                "token", .text(.credential), "A session token, or `file:` and the path of a file with it.")
            static let profile = Key(
                "profile", .text(.label),
                "Which credentials of the credentials file; without it `AWS_PROFILE`, or those named `default`.")
            package static let section = Section(
                "auto scaling group", "An Auto Scaling group of AWS, whose desired capacity is set.",
                [group, region, endpoint, accessKey, secret, token, profile, metadata, Collector.verify])
        }

        package enum Kubernetes {
            static let kind = Key(
                "kind", .word(Blueprint.Brain.Workload.Kind.allCases.map(\.rawValue)), default: "deployment",
                "What it is.")
            static let name = Key("name", .text(.cloudName), required: true, "Its name.")
            static let namespace = Key(
                "namespace", .text(.cloudName), "Its namespace; that of Aya's own pod without it.")
            private static let defaults = Blueprint.Brain.Workload(name: "")
            static let server = Key("server", .text(.httpURL), default: defaults.server, "Where the API is.")
            static let token = Key(
                "token", .text(.credential), default: defaults.token,
                "A token, or `file:` and the path of a file with it, which is read anew each time.")
            static let verify = Key(
                "verify", .text(.filePath), default: defaults.verify,
                "`system`, or a file of certificates in PEM that the API's own must lead to.")
            package static let section = Section(
                "workload", "A workload of Kubernetes, whose scale is set.",
                [kind, name, namespace, server, token, verify])
        }

        package enum Azure {
            static let subscription = Key("subscription", .text(.cloudName), required: true, "Its id.")
            static let resourceGroup = Key("resource_group", .text(.cloudName), required: true, "Its name.")
            static let name = Key("name", .text(.cloudName), required: true, "The name of the scale set.")
            static let endpoint = Key(
                "endpoint", .text(.httpURL), default: "https://management.azure.com", "Where the API is.")
            static let token = Key(
                "token", .text(.credential),
                """
                A token, or `file:` and the path of a file with it, which is read anew each time. Without it, the \
                machine's managed identity gets one.
                """)
            static let identity = Key(
                "identity", .text(.cloudName), "The client id of the identity, where the machine has several.")
            package static let section = Section(
                "scale set", "A virtual machine scale set of Azure, whose capacity is set.",
                [subscription, resourceGroup, name, endpoint, token, identity, metadata, Collector.verify])
        }

        static let metadata = Key(
            "metadata", .text(.httpURL), default: Blueprint.Brain.metadata,
            "The machine's metadata service, which knows its role.")
    }
}

extension TextForm {
    static let cloudName = TextForm(
        "name", "a name of at most 256 letters, digits and '-', '_', '.', '(' or ')'", examples: ["web"],
        pattern: #"^[A-Za-z0-9_.()-]{1,256}$"#)
}

internal import AyaHTTP
internal import AyaReactor

/// The desired capacity of an Auto Scaling group, by AWS's Query API: forms in, XML out.
package struct AutoScalingActuator: CapacityActuator {
    private let service: CalledService
    private let source: AWSCredentialSource
    private let group: String
    private let region: String

    private static let version = "2011-01-01"

    package init(_ service: CalledService, _ source: AWSCredentialSource, group: String, region: String) {
        self.service = service
        self.source = source
        self.group = group
        self.region = region
    }

    package func standing() async throws(CallFault) -> CapacityStanding? {
        let answer = try await call("DescribeAutoScalingGroups", [("AutoScalingGroupNames.member.1", group)])
        guard let servers = XMLText.number("DesiredCapacity", in: answer.body) else {
            throw CallFault("there is no Auto Scaling group '\(group)' in \(region)")
        }
        return CapacityStanding(
            servers: servers, least: XMLText.number("MinSize", in: answer.body),
            most: XMLText.number("MaxSize", in: answer.body))
    }

    package func ask(for wish: CapacityWish) async throws(CallFault) -> Int {
        _ = try await call(
            "SetDesiredCapacity",
            [
                ("AutoScalingGroupName", group), ("DesiredCapacity", "\(wish.servers)"),
                // Aya has a cool-down of its own.
                ("HonorCooldown", "false"),
            ])
        return try await standing()?.servers ?? wish.servers
    }

    private func call(
        _ action: String, _ parameters: [(name: String, value: String)]
    ) async throws(CallFault) -> HTTPAnswer {
        let form = ([("Action", action), ("Version", Self.version)] + parameters)
            .map { "\($0.0)=\(FormText.escaped($0.1))" }.joined(separator: "&")
        let type = [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")]
        let signature = SignatureV4(try await source.credentials(), region: region, service: "autoscaling")
        let call = HTTPCall(service.address, headers: type, body: Array(form.utf8))
        let signed = signature.headers(for: call, at: Machine.wallClock())
        return try await service.ask("POST", headers: type + signed, body: call.body)
    }
}

/// Values of forms and queries.
enum FormText {
    /// Everything but unreserved characters becomes its bytes in hexadecimal digits (RFC 3986 section 2.3).
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

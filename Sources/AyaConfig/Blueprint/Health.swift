extension Blueprint {
    /// Active probes of a pool's servers.
    package struct Health: Hashable, Sendable {
        package var check: Check
        package var interval = Duration.seconds(2)
        /// Between probes of a server that is down; nil: `interval`.
        package var fastInterval: Duration?
        /// Share of the interval by which probes vary, so that many Ayas do not probe in step.
        package var jitter = 0.1
        package var timeout = Duration.seconds(1)
        /// Good probes in a row that bring a server up.
        package var rise = 2
        /// Bad probes in a row that take a server down.
        package var fall = 3
        /// Share of servers down at which verdicts are no longer believed and all take work; 0: never.
        package var panic = 0.5
        /// Nil: the server's own port.
        package var port: Int?

        package init(check: Check) { self.check = check }

        package enum Check: Hashable, Sendable {
            case http(HTTPCheck)
            /// The health service of gRPC.
            case grpc(GRPCCheck)
            case tcp(TCPCheck)
            case icmp
            case udp(UDPCheck)
            /// A program and its arguments; exit status 0 is good.
            case command([String])
        }

        package struct HTTPCheck: Hashable, Sendable {
            package var path: String
            package var method = "GET"
            /// Nil: the server's address.
            package var host: String?
            package var headers: [Route.Condition] = []
            /// Any of these is good.
            package var status: [ClosedRange<Int>] = [200...399]
            /// Must occur in the first part of the body.
            package var body: String?
            package init(path: String) { self.path = path }
        }

        package struct GRPCCheck: Hashable, Sendable {
            /// Whose health is asked for; empty: the server's as a whole.
            package var service = ""
            package init(service: String = "") { self.service = service }
        }

        package struct TCPCheck: Hashable, Sendable {
            package var send: String?
            /// What the answer must contain; nil: connecting is enough.
            package var expect: String?
            package init(send: String? = nil, expect: String? = nil) {
                self.send = send
                self.expect = expect
            }
        }

        package struct UDPCheck: Hashable, Sendable {
            package var send: String
            /// What the answer must contain; nil: no refusal within the timeout is enough.
            package var expect: String?
            package init(send: String, expect: String? = nil) {
                self.send = send
                self.expect = expect
            }
        }
    }

    /// Where servers report how loaded they are, for the balancers that go by it.
    package struct LoadReports: Hashable, Sendable {
        /// Polled over HTTP; answers JSON or the text form of metrics.
        package var path: String
        package var interval = Duration.seconds(1)
        /// Nil: the server's own port.
        package var port: Int?
        package init(path: String) { self.path = path }
    }
}

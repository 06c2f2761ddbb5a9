/// A request to a service that Aya tells something.
package struct HTTPCall: Sendable {
    package var method = "POST"
    package var address: HTTPAddress
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(_ address: HTTPAddress, headers: [(name: String, value: String)] = [], body: [UInt8]) {
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// Why there is no answer.
package struct CallFault: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// A request to a service that Aya tells something, and what it answered.
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

package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []

    package init(status: Int) { self.status = status }

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The first line of what it says, for people.
    package var excerpt: String {
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        return String(text.prefix { $0 != "\n" && $0 != "\r" })
    }
}

/// Why there is no answer.
package struct CallFault: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}

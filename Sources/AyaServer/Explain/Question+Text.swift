package import AyaConfig
internal import AyaCore
package import AyaProxy

/// How a question is written: as an object of the admin API, or as on a command line.
extension Question {
    package struct Fault: Error, Sendable, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    /// `{"method":"POST","url":"https://shop.example/cart","headers":{"x-beta":"1"},"client":"192.0.2.1"}`
    package init(document: PlainDocument) throws(Fault) {
        guard case .map(let map) = document else { throw Fault("send an object with 'url'") }
        self.init()
        for (key, value) in map.sorted(by: { $0.key < $1.key }) {
            switch (key, value) {
            case ("url", .text(let url)): try setURL(url)
            case ("method", .text(let method)): try setMethod(method)
            case ("client", .text(let client)): try setClient(client)
            case ("listener", .text(let name)): listener = name
            case ("headers", .map(let headers)):
                for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                    guard let text = value.text else { throw Fault("the value of header '\(name)' is text") }
                    try add(header: name, text)
                }
            default: throw Fault("'\(key)' is none of url, method, headers (an object), client, listener")
            }
        }
        guard document["url"] != nil else { throw Fault("'url' is missing") }
    }

    /// `POST https://shop.example/cart -H 'x-beta: 1' --client 192.0.2.1`: as one would tell curl.
    package init(words: [String]) throws(Fault) {
        self.init()
        var rest = words[...]
        var urls = 0
        while let word = rest.popFirst() {
            switch word {
            case "-H", "--header", "--client", "--listener", "-X":
                guard let value = rest.popFirst() else { throw Fault("'\(word)' needs a value") }
                switch word {
                case "--client": try setClient(value)
                case "--listener": listener = value
                case "-X": try setMethod(value)
                default:
                    guard let colon = value.firstIndex(of: ":") else { throw Fault("'\(value)' is not 'name: value'") }
                    let text = value[value.index(after: colon)...].drop { $0 == " " }
                    try add(header: String(value[..<colon]), String(text))
                }
            case _ where word.hasPrefix("-"): throw Fault("'\(word)' is none of -H, -X, --client, --listener")
            case _ where urls == 0 && rest.first.map({ !$0.hasPrefix("-") }) ?? false && word.allSatisfy(\.isUppercase):
                try setMethod(word)
            default:
                guard !Self.methods.contains(word) else { throw Fault("'\(word)' needs an address behind it") }
                urls += 1
                try setURL(word)
            }
        }
        guard urls == 1 else { throw Fault("name one address, such as 'GET https://shop.example/cart'") }
    }

    /// Hardly the names of machines.
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// Words as a shell takes them apart, with quotes.
    package static func words(of line: String) throws(Fault) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " || character == "\t" || character == "\n" {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { throw Fault("a quote is not closed") }
        if let word { words.append(word) }
        return words
    }

    private mutating func setMethod(_ text: String) throws(Fault) {
        let isToken = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        guard isToken else { throw Fault("'\(text)' is not a method") }
        method = text
    }

    private mutating func setClient(_ text: String) throws(Fault) {
        guard let address = IPAddress(text) else { throw Fault("'\(text)' is not an address") }
        client = address
    }

    private mutating func add(header name: String, _ value: String) throws(Fault) {
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
        guard isName, !value.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f }) else {
            throw Fault("'\(name)' is not a header")
        }
        headers.append((name: name, value: value))
    }

    /// `https://shop.example:8443/cart?x=1`; without a scheme, http.
    private mutating func setURL(_ text: String) throws(Fault) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else {
            throw Fault("'\(text)' is not an address")
        }
        var rest = text[...]
        if let mark = text.firstRange(of: "://") {
            scheme = text[..<mark.lowerBound].lowercased()
            rest = text[mark.upperBound...]
        }
        guard ["http", "https", "tcp", "tls", "udp"].contains(scheme) else {
            throw Fault("'\(scheme)' is none of http, https, tcp, tls, udp")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        try setAuthority(rest[..<end])
        let path = rest[end...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    private mutating func setAuthority(_ text: Substring) throws(Fault) {
        if let (name, number) = SocketAddress.split(text) {
            (host, port) = (name, number)
        } else if text.hasPrefix("["), text.hasSuffix("]") {
            host = String(text.dropFirst().dropLast())
        } else if text.contains(":") {
            throw Fault("'\(text)' is not a host with a port")
        } else {
            host = String(text)
        }
    }
}

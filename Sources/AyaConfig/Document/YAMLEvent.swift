/// One step of a YAML document as libyaml reports it, copied into Swift values.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(Node.Scalar)
        case listStart(flow: Bool)
        case listEnd
        case mapStart(flow: Bool)
        case mapEnd
    }

    var kind: Kind
    var anchor: String?
    /// An explicit tag such as `!!int`.
    var tag: String?
    var start: Place
    var end: Place
}

/// Why a document is not YAML.
struct YAMLSyntaxError: Error {
    var message: String
    var place: Place
}

internal import AyaConfig
internal import AyaTelemetry

/// How workers take part in traces; nil in `Runtime` when they do not.
struct Tracing {
    let sampling: TraceSampling
    let speaksW3C: Bool
    /// In one field, in several.
    let writesB3: Bool
    let writesB3Fields: Bool
    var readsB3: Bool { writesB3 || writesB3Fields }

    init(_ blueprint: Blueprint.Tracing) {
        sampling = TraceSampling(rate: blueprint.sample)
        speaksW3C = blueprint.formats.contains(.w3c)
        writesB3 = blueprint.formats.contains(.b3)
        writesB3Fields = blueprint.formats.contains(.b3Multi)
    }
}

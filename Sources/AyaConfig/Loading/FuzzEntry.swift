internal import AyaCore

/// Feeds any bytes to everything that reads configuration: loading, expanding, laying out.
///
/// None of it may trap. What this function itself demands is that its results hold together, so that a fuzzer finds
/// wrong answers and not only crashes.
package func fuzzConfiguration(_ bytes: UnsafeRawBufferPointer) {
    var loader = ConfigurationLoader { name in name.utf8.count % 2 == 0 ? nil : "value of \(name)" }
    // Small, so that the bounds are met too.
    loader.bounds.nodes = 2000
    let input = unsafe Array(bytes)
    let result = loader.load(files: [SourceFile(name: "fuzz.yaml", bytes: input)])
    for diagnostic in result.diagnostics { _ = diagnostic.rendered }
    if let blueprint = result.blueprint {
        let expanded = Expander.expand(blueprint)
        loader.bounds = DocumentBounds()
        let again = loader.load(text: expanded, fileName: "expanded.yaml")
        precondition(again.blueprint == blueprint, "the expanded form means something else")
    }
    let text = String(decoding: input, as: UTF8.self)
    guard case .formatted(let formatted) = ConfigurationFormatter.format(text: text, fileName: "fuzz.yaml") else {
        return
    }
    guard case .formatted(formatted) = ConfigurationFormatter.format(text: formatted, fileName: "fuzz.yaml") else {
        preconditionFailure("laid out twice, it differs")
    }
    let before = loader.load(text: text, fileName: "fuzz.yaml").blueprint
    let after = loader.load(text: formatted, fileName: "fuzz.yaml").blueprint
    precondition(before == after, "laid out, it means something else")
}

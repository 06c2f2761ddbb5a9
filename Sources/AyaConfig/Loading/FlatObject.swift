/// A flat object, such as `{"weight": 3}`: what the admin API is given to change a thing.
package enum FlatObject {
    /// Keys and values as written; nil for what is no object of scalars.
    package static func read(_ text: [UInt8]) -> [String: String]? {
        let file = SourceFile(name: "body", bytes: text)
        let problems = Problems(files: [file])
        guard let root = Composer.compose(file, file: 0, bounds: DocumentBounds(), problems: problems),
            !problems.hasErrors, case .map(let entries) = root.content
        else { return nil }
        var found: [String: String] = [:]
        for entry in entries {
            guard case .scalar(let scalar) = entry.value.content else { return nil }
            found[entry.key] = scalar.text
        }
        return found
    }
}

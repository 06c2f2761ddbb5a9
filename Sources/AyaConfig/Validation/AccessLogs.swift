internal import AyaCore

extension Validation {
    /// Names of listeners and routes lead somewhere, and no two logs write into one file.
    func checkAccessLogs() {
        var files: [String: String] = [:]
        let listeners = draft.listeners.map(\.value.name)
        let routes = draft.routes.map(\.value.name)
        for log in draft.accessLogs {
            // What could not be read may be what is meant.
            if !problems.hasErrors {
                check(log.value.listeners, among: listeners, "listener", log.place)
                check(log.value.routes, among: routes, "route", log.place)
            }
            guard case .file(let path, _) = log.value.target else { continue }
            if let other = files[path] {
                problems.error("log '\(log.value.name)' writes into the file of log '\(other)'", at: log.place)
            }
            files[path] = log.value.name
        }
    }

    private func check(_ names: [String], among known: [String], _ noun: String, _ place: Place) {
        for name in names where !known.contains(name) {
            problems.error(
                "unknown \(noun) '\(shortened(name))'" + Suggestion.hint(for: name, among: known), at: place)
        }
    }
}

internal import AyaCore

extension Validation {
    /// Names of routes and pools lead somewhere.
    func checkAlerts() {
        // What could not be read may be what is meant.
        guard let alerts = draft.alerts, !problems.hasErrors else { return }
        let routes = draft.routes.map(\.value.name)
        let pools = draft.pools.map(\.value.name)
        for rule in alerts.rules {
            let known: [String]
            switch rule.condition {
            case .errorRate, .p99: known = routes
            case .serversAvailable, .saturation: known = pools
            case .certificateExpiry, .descriptors: known = []
            }
            for name in rule.subjects where !known.contains(name) {
                problems.error(
                    "alert '\(rule.name)' speaks of '\(shortened(name))', which does not exist"
                        + Suggestion.hint(for: name, among: known), at: draft.alertPlaces[rule.name])
            }
        }
    }
}

internal import AyaCore

/// Checks what no single value shows: that names lead somewhere, that addresses and routes do not collide, that there
/// is something to do. Fills in the route that a single pool needs.
struct Validation {
    let problems: Problems
    var draft: Draft

    static func blueprint(from draft: Draft, problems: Problems) -> Blueprint? {
        var validation = Validation(problems: problems, draft: draft)
        validation.addDefaultRoute()
        validation.checkPoolNames()
        validation.settleCertificateHosts()
        validation.checkListenerRedirects()
        validation.checkFallbackCycles()
        validation.checkPoolSettings()
        validation.checkRouteTargets()
        validation.checkRouteListeners()
        validation.checkProxyProtocol()
        validation.checkAddresses()
        validation.checkAmbiguousRoutes()
        validation.checkShadowedRoutes()
        validation.checkAccessLogs()
        validation.checkAlerts()
        guard !problems.hasErrors else { return nil }
        let draft = validation.draft
        var blueprint = Blueprint(
            listeners: draft.listeners.map(\.value).sorted { $0.name < $1.name },
            routes: draft.routes.map(\.value).sorted { $0.name < $1.name },
            pools: draft.pools.map(\.value).sorted { $0.name < $1.name },
            admin: draft.admin?.value, workers: draft.workers,
            accessLogs: draft.accessLogs.map(\.value).sorted { $0.name < $1.name }, drain: draft.drain)
        blueprint.tracing = draft.tracing
        blueprint.metrics = draft.metrics
        blueprint.alerts = draft.alerts
        blueprint.zone = draft.zone?.value
        if let state = draft.state { blueprint.state = state }
        blueprint.history = draft.history
        blueprint.learning = draft.learning
        blueprint.process = draft.process
        blueprint.events = draft.events
        return blueprint
    }
}

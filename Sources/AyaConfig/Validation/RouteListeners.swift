internal import AyaCore

extension Validation {
    /// The listeners that routes name take routes, and each listener that does has some.
    func checkRouteListeners() {
        // What could not be read may be what is meant.
        guard draft.listeners.count == draft.listenerCount else { return }
        let names = draft.listeners.map(\.value.name)
        let listeners = Dictionary(
            draft.listeners.map { ($0.value.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        for route in draft.routes where !route.value.listeners.isEmpty {
            let title = "route '\(route.value.name)'"
            let place = draft.routeKeys[route.value.name]?[Language.Route.listeners.name] ?? route.place
            for name in route.value.listeners {
                guard let listener = listeners[name] else {
                    let hint = Suggestion.hint(for: name, among: names)
                    problems.error("\(title) names an unknown listener '\(shortened(name))'\(hint)", at: place)
                    continue
                }
                if let obstacle = listener.obstacleToRoutes {
                    problems.error("\(title) names listener '\(name)', \(obstacle)", at: place)
                }
            }
            if route.value.listeners.allSatisfy({ listeners[$0]?.redirect != nil }) {
                problems.warning(
                    "\(title) is never reached: what comes to the listeners that it names is sent on to TLS", at: place)
            }
        }
        checkIdleListeners()
    }

    private func checkIdleListeners() {
        guard draft.routeCount > 0, draft.routes.count == draft.routeCount, !problems.hasErrors else { return }
        if draft.routes.contains(where: \.value.listeners.isEmpty) { return }
        let named = Set(draft.routes.flatMap(\.value.listeners))
        for listener in draft.listeners where listener.value.asksRoutes && !named.contains(listener.value.name) {
            problems.warning(
                "no route is for listener '\(listener.value.name)': every request there is answered with 404",
                at: listener.place)
        }
    }
}

extension Blueprint.Listener {
    /// Requests come here, and routes decide about them.
    package var asksRoutes: Bool { obstacleToRoutes == nil && redirect == nil }

    /// Why no route can be for it; nil when some can.
    fileprivate var obstacleToRoutes: String? {
        switch kind {
        case .tcp: "which is for tcp: its 'pool' or 'sni' decides"
        case .udp: "which is for udp: its 'pool' decides"
        case .http: servesAdmin ? "where the admin API answers in place of routes" : nil
        }
    }
}

extension Blueprint.Route {
    /// Whether requests of this listener may take it.
    package func answers(on listener: String) -> Bool { listeners.isEmpty || listeners.contains(listener) }
}

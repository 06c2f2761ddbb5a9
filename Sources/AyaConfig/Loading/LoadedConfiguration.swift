package import AyaCore

/// What loading gives: a blueprint when there was no error, and everything worth saying in any case.
package struct LoadedConfiguration: Sendable {
    /// Nil when a diagnostic is an error.
    package var blueprint: Blueprint?
    /// Sorted by place.
    package var diagnostics: [Diagnostic]

    package init(blueprint: Blueprint?, diagnostics: [Diagnostic]) {
        self.blueprint = blueprint
        self.diagnostics = diagnostics
    }

    package var hasErrors: Bool { blueprint == nil }
}

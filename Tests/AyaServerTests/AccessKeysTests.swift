internal import AyaConfig
internal import AyaTelemetry
internal import Testing

@Suite struct AccessKeysTests {
    /// Templates are checked by a list of the language's own, which must be that of the log.
    @Test func theLanguageKnowsEveryKey() {
        #expect(Language.AccessLog.recordKeys == AccessKey.allCases.map(\.name))
    }
}

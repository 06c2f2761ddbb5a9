/// What the exposition says of the process as a whole; whoever runs it knows.
package struct ProcessFacts: Sendable, Hashable {
    package var version: String
    package var generation: Int
    /// Seconds since 1970.
    package var startTime: Double
    package var processorSeconds: Double
    package var openDescriptors: Int
    package var maximumDescriptors: Int
    package var residentBytes: Int
    /// Workers that take no turns any more.
    package var silentWorkers = 0

    package init(
        version: String, generation: Int = 1, startTime: Double = 0, processorSeconds: Double = 0,
        openDescriptors: Int = 0, maximumDescriptors: Int = 0, residentBytes: Int = 0
    ) {
        self.version = version
        self.generation = generation
        self.startTime = startTime
        self.processorSeconds = processorSeconds
        self.openDescriptors = openDescriptors
        self.maximumDescriptors = maximumDescriptors
        self.residentBytes = residentBytes
    }
}

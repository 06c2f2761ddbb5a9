internal import AyaBalance
internal import AyaConfig

extension BalancerKind {
    /// By its name, which is the same in the configuration; spelled out so that neither list can grow alone.
    init(_ balance: Blueprint.Balance) {
        self =
            switch balance {
            case .roundRobin: .roundRobin
            case .weightedRoundRobin: .weightedRoundRobin
            case .leastConnections: .leastConnections
            case .weightedLeastConnections: .weightedLeastConnections
            case .sourceIPHash: .sourceIPHash
            case .leastResponseTime: .leastResponseTime
            case .resource: .resource
            case .random: .random
            case .powerOfTwo: .powerOfTwo
            case .peakEWMA: .peakEWMA
            case .prequal: .prequal
            case .consistentHash: .consistentHash
            case .maglev: .maglev
            case .auto: .auto
            }
    }
}

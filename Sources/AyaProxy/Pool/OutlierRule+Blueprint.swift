package import AyaBalance
package import AyaConfig
internal import AyaCore

extension OutlierRule {
    /// As configured.
    package init(_ outliers: Blueprint.Outliers) {
        self.init(
            consecutiveFailures: outliers.consecutiveFailures, errorRate: outliers.errorRate,
            latency: outliers.latency, minRequests: outliers.minRequests, interval: Interval(outliers.interval),
            ejectFor: Interval(outliers.ejectFor), maxEjectFor: Interval(outliers.maxEjectFor),
            maxEjected: outliers.maxEjected)
    }
}

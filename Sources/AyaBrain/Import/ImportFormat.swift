/// What history may be imported from.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// Lines `timestamp,value`.
    case csv
    /// The answer of Prometheus to a range query, as JSON; several series are added up.
    case prometheus
    /// Aya's own access log.
    case aya
    /// The combined form of Apache and nginx; a number behind it is the seconds that the request took.
    case combined
    /// HAProxy's log of HTTP, with or without what syslog puts before it.
    case haproxy
    /// Access logs of AWS Application Load Balancers.
    case alb
}

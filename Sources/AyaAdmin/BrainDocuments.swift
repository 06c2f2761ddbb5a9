internal import AyaHTTP
internal import AyaTelemetry

extension ServiceResponse {
    private static func document(_ members: (inout JSONWriter<Text>) -> Void) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object(members)
        writer.raw("\n")
        return .json(writer.sink.bytes)
    }

    static func state(_ state: BrainState) -> ServiceResponse {
        document { $0.members(of: state) }
    }

    /// Everything that was learned, advised and noticed, for who wants to take it elsewhere.
    static func export(
        _ state: BrainState, _ advice: [BrainAdvice], _ incidents: [BrainIncident]
    ) -> ServiceResponse {
        document { document in
            document.object("brain") { $0.members(of: state) }
            document.array("advice") { list in
                for one in advice { list.object { $0.members(of: one) } }
            }
            document.array("incidents") { list in
                for one in incidents { list.object { $0.members(of: one) } }
            }
        }
    }

    static func advice(_ advice: [BrainAdvice]) -> ServiceResponse {
        document { document in
            document.array("advice") { list in
                for one in advice { list.object { $0.members(of: one) } }
            }
        }
    }

    static func incidents(_ incidents: [BrainIncident]) -> ServiceResponse {
        document { document in
            document.array("incidents") { list in
                for one in incidents { list.object { $0.members(of: one) } }
            }
        }
    }

    static func forecast(_ forecast: ForecastAnswer.Found, of series: String) -> ServiceResponse {
        document { document in
            document.member("series", series)
            document.member("step_seconds", forecast.step)
            document.member("start", forecast.start)
            let columns = [
                ("mean", forecast.mean), ("lo80", forecast.low80), ("hi80", forecast.high80),
                ("lo95", forecast.low95), ("hi95", forecast.high95),
            ]
            for (name, values) in columns {
                document.array(name) { list in for value in values { list.number(Float(value)) } }
            }
            document.array("experts") { list in
                for voice in forecast.voices {
                    list.object { expert in
                        expert.member("name", voice.expert)
                        expert.member("weight", voice.weight)
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of state: BrainState) {
        member("series_watched", state.watched)
        member("incidents_open", state.openIncidents)
        member("busy_seconds", state.busy)
        member("uptime_seconds", state.uptime)
        array("pools") { list in
            for pool in state.pools { list.object { $0.members(of: pool) } }
        }
    }

    fileprivate mutating func members(of pool: BrainState.Pool) {
        member("name", pool.name)
        object("functions") { functions in
            for (name, value) in pool.functions { functions.member(name, value) }
        }
        if let capacity = pool.capacity {
            object("capacity") { members in
                members.member("requests_per_server", capacity.throughput)
                members.member("knee_seen", capacity.isSeen)
                members.member("quiet_latency", capacity.quietLatency)
                members.member("confidence", capacity.confidence)
                members.array("curve") { list in
                    for point in capacity.curve {
                        list.object { members in
                            members.member("throughput", point.throughput)
                            members.member("latency", point.latency)
                            members.member("failures", point.failures)
                        }
                    }
                }
            }
        }
        if !pool.tactics.isEmpty {
            object("balance") { members in
                members.array("workers") { list in for tactic in pool.tactics { list.string(tactic) } }
                if let reason = pool.tacticReason { members.member("reason", reason) }
            }
        }
        if let record = pool.forecast {
            object("forecast") { members in
                members.member("outcomes", record.outcomes)
                members.member("relative_error", record.relativeError)
                members.member("coverage80", record.coverage80)
            }
        }
    }

    fileprivate mutating func members(of advice: BrainAdvice) {
        member("id", advice.id)
        member("time", advice.time)
        member("kind", advice.kind)
        member("subject", advice.subject)
        member("action", advice.action)
        if let value = advice.value { member("value", value) } else { null("value") }
        member("confidence", advice.confidence)
        member("reason", advice.reason)
        member("expiry_seconds", advice.expiry)
        if let outcome = advice.outcome { member("outcome", outcome) } else { null("outcome") }
    }

    fileprivate mutating func members(of incident: BrainIncident) {
        member("id", incident.id)
        member("subject", incident.subject)
        member("state", incident.ended == nil ? "open" : "over")
        member("began", incident.began)
        member("last_alarm", incident.lastAlarm)
        if let ended = incident.ended { member("ended", ended) } else { null("ended") }
        member("alarms", incident.alarms)
        member("score", incident.score)
        array("evidence") { list in for text in incident.evidence { list.string(text) } }
        array("culprits") { list in
            for culprit in incident.culprits {
                list.object { members in
                    members.member("dimension", culprit.dimension)
                    members.member("value", culprit.value)
                    members.member("share", culprit.share)
                    members.member("before", culprit.before)
                    members.member("during", culprit.during)
                }
            }
        }
    }
}

package import AyaProxy
internal import AyaTelemetry

/// An explanation as JSON: the answer of `/v1/explain`, and what `aya explain` reads, from a running Aya or without one.
extension Explanation {
    /// - Parameter generation: that was asked; nil for a configuration that does not run.
    package func json(generation: Int?) -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { document in
            if let generation { document.member("generation", generation) } else { document.null("generation") }
            document.member("outcome", outcome)
            if let listener {
                document.object("listener") { member in
                    member.member("name", listener.name)
                    member.member("address", listener.address)
                    member.member("why", listener.why)
                }
            } else {
                document.null("listener")
            }
            if let route {
                document.object("route") { member in
                    member.member("name", route.name)
                    member.array("matched") { list in for words in route.matched { list.string(words) } }
                    member.member("why", route.why)
                }
            } else {
                document.null("route")
            }
            document.array("others") { list in
                for other in others {
                    list.object { member in
                        member.member("route", other.route)
                        member.member("matches", other.matches)
                        member.member("why", other.why)
                    }
                }
            }
            document.member("others_left_out", othersLeftOut)
            document.array("policies") { list in
                for policy in policies {
                    list.object { member in
                        member.member("name", policy.name)
                        member.member("value", policy.value)
                        member.member("from", policy.from)
                    }
                }
            }
            if let pool { Self.write(pool, &document) } else { document.null("pool") }
        }
        writer.raw("\n")
        return writer.sink.bytes
    }

    private static func write(_ pool: Pool, _ document: inout JSONWriter<Text>) {
        document.object("pool") { member in
            member.member("name", pool.name)
            member.member("balance", pool.balance)
            member.optional("cost_unit", pool.costUnit)
            member.optional("share", pool.share)
            member.array("workers") { list in for worker in pool.workers { list.number(worker) } }
            member.member("why", pool.why)
            member.array("candidates") { list in
                for candidate in pool.candidates {
                    list.object { member in
                        member.member("server", candidate.server)
                        member.member("available", candidate.isAvailable)
                        member.array("holds") { list in for hold in candidate.holds { list.string(hold) } }
                        member.member("weight", candidate.weight)
                        member.member("in_flight", candidate.inFlight)
                        member.optional("cost", candidate.cost)
                        member.optional("chance", candidate.chance)
                        member.member("picked", candidate.isPicked)
                        member.array("picked_by") { list in for worker in candidate.pickers { list.number(worker) } }
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ key: String, _ value: String?) {
        if let value { member(key, value) } else { null(key) }
    }

    fileprivate mutating func optional(_ key: String, _ value: Double?) {
        if let value { member(key, value) } else { null(key) }
    }
}

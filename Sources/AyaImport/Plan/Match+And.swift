extension PlannedRoute.Match {
    /// What a request must be to fulfil both; nil when none can.
    func and(_ other: Self) -> Self? {
        var result = self
        if let host, let theirs = other.host, host != theirs {
            // The narrower of two that lie in each other.
            if host.hasPrefix("*."), theirs.hasSuffix(host.dropFirst()) {
                result.host = theirs
            } else if !theirs.hasPrefix("*.") || !host.hasSuffix(theirs.dropFirst()) {
                return nil
            }
        } else {
            result.host = host ?? other.host
        }
        if let path, let theirs = other.path {
            if path.covers(theirs) {
                result.path = theirs
            } else if !theirs.covers(path) {
                return nil
            }
        } else {
            result.path = path ?? other.path
        }
        if !methods.isEmpty, !other.methods.isEmpty {
            result.methods = methods.filter(other.methods.contains)
            if result.methods.isEmpty { return nil }
        } else {
            result.methods = methods + other.methods
        }
        // Two values of one field are more than a map of conditions can say, and nothing that a request has.
        for (mine, theirs) in [(headers, other.headers), (cookies, other.cookies), (query, other.query)] {
            for condition in theirs
            where mine.contains(where: { $0.name == condition.name && $0.value != condition.value }) {
                return nil
            }
        }
        result.headers += other.headers.filter { !headers.contains($0) }
        result.cookies += other.cookies.filter { !cookies.contains($0) }
        result.query += other.query.filter { !query.contains($0) }
        return result
    }
}

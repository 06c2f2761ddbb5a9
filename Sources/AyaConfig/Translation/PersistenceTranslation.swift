internal import AyaCore

extension Translation {
    func persistence(_ map: SectionReader, _ title: String) -> Blueprint.Persistence? {
        typealias Keys = Language.Persistence
        let title = "the persistence of \(title)"
        guard let map = map.part(Language.Pool.persistence, Keys.section, title: title) else { return nil }
        _ = map.only(of: Keys.keys, title, noun: "key")
        let keys =
            [
                map.node(Keys.cookie).flatMap { cookie($0, map, title) }.map { .cookie($0) },
                map.section(Keys.sourceIP, Language.Table.section, title: "the table of \(title)").map {
                    .sourceIP(table($0))
                },
                map.section(Keys.tlsSession, Language.Table.section, title: "the table of \(title)").map {
                    .tlsSession(table($0))
                },
                headerKey(map, title), queryKey(map, title),
            ].compactMap(\.self) as [Blueprint.Persistence.Key]
        let isLimited = !map.isSwitchedOff(Keys.drainDeadline, by: "none")
        let deadline = isLimited ? map.duration(Keys.drainDeadline) : nil
        guard let key = keys.first else { return nil }
        var persistence = Blueprint.Persistence(key: key)
        if let deadline { persistence.drainDeadline = deadline } else if !isLimited { persistence.drainDeadline = nil }
        return persistence
    }

    private func cookie(_ node: Node, _ map: SectionReader, _ title: String) -> Blueprint.Persistence.Cookie? {
        typealias Keys = Language.Cookie
        if case .scalar = node.content {
            return reader.text(node, .cookieName, HTTPText.cookieName).map { .init(name: $0) }
        }
        guard let map = map.section(Language.Persistence.cookie, Keys.section, title: "the cookie of \(title)") else {
            return nil
        }
        var cookie = Blueprint.Persistence.Cookie()
        if let name = map.text(Keys.name, .cookieName, HTTPText.cookieName) { cookie.name = name }
        if let mode = map.word(Keys.mode).flatMap(Blueprint.Persistence.Cookie.Mode.init) { cookie.mode = mode }
        if !map.isSwitchedOff(Keys.maxAge, by: "none") { cookie.maxAge = map.duration(Keys.maxAge) }
        cookie.secret = map.text(Keys.secret, .secret) { (text) throws(InvalidText) in
            // What it says must not be seen in a message.
            guard (16...4096).contains(text.utf8.count), !text.utf8.contains(0) else {
                throw InvalidText("a secret has 16 to 4096 bytes (or write 'file:' and the path of a file)")
            }
            return text
        }
        cookie.table = table(map)
        if cookie.mode == .follow, map.node(Keys.name) == nil {
            problems.error("a cookie to follow has the 'name' that the application gives it", at: map.place)
        }
        for key in cookie.mode == .insert ? Keys.ofFollow : Keys.ofInsert {
            if let place = map.keyPlace(key) {
                let other: Blueprint.Persistence.Cookie.Mode = cookie.mode == .insert ? .follow : .insert
                problems.error("'\(key.name)' has a meaning with 'mode: \(other.rawValue)' only", at: place)
            }
        }
        return cookie
    }

    private func headerKey(_ map: SectionReader, _ title: String) -> Blueprint.Persistence.Key? {
        typealias Keys = Language.HeaderKey
        let read = { (node: Node) in self.reader.text(node, .headerName, HTTPText.headerName) }
        return named(map, Language.Persistence.header, Keys.section, Keys.name, "the header of \(title)", read)
            .map { .header($0, $1) }
    }

    private func queryKey(_ map: SectionReader, _ title: String) -> Blueprint.Persistence.Key? {
        typealias Keys = Language.QueryKey
        let read = { (node: Node) in self.reader.text(node, .queryName, HTTPText.queryName) }
        return named(map, Language.Persistence.query, Keys.section, Keys.name, "the query of \(title)", read)
            .map { .query($0, $1) }
    }

    /// A name alone, or a section with the name and the bounds of its table.
    private func named(
        _ map: SectionReader, _ key: Key, _ section: Section, _ name: Key, _ title: String,
        _ read: (Node) -> String?
    ) -> (String, Blueprint.Persistence.Table)? {
        guard let node = map.node(key) else { return nil }
        if case .scalar = node.content { return read(node).map { ($0, .init()) } }
        guard let map = map.section(key, section, title: title) else { return nil }
        let bounds = table(map)
        return map.node(name).flatMap(read).map { ($0, bounds) }
    }

    private func table(_ map: SectionReader) -> Blueprint.Persistence.Table {
        var table = Blueprint.Persistence.Table()
        if let value = map.duration(Language.Table.ttl) { table.ttl = value }
        if let value = map.integer(Language.Table.entries) { table.entries = value }
        return table
    }
}

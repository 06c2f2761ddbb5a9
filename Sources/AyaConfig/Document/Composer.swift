/// Builds the tree of a document from its events, within bounds, and reports what YAML allows but configuration must
/// not contain: repeated keys, keys that are not plain text, tags, a second document.
package struct Composer {
    private struct Anchored {
        var node: Node
        var size: Int
        var height: Int
    }

    /// A collection that is still open.
    private struct Frame {
        var node: Node
        var isMap: Bool
        var items: [Node] = []
        var entries: [Node.Entry] = []
        var keyPlaces: [String: Place] = [:]
        /// A key that waits for its value; nil text means it was not usable.
        var pendingKey: (text: String?, node: Node)?
        var size = 1
        var height = 1
    }

    private let stream: YAMLEventStream
    private let bounds: DocumentBounds
    private let problems: Problems
    private var anchors: [String: Anchored] = [:]
    private var frames: [Frame] = []
    private var size = 0

    init(_ source: SourceFile, file: Int, bounds: DocumentBounds, problems: Problems) {
        self.stream = YAMLEventStream(source, file: file)
        self.bounds = bounds
        self.problems = problems
    }

    /// The root of the first document; nil when there is none or when the text is not YAML (then it is reported).
    package static func compose(_ source: SourceFile, file: Int, bounds: DocumentBounds, problems: Problems) -> Node? {
        var composer = Composer(source, file: file, bounds: bounds, problems: problems)
        do {
            return try composer.document()
        } catch {
            problems.error(error.message, at: error.place)
            return nil
        }
    }

    private mutating func document() throws(YAMLSyntaxError) -> Node? {
        var root: Node?
        var documents = 0
        while true {
            let event = try stream.next()
            switch event.kind {
            case .streamEnd: return root
            case .streamStart, .documentEnd: break
            case .documentStart:
                documents += 1
                if documents > 1 {
                    throw YAMLSyntaxError(
                        message: "a file holds one document; found a second one", place: event.start)
                }
            case .alias, .scalar, .listStart, .listEnd, .mapStart, .mapEnd:
                if let node = try take(event) { root = node }
            }
        }
    }

    /// Takes one event; returns the root when it is complete.
    private mutating func take(_ event: YAMLEvent) throws(YAMLSyntaxError) -> Node? {
        if let tag = event.tag {
            let core = "tag:yaml.org,2002:"
            let shown = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
            problems.error("tags such as '\(shortened(shown))' are not part of the language", at: event.start)
        }
        switch event.kind {
        case .alias(let name):
            guard let anchored = anchors[name] else {
                throw YAMLSyntaxError(message: "unknown alias '*\(shortened(name))'", place: event.start)
            }
            var node = anchored.node
            (node.place, node.end, node.anchor, node.alias) = (event.start, event.end, nil, name)
            return try place(node, size: anchored.size, height: anchored.height)
        case .scalar(let scalar):
            var node = Node(.scalar(scalar), at: event.start, end: event.end)
            node.anchor = event.anchor
            return try place(node, size: 1, height: 0)
        case .listStart(let flow), .mapStart(let flow):
            var node = Node(.invalid, at: event.start, end: event.end)
            node.isFlow = flow
            node.anchor = event.anchor
            if frames.count >= bounds.depth { throw tooDeep(event.start) }
            let isMap = if case .mapStart = event.kind { true } else { false }
            frames.append(Frame(node: node, isMap: isMap))
            return nil
        case .listEnd, .mapEnd:
            guard var frame = frames.popLast() else { return nil }
            frame.node.content = frame.isMap ? .map(frame.entries) : .list(frame.items)
            frame.node.end = event.end
            return try place(frame.node, size: frame.size, height: frame.height)
        case .streamStart, .streamEnd, .documentStart, .documentEnd: return nil
        }
    }

    /// Puts a finished node into the collection that is open; without one it is the root.
    private mutating func place(_ node: Node, size: Int, height: Int) throws(YAMLSyntaxError) -> Node? {
        if frames.count + height > bounds.depth { throw tooDeep(node.place) }
        if node.alias != nil || height == 0 { self.size += size } else { self.size += 1 }
        if self.size > bounds.nodes {
            throw YAMLSyntaxError(
                message: "more than \(bounds.nodes) values, aliases included", place: node.place)
        }
        if let name = node.anchor { anchors[name] = Anchored(node: node, size: size, height: height) }
        guard !frames.isEmpty else { return node }
        let top = frames.count - 1
        frames[top].size += size
        frames[top].height = max(frames[top].height, height + 1)
        if !frames[top].isMap {
            frames[top].items.append(node)
        } else if let key = frames[top].pendingKey {
            frames[top].pendingKey = nil
            if let text = key.text { frames[top].entries.append(.init(key: text, keyNode: key.node, value: node)) }
        } else {
            frames[top].pendingKey = (Self.usableKey(node, in: &frames[top], problems), node)
        }
        return nil
    }

    // Static: with `self` in reach of the call, the frame would be copied for it, key by key.
    private static func usableKey(_ node: Node, in frame: inout Frame, _ problems: Problems) -> String? {
        guard case .scalar(let scalar) = node.content else {
            problems.error("a key must be plain text, found \(node.foundDescription)", at: node.place)
            return nil
        }
        if let first = frame.keyPlaces.updateValue(node.place, forKey: scalar.text) {
            frame.keyPlaces[scalar.text] = first
            let where_ = problems.reference(to: first, from: node.place)
            problems.error("'\(shortened(scalar.text))' stands here a second time; first on \(where_)", at: node.place)
            return nil
        }
        return scalar.text
    }

    private func tooDeep(_ place: Place) -> YAMLSyntaxError {
        YAMLSyntaxError(message: "nested deeper than \(bounds.depth) levels", place: place)
    }
}

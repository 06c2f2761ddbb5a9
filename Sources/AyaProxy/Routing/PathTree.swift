internal import AyaConfig
internal import AyaHTTP

/// The paths of one host as a radix tree over bytes.
///
/// Built node by node, then `seal`ed: from then on each node knows the nearest prefix pattern above it, so that a
/// match walks down once and then up only over patterns that cover the path.
struct PathTree {
    private struct Node {
        var label: [UInt8]
        /// Indexes of child nodes, sorted by the first byte of their labels.
        var children: [Int] = []
        /// Routes for exactly the path that ends here, most conditions first.
        var exact: [RouteCandidate] = []
        /// Routes for everything below the path that ends here.
        var below: [RouteCandidate] = []
        /// The nearest node above, or this one, that has `below`; -1 for none.
        var covering = -1
        /// The same, strictly above.
        var coveringAbove = -1
    }

    private var nodes = [Node(label: [])]

    mutating func insert(_ candidate: RouteCandidate, at path: Blueprint.PathPattern?) {
        switch path {
        case nil: nodes[0].below.append(candidate)
        case .exact(let path):
            let node = node(for: Array(path.utf8))
            nodes[node].exact.append(candidate)
        case .below(let prefix):
            let node = node(for: Array(prefix.utf8))
            nodes[node].below.append(candidate)
        }
    }

    mutating func seal() {
        var pending = [(node: 0, above: -1)]
        while let (node, above) = pending.popLast() {
            nodes[node].coveringAbove = above
            nodes[node].covering = nodes[node].below.isEmpty ? above : node
            for child in nodes[node].children { pending.append((child, nodes[node].covering)) }
        }
    }

    /// The index of the most specific route for `path`; `bytes` are the head's, for conditions.
    func match(_ path: Span<UInt8>, _ head: RequestHead, in bytes: Span<UInt8>) -> Int? {
        var node = 0
        var position = 0
        var isWhole = path.isEmpty
        while position < path.count, let child = child(of: node, starting: path[position]) {
            guard Self.agree(nodes[child].label, path, from: position) else { break }
            position += nodes[child].label.count
            node = child
            isWhole = position == path.count
        }
        if isWhole {
            for candidate in nodes[node].exact where candidate.accepts(head, in: bytes) { return candidate.index }
        }
        var covering = nodes[node].covering
        while covering >= 0 {
            for candidate in nodes[covering].below where candidate.accepts(head, in: bytes) { return candidate.index }
            covering = nodes[covering].coveringAbove
        }
        return nil
    }

    private static func agree(_ label: [UInt8], _ path: Span<UInt8>, from start: Int) -> Bool {
        guard label.count <= path.count - start else { return false }
        for index in label.indices where label[index] != path[start + index] { return false }
        return true
    }

    private func child(of node: Int, starting byte: UInt8) -> Int? {
        var low = 0
        var high = nodes[node].children.count
        while low < high {
            let middle = (low + high) / 2
            let child = nodes[node].children[middle]
            let first = nodes[child].label[0]
            if first == byte { return child }
            if first < byte { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    // MARK: building

    private mutating func node(for path: [UInt8]) -> Int {
        var node = 0
        var rest = path[...]
        while let first = rest.first {
            guard let child = child(of: node, starting: first) else { return addChild(to: node, Array(rest)) }
            let label = nodes[child].label
            let shared = zip(label, rest).prefix { $0 == $1 }.count
            if shared < label.count { split(child, at: shared) }
            node = child
            rest = rest.dropFirst(shared)
        }
        return node
    }

    private mutating func addChild(to node: Int, _ label: [UInt8]) -> Int {
        nodes.append(Node(label: label))
        let new = nodes.count - 1
        let position = nodes[node].children.firstIndex { nodes[$0].label[0] > label[0] }
        nodes[node].children.insert(new, at: position ?? nodes[node].children.count)
        return new
    }

    /// Cuts a node's label in two; the node keeps the front, a new child takes the rest and everything below.
    private mutating func split(_ node: Int, at offset: Int) {
        var lower = nodes[node]
        lower.label = Array(lower.label[offset...])
        nodes.append(lower)
        nodes[node] = Node(label: Array(nodes[node].label[..<offset]), children: [nodes.count - 1])
    }
}

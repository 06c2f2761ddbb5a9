/// Finds what a misspelt word was probably meant to be.
enum Suggestion {
    /// Beyond this many candidates a search would cost more than the hint is worth.
    private static let mostCandidates = 500

    /// `" (did you mean 'x'?)"`, or nothing.
    static func hint(for word: String, among candidates: some Collection<String>) -> String {
        closest(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// The closest candidate, if a third of the word's letters or fewer are wrong or if the word begins it.
    static func closest(to word: String, among candidates: some Collection<String>) -> String? {
        let letters = word.lowercased().unicodeScalars.map(\.value)
        guard !letters.isEmpty, letters.count <= 64, candidates.count <= mostCandidates else { return nil }
        var best: String?
        var bestDistance = max(1, letters.count / 3) + 1
        for candidate in candidates {
            let other = candidate.lowercased().unicodeScalars.map(\.value)
            if letters.count >= 3, bestDistance > 1, other.starts(with: letters), other != letters {
                best = candidate
                bestDistance = 1
                continue
            }
            guard other.count <= 64, abs(other.count - letters.count) < bestDistance else { continue }
            let distance = distance(letters, other)
            if distance < bestDistance, distance < other.count {
                best = candidate
                bestDistance = distance
            }
        }
        return best
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [UInt32], _ right: [UInt32]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}

/// A number with its noun: `1 route`, `2 routes`.
struct Count: CustomStringConvertible {
    private let number: Int
    private let noun: String

    init(_ number: Int, _ noun: String) {
        self.number = number
        self.noun = noun
    }

    var description: String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}

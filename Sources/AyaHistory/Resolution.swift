/// How fine a series is: each value stands for so many seconds, from its time on.
package enum Resolution: Int, CaseIterable, Sendable {
    case second = 1
    case minute = 60
    case hour = 3600

    /// In seconds.
    package var step: Int64 { Int64(rawValue) }

    /// `1s`, `1m`, `1h`.
    package var name: String {
        switch self {
        case .second: "1s"
        case .minute: "1m"
        case .hour: "1h"
        }
    }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// How many values of one metric are kept together: a chunk of the finest is what a killed process loses at most,
    /// and a chunk of the others is small enough to be written anew with each value that joins it.
    package var valuesPerChunk: Int {
        switch self {
        case .second: 10
        case .minute: 15
        case .hour: 24
        }
    }

    /// In seconds.
    package var chunkLength: Int64 { step * Int64(valuesPerChunk) }

    /// The next coarser one is made of this one's values.
    var coarser: Resolution? {
        switch self {
        case .second: .minute
        case .minute: .hour
        case .hour: nil
        }
    }
}

extension Int64 {
    /// The greatest multiple of a length that is not greater, before 1970 too.
    func floored(to length: Int64) -> Int64 {
        let rest = self % length
        return rest < 0 ? self - rest - length : self - rest
    }
}

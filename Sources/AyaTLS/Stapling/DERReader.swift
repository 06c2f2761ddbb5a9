/// Reads DER (ITU-T X.690) element by element. What is not well-formed, or not what was asked for, is nil; nothing of
/// what a stranger can send makes it trap.
struct DERReader {
    private let bytes: [UInt8]
    private var at: Int
    private let end: Int

    struct Element {
        var tag: UInt8
        /// With tag and length, and without.
        var whole: Range<Int>
        var content: Range<Int>
    }

    init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { at >= end }

    /// What the next element is, while there is one.
    var tag: UInt8? { at < end ? bytes[at] : nil }

    /// The next element; lengths of up to four bytes, as certificates and their like need.
    mutating func next() -> Element? {
        guard end - at >= 2 else { return nil }
        // Tags of several bytes occur nowhere in what is read here.
        guard bytes[at] & 0x1f != 0x1f else { return nil }
        var start = at + 2
        var length = Int(bytes[at + 1])
        if length >= 0x80 {
            let count = length & 0x7f
            guard (1...4).contains(count), end - start >= count else { return nil }
            length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        guard length <= end - start else { return nil }
        let element = Element(tag: bytes[at], whole: at..<start + length, content: start..<start + length)
        at = element.whole.upperBound
        return element
    }

    /// The next element when it has this tag; otherwise it stays.
    mutating func next(_ tag: UInt8) -> Element? { self.tag == tag ? next() : nil }

    /// What stands in the next element, when it has this tag.
    mutating func enter(_ tag: UInt8) -> DERReader? {
        next(tag).map { DERReader(bytes, $0.content) }
    }

    func bytes(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    /// A GeneralizedTime as RFC 5280 section 4.1.2.5.2 allows it, in seconds since 1970.
    func time(_ element: Element) -> Int64? {
        let text = bytes[element.content]
        guard element.tag == DERTag.generalizedTime, text.count == 15, text.last == UInt8(ascii: "Z") else {
            return nil
        }
        var digits: [Int64] = []
        for byte in text.dropLast() {
            guard (48...57).contains(byte) else { return nil }
            digits.append(Int64(byte) - 48)
        }
        func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61 else { return nil }
        return Self.days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
    }

    /// Days since 1970 in the Gregorian calendar; years begin in March, so that leap days are the last ones.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }
}

/// The tags of DER that OCSP is made of.
enum DERTag {
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let enumerated: UInt8 = 0x0a
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    /// `[n]`, of a primitive and of a constructed content.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }
    static func explicit(_ number: UInt8) -> UInt8 { 0xa0 | number }

    /// An element.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        if content.count < 0x80 {
            length = [UInt8(content.count)]
        } else {
            let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: content.count >> $0) }.drop { $0 == 0 }
            length = [0x80 | UInt8(number.count)] + number
        }
        return [tag] + length + content
    }
}

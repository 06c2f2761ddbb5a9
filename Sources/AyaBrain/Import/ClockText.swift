/// Times as web servers have written them since the nineties: `10/Oct/2026:13:55:36 +0200`, HAProxy's with milliseconds
/// and without a zone, which counts as UTC.
enum ClockText {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; nil for anything else.
    static func seconds(_ bytes: ArraySlice<UInt8>) -> Double? {
        let text = Array(bytes)
        guard (20...40).contains(text.count), text[2] == UInt8(ascii: "/"), text[6] == UInt8(ascii: "/"),
            text[11] == UInt8(ascii: ":")
        else { return nil }
        let name = String(decoding: text[3..<6], as: UTF8.self)
        guard let month = months.firstIndex(of: name) else { return nil }
        // In the form that the other reader knows.
        let number = month + 1
        var iso = Array(text[7..<11]) + [45, UInt8(48 + number / 10), UInt8(48 + number % 10), 45] + text[0..<2]
        iso += [UInt8(ascii: "T")] + text[12...].filter { $0 != 32 }
        return Timestamp.seconds(iso[...])
    }
}

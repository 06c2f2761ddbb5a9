internal import CAyaDashboard

/// One file of the dashboard with what a browser has to know of it.
struct Asset: Sendable {
    /// Below the root, without a leading slash.
    let path: String
    let bytes: [UInt8]
    /// Of the bytes: another version of the program has other tags only where files differ.
    let tag: String

    /// Every file, by its path.
    static let all: [String: Asset] = {
        // Safe: the table and what it points to are constants of the program.
        let table = unsafe UnsafeBufferPointer(start: aya_assets(), count: aya_asset_count)
        let assets = unsafe table.map { entry in
            unsafe Asset(
                path: String(cString: entry.path),
                bytes: Array(UnsafeBufferPointer(start: entry.bytes, count: entry.length)))
        }
        return Dictionary(assets.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    private init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        tag = "\"\(String(Self.hash(bytes), radix: 16))\""
    }

    /// Of what stands at that path of the site; the page itself is at the root.
    static func at(_ path: String) -> Asset? {
        path == "/" ? all["index.html"] : path.first == "/" ? all[String(path.dropFirst())] : nil
    }

    var contentType: String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a of 64 bits: enough to tell versions of a file apart.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

internal import AyaCore
internal import AyaHTTP

/// The body of a call of gRPC-Web on its way to or from servers of gRPC, as chunks (PROTOCOL-WEB.md of gRPC's
/// specification): messages stay as they are, in base64 for clients that want text, and trailers become a last message
/// of the answer, since browsers show their programs no others.
struct GRPCWebBody {
    private let isText: Bool
    private let isAnswer: Bool
    private var text = Base64Stream()

    static func request(_ kind: GRPCKind) -> GRPCWebBody? {
        kind == .webText ? GRPCWebBody(isText: true, isAnswer: false) : nil
    }

    static func answer(_ kind: GRPCKind) -> GRPCWebBody { GRPCWebBody(isText: kind == .webText, isAnswer: true) }

    private init(isText: Bool, isAnswer: Bool) {
        self.isText = isText
        self.isAnswer = isAnswer
    }

    var changesLength: Bool { isText }

    /// How many bytes may be taken at once when there is so much room.
    func window(_ room: Int) -> Int { isText && isAnswer ? Base64Stream.room(room) : room }

    /// Appends a chunk; false when what should be base64 is not.
    mutating func append(_ piece: Span<UInt8>, to out: Buffer) -> Bool {
        guard isText else {
            if !piece.isEmpty { Self.append(chunk: piece, to: out) }
            return true
        }
        let scratch = Buffer(capacity: max(4, (piece.count + 2) / 3 * 4))
        if isAnswer {
            Base64Stream.encode(piece, into: scratch)
        } else if !text.decode(piece, into: scratch) {
            return false
        }
        if !scratch.isEmpty { unsafe Self.append(chunk: scratch.unread.span, to: out) }
        return true
    }

    /// Appends the end; false when something is missing.
    mutating func end(_ trailers: Span<UInt8>, to out: Buffer) -> Bool {
        if isAnswer {
            let message = Buffer(capacity: trailers.count + 5)
            // The highest bit of a message's flags says that it holds trailers.
            message.append(0x80)
            message.append(network: UInt32(truncatingIfNeeded: trailers.count))
            message.append(trailers)
            guard unsafe append(message.unread.span, to: out) else { return false }
        } else if !text.isWhole {
            return false
        }
        out.appendLastChunk()
        return !out.overflowed
    }

    private static func append(chunk: Span<UInt8>, to out: Buffer) {
        out.appendChunkHeader(chunk.count)
        out.append(chunk)
        out.append("\r\n")
    }
}

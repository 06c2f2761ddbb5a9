internal import AyaCore
internal import AyaHTTP

/// What must hold for any bytes that are taken for a chunked body.
enum ChunkedChecks {
    struct Result: Equatable {
        var payload: [UInt8] = []
        var trailers: [UInt8] = []
        var consumed = 0
        var isDone = false
        var fault: MessageFault?
    }

    static func body(_ bytes: [UInt8]) {
        let whole = decode(bytes, cuts: [])
        for cuts in Cuts.of(bytes) {
            var split = decode(bytes, cuts: cuts)
            // Before a fault, a split shows less or more of what was good.
            if whole.fault != nil { split.consumed = whole.consumed }
            precondition(split == whole, "split differs")
        }
        guard whole.isDone else { return }
        precondition(decode(Array(bytes[..<whole.consumed]), cuts: []) == whole, "depends on what follows")
        let out = Buffer(capacity: bytes.count * 8 + 64)
        for start in stride(from: 0, to: whole.payload.count, by: 7) {
            let piece = Array(whole.payload[start..<min(start + 7, whole.payload.count)])
            out.appendChunkHeader(piece.count)
            out.append(piece)
            out.append("\r\n")
        }
        out.appendLastChunk(trailers: whole.trailers.span)
        precondition(!out.overflowed, "longer than it can be")
        let written = unsafe Array(out.unread)
        let again = decode(written, cuts: [])
        precondition(again.isDone && again.payload == whole.payload, "means something else when written anew")
        precondition(again.consumed == written.count, "more than the body was written")
        var lines = TrailerLines()
        while let field = lines.next(again.trailers.span) {
            precondition(!field.known.isForbiddenInTrailers, "a trailer that may not be one")
        }
    }

    private static func decode(_ bytes: [UInt8], cuts: [Int]) -> Result {
        var decoder = ChunkedDecoder()
        var result = Result()
        for cut in cuts + [bytes.count] where cut >= result.consumed {
            let piece = Array(bytes[result.consumed..<cut])
            var offset = 0
            feeding: while true {
                let before = offset
                switch decoder.next(piece.span, at: &offset) {
                case .needMore: break feeding
                case .data(let range):
                    precondition(!range.isEmpty && range.upperBound == offset && range.lowerBound >= before, "no data")
                    result.payload += piece[range]
                case .end(let trailers):
                    result.trailers = Array(piece[trailers])
                    result.isDone = true
                    break feeding
                case .invalid(let fault):
                    result.fault = fault
                    break feeding
                }
            }
            precondition(offset <= piece.count, "consumed what was not there")
            result.consumed += offset
            if result.isDone || result.fault != nil { break }
        }
        return result
    }
}

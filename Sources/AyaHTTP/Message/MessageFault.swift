/// Why bytes are not a message that Aya would pass on.
///
/// Whatever two parsers could read differently is a fault (RFC 9112 section 11.2): it is answered, never forwarded.
/// From a client it has the status given here; from a server it becomes a 502.
package enum MessageFault: UInt8, Error, Equatable, Sendable, CaseIterable {
    // Lines.
    case bareLineFeed, bareCarriageReturn, foldedLine, controlByte
    // The request line.
    case badMethod, badTarget, fragmentInTarget, badTargetByte, badEscape, targetTooLong, badVersion,
        missingVersion, unsupportedVersion
    // The status line.
    case badStatus, statusLineTooLong
    // Field lines.
    case emptyFieldName, badFieldName, spaceBeforeColon, missingColon, badFieldValue, headersTooLarge, tooManyFields
    // Routing.
    case missingHost, repeatedHost, badHost
    // Framing.
    case badContentLength, repeatedContentLength, badTransferEncoding, repeatedTransferEncoding,
        unsupportedTransferCoding, transferEncodingInOldVersion, lengthAndTransferEncoding, bodyWhereNoneMayBe,
        tooManyConnectionOptions
    // Chunks.
    case badChunkSize, chunkTooLarge, badChunkExtension, chunkExtensionsTooLong, badChunkEnd, trailersTooLarge

    /// The status that answers a client's message with this fault.
    package var status: Int {
        switch self {
        case .targetTooLong: 414
        case .headersTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .unsupportedTransferCoding: 501
        case .unsupportedVersion, .missingVersion: 505
        case .bareLineFeed, .bareCarriageReturn, .foldedLine, .controlByte, .badMethod, .badTarget, .fragmentInTarget,
            .badTargetByte, .badEscape, .badVersion, .badStatus, .statusLineTooLong, .emptyFieldName, .badFieldName,
            .spaceBeforeColon, .missingColon, .badFieldValue, .missingHost, .repeatedHost, .badHost,
            .badContentLength, .repeatedContentLength, .badTransferEncoding, .repeatedTransferEncoding,
            .transferEncodingInOldVersion, .lengthAndTransferEncoding, .bodyWhereNoneMayBe,
            .tooManyConnectionOptions, .badChunkSize, .chunkTooLarge, .badChunkExtension, .chunkExtensionsTooLong,
            .badChunkEnd:
            400
        }
    }

    /// A sentence for the error body and the log. It never repeats what the peer sent.
    package var detail: StaticString {
        switch self {
        case .bareLineFeed: "a line ends in LF without CR"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .foldedLine: "a line begins with white space"
        case .controlByte: "a control byte stands where a line should begin"
        case .badMethod: "the method is not a token followed by one space"
        case .badTarget: "the request target has none of the four forms, or not one that fits the method"
        case .fragmentInTarget: "the request target has a fragment"
        case .badTargetByte: "the request target has a byte that should have been percent-encoded"
        case .badEscape: "an escape in the path is not % and two hexadecimal digits, or stands for NUL"
        case .targetTooLong: "the request line is longer than the limit"
        case .badVersion: "the version is not HTTP/digit.digit followed by CRLF"
        case .missingVersion: "the request line has no version"
        case .unsupportedVersion: "only HTTP/1.0 and HTTP/1.1 are spoken here"
        case .badStatus: "the status line is not a version, a code from 100 to 599 and a reason"
        case .statusLineTooLong: "the status line is longer than the limit"
        case .emptyFieldName: "a header has an empty name"
        case .badFieldName: "a header name is not a token"
        case .spaceBeforeColon: "white space stands between a header name and its colon"
        case .missingColon: "a header line has no colon"
        case .badFieldValue: "a header value has a control byte"
        case .headersTooLarge: "the headers are larger than the limit"
        case .tooManyFields: "there are more headers than the limit"
        case .missingHost: "an HTTP/1.1 request must have a Host header"
        case .repeatedHost: "there is more than one Host header"
        case .badHost: "the host is not a name or an address with an optional port"
        case .badContentLength: "the Content-Length is not one decimal number"
        case .repeatedContentLength: "there is more than one Content-Length header"
        case .badTransferEncoding: "chunked must be the last transfer coding, once and without parameters"
        case .repeatedTransferEncoding: "there is more than one Transfer-Encoding header"
        case .unsupportedTransferCoding: "the only transfer coding that is understood is chunked"
        case .transferEncodingInOldVersion: "HTTP/1.0 has no transfer codings"
        case .lengthAndTransferEncoding: "there are both a Content-Length and a Transfer-Encoding"
        case .bodyWhereNoneMayBe: "an interim response announces a body"
        case .tooManyConnectionOptions: "the Connection header names too many options"
        case .badChunkSize: "a chunk size is not a hexadecimal number followed by CRLF"
        case .chunkTooLarge: "a chunk size does not fit"
        case .badChunkExtension: "a chunk extension is malformed"
        case .chunkExtensionsTooLong: "the chunk extensions of the body are longer than the limit"
        case .badChunkEnd: "a chunk is not followed by CRLF"
        case .trailersTooLarge: "the trailers are larger than the limit"
        }
    }
}

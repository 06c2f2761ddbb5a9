internal import CYaml

/// Reads YAML as a stream of events from libyaml (the C library inside Yams).
///
/// Yams' own node tree is not enough here: it stops at the first repeated key, compares keys by hashing whole aliased
/// trees (exponential with nested aliases), and forgets where nodes end. From events the bounds, the duplicates
/// and the places are ours, and Foundation stays out.
@safe final class YAMLEventStream {
    // Safe: both blocks live from init to deinit; libyaml keeps a pointer to each of them.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let source: SourceFile
    private let file: Int

    init(_ source: SourceFile, file: Int) {
        self.source = source
        self.file = file
        unsafe input = .allocate(capacity: source.bytes.count)
        _ = unsafe input.initialize(from: source.bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { unsafe yaml_event_delete(&event) }
        let (start, end) = unsafe (place(event.start_mark), place(event.end_mark))
        var result = YAMLEvent(kind: .streamEnd, start: start, end: end)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_ALIAS_EVENT: result.kind = unsafe .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let content = unsafe String(decoding: bytes, as: UTF8.self)
            result.kind = unsafe .scalar(Node.Scalar(text: content, style: style(scalar.style)))
            result.anchor = unsafe text(scalar.anchor)
            result.tag = unsafe text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            let list = unsafe event.data.sequence_start
            result.kind = unsafe .listStart(flow: list.style == YAML_FLOW_SEQUENCE_STYLE)
            result.anchor = unsafe text(list.anchor)
            result.tag = unsafe text(list.tag)
        case YAML_SEQUENCE_END_EVENT: result.kind = .listEnd
        case YAML_MAPPING_START_EVENT:
            let map = unsafe event.data.mapping_start
            result.kind = unsafe .mapStart(flow: map.style == YAML_FLOW_MAPPING_STYLE)
            result.anchor = unsafe text(map.anchor)
            result.tag = unsafe text(map.tag)
        case YAML_MAPPING_END_EVENT: result.kind = .mapEnd
        default: result.kind = .streamEnd
        }
        return result
    }

    private func place(_ mark: yaml_mark_t) -> Place {
        Place(file: file, line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
    }

    private func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let bytes = unsafe bytes else { return nil }
        return unsafe String(cString: bytes)
    }

    private func style(_ style: yaml_scalar_style_t) -> Node.Scalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func syntaxError() -> YAMLSyntaxError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory"
        guard unsafe parser.pointee.error != YAML_READER_ERROR else {
            let offset = unsafe Int(clamping: parser.pointee.problem_offset)
            let (line, column) = source.position(ofByte: offset)
            return YAMLSyntaxError(
                message: "not YAML: \(problem)", place: Place(file: file, line: line, column: column))
        }
        let mark = unsafe place(parser.pointee.problem_mark)
        var message = "not YAML: \(problem)"
        if problem.contains("cannot start any token"), character(at: mark) == UInt8(ascii: "\t") {
            message = "not YAML: indentation must be blanks, found a tab"
        }
        if let context = unsafe parser.pointee.context.map({ unsafe String(cString: $0) }) {
            let began = unsafe place(parser.pointee.context_mark)
            message += " (\(context)" + (began.line == mark.line ? ")" : " that began on line \(began.line))")
        }
        return YAMLSyntaxError(message: message, place: mark)
    }

    private func character(at place: Place) -> UInt8? {
        source.line(place.line).dropFirst(place.column - 1).first
    }
}

/// The fuzzer's entry: one input, checked against what must hold for any.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    CloudAnswerChecks.bytes(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

import AyaImport

/// The fuzzer's entry: one input, checked against what must hold for any.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ImportChecks.bytes(Array(UnsafeRawBufferPointer(start: data, count: count)), .nginx)
    return 0
}

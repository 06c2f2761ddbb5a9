internal import CAyaCrypto
internal import CNIOBoringSSL

/// A private key that Aya made itself, on P-256: of a certificate it asks for or issues, or of an account with an
/// authority.
@safe package final class OwnKey: @unchecked Sendable {
    // Safe: the key is immutable, and the library counts its references atomically.
    let pointer: OpaquePointer

    /// A new one.
    package init() throws(CertificateFault) {
        guard let made = unsafe aya_key_make() else { throw CertificateFault("out of memory") }
        unsafe pointer = made
    }

    /// The first key of a PEM text, which `name` stands for in messages.
    package init(text: [UInt8], name: String) throws(CertificateFault) {
        guard case .key(let key) = unsafe PEM.privateKey(text) else {
            throw CertificateFault("\(name) holds no private key in PEM form")
        }
        var point = [UInt8](repeating: 0, count: 65)
        guard unsafe aya_public_point(key, &point) == 1 else {
            unsafe EVP_PKEY_free(key)
            throw CertificateFault("the key in \(name) is not one of P-256")
        }
        unsafe pointer = key
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// In PEM (PKCS #8, not encrypted).
    package var text: [UInt8] {
        unsafe filled(1 << 10) { bytes, room in unsafe aya_key_text(pointer, bytes, room) }
    }

    /// x and y of the public point, 32 bytes each.
    package var publicPoint: (x: [UInt8], y: [UInt8]) {
        var point = [UInt8](repeating: 0, count: 65)
        unsafe aya_public_point(pointer, &point)
        return (Array(point[1..<33]), Array(point[33..<65]))
    }

    /// ECDSA with SHA-256, 64 bytes as RFC 7518 section 3.4 has them; nil without memory.
    package func sign(_ bytes: [UInt8]) -> [UInt8]? {
        var signature = [UInt8](repeating: 0, count: 64)
        return unsafe aya_sign_es256(pointer, bytes, bytes.count, &signature) == 1 ? signature : nil
    }

    /// A request for a certificate of these names (RFC 2986), in DER; empty without memory.
    package func request(for names: [String]) -> [UInt8] {
        let room = 4096 + names.reduce(0) { $0 + $1.utf8.count + 16 }
        return unsafe CStringList(names).withPointers { list in
            unsafe filled(room) { bytes, room in
                unsafe aya_request_make(pointer, list.baseAddress, list.count, bytes, room)
            }
        }
    }
}

/// What a function of the library writes into memory of that size.
func filled(_ capacity: Int, _ write: (UnsafeMutablePointer<UInt8>, Int) -> Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: capacity)
    let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe write($0, capacity) } ?? 0
    }
    return Array(bytes.prefix(count))
}

/// Strings as C wants a list of them.
@safe final class CStringList {
    // Safe: each is allocated here and freed with the list, which `withPointers` keeps.
    private let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        unsafe pointers = strings.map { string in
            let bytes = Array(string.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            unsafe copy.initialize(from: bytes, count: bytes.count)
            return unsafe UnsafePointer(copy)
        }
    }

    deinit { unsafe pointers.forEach { unsafe $0?.deallocate() } }

    func withPointers<Result>(_ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result) -> Result {
        withExtendedLifetime(self) { unsafe pointers.withUnsafeBufferPointer { unsafe body($0) } }
    }
}

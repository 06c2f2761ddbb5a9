internal import AyaACME
internal import AyaTLS
internal import AyaTelemetry
internal import Testing

@Suite("What goes to authorities")
struct WireTests {
    @Test func base64() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
            let bytes = Array(text.utf8)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
        #expect(Base64URL.decode("Zm9vYmE=") == Array("fooba".utf8))
        #expect(Base64URL.decode("a+b") == nil)
    }

    @Test func addresses() {
        let plain = HTTPSAddress("https://acme.example/directory?x=1#y")
        #expect(plain?.host == "acme.example" && plain?.port == 443 && plain?.target == "/directory?x=1")
        let six = HTTPSAddress("https://[::1]:14000")
        #expect(six?.host == "::1" && six?.port == 14000 && six?.target == "/")
        for text in ["http://a/", "https://", "https://a:0/", "https://a:b/", "https://u@a/", "https://a b/"] {
            #expect(HTTPSAddress(text) == nil)
        }
    }

    @Test func messages() throws {
        let key = try OwnKey()
        let bytes = try #require(
            SignedMessage.make(.object([]), by: .account("https://a/1"), key: key, nonce: "n", url: "https://a/2"))
        let message = try #require(JSONValue(bytes))
        let head = try #require(message["protected"]?.string.flatMap(Base64URL.decode).flatMap { JSONValue($0) })
        #expect(head["alg"]?.string == "ES256" && head["kid"]?.string == "https://a/1" && head["jwk"] == nil)
        #expect(head["url"]?.string == "https://a/2" && head["nonce"]?.string == "n")
        #expect(message["payload"]?.string == "e30")
        #expect(message["signature"]?.string.flatMap(Base64URL.decode)?.count == 64)
        let first = try #require(SignedMessage.make(nil, by: .key, key: key, nonce: "n", url: "https://a/2"))
        let jwk = JSONValue(first)?["protected"]?.string.flatMap(Base64URL.decode).flatMap { JSONValue($0) }?["jwk"]
        #expect(jwk?["crv"]?.string == "P-256" && jwk?["kty"]?.string == "EC")
        #expect(JSONValue(first)?["payload"]?.string == "")
        #expect(Base64URL.decode(key.thumbprint)?.count == 32)
    }

    @Test func digests() {
        // FIPS 180-4's example, and RFC 4231's second case.
        let abc = Digest.sha256(Array("abc".utf8))
        #expect(abc.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        let code = Digest.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(code.prefix(4) == [0x5b, 0xdc, 0xc1, 0x46])
    }
}

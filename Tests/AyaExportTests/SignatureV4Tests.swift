internal import AyaExport
internal import Testing

@Suite("Signatures of AWS")
struct SignatureV4Tests {
    static let key = AWSCredentials(
        accessKey: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    static let type = (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")

    static func signature(_ headers: [(name: String, value: String)]) -> String? {
        headers.first { $0.name == "Authorization" }?.value
    }

    /// The General Reference's example of a signed form: 2011-09-09 23:36:00.
    @Test func aForm() throws {
        let address = try #require(HTTPAddress("http://iam.amazonaws.com/"))
        let call = HTTPCall(
            address, headers: [Self.type], body: Array("Action=ListUsers&Version=2010-05-08".utf8))
        let signed = SignatureV4(Self.key, region: "us-east-1", service: "iam")
            .headers(for: call, at: 1_315_611_360_000_000_000)
        #expect(
            Self.signature(signed)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20110909/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=ced6826de92d2bdeed8f846f0bf508e8559e98e4b0199114b84c54174deb456c")
        #expect(signed.contains { $0.name == "X-Amz-Date" && $0.value == "20110909T233600Z" })
    }

    /// The guide's example of a query: 2015-08-30 12:36:00.
    @Test func aQuery() throws {
        let address = try #require(HTTPAddress("https://iam.amazonaws.com/?Version=2010-05-08&Action=ListUsers"))
        var call = HTTPCall(address, headers: [Self.type], body: [])
        call.method = "GET"
        let signed = SignatureV4(Self.key, region: "us-east-1", service: "iam")
            .headers(for: call, at: 1_440_938_160_000_000_000)
        let text = try #require(Self.signature(signed))
        #expect(text.hasSuffix("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"))
    }

    @Test func temporaryKeysHaveATokenThatIsSigned() throws {
        let address = try #require(HTTPAddress("https://autoscaling.eu-west-1.amazonaws.com"))
        var key = Self.key
        key.token = "session"
        let signed = SignatureV4(key, region: "eu-west-1", service: "autoscaling")
            .headers(for: HTTPCall(address, headers: [Self.type], body: []), at: 0)
        #expect(signed.contains { $0.name == "X-Amz-Security-Token" && $0.value == "session" })
        #expect(Self.signature(signed)?.contains("x-amz-date;x-amz-security-token,") == true)
    }
}

@Suite("Keys of AWS")
struct CredentialsFileTests {
    @Test func profilesOfAFile() {
        let file = CredentialsFile(
            """
            # of two accounts
            [default]
            aws_access_key_id = AKIA1
            aws_secret_access_key=abc=/+
            nonsense
            [ other ]
              AWS_ACCESS_KEY_ID = AKIA2\r
              aws_secret_access_key = def
              aws_session_token = ghi
            [half]
            aws_access_key_id = AKIA3
            """)
        #expect(file.credentials(of: "default") == AWSCredentials(accessKey: "AKIA1", secret: "abc=/+"))
        #expect(file.credentials(of: "other") == AWSCredentials(accessKey: "AKIA2", secret: "def", token: "ghi"))
        #expect(file.credentials(of: "half") == nil && file.credentials(of: "none") == nil)
        #expect(CredentialsFile("").credentials(of: "default") == nil)
    }

    @Test func theEnvironmentSaysWhereAContainersAre() {
        func url(_ variables: [String: String]) -> String? { AWSCredentialSource.containerURL { variables[$0] } }
        #expect(url([:]) == nil)
        #expect(url(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]) == "http://169.254.170.2/v2/x")
        #expect(url(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1"]) == "http://169.254.170.23/v1")
    }
}

@Suite("Answers of AWS")
struct XMLTextTests {
    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func elements() {
        let answer = Self.bytes(
            "<R><M><MinSize>1</MinSize><DesiredCapacity>42</DesiredCapacity><I><x/></I></M><Message>a &lt;b&gt; &amp; c"
                + "&nbsp;</Message><DesiredCapacity>7</DesiredCapacity></R>")
        #expect(XMLText.number("DesiredCapacity", in: answer) == 42)
        #expect(XMLText.number("MinSize", in: answer) == 1 && XMLText.number("MaxSize", in: answer) == nil)
        #expect(XMLText.first("Message", in: answer) == "a <b> & c&nbsp;")
        #expect(XMLText.first("I", in: answer) == nil && XMLText.first("M", in: answer) == nil)
    }

    @Test(arguments: ["", "<", "<a", "<a>", "<a>1", "<a>1</", "<a>1</b>", "<a></a", "<<a>>"])
    func brokenOnes(text: String) { #expect(XMLText.number("a", in: Self.bytes(text)) == nil) }

    @Test func numbersOfServers() {
        for text in ["-1", "1.5", "99999999999999999999", "1e3", " 1", "0x1"] {
            #expect(XMLText.number("a", in: Self.bytes("<a>\(text)</a>")) == nil, "\(text)")
        }
    }
}

@Suite("Signatures of webhooks")
struct WebhookSignatureTests {
    /// The specification's example.
    @Test func aKnownOne() {
        let signature = WebhookSignature(key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let headers = signature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(
            headers.first { $0.name == "webhook-signature" }?.value
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(headers.contains { $0.name == "webhook-timestamp" && $0.value == "1614265330" })
    }

    @Test func keysThatAreNoBase64AreTheirBytes() {
        let one = WebhookSignature(key: "whsec_not base64!").headers(id: "a", seconds: 1, body: [])
        let other = WebhookSignature(key: "another secret").headers(id: "a", seconds: 1, body: [])
        #expect(one.last?.value != other.last?.value)
    }
}

internal import AyaTLS

/// What must hold for whatever a responder answers.
enum OCSPChecks {
    static func answer(_ bytes: [UInt8]) {
        guard let certificate = try? Certificate(chain: Array(chain.utf8), key: Array(key.utf8), now: moment),
            let subject = certificate.subject
        else { preconditionFailure("the certificate names its responder") }
        do {
            let answer = try OCSPAnswer(bytes, about: subject, now: moment)
            precondition(answer.thisUpdate < answer.expiry && answer.expiry > moment, "an answer out of its time")
            precondition((answer.thisUpdate...answer.expiry).contains(answer.refresh), "refreshed out of its time")
            let shown = try Certificate(certificate, staple: answer)
            precondition(shown.staple?.bytes == bytes && shown.names == certificate.names, "another certificate")
        } catch {
            precondition(!error.description.isEmpty, "no reason given")
        }
    }

    /// 2026-11-24, when the answers of the corpus are a day old.
    static let moment: Int64 = 1_795_500_000

    /// For tests alone: a certificate that must be stapled, with its issuer.
    static let chain = """
        -----BEGIN CERTIFICATE-----
        MIIB3zCCAYSgAwIBAgIUAPfnzlHFnjaIQr3gqi925dXDUxYwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLU3RhcGxlIFJvb3QwIBcNMjYxMTIzMDMxMTIzWhgPMjEyNjEw
        MzAwMzExMjNaMA8xDTALBgNVBAMMBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMB
        BwNCAAQ7p/T6xe18ClYgkvuKkXfi8IdbPtxNAYFLYEKuijj+eaKVE17vVgibcImH
        r17pHwQAfhyyzu/u4xQipeCgYGNko4G0MIGxMAkGA1UdEwQCMAAwGQYDVR0RBBIw
        EIIOc3RhcGxlLmV4YW1wbGUwNgYIKwYBBQUHAQEEKjAoMCYGCCsGAQUFBzABhhpo
        dHRwOi8vMTI3LjAuMC4xOjg4ODgvb2NzcDARBggrBgEFBQcBGAQFMAMCAQUwHQYD
        VR0OBBYEFLQYDQ02EGp8r6Niv1+j0ZDxzxf1MB8GA1UdIwQYMBaAFK9PFQHFOWXP
        ruH1aon0C0nrYTCoMAoGCCqGSM49BAMCA0kAMEYCIQCDZJCl4FYYSReXyFoTgT33
        XTOZYGTFGpSzDSDGZxPA0wIhAKSFcVtUpbH8pGFc7p+EaZQyowTcUVTPV84SGygf
        4IxU
        -----END CERTIFICATE-----
        -----BEGIN CERTIFICATE-----
        MIIBYjCCAQigAwIBAgIUPCJSzwUPIQmbaK/fOKq2XnfNaIEwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLU3RhcGxlIFJvb3QwIBcNMjYxMTIzMDMxMTIzWhgPMjEyNjEw
        MzAwMzExMjNaMBYxFDASBgNVBAMMC1N0YXBsZSBSb290MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAE3oFgVAVs/jTdDnfmIR0IMQDAuKMK+0SJy05KISPvWfBS4D/T
        LBVsHm1Ja6iX57KllENhemiBw9FcIETdtQ6xh6MyMDAwDwYDVR0TAQH/BAUwAwEB
        /zAdBgNVHQ4EFgQUr08VAcU5Zc+u4fVqifQLSethMKgwCgYIKoZIzj0EAwIDSAAw
        RQIhAKm/fKEWvsoAnVrDrgWItVJ9Wf9MHviUIsuDUUtF/LR0AiBz+gB+v0DhtWg6
        rHmEbXSazbwZjAH4bIqdsagIfST8Yw==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmjwcqfHQqvx0d4be
        b23DaU1RYQZGUaPild4dF9D02bqhRANCAAQ7p/T6xe18ClYgkvuKkXfi8IdbPtxN
        AYFLYEKuijj+eaKVE17vVgibcImHr17pHwQAfhyyzu/u4xQipeCgYGNk
        -----END PRIVATE KEY-----
        """
}

internal import AyaBrain
internal import Testing

@Suite struct ImportTests {
    static func row(_ line: String, _ format: ImportFormat) -> LogRow? { LogLine.row(Array(line.utf8)[...], format) }

    @Test func readsTheCombinedForm() throws {
        let line = #"203.0.113.9 - joe [10/Oct/2026:13:55:36 +0200] "GET /a\"b HTTP/1.1" 503 2326 "-" "curl/8.0" 0.012"#
        let row = try #require(Self.row(line, .combined))
        #expect(row.time == 1_791_633_336 && row.status == 503 && row.isError && row.duration == 0.012)
        let short = Self.row(#"::1 - - [10/Oct/2026:11:55:36 +0000] "GET / HTTP/1.1" 200 5"#, .combined)
        #expect(short?.time == 1_791_633_336 && short?.status == 200 && short?.duration == nil)
    }

    @Test func readsHAProxysForm() throws {
        let line =
            "Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in "
            + "static/srv1 10/0/30/69/+109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} \"GET /index.html HTTP/1.1\""
        let row = try #require(Self.row(line, .haproxy))
        #expect(abs(row.time - 1_770_380_054.655) < 1e-3 && row.status == 200 && row.duration == 0.109)
    }

    @Test func readsLoadBalancersOfAWS() throws {
        let line =
            "https 2026-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 "
            + "0.037 502 200 0 57 \"GET https://www.example.com:443/ HTTP/1.1\" \"curl/7.46.0\" -"
        let row = try #require(Self.row(line, .alb))
        #expect(abs(row.time - 1_783_030_980.186641) < 1e-3 && row.status == 502)
        #expect(abs((row.duration ?? 0) - 0.171) < 1e-9)
        let failed = "http 2026-07-02T22:23:00Z app/a 192.168.0.1:1 - -1 -1 -1 503 - 0 57 \"GET / HTTP/1.1\""
        #expect(Self.row(failed, .alb)?.duration == nil)
    }

    @Test func readsAyasOwn() throws {
        let line =
            #"{"timestamp":"2026-11-23T04:05:06.789Z","http.request.method":"GET","http.response.status_code":404,"#
            + #""aya.duration.total":0.25}"#
        let row = try #require(Self.row(line, .aya))
        #expect(abs(row.time - 1_795_406_706.789) < 1e-3 && row.status == 404 && row.duration == 0.25)
    }

    @Test(arguments: [ImportFormat.aya, .combined, .haproxy, .alb])
    func nonsenseIsNoRequest(format: ImportFormat) {
        for line in ["", "[", "[]", "\"", "{", "a b c d e f g h i", "[31/Abc/2026:00:00:00 +0000] \"", "\\\"\\"] {
            #expect(Self.row(line, format) == nil)
        }
    }

    @Test func countsByMinutes() throws {
        var minutes = LogMinutes()
        for second in 0..<120 {
            let time = second < 60 ? "13:55:\(second < 10 ? "0" : "")\(second)" : "13:57:00"
            let line =
                #"a - - [10/Oct/2026:\#(time) +0000] "GET / HTTP/1.1" \#(second % 10 == 0 ? 500 : 200) 1 "-" "-" 0.5"#
            minutes.add(Array(line.utf8)[...], .combined)
        }
        minutes.add(Array("nothing".utf8)[...], .combined)
        let series = try #require(minutes.series)
        #expect(series.requests == [1, 0, 1] && series.errors == [0.1, 0, 0.1] && minutes.unread == 1)
        #expect(series.latency[0] == 0.5 && series.latency[1].isNaN)
    }

    @Test func addsUpWhatPrometheusAnswers() {
        let json = """
            {"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"values":"x"},"values":[[1435781430.781,"1"], [1435781445.781,"2.5"]]},
            {"metric":{"job":"b"},"values":[[1435781430.781,"10"],[1435781460.781,"NaN"]]}]}}
            """
        let samples = PrometheusAnswer.samples(Array(json.utf8))
        #expect(samples.map(\.value) == [11, 2.5, 0])
        #expect(samples.first?.time == 1_435_781_430.781)
        for text in [
            "", "\"values\"", "\"values\":[", "\"values\":[[", "\"values\":[[1,\"", "\"values\":[[1e99,\"1\"]]",
        ] {
            #expect(PrometheusAnswer.samples(Array(text.utf8)).isEmpty)
        }
    }
}

internal import AyaBrain
internal import Testing

@Suite struct SampleTests {
    @Test(arguments: [
        ("0,1", 0), ("1700000000.5, 2", 1_700_000_000.5), ("1970-01-01,3", 0), ("1970-01-02 00:00:00,3", 86_400),
        ("2000-01-01T00:00:00,4", 946_684_800), ("2000-03-01T12:30,4", 951_913_800),
        ("2026-11-22T23:05:00Z,4", 1_795_388_700), ("2026-11-23T00:05:00.000+01:00,4", 1_795_388_700),
        ("1969-12-31T23:59:59-0000,1", -1),
    ])
    func readsTimes(line: String, seconds: Double) {
        #expect(Sample(line: line)?.time == seconds)
    }

    @Test(arguments: ["1,nan", "1,", "1,inf", "1,missing"])
    func whatIsNoNumberIsAGap(line: String) {
        #expect(Sample(line: line)?.value.isNaN == true)
    }

    @Test(arguments: [
        "", "timestamp,value", "1", "yesterday,4", "2000-13-01,4", "2000-01-01T00:00:00+x,4", "2000-01-01T0,1", "nan,1",
        "1e300,1", "2000-01-01T00:00:,1",
    ])
    func refusesWhatIsNoSample(line: String) {
        #expect(Sample(line: line) == nil)
    }
}

internal import AyaBalance
internal import AyaCore
internal import Testing

@Suite struct CircuitBreakerTests {
    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    private static func breaker(errorRate: Double? = nil) -> CircuitBreaker {
        CircuitBreaker(CircuitBreaker.Settings(failures: 3, errorRate: errorRate, openFor: .seconds(1)))
    }

    @Test func failuresInARowOpenIt() {
        var breaker = Self.breaker()
        #expect(breaker.failed(now: Self.at(0)) == false)
        #expect(breaker.failed(now: Self.at(1)) == false)
        breaker.succeeded(now: Self.at(2))
        #expect(breaker.failed(now: Self.at(3)) == false)
        #expect(breaker.failed(now: Self.at(4)) == false)
        #expect(breaker.failed(now: Self.at(5)) == true)
        #expect(breaker.passes(now: Self.at(6)) == false)
        #expect(breaker.remaining(now: Self.at(505)) == .milliseconds(500))
        #expect(breaker.succeeded(now: Self.at(7)) == false, "what began before says nothing")
        #expect(breaker.passes(now: Self.at(1004)) == false)
    }

    @Test func oneTrialDecides() {
        var breaker = Self.breaker()
        for _ in 0..<3 { breaker.failed(now: Self.at(0)) }
        #expect(breaker.passes(now: Self.at(1000)) == true)
        #expect(breaker.begin(now: Self.at(1000)) == true)
        #expect(breaker.passes(now: Self.at(1001)) == false, "there is one trial at a time")
        #expect(breaker.failed(now: Self.at(1002)) == true)
        #expect(breaker.passes(now: Self.at(1999)) == false)
        #expect(breaker.passes(now: Self.at(2002)) == true)
        breaker.begin(now: Self.at(2002))
        #expect(breaker.succeeded(now: Self.at(2003)) == true)
        #expect(breaker.state == .closed)
        #expect(breaker.failed(now: Self.at(2004)) == false, "it counts from the beginning")
    }

    @Test func aTrialThatToldNothingIsFollowedByAnother() {
        var breaker = Self.breaker()
        for _ in 0..<3 { breaker.failed(now: Self.at(0)) }
        #expect(breaker.passes(now: Self.at(1000)) == true)
        breaker.begin(now: Self.at(1000))
        breaker.abandoned()
        #expect(breaker.passes(now: Self.at(1001)) == true)
        breaker.begin(now: Self.at(1001))
        #expect(breaker.passes(now: Self.at(2000)) == false)
        #expect(breaker.passes(now: Self.at(2001)) == true, "a lost trial does not keep it closed off for ever")
    }

    @Test func aRateOfFailuresOpensItToo() {
        var breaker = Self.breaker(errorRate: 0.5)
        var opened = false
        for step in 0..<Int64(40) where !opened {
            breaker.succeeded(now: Self.at(step * 10))
            opened = breaker.failed(now: Self.at(step * 10 + 5))
            if opened { #expect(step == 9, "of twenty at least") }
        }
        #expect(opened)
        var calm = Self.breaker(errorRate: 0.5)
        for step in 0..<Int64(100) {
            calm.succeeded(now: Self.at(step * 200))
            calm.succeeded(now: Self.at(step * 200 + 50))
            #expect(calm.failed(now: Self.at(step * 200 + 100)) == false)
        }
    }
}

/// How many alerts there are, and what became of the notices about them.
package struct AlertCounts: Counts {
    package var firing = 0
    package var pending = 0
    package var notices: UInt64 = 0
    package var noticeFailures: UInt64 = 0

    package init() {}

    package mutating func add(_ other: AlertCounts) {
        firing &+= other.firing
        pending &+= other.pending
        notices &+= other.notices
        noticeFailures &+= other.noticeFailures
    }
}

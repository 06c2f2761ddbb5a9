/// What a change is asked with.
struct Wish: Sendable {
    /// What asks for it, as the history tells it: `reload`, `rollback to 3`.
    var origin: String
    /// The generation that must run for the change to be made; nil: any.
    var expected: Int?
    /// Everything but the change itself.
    var isTrial = false
    /// Whether one may want to go back to what this makes. Tuning goes back by itself.
    var isRemembered = true
}

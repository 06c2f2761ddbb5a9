internal import AyaTLS

/// Answers by what they are about: in memory, so that a certificate of several listeners, or one that is read again
/// from its file, is asked about once, and on disk where there is a place for them.
package final class StapleShelf {
    private let files: StapleFiles?
    private var answers: [StapleSubject: OCSPAnswer] = [:]

    package init(_ files: StapleFiles?) { self.files = files }

    /// The newest that is still of use, if not for long.
    func answer(_ subject: StapleSubject, now: Int64) -> OCSPAnswer? {
        if let known = answers[subject], known.refresh > now { return known }
        guard case .answer(let kept)? = files?.read(subject, now: now) else {
            return answers[subject].flatMap { $0.expiry > now ? $0 : nil }
        }
        answers[subject] = kept
        return kept
    }

    /// False when there is a place on disk, and it can't be kept there.
    func keep(_ answer: OCSPAnswer, _ subject: StapleSubject) -> Bool {
        answers[subject] = answer
        return files?.keep(answer, subject) ?? true
    }
}

/// Many experts, weighed by how each would have forecast the recent past of this very series.
///
/// Every candidate forecasts from every origin of the plan. An expert's voice is the mean of its best candidates; voices
/// weigh by the inverse of a power of their errors so many steps ahead. That errors over the whole horizon decide,
/// rather than those of one step, is what matters most (docs/decisions/0020-forecasts-by-rehearsal.md).
struct Ensemble {
    struct Voice {
        let expert: Expert
        let rehearsal: Rehearsal
        /// Its errors beside those of the best voice.
        var ratio: Double
        /// For each step ahead.
        var weights: [Double]
    }

    let voices: [Voice]
    /// The weighted mean.
    let combined: Rehearsal
    /// What the experts saw the series on.
    let scale: SeriesScale.Kind

    /// How many candidates stand for an expert.
    static let best = 3
    /// A voice with twice the errors of another weighs this many halvings less.
    static let sharpness = 8.0

    init?(_ history: [Double], _ plan: ForecastPlan) {
        let seen = SeriesScale(history, Self.hasLogarithm(history) ? .logarithmic : .plain)
        let plain = SeriesScale(history, .plain)
        let outcomes = Outcomes(history, plan)
        var voices: [Voice] = []
        for expert in ExpertCatalog.experts(for: plan) {
            let scale = expert.isPlain ? plain : seen
            let all = expert.models.flatMap { $0.forecasts(scale, plan) }.map { scale.restored($0) }
            guard !all.isEmpty else { continue }
            let errors = all.map { outcomes.errors(of: $0) }
            let ratios = ErrorRatios(errors).ratios
            let best = ratios.indices.sorted { ratios[$0] < ratios[$1] }.prefix(Self.best)
            let weights = ErrorRatios(best.map { errors[$0] }).weights(sharpness: 4).map { [$0] }
            let voice = Rehearsal(best.map { all[$0] }, weights: weights, outcomes)
            voices.append(Voice(expert: expert, rehearsal: voice, ratio: 1, weights: []))
        }
        guard !voices.isEmpty else { return nil }
        let ratios = ErrorRatios(voices.map { $0.rehearsal.total }).ratios
        for index in voices.indices { voices[index].ratio = ratios[index] }
        for step in 0..<plan.horizon {
            // Few rehearsals say little of a single step; its neighbours' errors are alike.
            let near = Self.near(step, plan.horizon, reach: plan.horizon / 8)
            let errors = voices.map {
                ($0.rehearsal.absolute[near].reduce(0, +), $0.rehearsal.relative[near].reduce(0, +))
            }
            for (index, weight) in ErrorRatios(errors).weights(sharpness: Self.sharpness).enumerated() {
                voices[index].weights.append(weight)
            }
        }
        scale = seen.kind
        combined = Rehearsal(voices.map { $0.rehearsal.forecasts }, weights: voices.map { $0.weights }, outcomes)
        self.voices = voices
    }

    /// So many steps to both sides, one at least.
    static func near(_ step: Int, _ horizon: Int, reach: Int) -> ClosedRange<Int> {
        max(0, step - max(1, reach))...min(horizon - 1, step + max(1, reach))
    }

    /// Only a series that is mostly above zero has useful logarithms.
    private static func hasLogarithm(_ history: [Double]) -> Bool {
        guard let least = history.min(), least >= 0 else { return false }
        return 2 * history.count { $0 > 0 } > history.count
    }
}

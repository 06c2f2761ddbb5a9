/// Solves symmetric positive definite systems by Cholesky's factors: the normal equations of a ridge regression.
enum Cholesky {
    /// x of `matrix`·x = `right`; `matrix` holds rows one after the other, its lower triangle is read and overwritten.
    /// Nil when it is not positive definite.
    static func solve(_ matrix: inout [Double], _ right: [Double]) -> [Double]? {
        let size = right.count
        var solution = right
        let solved = unsafe matrix.withUnsafeMutableBufferPointer { matrix in
            for row in 0..<size {
                for column in 0...row {
                    var sum = unsafe matrix[row * size + column]
                    for inner in 0..<column { unsafe sum -= matrix[row * size + inner] * matrix[column * size + inner] }
                    if row == column {
                        guard sum > 1e-300 else { return false }
                        unsafe matrix[row * size + row] = sum.squareRoot()
                    } else {
                        unsafe matrix[row * size + column] = sum / matrix[column * size + column]
                    }
                }
            }
            for row in 0..<size {
                for inner in 0..<row { unsafe solution[row] -= matrix[row * size + inner] * solution[inner] }
                unsafe solution[row] /= matrix[row * size + row]
            }
            for row in (0..<size).reversed() {
                for inner in row + 1..<size { unsafe solution[row] -= matrix[inner * size + row] * solution[inner] }
                unsafe solution[row] /= matrix[row * size + row]
            }
            return true
        }
        return solved ? solution : nil
    }
}

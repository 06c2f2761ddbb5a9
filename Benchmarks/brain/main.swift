// brain-bench forecast, brain-bench anomaly: series on standard input, as the scorers write them.
switch CommandLine.arguments.dropFirst().first {
case "forecast": ForecastProgram.run()
case "anomaly": AnomalyProgram.run()
default: print("usage: brain-bench forecast|anomaly")
}

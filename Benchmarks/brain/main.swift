// brain-bench forecast, brain-bench anomaly: series on standard input, as the scorers write them; brain-bench capacity:
// a trace; brain-bench precursors: another.
switch CommandLine.arguments.dropFirst().first {
case "forecast": ForecastProgram.run()
case "anomaly": AnomalyProgram.run()
case "capacity": CapacityProgram.run()
case "precursors": PrecursorProgram.run()
case "pools": PoolsProgram.run()
case "memory": MemoryProgram.run()
default: print("usage: brain-bench forecast|anomaly|capacity|precursors|pools|memory")
}

/** One line of a benchmark: the median time of an operation. */
export interface Measurement {
  readonly name: string;
  /** Microseconds. */
  readonly micros: number;
}

const WARM_UP_MS = 200;
const MEASURE_MS = 1000;
const BATCHES = 25;

/** The median over batches, after a warm-up, so that neither compilation nor a pause counts. */
export async function measure(name: string, operation: () => unknown): Promise<Measurement> {
  const once = await timeOf(operation, 1, WARM_UP_MS);
  const perBatch = Math.max(1, Math.round(MEASURE_MS / BATCHES / once));
  const samples: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) samples.push(await timeOf(operation, perBatch, 0));
  samples.sort((a, b) => a - b);
  return { name, micros: (samples[BATCHES >> 1] ?? 0) * 1000 };
}

/** Milliseconds for one run, over `times` runs and at least `minimumMs`. */
async function timeOf(operation: () => unknown, times: number, minimumMs: number): Promise<number> {
  const start = performance.now();
  let runs = 0;
  do {
    const result = operation();
    // Only what is asynchronous is awaited: awaiting costs as much as some of the operations.
    if (result instanceof Promise) await result;
    runs++;
  } while (runs < times || performance.now() - start < minimumMs);
  return (performance.now() - start) / runs;
}

/** Prints measurements as ratios to the first. */
export function report(measurements: readonly Measurement[]): void {
  const [unit] = measurements;
  if (unit === undefined) return;
  const width = Math.max(...measurements.map(({ name }) => name.length));
  for (const { name, micros } of measurements) {
    const ratio = (micros / unit.micros).toFixed(2).padStart(9);
    console.log(`${name.padEnd(width)}  ${micros.toFixed(1).padStart(10)} µs  ${ratio} V`);
  }
}

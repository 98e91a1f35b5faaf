/** Mean entropy of rows of probabilities, nats. */
export function createEntropyMeter() {
  let sum = 0;
  let count = 0;
  return {
    add(probabilities: Float32Array | Float64Array): void {
      for (const probability of probabilities) if (probability > 0) sum -= probability * Math.log(probability);
      count++;
    },
    mean: (): number => sum / count,
  };
}

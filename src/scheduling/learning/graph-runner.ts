// A graph that can be run, by whatever runtime: the learning knows no other thing of it.

export interface GraphRunner {
  /** Shapes of the inputs by name. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>;
  /** Computes the outputs, each in an array of its own; the inputs are only read. */
  run(inputs: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>>;
}

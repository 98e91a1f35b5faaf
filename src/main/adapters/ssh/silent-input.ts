/** For a script that works as long as its standard input is open: an input that says nothing, and ends with the promise, which must not reject. */
export function silentInput(untilEnd: Promise<unknown>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        await untilEnd;
        return { done: true, value: undefined };
      },
    }),
  };
}

/** A value in the words of its option, for messages. */
export function labelIn<Value extends string>(options: readonly { value: Value; label: string }[]): (value: Value) => string {
  return (value) => options.find((option) => option.value === value)?.label ?? value;
}

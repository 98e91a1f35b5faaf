// What a field of a JSON record holds: a caption, several, or several in objects of their own.

/** Where captions have objects of their own: `sentences: [{ raw: "..." }]`. */
const TEXT_KEYS = ['raw', 'caption', 'text', 'sentence'];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldOf(record: unknown, field: string): unknown {
  return isRecord(record) && Object.hasOwn(record, field) ? record[field] : undefined;
}

/** Null where it holds no text. An element that is none is null in its position. */
export function textsOf(value: unknown): (string | null)[] | null {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0) return null;
  const texts = value.map(textOf);
  return texts.some((text) => text !== null) ? texts : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const texts = TEXT_KEYS.map((key) => fieldOf(value, key));
  return texts.find((text): text is string => typeof text === 'string') ?? null;
}

/** As the name of an image: a text or a number. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : null;
}

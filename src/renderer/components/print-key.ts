// Keys as they are printed on this computer's keyboard.
const ARROWS: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
const isMac = typeof navigator !== 'undefined' && /^Mac/.test(navigator.platform);

/** Of a key as commands name it: `Ctrl+K` is ⌘K on a Mac, a capital letter is made with Shift. */
export function printKey(key: string): string {
  if (/^\p{Lu}$/u.test(key)) return `Shift+${key}`;
  const parts = key.split(/\+(?=.)/).map((part) => ARROWS[part] ?? (part === 'Escape' ? 'Esc' : part === 'Delete' ? 'Del' : part));
  return isMac ? parts.join('').replace('Ctrl', '⌘').replace('Shift', '⇧').replace('Alt', '⌥') : parts.join('+');
}

/** A label with its keys, for a tooltip: `New run (n)`. */
export function withKeys(label: string, keys: readonly string[] | undefined): string {
  return keys ? `${label} (${keys.map(printKey).join(' ')})` : label;
}

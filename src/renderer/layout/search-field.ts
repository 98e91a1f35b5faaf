/** The field that searches the open view; null where it has none, or a dialog is over it. */
export function findSearchField(): HTMLInputElement | null {
  const fields = document.querySelectorAll<HTMLInputElement>('main input[type="search"]:not(:disabled)');
  return [...fields].find((field) => field.checkVisibility()) ?? null;
}

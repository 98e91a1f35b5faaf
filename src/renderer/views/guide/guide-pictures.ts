// The pictures of docs/images, light and dark, which the build lays beside the window.
const ADDRESSES = import.meta.glob<string>('../../../../docs/images/*.png', { query: '?url', import: 'default', eager: true });

/** By its name without folder and ending; the light one where a theme has none of its own. */
export function pictureAddress(name: string, theme: 'light' | 'dark'): string | undefined {
  const addressOf = (file: string): string | undefined => ADDRESSES[`../../../../docs/images/${file}.png`];
  return (theme === 'dark' ? addressOf(`${name}-dark`) : undefined) ?? addressOf(name);
}

// The address that a started program prints, which signs a browser in once: `http://127.0.0.1:PORT/?token=...`.

const ADDRESS = /http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?\/\?token=[\w-]+/;

/** The address in a text, as it is opened; null where there is none. Only this computer's: a token goes nowhere else. */
export function parseSignInAddress(text: string): string | null {
  return ADDRESS.exec(text)?.[0] ?? null;
}

// Takes out of a text whatever looks like a secret. The one place for such patterns: the log, the diagnostics and what nodes print use it.

export const REMOVED = '[removed]';
const KEY_REMOVED = '[private key removed]';

/** The rest of the text goes too where the key's end is missing: it may be cut off. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const NAMED =
  /((?:pass(?:word|phrase)?|passwd|secret|token|api[-_]?key|authorization|dedgeai_session_\d+)["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?(?:"[^"]*"|'[^']*'|\S+)/gi;
/** As issued by code hosts, model hubs and sign-in services, wherever they are. */
const ISSUED = /\b(?:hf_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})/g;
const BEARER = /\b(bearer\s+)[\w.~+/-]{8,}=*/gi;
const PASSWORD_IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi;

export function redactAll(text: string): string {
  return text
    .replace(PRIVATE_KEY, KEY_REMOVED)
    .replace(NAMED, `$1${REMOVED}`)
    .replace(BEARER, `$1${REMOVED}`)
    .replace(ISSUED, REMOVED)
    .replace(PASSWORD_IN_ADDRESS, `$1${REMOVED}`);
}

/** Whether a field of this name holds a secret, whatever its value looks like. */
export function isSecretName(name: string): boolean {
  return /^(?:pass(?:word|phrase)?|passwd|secret|token|api[-_]?key|authorization|cookie|private[-_]?key(?:pem)?)$/i.test(name);
}

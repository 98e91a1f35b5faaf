// HF_ENDPOINT, as Hugging Face's own programs read it: the address of a mirror that weights are fetched from. The license stays where it is.
import { AppError } from '../../../shared/errors.js';
import { WEIGHTS_PAGE } from '../../../shared/weights.js';

const VARIABLE = 'HF_ENDPOINT';

/** The address of SD3 medium at the mirror, without a slash at its end; null where none is named. Throws `invalid-input`. */
export function weightsMirror(environment: NodeJS.ProcessEnv): string | null {
  const text = environment[VARIABLE]?.trim() ?? '';
  if (text === '') return null;
  const url = URL.parse(text);
  // What is wrong with it is said without it: it may hold a login.
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw wrong('is no web address');
  if (url.username !== '' || url.password !== '') throw wrong('has a login in it, which records and logs would show');
  if (url.search !== '' || url.hash !== '') throw wrong('has a query or a fragment in it');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw wrong(`is not encrypted (http to ${url.host}), and the token would be read on the way`);
  return `${url.href.replace(/\/+$/, '')}${new URL(WEIGHTS_PAGE).pathname}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function wrong(why: string): AppError {
  return new AppError(
    'invalid-input',
    `The mirror in the variable ${VARIABLE} ${why}.`,
    `Start this program with an https address in ${VARIABLE} (http is taken on this computer alone), or without it.`,
  );
}

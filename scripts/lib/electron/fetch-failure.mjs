// Why Electron's binary could not be had, in words that read on after "because": what happened, to what, and what to do.

const TRY_AGAIN = '`npm start -- --electron` tries again, with more patience.';
const OTHER_SITE = 'ELECTRON_MIRROR can name another download site, ELECTRON_OVERRIDE_DIST_PATH a folder with an unpacked Electron.';

/** `kind` is remembered until the next start; one that `mayPass` is worth another try at once. */
export class FetchFailure extends Error {
  constructor(kind, message, hint, { mayPass = false } = {}) {
    super(message);
    this.kind = kind;
    this.hint = hint;
    this.mayPass = mayPass;
  }
}

/**
 * The FetchFailure for an error of a connection to `host` (`proxy`: the proxy in its way), or of a local file (`path` where the error names
 * none). An internal error comes back as it is.
 */
export function explainError(error, { host, proxy = null, path = null }) {
  // Several addresses tried: the first one's code stands for all.
  const code = error.code ?? error.errors?.[0]?.code;
  if (error instanceof FetchFailure || code === undefined || error instanceof TypeError || error instanceof RangeError) return error;
  const isOfConnection = ['connect', 'getaddrinfo', 'read'].includes(error.syscall);
  return (isOfConnection ? null : explainFileError(error, code, error.path ?? path)) ?? explainConnectionError(error, code, host, proxy);
}

function explainFileError(error, code, path) {
  if (['ENOSPC', 'EDQUOT'].includes(code)) {
    return new FetchFailure(
      'disk-full',
      `the disk of ${path} is full`,
      'Free about 0.5 GB and start again: it continues from what has come.',
    );
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code) && path) {
    return new FetchFailure(
      'not-writable',
      `${path} cannot be written (${code})`,
      'Start once as the user who owns it, or name another cache folder in electron_config_cache.',
    );
  }
  return error.path ? new FetchFailure('file', error.message, TRY_AGAIN) : null;
}

function explainConnectionError(error, code, host, proxy) {
  const passing = { mayPass: true };
  const peer = proxy ? `the proxy ${proxy}` : host;
  const network = (kind, words) =>
    new FetchFailure(kind, words, `Check the network${proxy ? ' and the proxy' : ''}. ${OTHER_SITE}`, passing);
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'].includes(code)) {
    return network('no-name', `${peer} cannot be looked up (no network, or no name server that knows it; ${code})`);
  }
  if (['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'].includes(code)) {
    return network('no-network', `there is no way through the network to ${peer} (${code})`);
  }
  if (code === 'ECONNREFUSED') return network('refused', `${peer} refuses the connection`);
  if (code === 'ETIMEDOUT') return network('no-answer', `${peer} does not answer; a firewall may be in the way`);
  if (isTlsCode(code)) {
    return new FetchFailure(
      'tls',
      `the encrypted connection to ${host} cannot be trusted (${code})`,
      "Where the network opens encrypted connections, name its certificate authority's file in NODE_EXTRA_CA_CERTS; else check the clock.",
    );
  }
  return new FetchFailure('cut', `the connection to ${peer} broke (${code})`, TRY_AGAIN, passing);
}

function isTlsCode(code) {
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$)/.test(code);
}

export function noAnswer(host, proxy, isConnected, limitMs) {
  const peer = proxy ? `${host} through the proxy ${proxy}` : host;
  const words = isConnected ? `${peer} took the connection and sent nothing` : `${peer} did not answer; a firewall may be in the way:`;
  return new FetchFailure('no-answer', `${words} for ${limitMs / 1000} s`, `${TRY_AGAIN} ${OTHER_SITE}`, { mayPass: true });
}

export function stalled(host, limitMs) {
  return new FetchFailure('stalled', `${host} sent nothing for ${limitMs / 1000} s`, `What has come is kept. ${TRY_AGAIN}`, {
    mayPass: true,
  });
}

export function endedEarly(host, bytes, totalBytes) {
  return new FetchFailure('cut', `${host} ended after ${bytes} of ${totalBytes} bytes`, TRY_AGAIN, { mayPass: true });
}

export function anotherFile(host) {
  return new FetchFailure('http', `${host} has another file than the one started`, TRY_AGAIN, { mayPass: true });
}

export function refusedByStatus(status, url, isProxy) {
  if (status === 407) {
    return new FetchFailure(
      'proxy',
      `the proxy asks for a login (407)`,
      'Put it into the address: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT',
    );
  }
  if (isProxy)
    return new FetchFailure('proxy', `the proxy does not let through to ${url.host} (${status})`, `Check HTTPS_PROXY. ${OTHER_SITE}`);
  const mayPass = status >= 500 || status === 429;
  return new FetchFailure('http', `${url.host} answered ${status} for ${url.pathname}`, mayPass ? TRY_AGAIN : OTHER_SITE, { mayPass });
}

export function aPageInstead(host) {
  const hint = `Where the network asks for a login in the browser, log in first. ${OTHER_SITE}`;
  return new FetchFailure('http', `${host} answered with a web page instead of the file`, hint);
}

export function wrongContent(host, fileName) {
  return new FetchFailure(
    'checksum',
    `what ${host} sent is not ${fileName}: its checksum is wrong`,
    `Nothing of it was kept. ${OTHER_SITE} ${TRY_AGAIN}`,
  );
}

export function notUnpacked(message, path) {
  if (/no space|os error 28\b|ENOSPC/i.test(message)) return explainFileError({}, 'ENOSPC', path);
  if (/permission denied|os error 13\b|EACCES/i.test(message)) return explainFileError({}, 'EACCES', path);
  return new FetchFailure('unpack', `it could not be unpacked into ${path}: ${message}`, TRY_AGAIN);
}

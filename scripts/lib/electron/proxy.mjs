// The proxy that the environment or npm's configuration names for an address.
import { FetchFailure } from './fetch-failure.mjs';

/** The proxy's URL, or null for a direct connection; this machine itself is never asked for through a proxy. */
export function findProxy(url, env = process.env) {
  if (isLoopback(url.hostname) || isExempt(url, read(env, 'no_proxy') ?? env.npm_config_noproxy ?? '')) return null;
  const secure = url.protocol === 'https:';
  const text = secure
    ? (read(env, 'https_proxy') ?? env.npm_config_https_proxy ?? env.npm_config_proxy)
    : (read(env, 'http_proxy') ?? env.npm_config_proxy);
  if (!text) return null;
  const proxy = URL.canParse(text) ? new URL(text) : URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : null;
  if (proxy && ['http:', 'https:'].includes(proxy.protocol)) return proxy;
  // The text itself may hold a password.
  throw new FetchFailure('proxy', 'the proxy that is set is not an HTTP proxy', 'Set HTTPS_PROXY as http://HOST:PORT');
}

/** Header fields that log in to the proxy. */
export function proxyLogin(proxy) {
  if (!proxy.username) return {};
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

const read = (env, name) => env[name] || env[name.toUpperCase()] || undefined;

const isLoopback = (host) => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

function isExempt(url, list) {
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name, port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase());
      const fits = url.hostname === name || url.hostname.endsWith(`.${name}`);
      return fits && (port === undefined || port === (url.port || (url.protocol === 'https:' ? '443' : '80')));
    });
}
